// What Rust calls (src/pages/model.rs): the program that reads model cards, fetched with the model page only.
let program;

/// Begins to fetch the program.
export function preload() {
  program ??= import(RECORD); // site/bundle.mjs puts the name of the bundled reader.js here
  program.catch(() => (program = undefined)); // so that the next call tries again
}

/// Takes a model card; gives the page's sections as one element.
export async function draw(card) {
  preload();
  return (await program).draw(card);
}
