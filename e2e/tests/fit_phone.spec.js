// A phone's width is enough: nothing makes the page scroll sideways.
import { test, expect, open } from '../fixtures.js';

for (const width of [320, 375, 430]) {
  test(`nothing is wider than ${width} pixels`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await open(page);
    const needed = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(needed).toBeLessThanOrEqual(width);
  });
}
