// The page answers the question: what is gold worth, and on what data.
import { test, expect, open, answer } from '../fixtures.js';

test('the valuation on the page is the one that the API tells', async ({ page, server }) => {
  const snapshot = await answer(server, '/api/valuation');
  await open(page);
  const number = (value) => value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  await expect(page.getByRole('main')).toContainText(number(snapshot.latest.valuation));
  await expect(page.getByRole('main')).toContainText(number(snapshot.latest.price));
});

test('the answer is there before the program, and nothing moves when the program takes over', async ({ page, server }) => {
  const { headline } = await answer(server, '/api/valuation');
  let letGo;
  const held = new Promise((done) => (letGo = done));
  await page.route('**/*.wasm', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/');
  const seen = async () => {
    const heading = page.getByRole('heading', { level: 1 });
    const labels = await page.locator('.labels').allInnerTexts();
    const links = await page.locator('.shell-header nav a').evaluateAll((all) => all.map((a) => [a.text, a.getAttribute('href')]));
    const caveats = await page.locator('.caveat').allInnerTexts();
    // Since when, and what moved it: the largest text of the first paint.
    const lately = await page.locator('.lately').evaluateAll((all) => all.map((p) => [p.textContent, p.getBoundingClientRect().toJSON()]));
    return { text: await heading.textContent(), box: await heading.boundingBox(), labels, links, caveats, lately };
  };
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const before = await seen();
  expect(before.labels.join()).toContain('Synthetic data');
  expect(before.lately.map(([text]) => text)).toEqual(headline.lately ? [headline.lately] : []);
  letGo();
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
  expect(await seen()).toEqual(before);
});

test('an answer that fails before the program is asked for again', async ({ page, watch }) => {
  watch.mayFail = true;
  let asked = 0;
  await page.route('**/api/valuation', (route) => (asked++ ? route.continue() : route.abort()));
  await open(page);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('is');
  expect(asked).toBe(2);
});

test('an answer that comes too late for the first paint is not kept for a later question', async ({ page }) => {
  let release;
  const late = new Promise((done) => (release = done));
  let asked = 0;
  await page.route('**/api/valuation', async (route) => {
    asked += 1;
    if (asked === 1) await late;
    await route.continue().catch(() => {}); // the page has given the first one up
  });
  await open(page);
  release();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Gold .* is /);
  expect(asked).toBe(2);
  expect(await page.evaluate(() => globalThis.assayFirst)).toBeUndefined();
});

test('a program that dies at its start says so', async ({ page, watch }) => {
  watch.mayFail = true;
  // The program marks with comments where what changes begins; nothing else on the page makes any.
  await page.addInitScript(() => { Document.prototype.createComment = () => { throw new Error('no'); }; });
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'The dashboard could not start' })).toBeVisible();
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
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

test('the badge says how final the value is, and why on demand', async ({ page, server }) => {
  const { latest } = await answer(server, '/api/valuation');
  await open(page);
  const badge = page.locator('summary', { hasText: latest.information === 'final' ? 'Final' : 'Provisional' });
  const why = page.getByText(latest.information === 'final' ? /was out for/ : /not out yet/);
  await expect(why).toBeHidden();
  await badge.focus();
  await page.keyboard.press('Enter');
  await expect(why).toBeVisible();
});

test('the headline says so when the model has no skill to show', async ({ page, server }) => {
  const { latest } = await answer(server, '/api/valuation');
  await open(page);
  const said = latest.method === 'no_change' ? /not valued: no skill/ : /valued/;
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(said);
  const gate = page.getByText('No skill lately: the gate is closed');
  await expect(gate).toHaveCount(latest.method === 'no_change' ? 1 : 0);
});

test('the headline gap stands in its band, and is no forecast', async ({ page, server }) => {
  const { gap } = await answer(server, '/api/valuation');
  test.skip(!gap, 'this run has no headline gap');
  await open(page);
  const card = page.getByRole('region', { name: 'Rich or cheap?' });
  await expect(card).toContainText('A description of today, not a forecast.');
  const size = Math.abs(gap.gap_pct).toFixed(2);
  await expect(card).toContainText(`${size}%`);
  const current = card.locator('[aria-current=true]');
  if (gap.band) await expect(current).toContainText(gap.band.replace('_', ' '));
  else await expect(current).toHaveCount(0);
});

test('groups of drivers add up to the move, and open to their drivers by keyboard', async ({ page, server }) => {
  const { latest, contributions, features } = await answer(server, '/api/valuation');
  test.skip(latest.method === 'no_change', 'the gate is closed, so no driver moves the value');
  await open(page);
  const card = page.getByRole('region', { name: "What moved the model's value" });
  const read = async (lines) => {
    const texts = await lines.locator('> .bar-line > .bar-number, > details > summary > .bar-number').allInnerTexts();
    return texts.map((text) => Number(text.replace('\u2212', '-').replace('%', '')));
  };
  const all = await read(card.locator('.bars').first().locator('> li'));
  const move = all.pop();
  const sum = contributions.reduce((total, { contribution }) => total + contribution, 0);
  expect(move).toBeCloseTo(sum, 2);
  // Each is rounded to three digits.
  expect(all.reduce((total, one) => total + one, 0)).toBeCloseTo(move, 2);
  const group = card.locator('details').filter({ has: page.locator('.bars') }).first();
  const driver = group.locator('.bars .bar-label').first();
  await expect(driver).toBeHidden();
  await group.locator('> summary').focus();
  await page.keyboard.press('Enter');
  await expect(driver).toBeVisible();
  expect(features.map(({ label }) => label)).toContain(await driver.innerText());
});
