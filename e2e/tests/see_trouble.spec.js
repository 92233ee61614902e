// A failed run and stale series are said at the top of the page, with what to do.
import { test, expect, open, answer } from '../fixtures.js';

test('a failed run is named with its cause, and the last good answer stays', async ({ page, server }) => {
  const status = await answer(server, '/api/status');
  const failure = { step: 'train', message: 'the disk is full', advice: 'free some space, then run again', retry: true };
  const last_attempt = { ...status.last_attempt, status: 'failed', failure, finished_at: new Date().toISOString() };
  await page.route('**/api/status', (route) => route.fulfill({ json: { ...status, last_attempt } }));
  await open(page);
  await expect(page.getByRole('main')).toContainText('The disk is full.');
  await expect(page.getByRole('main')).toContainText('Free some space, then run again.');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Gold');
});

test('stale series are counted in the header', async ({ page, server }) => {
  const status = await answer(server, '/api/status');
  const series = status.series.map((one, place) => (place < 2 ? { ...one, state: 'stale' } : { ...one, state: 'fresh' }));
  await page.route('**/api/status', (route) => route.fulfill({ json: { ...status, series } }));
  await open(page);
  await expect(page.locator('.as-of summary')).toContainText('2 stale');
});
