// What Rust calls (src/chart/bindings.rs). The drawing itself is fetched apart from the page's program, while data is on its way.
let drawing;

/// Begins to fetch the chart library.
export function preload() {
  drawing ??= import(DRAWING); // site/bundle.mjs puts the name of the bundled draw.js here
  drawing.catch(() => (drawing = undefined)); // so that the next call tries again
}

/// An empty chart in `host` over days as midnights UTC in seconds, oldest first. `onPoint` hears the index of the day under
/// the pointer, or `undefined` when the pointer leaves.
export async function open(host, times, onPoint) {
  await near(host);
  preload();
  const { TimeChart } = await drawing;
  return new TimeChart(host, times, onPoint);
}

// Done when `host` is in view or half a view away: what nobody looks at costs a phone a quarter of a second to draw.
function near(host) {
  return new Promise((done) => {
    const watcher = new IntersectionObserver(
      (seen) => {
        if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
        watcher.disconnect();
        done();
      },
      { rootMargin: "50% 0px" },
    );
    watcher.observe(host);
  });
}
