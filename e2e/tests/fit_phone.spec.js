// A phone's width is enough: nothing makes a page scroll sideways.
import { test, expect, open, pages } from '../fixtures.js';

for (const path of pages) {
  for (const width of [320, 375, 430]) {
    test(`nothing on ${path} is wider than ${width} pixels`, async ({ page }) => {
      await page.setViewportSize({ width, height: 800 });
      await open(page, path);
      const needed = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(needed).toBeLessThanOrEqual(width);
    });
  }
}
