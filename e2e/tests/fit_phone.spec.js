// A phone's width is enough: nothing makes a page scroll sideways.
import { test, expect, open, unfold, pages, choices, asksForNothing } from '../fixtures.js';

for (const path of [...pages, ...choices]) {
  for (const width of [320, 375, 430]) {
    test(`nothing on ${path} is wider than ${width} pixels`, async ({ page, watch }) => {
      watch.mayFail = asksForNothing(path);
      await page.setViewportSize({ width, height: 800 });
      await open(page, path);
      await unfold(page);
      const needed = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(needed).toBeLessThanOrEqual(width);
    });
  }
}
