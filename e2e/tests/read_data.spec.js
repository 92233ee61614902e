// Data: each series' state and source, and the way from a number to the vendor's own answer, by keyboard alone.
import { test, expect, open, answer, tabTo } from '../fixtures.js';

test('every series is listed with its state, and the search leaves those that fit', async ({ page, server }) => {
  const all = await answer(server, '/api/series');
  await open(page, '/data');
  const lines = page.locator('table.series tbody tr');
  await expect(lines).toHaveCount(all.length);
  await expect(lines.first()).toContainText(/[✓!✕]/);
  await tabTo(page, page.getByRole('searchbox', { name: 'Find a series' }));
  await page.keyboard.type(all[0].title);
  await expect(lines).toHaveCount(all.filter(({ title }) => title.includes(all[0].title)).length);
  await expect(lines.first()).toContainText(all[0].title);
});

test('two keys lead from a series to the raw answer behind a value', async ({ page, server, context }) => {
  const [one] = await answer(server, '/api/series');
  const { observations } = await answer(server, `/api/series/${one.series}`);
  const newest = observations.at(-1);
  await open(page, '/data');
  await tabTo(page, page.locator('table.series').getByRole('link', { name: one.title, exact: true }));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`series=${one.series}`));
  const behind = page.getByRole('region', { name: one.title, exact: true });
  await expect(behind).toContainText('Counts as known');
  const raw = behind.getByRole('link', { name: /^Raw answer for/ }).first();
  await expect(raw).toHaveAttribute('href', `/api/raw/${newest.source}`);
  await tabTo(page, raw);
  const opened = context.waitForEvent('page');
  await page.keyboard.press('Enter');
  const shown = await opened;
  await shown.waitForLoadState();
  const text = await shown.locator('body').innerText();
  expect(text).toContain(newest.date);
  expect(text).not.toContain('apikey');
  await shown.close();
});

test('what the checks found opens by keyboard, and more values come on request', async ({ page, server }) => {
  const [one] = await answer(server, '/api/series');
  const { observations } = await answer(server, `/api/series/${one.series}`);
  await open(page, `/data?series=${one.series}`);
  const behind = page.getByRole('region', { name: one.title, exact: true });
  await tabTo(page, behind.getByText('What the checks found in the newest attempt'));
  await page.keyboard.press('Enter');
  await expect(behind.locator('.checks li').first()).toContainText(/passed|failed/);
  const values = behind.getByRole('group', { name: 'Values' }).locator('tbody tr');
  await expect(values).toHaveCount(30);
  await behind.getByRole('button', { name: 'Show more' }).focus();
  await page.keyboard.press('Enter');
  await expect(values).toHaveCount(Math.min(330, observations.length));
});

test('a series that no run has is said to be none', async ({ page, watch }) => {
  watch.mayFail = true; // the API's 404
  await open(page, '/data?series=nothing_like_it');
  await expect(page.getByText('The current run has no such series.')).toBeVisible();
});
