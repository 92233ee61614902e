// Runs: the report of each attempt, two runs compared, and a run started with choices, by keyboard alone.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, expect, open, answer, tabTo } from '../fixtures.js';
import { assay, serve } from '../assay.js';

test('an attempt opens to its steps, its series and its id', async ({ page, server }) => {
  const [newest] = await answer(server, '/api/runs');
  await open(page, '/runs');
  const attempt = page.locator('.runs > li').first();
  await tabTo(page, attempt.locator('summary'));
  await page.keyboard.press('Enter');
  await expect(attempt.locator('.steps-table tr')).toHaveCount(newest.steps.length);
  await expect(attempt.locator('table.series tbody tr')).toHaveCount(newest.series.length);
  await expect(attempt).toContainText(newest.attempt_id);
  // Made-up data is called so, on the page and on each run, and a series leads to where its values come from.
  await expect(attempt.locator('summary')).toContainText('Synthetic data');
  await expect(page.locator('footer')).toContainText('a synthetic market');
  await attempt.getByRole('link', { name: newest.series[0].series, exact: true }).click();
  await expect(page).toHaveURL(`/data?series=${newest.series[0].series}`);
});

test('the dialog is left with Escape, and the focus is where it was', async ({ page }) => {
  await open(page, '/runs');
  const button = page.getByRole('button', { name: /Start a run with choices/ });
  await tabTo(page, button);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Start a run' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog', { name: 'Start a run' })).toBeHidden();
  await expect(button).toBeFocused();
});

test('a run with choices is started, appears by itself, and is compared with the one before', async ({ page, watch }) => {
  test.setTimeout(120_000);
  watch.mayFail = true; // the server ends while the page still listens to it
  const home = await mkdtemp(join(tmpdir(), 'assay-e2e-runs-'));
  await assay(home, 'run', '--preset', 'classic', '--grid', 'deployed');
  const server = await serve(home);
  try {
    await open(page, `${server.url}/runs`);
    await expect(page.locator('.runs > li')).toHaveCount(1);
    await expect(page.getByRole('region', { name: 'Compare two runs' })).toHaveCount(0);
    await startClassic(page, '01032024');
    await expect(page.locator('.runs > li')).toHaveCount(2, { timeout: 100_000 });
    await expect(page.locator('.runs > li').first()).toContainText(/classic preset, deployed grid, as of 3 Jan(uary)? 2024/);
    await tabTo(page, page.getByRole('button', { name: 'Compare', exact: true }));
    await page.keyboard.press('Enter');
    await expectSteps(page, server);
    await page.reload();
    await expectSteps(page, server);
  } finally {
    await server.stop();
    await rm(home, { recursive: true, force: true });
  }
});

test('a run that somebody else has begun is followed to its end, and the button is free again', async ({ page, watch }) => {
  test.setTimeout(90_000); // the page asks every five seconds
  watch.mayFail = true; // the API's 409
  // As a server answers beside `assay run` in a terminal: it refuses, knows of nobody at work, and has one report more in the end.
  let asked = 0;
  await page.route('/api/status', async (route) => {
    const answer = await route.fetch();
    const status = await answer.json();
    if (asked > 0 && (asked += 1) > 3) status.last_attempt.attempt_id += '-other';
    await route.fulfill({ response: answer, json: status, headers: { ...answer.headers(), etag: `"${asked}"` } });
  });
  await page.route('/api/runs', (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    asked = 1;
    const problem = { code: 'run_in_progress', message: 'a run is going', advice: 'wait for it' };
    return route.fulfill({ status: 409, contentType: 'application/problem+json', json: problem });
  });
  await open(page);
  const button = page.locator('.run-control > button');
  await button.click();
  await expect(button).toHaveText('Running…');
  await expect(button).toHaveText('Run now', { timeout: 60_000 });
  await expect(page.getByRole('alert').filter({ hasText: 'could not be started' })).toHaveCount(0);
});

async function startClassic(page, day) {
  await tabTo(page, page.getByRole('button', { name: /Start a run with choices/ }));
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Start a run' });
  const preset = dialog.getByLabel('Preset');
  await tabTo(page, preset);
  await page.keyboard.type('The original');
  await expect(preset).toHaveValue('classic');
  await tabTo(page, dialog.getByLabel(/^As of/));
  await page.keyboard.type(day);
  await tabTo(page, dialog.getByRole('button', { name: 'Start', exact: true }));
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
}

/** The difference on the page is the API's, and its steps add up to it. */
async function expectSteps(page, server) {
  const card = page.getByRole('region', { name: 'Compare two runs' });
  const sum = card.locator('.bars-sum .bar-number');
  await expect(sum).toBeVisible({ timeout: 30_000 });
  const [from, to] = new URL(page.url()).searchParams.get('compare').split(',');
  const { change } = await answer(server, `/api/diff?from=${from}&to=${to}`);
  const number = (text) => Number(text.replace('\u2212', '-').replace(/[^0-9.-]/g, ''));
  expect(number(await sum.innerText())).toBeCloseTo(change, 2);
  const steps = await card.locator('.bars > .bar-line .bar-number').allInnerTexts();
  // Each step is rounded to cents.
  expect(Math.abs(steps.map(number).reduce((all, one) => all + one, 0) - change)).toBeLessThan(0.005 * (steps.length + 1));
}
