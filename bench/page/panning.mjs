// Frames while a reader drags a chart of many series: the shipped drawing, on data made up here.

const SERIES = 20;
const DAYS = 13_000;
/** Days in view, and pixels dragged in one go. */
const VIEW = 2_600;
const PULL = 600;
const PULLS = 6;

/** How many frames there were, how many took more than 33 ms, and the longest, while the chart is dragged to and fro. */
export async function panning(browser, url) {
  const page = await (await browser.newContext({ serviceWorkers: "block", viewport: { width: 1280, height: 800 } })).newPage();
  const drawn = page.waitForResponse((response) => /\/draw-[\w-]+\.js$/.test(new URL(response.url()).pathname));
  await page.goto(url);
  const library = new URL((await drawn).url()).pathname;
  await page.evaluate(
    async ([library, series, days, view]) => {
      const { TimeChart } = await import(library);
      const host = document.createElement("div");
      host.style.cssText = "position:fixed;inset:0;z-index:99;background:Canvas";
      document.body.replaceChildren(host);
      const times = Float64Array.from({ length: days }, (_, day) => 86_400 * day);
      const chart = new TimeChart(host, times, () => {});
      chart.pane("", "", 2, false, 1);
      for (let one = 0; one < series; one += 1) {
        let level = 100 + one;
        const values = Float64Array.from({ length: days }, (_, day) => (level += Math.sin(day * (one + 1) * 0.7) + 0.01));
        chart.line(String(1 + (one % 6)), "solid", values);
      }
      chart.show(days - view, days - 1);
      window.frameTimes = [];
      let before;
      const tick = (now) => {
        if (before !== undefined && window.dragging) window.frameTimes.push(now - before);
        before = now;
        requestAnimationFrame(tick);
      };
      requestAnimationFrame(tick);
    },
    [library, SERIES, DAYS, VIEW],
  );
  await page.evaluate(() => new Promise((done) => setTimeout(done, 500)));
  for (let pull = 0; pull < PULLS; pull += 1) {
    const [from, to] = pull % 2 ? [900, 900 - PULL] : [300, 300 + PULL];
    await page.mouse.move(from, 300);
    await page.mouse.down();
    await page.evaluate(() => (window.dragging = true));
    await page.mouse.move(to, 300, { steps: 60 });
    await page.evaluate(() => (window.dragging = false));
    await page.mouse.up();
  }
  const frames = await page.evaluate(() => window.frameTimes);
  await page.context().close();
  return {
    frames: frames.length,
    over_33_ms: frames.filter((time) => time > 33.4).length,
    longest_ms: Number(Math.max(...frames).toFixed(1)),
  };
}
