// Drivers: every series found, its newest change told, its history as known now and then, and what it did to the valuation.
import { test, expect, open, answer } from '../fixtures.js';

const tile = (page, title) => page.getByRole('button', { name: title });

test('there is a tile for every series, with the value that the API tells', async ({ page, server }) => {
  const all = await answer(server, '/api/drivers');
  await open(page, '/drivers');
  await expect(page.locator('.tile')).toHaveCount(all.length);
  const [first] = all;
  const number = first.freshness.last_value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  await expect(tile(page, first.freshness.title).first()).toContainText(number);
  // The arrow says the same as the colour.
  await expect(page.locator('.tile .change').first()).toContainText(/[▲▼●]/);
});

test('a word and a group leave the series that fit, and the address keeps them', async ({ page }) => {
  await open(page, '/drivers');
  await page.getByRole('searchbox', { name: 'Find a series' }).focus();
  await page.keyboard.type('SLV');
  await expect(page.locator('.tile:visible')).toHaveCount(1);
  await expect(page).toHaveURL(/find=SLV/);
  await page.reload();
  await expect(page.locator('.tile:visible')).toHaveCount(1);
  await open(page, '/drivers?group=rates');
  await expect(page.getByLabel('Group')).toHaveValue('rates');
  await expect(page.locator('.tile:visible').first()).toContainText(/yield|Treasur|breakeven/i);
  await open(page, '/drivers?find=nothing+like+it');
  await expect(page.getByText('No series fits.')).toBeVisible();
});

test('a series chosen by keyboard shows history, source and what it did', async ({ page, server }) => {
  const all = await answer(server, '/api/drivers');
  const one = all.find(({ features }) => features.length > 0);
  await open(page, '/drivers');
  await tile(page, one.freshness.title).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`series=${one.freshness.series}`));
  const card = page.getByRole('region', { name: one.freshness.title, exact: true }).first();
  await expect(card).toContainText(one.source);
  await expect(card.getByRole('slider')).toBeVisible();
  await expect(card.getByRole('button', { name: '300 days' })).toHaveCount(0);
  await expect(page.getByRole('heading', { name: /What it did to the valuation/ })).toBeVisible();
});

test('what was known on an earlier day stands beside, in the same address', async ({ page, server }) => {
  const [first] = await answer(server, '/api/drivers');
  const early = first.values[0].date;
  await open(page, `/drivers?series=${first.freshness.series}&known=${early}`);
  await expect(page.getByText(/As known on/).first()).toBeVisible();
  await expect(page.getByText(/the newest known value was that of/)).toBeVisible();
  await page.getByRole('button', { name: 'Only now' }).focus();
  await page.keyboard.press('Enter');
  await expect(page).not.toHaveURL(/known=/);
  await expect(page.getByText(/the newest known value was that of/)).toHaveCount(0);
});
