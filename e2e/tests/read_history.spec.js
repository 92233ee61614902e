// Price against value over time: ranges, the strip to move among the days, points by keyboard, and the picture itself.
import { test, expect, open, answer } from '../fixtures.js';

const card = (page) => page.getByRole('region', { name: "Price against the model's value" });
const day = (text) => new Date(`${text}T00:00:00Z`);

/** A made-up history that is the same every day, for pictures. */
async function fixHistory(page, server) {
  const snapshot = await answer(server, '/api/valuation');
  const rows = Array.from({ length: 250 }, (_, index) => {
    const date = new Date(day('2024-01-01').getTime() + index * 86_400_000).toISOString().slice(0, 10);
    const valuation = 230 + 10 * Math.sin(index / 25);
    const price = valuation + 4 * Math.sin(index / 7);
    const around = (half) => ({ lower: valuation - half, upper: valuation + half });
    const method = index % 60 === 30 ? 'linear' : 'model';
    return { date, price, valuation, interval_80: around(3), interval_95: around(6), method, split: 'test', information: 'final' };
  });
  const fixed = { ...snapshot, history: rows, latest: rows.at(-1) };
  await page.route('**/api/valuation', (route) => route.fulfill({ json: fixed }));
  return rows;
}

test('a range is chosen by keyboard, stands in the address, and a link shows the same', async ({ page, server }) => {
  const { history } = await answer(server, '/api/valuation');
  await open(page);
  await card(page).getByRole('button', { name: '3M' }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/[?]range=3m$/);
  const summary = await card(page).locator('.chart-summary').innerText();
  await page.reload();
  await expect(card(page).getByRole('button', { name: '3M' })).toHaveAttribute('aria-pressed', 'true');
  await expect(card(page).locator('.chart-summary')).toHaveText(summary);
  await card(page).getByRole('button', { name: '300 days' }).click();
  await expect(page).toHaveURL(/\/$/);
  await expect(card(page).locator('.chart-summary')).toContainText(`of ${history.length} days`);
});

test('every day that was ever valued is there on demand', async ({ page, server }) => {
  const all = await answer(server, '/api/history');
  await open(page, '/?range=all');
  const days = all.length.toLocaleString('en-US');
  await expect(card(page).locator('.chart-summary')).toContainText(`of ${days} days`);
  const slider = card(page).getByRole('slider');
  await expect(slider).toHaveAttribute('aria-valuemax', String(all.length - 1));
});

test('keys walk along the days, and each is read out', async ({ page, server }) => {
  const { history } = await answer(server, '/api/valuation');
  await open(page);
  const slider = card(page).getByRole('slider');
  await slider.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(slider).toHaveAttribute('aria-valuenow', String(history.length - 2));
  await expect(slider).toHaveAttribute('aria-valuetext', new RegExp(history.at(-2).price.toFixed(2)));
  await page.keyboard.press('Home');
  await expect(slider).toHaveAttribute('aria-valuenow', '0');
  await expect(slider).toBeFocused();
});

test('the chart looks as it should, in both themes', async ({ page, server }) => {
  await fixHistory(page, server);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await open(page);
    const chart = card(page).locator('.chart');
    await expect(chart.locator('canvas').first()).toBeVisible();
    await expect(chart).toHaveScreenshot(`chart-${colorScheme}.png`, { maxDiffPixelRatio: 0.02 });
  }
});

test('the chart shows the days of its range, and goes on to when the window changes', async ({ page, server }) => {
  const rows = await fixHistory(page, server);
  await open(page, '/?range=1m');
  const chart = card(page).locator('.chart');
  await expect(chart.locator('canvas').first()).toBeVisible();
  const [, days] = /of (\d+) days/.exec(await card(page).locator('.chart-summary').innerText());
  const [first, last] = [rows.length - Number(days), rows.length - 1].map(String);
  const slider = card(page).getByRole('slider');
  for (const width of [1280, 700, 1000]) {
    await page.setViewportSize({ width, height: 900 });
    await chart.scrollIntoViewIfNeeded();
    // The chart follows the window with its next picture.
    await expect(async () => {
      const pane = await chart.locator('td').nth(1).boundingBox();
      await page.mouse.move(pane.x + 2, pane.y + 40);
      await expect(slider).toHaveAttribute('aria-valuenow', first, { timeout: 500 });
      await page.mouse.move(pane.x + pane.width - 2, pane.y + 40);
      await expect(slider).toHaveAttribute('aria-valuenow', last, { timeout: 500 });
    }).toPass();
  }
});

test('the strip below narrows the days in view', async ({ page, server }) => {
  await fixHistory(page, server);
  await open(page);
  const chart = card(page).locator('.chart');
  const strip = card(page).locator('.brush');
  await expect(strip).toBeVisible();
  await strip.scrollIntoViewIfNeeded();
  const before = await chart.screenshot();
  const { x, y, width, height } = await strip.boundingBox();
  await page.mouse.move(x + 2, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width / 2, y + height / 2, { steps: 4 });
  await page.mouse.up();
  expect((await chart.screenshot()).equals(before)).toBe(false);
});

const changed = (page) => page.getByRole('region', { name: 'What changed since the run before' });

async function unfoldChanged(page) {
  await open(page);
  await changed(page).locator('summary').focus();
  await page.keyboard.press('Enter');
}

test('a first run says that none was before it', async ({ page }) => {
  await unfoldChanged(page);
  await expect(changed(page)).toContainText('No run of this preset was published before this one.');
});

test('what changed since the run before is told on demand, in parts', async ({ page }) => {
  const side = (date, valuation) => ({ run_id: 'run', date, valuation });
  const lines = [
    { cause: 'new_data', what: 'the newer day', amount: 1.5 },
    { cause: 'rest', what: 'rounds to nothing', amount: 0.001 },
    { cause: 'model', what: 'fitted on 2 more rows', amount: -0.25 },
  ];
  const json = { from: side('2024-09-19', 240), to: side('2024-09-20', 241.25), unit: 'USD per share', change: 1.25, lines, notes: [] };
  await page.route('**/api/diff?**', (route) => route.fulfill({ json }));
  await unfoldChanged(page);
  await expect(changed(page)).toContainText('The value went from $240.00 for 19 Sep 2024 to $241.25 for 20 Sep 2024: +$1.25.');
  await expect(changed(page).getByRole('row')).toHaveText(['The newer day.+$1.50', 'Fitted on 2 more rows.\u2212$0.25']);
});
