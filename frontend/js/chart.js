// What Rust calls (src/chart/bindings.rs). The drawing itself is fetched apart from the page's program, while data is on its way.
let drawing;

/// Begins to fetch the chart library.
export function preload() {
  drawing ??= import(DRAWING); // site/bundle.mjs puts the name of the bundled draw.js here
  drawing.catch(() => (drawing = undefined)); // so that the next call tries again
}

/// Draws into `host`. Arrays are of equal length, oldest first; times in seconds (UTC), NaN where an interval has no end.
/// `onPoint` hears the index of the day under the pointer, or `undefined` when the pointer leaves.
export async function open(host, symbol, times, prices, valuations, lowers, uppers, onPoint) {
  preload();
  const { ValuationChart } = await drawing;
  return new ValuationChart(host, { symbol, times, prices, valuations, lowers, uppers, onPoint });
}
