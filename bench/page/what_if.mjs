// How long the what-if page takes from a moved lever to the answer on the page: prediction, exact SHAP, interval, and the text.

/** Moves that are measured, after as many that warm up. */
const MOVES = 400;

/** The quantiles over some moves of every lever of the current run, in milliseconds. */
export async function whatIf(browser, url) {
  const page = await (await browser.newContext({ serviceWorkers: "block" })).newPage();
  await page.goto(`${url}/what-if`);
  await page.locator(".outcome-value data").waitFor();
  const times = await page.evaluate(async (moves) => {
    const levers = [...document.querySelectorAll("main input[type=range]")];
    const value = document.querySelector(".outcome-value data");
    // The answer is there when the value's element says another one: an observer hears of it before the next paint.
    const changed = () =>
      new Promise((done) => {
        const observer = new MutationObserver(() => {
          observer.disconnect();
          done(performance.now());
        });
        observer.observe(value, { attributes: true, attributeFilter: ["value"] });
        setTimeout(() => (observer.disconnect(), done(undefined)), 250);
      });
    const times = [];
    for (let move = 0; move < 2 * moves; move += 1) {
      const lever = levers[move % levers.length];
      const [low, high] = [Number(lever.min), Number(lever.max)];
      // A place between the ends that differs from move to move.
      lever.value = String(low + (high - low) * (((move * 0.618) % 0.9) + 0.05));
      const answered = changed();
      const began = performance.now();
      lever.dispatchEvent(new Event("input", { bubbles: true }));
      const ended = await answered;
      if (move >= moves && ended !== undefined) times.push(ended - began);
    }
    return times;
  }, MOVES);
  await page.context().close();
  if (times.length < MOVES / 2) throw new Error(`only ${times.length} of ${MOVES} moves changed the valuation: is \`fair\` published?`);
  times.sort((a, b) => a - b);
  const at = (share) => Number(times[Math.min(times.length - 1, Math.floor(share * times.length))].toFixed(2));
  return { moves: times.length, p50_ms: at(0.5), p95_ms: at(0.95), max_ms: at(1) };
}
