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

test('the link of the open page is in sight, though not all links fit', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 800 });
  for (const path of pages) {
    await open(page, path);
    // All but the padding of the first link, which lies outside so that its text stands at the page's edge.
    await expect(page.locator('nav [aria-current=page]')).toBeInViewport({ ratio: 0.85 });
  }
});

test("a tile's value and its change stand beside or below each other", async ({ page }) => {
  for (const width of [320, 390]) {
    await page.setViewportSize({ width, height: 800 });
    await open(page, '/drivers');
    const overlaps = await page.locator('.tile').evaluateAll((tiles) =>
      tiles.filter((tile) => {
        // A text's own box, not that of the cell that it may run out of.
        const [value, change] = ['.tile-value', '.change'].map((part) => {
          const range = document.createRange();
          range.selectNodeContents(tile.querySelector(part));
          return range.getBoundingClientRect();
        });
        return value.right > change.left && value.bottom > change.top && change.bottom > value.top;
      }).map((tile) => tile.textContent));
    expect(overlaps).toEqual([]);
  }
});
