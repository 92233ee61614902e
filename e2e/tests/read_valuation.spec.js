// The page answers the question: what is gold worth, and on what data.
import { test, expect, open } from '../fixtures.js';

test('the valuation on the page is the one that the API tells', async ({ page, server }) => {
  const snapshot = await (await fetch(`${server.url}/api/valuation`)).json();
  await open(page);
  const number = (value) => value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  await expect(page.getByRole('main')).toContainText(number(snapshot.latest.valuation));
  await expect(page.getByRole('main')).toContainText(number(snapshot.latest.price));
});

test('synthetic data are called synthetic', async ({ page }) => {
  await open(page);
  await expect(page.getByText(/synthetic/i).first()).toBeVisible();
});

test('the page has a title and one main heading', async ({ page }) => {
  await open(page);
  await expect(page).toHaveTitle(/assay/i);
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
});
