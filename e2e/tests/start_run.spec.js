// A reader starts the first run on an empty lake, and the result appears by itself.
import { mkdir } from 'node:fs/promises';
import { test, expect, open } from '../fixtures.js';
import { serve } from '../assay.js';

test('a first run fills the page', async ({ page, watch }, info) => {
  test.setTimeout(120_000);
  // A lake without a run answers 404, which the browser writes on the console.
  watch.mayFail = true;
  const home = info.outputPath('lake');
  await mkdir(home, { recursive: true });
  const server = await serve(home);
  try {
    await open(page, server.url);
    const main = page.getByRole('main');
    await expect(main).toContainText(/nothing has been published yet/i);
    await expect(main).toContainText(/assay run/);
    await page.getByRole('button', { name: 'Run now' }).click();
    await expect(main).toContainText(/synthetic/i, { timeout: 100_000 });
    await expect(main).toContainText(/\$\d/);
  } finally {
    await server.stop();
  }
});
