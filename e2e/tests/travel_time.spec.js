// Every page shows what was known on a day, when the address names one.
import { test, expect, open, answer } from '../fixtures.js';

const note = (page) => page.getByText(/^You see what was known on/);

test('a day before the first run says when that was', async ({ page, watch }) => {
  watch.mayFail = true;
  await open(page, '/?as_of=1999-12-31');
  await expect(note(page)).toContainText('31 Dec 1999');
  await expect(page.getByRole('alert')).toContainText(/The first run is as of \d{4}-\d{2}-\d{2}/);
});

test('a day before the first run, chosen in the header, leaves no later answer on the page', async ({ page, watch }) => {
  watch.mayFail = true;
  await open(page);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Gold');
  await page.locator('.as-of summary').click();
  await page.getByLabel('Show what was known on').fill('1999-12-31');
  await expect(page.getByRole('alert')).toContainText(/The first run is as of/);
  await expect(page.getByRole('heading', { level: 1 })).not.toContainText('Gold (');
  await page.getByLabel('Show what was known on').press('Escape');
  await expect(page.getByLabel('Show what was known on')).toBeHidden();
  await expect(page.locator('.as-of summary')).toBeFocused();
  await page.getByRole('button', { name: 'Back to the newest' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Gold (');
});

test('a day is typed in peace, and one to come is refused in words', async ({ page, server }) => {
  const { as_of: newest } = await answer(server, '/api/status');
  const [year, month, day] = newest.split('-');
  await open(page);
  await page.locator('.as-of summary').click();
  const field = page.getByLabel('Show what was known on');
  await field.focus();
  // Every digit but the last makes a day of another year.
  await page.keyboard.type(`${month}${day}${Number(year) + 1}`);
  await expect(page).toHaveURL(/\/$/);
  await page.keyboard.press('Enter');
  await expect(page.locator('.as-of [role=status]')).toContainText('Nothing is known yet of a day after the newest');
  await expect(field).toHaveValue(newest);
  await expect(page).toHaveURL(/\/$/);
});

test('an address that asks for no day says so and shows the newest', async ({ page, server }) => {
  const { as_of: newest } = await answer(server, '/api/status');
  await open(page, '/?as_of=banana');
  await expect(page.getByText('“banana” is no day such as 2024-09-23: you see the newest.')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Gold (');
  await open(page, `/?as_of=${Number(newest.slice(0, 4)) + 1}-01-01`);
  await expect(page.getByText(/^Nothing is known yet of 1 Jan \d{4}: you see the newest/)).toBeVisible();
  await expect(page.locator('.as-of summary')).not.toContainText('earlier');
});

test('the day is chosen in the header, goes along to other pages, and is left with one press', async ({ page, server }) => {
  const { as_of: day } = await answer(server, '/api/status');
  await open(page);
  const control = page.locator('.as-of');
  await expect(control.locator('summary')).toContainText(/fresh|stale|old/);
  await control.locator('summary').focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Show what was known on').fill(day);
  await expect(page).toHaveURL(new RegExp(`[?]as_of=${day}$`));
  await expect(note(page)).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Gold');
  await page.getByRole('link', { name: 'Model', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/model[?]as_of=${day}$`));
  await page.getByRole('link', { name: 'Data', exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/data[?]as_of=${day}$`));
  await page.getByRole('button', { name: 'Back to the newest' }).click();
  await expect(page).toHaveURL(/\/data$/);
  await expect(note(page)).toHaveCount(0);
});
