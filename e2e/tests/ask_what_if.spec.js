// What if: the model answers in the browser, with the server's own numbers, by keyboard, by link and without a server.
import { test, expect, open, answer, post } from '../fixtures.js';

const value = (page) => page.locator('.outcome-value');
const money = (text) => Number(/[0-9.]+/.exec(text.replaceAll(',', ''))[0]);
const sliders = (page) => page.getByRole('slider');

async function day(server) {
  const { possible, impossible } = await answer(server, '/api/what-if');
  test.skip(!possible, `this run cannot be asked: ${impossible?.why}`);
  return possible;
}

const valued = (server, body) => post(server, '/api/what-if', body);

// The page's own evaluator at these levels: the address carries them, the page shows the value.
async function shown(page, series, levels) {
  const at = series.map((name, place) => `${name}:${levels[place]}`).join(',');
  await open(page, `/what-if?at=${at}`);
  return money(await value(page).innerText());
}

test('untouched, the page says what was published', async ({ page, server }) => {
  const { published } = await day(server);
  await open(page, '/what-if');
  expect(money(await value(page).innerText())).toBeCloseTo(published.valuation, 2);
  await expect(page.locator('.outcome-against')).toContainText('As published for');
  await expect(page.getByRole('button', { name: 'Reset' })).toBeDisabled();
});

test('a thousand random questions: the browser says what XGBoost says', async ({ page, server }) => {
  test.setTimeout(180_000); // a thousand turns of the page, and the server's thousand answers
  const { inputs, published } = await day(server);
  await open(page, '/what-if');
  const series = inputs.map((input) => input.series);
  // A generator of our own, so that a failure can be repeated.
  let state = 7;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const rows = Array.from({ length: 1000 }, () => inputs.map(({ level }) => level * (0.9 + 0.2 * random())));
  const theirs = [];
  for (let from = 0; from < rows.length; from += 200) {
    theirs.push(...await valued(server, { series, rows: rows.slice(from, from + 200) }));
  }
  // The address is the page's own way to be told of levels; the value's element holds all digits.
  const ours = await page.evaluate(async ([series, rows]) => {
    const value = document.querySelector('.outcome-value data');
    const said = [];
    for (const row of rows) {
      const at = series.map((name, place) => `${name}:${row[place]}`).join(',');
      history.replaceState(null, '', `/what-if?at=${at}`);
      window.dispatchEvent(new PopStateEvent('popstate'));
      await new Promise((resolve) => setTimeout(resolve));
      said.push(Number(value.getAttribute('value')));
    }
    return said;
  }, [series, rows]);
  expect(ours).toHaveLength(rows.length);
  const worst = ours.reduce((most, one, row) => Math.max(most, Math.abs(one / theirs[row].valuation - 1)), 0);
  expect(worst).toBeLessThanOrEqual(1e-6);
  expect(ours.filter((one) => Math.abs(one / published.valuation - 1) > 1e-4).length).toBeGreaterThan(500);
});

test('a lever moved by keyboard moves the answer, warns outside history, and resets', async ({ page, server }) => {
  const { published } = await day(server);
  await open(page, '/what-if');
  const slider = page.getByRole('slider', { name: 'Silver' });
  await slider.focus();
  await page.keyboard.press('End');
  await expect(slider).toHaveAttribute('aria-valuetext', /from the day before/);
  expect(money(await value(page).innerText())).toBeGreaterThan(published.valuation);
  await expect(page).toHaveURL(/at=silver_close:/);
  await expect(page.getByRole('status').filter({ hasText: 'Valuation' })).toContainText('against the');
  const change = page.getByRole('group', { name: /^Silver That day/ }).getByLabel('Change');
  await change.focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('60');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/Outside history: the largest rise/)).toBeVisible();
  // No price is below zero: what was there comes back, and the answer stands.
  const level = page.getByRole('group', { name: /^Silver That day/ }).getByLabel('Level');
  const [before, answer] = [await level.inputValue(), await value(page).innerText()];
  await level.fill('-5');
  await level.press('Enter');
  await expect(level).toHaveValue(before);
  await expect(value(page)).toHaveText(answer);
  await page.getByRole('button', { name: 'Reset' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.outcome-against')).toContainText('As published for');
  await expect(page).not.toHaveURL(/at=/);
});

test('the parts add up to the move while a scenario holds', async ({ page, server }) => {
  const { scenarios } = await day(server);
  test.skip(!scenarios.length, 'no scenario');
  await open(page, '/what-if');
  await page.getByRole('button', { name: scenarios[0].label }).click();
  const number = (text) => Number(text.replace('\u2212', '-').replace('%', ''));
  const lines = page.locator('.what-if-result .bars').first().locator('> li');
  const texts = await lines.locator('> .bar-line > .bar-number, > details > summary > .bar-number').allInnerTexts();
  const numbers = texts.map(number);
  const whole = numbers.pop();
  expect(numbers.reduce((sum, one) => sum + one, 0)).toBeCloseTo(whole, 2);
});

test('a link shows the same answer, and the page answers without a server', async ({ page, server, context, watch }) => {
  watch.mayFail = true; // the shell goes on asking for the state of runs
  const { inputs } = await day(server);
  const silver = inputs.find((input) => input.series === 'silver_close') ?? inputs[0];
  const level = silver.level * 1.01;
  const seen = await shown(page, [silver.series], [level]);
  const [theirs] = await valued(server, { series: [silver.series], rows: [[level]] });
  expect(seen).toBeCloseTo(theirs.valuation, 2);
  // The link names the day, for tomorrow the drivers that were not moved are others.
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByText('Link copied.')).toBeVisible();
  const { as_of } = await (await fetch(`${server.url}/api/status`)).json();
  const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
  expect(link.searchParams.get('as_of')).toBe(as_of);
  expect(link.searchParams.get('at')).toBe(new URL(page.url()).searchParams.get('at'));
  await context.setOffline(true);
  await sliders(page).first().focus();
  await page.keyboard.press('Home');
  await expect.poll(async () => money(await value(page).innerText())).not.toBe(seen);
  await context.setOffline(false);
});

test('the one model on levels answers as well', async ({ page, server, watch }) => {
  watch.mayFail = true;
  await open(page, '/what-if?preset=classic');
  await expect(value(page)).toBeVisible();
  await expect(page.getByText('Looks ahead by design')).toBeVisible();
});
