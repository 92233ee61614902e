// Another preset's valuation stands beside the page's own when asked for, and the address keeps the wish.
import { test, expect, open, answer } from '../fixtures.js';

const beside = (page) => page.getByRole('region', { name: 'Another model beside it' });

test('the original model is compared by keyboard, and the link shows the same', async ({ page, server }) => {
  const classic = await answer(server, '/api/valuation?preset=classic');
  await open(page);
  const button = beside(page).getByRole('button', { name: 'Compare with classic' });
  await expect(button).toHaveAttribute('aria-pressed', 'false');
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(button).toHaveAttribute('aria-pressed', 'true');
  await expect(button).toBeFocused();
  await expect(page).toHaveURL(/[?]beside=classic$/);
  const table = beside(page).getByRole('table');
  await expect(table).toContainText(classic.preset_title);
  await expect(table).toContainText(classic.latest.valuation.toFixed(2));
  await expect(beside(page).getByText('Looks ahead by design', { exact: true })).toBeVisible();
  await page.reload();
  await expect(table).toContainText(classic.preset_title);
  await button.click();
  await expect(table).toHaveCount(0);
  await expect(page).toHaveURL(/\/$/);
});

test('a preset without a run says where one is made', async ({ page, watch }) => {
  // The API answers 404, which the browser writes on the console.
  watch.mayFail = true;
  await open(page, '/?beside=fair-free');
  await expect(beside(page)).toContainText('No run of fair-free is published');
  await expect(beside(page)).toContainText('Start one under Runs, and after it one of');
});

test('what could be no preset is not asked for', async ({ page }) => {
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  await open(page, '/?beside=..%2Fmodel');
  await expect(beside(page).getByRole('button')).toHaveAttribute('aria-pressed', 'false');
  expect(asked.filter((url) => url.includes('preset='))).toEqual([]);
});
