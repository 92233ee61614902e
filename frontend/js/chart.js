// What Rust calls (src/chart/bindings.rs). The drawing itself is fetched apart from the page's program, while data is on its way.
let drawing;

/// Begins to fetch the chart library.
export function preload() {
  drawing ??= import(DRAWING); // site/bundle.mjs puts the name of the bundled draw.js here
  drawing.catch(() => (drawing = undefined)); // so that the next call tries again
}

/// An empty chart in `host` over days as midnights UTC in seconds, oldest first. `onPoint` hears the index of the day under
/// the pointer, or `undefined` when the pointer leaves. `undefined` if the reader has left by then.
export async function open(host, times, onPoint, left) {
  await wanted(host, left);
  if (left.aborted) return undefined;
  preload();
  const { TimeChart } = await drawing;
  return new TimeChart(host, times, onPoint);
}

// Done when `host` is in view or half a view away (what nobody looks at costs a phone a quarter of a second to draw), when the
// page is printed, or when the reader has left.
function wanted(host, left) {
  let watcher;
  const one = new Promise((done) => {
    const look = (seen) => seen.some(({ isIntersecting }) => isIntersecting) && done();
    watcher = new IntersectionObserver(look, { rootMargin: "50% 0px" });
    watcher.observe(host);
    addEventListener("beforeprint", done, { signal: left });
    left.addEventListener("abort", done);
  });
  return one.finally(() => watcher.disconnect());
}
