// Starts the WebAssembly module. A file of its own, because the content security policy forbids inline scripts.
import init from "@assay/glue";
import module from "@assay/wasm";
import { showAnswer } from "./first.js";

// What a reader does not need at once: the command palette, reading offline, signing in. site/bundle.mjs puts the name of
// the bundled late.js in the place of LATE.
let late;
const fetchLate = () => (late ??= import(LATE).catch((error) => ((late = undefined), Promise.reject(error))));
const openPalette = () => fetchLate().then(({ palette }) => palette());

addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
  }
});
addEventListener("click", ({ target }) => target.closest?.("[data-palette]") && openPalette());

// The program tells (src/browser.rs) when it is on the page, where the scripts of late.js put their things. Until then its
// panics are errors of starting.
addEventListener("error", couldNotStart);
addEventListener("assay:shown", whenQuiet, { once: true });

// The answer comes first: on a slow line the program takes seconds more.
showAnswer().then(() => init({ module_or_path: module })).catch((error) => {
  console.error(error);
  couldNotStart();
});

function couldNotStart() {
  const page = document.getElementById("app");
  page.textContent = "";
  page.removeAttribute("aria-busy");
  const title = document.createElement("h1");
  title.textContent = "The dashboard could not start";
  const advice = document.createElement("p");
  advice.textContent =
    "The program of this page did not load. Reload the page; if that does not help, use a browser of the last two years.";
  page.append(title, advice);
}

function whenQuiet() {
  removeEventListener("error", couldNotStart);
  const idle = window.requestIdleCallback ?? ((work) => setTimeout(work, 2000));
  const begin = () => idle(() => fetchLate().then(({ start }) => start()).catch(() => {}));
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin, { once: true });
}
