// A page that cannot load says why and what to do; it never shows an empty table instead.
import { test, expect, open, pages } from '../fixtures.js';

for (const path of pages) {
  test(`${path} reports an API that does not answer, with advice`, async ({ page, watch }) => {
    watch.mayFail = true;
    await page.route('**/api/**', (route) => route.abort('connectionrefused'));
    await open(page, path);
    const alert = page.getByRole('alert').first();
    await expect(alert).toContainText(/does not answer/i);
    await expect(alert).toContainText(/assay serve/);
  });
}
