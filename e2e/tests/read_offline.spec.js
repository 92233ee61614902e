// What was last seen can be read without the server, and is never taken for its word of today.
import { test, expect, kept, open } from '../fixtures.js';
import { serve } from '../assay.js';

test.use({ serviceWorkers: 'allow' });

test('without the server the last answers are shown, labelled, on every page that was read', async ({ page, watch }) => {
  watch.mayFail = true;
  const server = await serve(process.env.E2E_LAKE);
  try {
    await open(page, server.url);
    await kept(page);
    // The worker keeps answers of pages that it serves: of those opened after it came.
    for (const path of ['/', '/model']) {
      await open(page, server.url + path);
      await expect(page.getByText(/^Offline/)).toHaveCount(0);
    }
  } finally {
    await server.stop();
  }
  await open(page, server.url);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Gold');
  const label = page.getByText(/^Offline: the server does not answer/);
  await expect(label).toBeVisible();
  await expect(label).toContainText(/kept on this device on \d{4}-\d{2}-\d{2} at \d{2}:\d{2} UTC/);
  await open(page, `${server.url}/model`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Model');
  await expect(label).toBeVisible();
  // What was never read is not made up.
  await open(page, `${server.url}/sql`);
  await expect(page.getByRole('alert').first()).toContainText(/does not answer/);
});

test('a server that answers again is told, and the newest is offered', async ({ page, context, watch }) => {
  watch.mayFail = true;
  const server = await serve(process.env.E2E_LAKE);
  try {
    await open(page, server.url);
    await kept(page);
    await open(page, server.url);
    await context.setOffline(true);
    await open(page, server.url);
    await expect(page.getByText(/^Offline: the server does not answer/)).toBeVisible();
    await context.setOffline(false);
    // Asks for more than the first view has.
    await page.getByRole('button', { name: 'All', exact: true }).click();
    await expect(page.getByText('The server answers again.')).toBeVisible();
    await page.getByRole('button', { name: 'Show the newest' }).click();
    await expect(page.locator('.offline')).toHaveCount(0);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Gold');
  } finally {
    await server.stop();
  }
});
