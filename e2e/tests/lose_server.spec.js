// A page that cannot load says why and what to do; it never shows an empty table instead.
import { mkdir } from 'node:fs/promises';
import { test, expect, open } from '../fixtures.js';
import { serve } from '../assay.js';

test('an API that does not answer is reported with advice', async ({ page, watch }) => {
  watch.mayFail = true;
  await page.route('**/api/**', (route) => route.abort('connectionrefused'));
  await open(page);
  const alert = page.getByRole('alert').first();
  await expect(alert).toContainText(/does not answer/i);
  await expect(alert).toContainText(/assay serve/);
});

test('an empty lake is reported with advice', async ({ page }, info) => {
  const home = info.outputPath('empty');
  await mkdir(home, { recursive: true });
  const server = await serve(home);
  try {
    await open(page, server.url);
    await expect(page.getByRole('main')).toContainText(/nothing has been published yet/i);
    await expect(page.getByRole('main')).toContainText(/assay run/);
  } finally {
    await server.stop();
  }
});
