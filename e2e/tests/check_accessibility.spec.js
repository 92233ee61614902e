// No rule of axe is broken on any page, in either colour scheme, on a desk or a phone.
import AxeBuilder from '@axe-core/playwright';
import { test, expect, open, unfold, pages, choices, asksForNothing } from '../fixtures.js';

const screens = { desk: { width: 1280, height: 800 }, phone: { width: 375, height: 812 } };

for (const path of [...pages, ...choices]) {
  for (const colorScheme of ['light', 'dark']) {
    for (const [screen, size] of Object.entries(screens)) {
      test(`axe finds nothing on ${path} in ${colorScheme} on a ${screen}`, async ({ page, watch }) => {
        watch.mayFail = asksForNothing(path);
        await page.setViewportSize(size);
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await open(page, path);
        await unfold(page);
        // The pages have no frames: axe answers in one go, and need not send all that passed to and fro to put frames together.
        const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode();
        const { violations } = await axe.analyze();
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(', ')}`);
        expect(found).toEqual([]);
      });
    }
  }
}
