// How long a press on the page takes until the next paint: what INP is made of.

/** The slowest of some presses on the home page, in milliseconds. */
export async function slowestPress(browser, url) {
  const page = await (await browser.newContext({ serviceWorkers: "block" })).newPage();
  await page.addInitScript(() => {
    window.presses = [];
    new PerformanceObserver((list) => {
      for (const { interactionId, duration } of list.getEntries()) if (interactionId) window.presses.push(duration);
    }).observe({ type: "event", durationThreshold: 16, buffered: true });
  });
  await page.goto(url);
  await page.locator(".chart canvas").first().waitFor();
  for (const name of ["1M", "3M", "6M", "300 days"]) await page.getByRole("button", { name, exact: true }).click();
  await page.locator(".chart").focus();
  for (let press = 0; press < 20; press += 1) await page.keyboard.press("ArrowLeft");
  for (const summary of await page.locator("main details > summary").all()) {
    if (await summary.isVisible()) await summary.click();
  }
  // The observer hears of an event after the paint that followed it.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100))));
  const presses = await page.evaluate(() => window.presses);
  await page.context().close();
  return presses.length ? Math.max(...presses) : 16;
}
