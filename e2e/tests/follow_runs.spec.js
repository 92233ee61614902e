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
});

test('two runs are compared in steps that add up, and the address keeps the pair', async ({ page, server }) => {
  await open(page, '/runs');
  await tabTo(page, page.getByRole('button', { name: 'Compare', exact: true }));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/compare=/);
  const card = page.getByRole('region', { name: 'Compare two runs' });
  const sum = card.locator('.bars-sum .bar-number');
  await expect(sum).toBeVisible();
  const [from, to] = new URL(page.url()).searchParams.get('compare').split(',');
  const { change } = await answer(server, `/api/diff?from=${from}&to=${to}`);
  const number = (text) => Number(text.replace('\u2212', '-').replace(/[^0-9.-]/g, ''));
  expect(number(await sum.innerText())).toBeCloseTo(change, 2);
  const steps = await card.locator('.bars > .bar-line .bar-number').allInnerTexts();
  expect(steps.map(number).reduce((all, one) => all + one, 0)).toBeCloseTo(change, 1);
  await page.reload();
  await expect(sum).toBeVisible();
});

test('a run with choices is started, told of while it goes, and appears by itself', async ({ page }) => {
  test.setTimeout(120_000);
  const home = await mkdtemp(join(tmpdir(), 'assay-e2e-runs-'));
  await assay(home, 'run', '--preset', 'classic', '--grid', 'deployed');
  const server = await serve(home);
  try {
    const before = (await answer(server, '/api/runs')).length;
    await open(page, `${server.url}/runs`);
    await tabTo(page, page.getByRole('button', { name: /Start a run with choices/ }));
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Start a run' });
    const preset = dialog.getByLabel('Preset');
    await tabTo(page, preset);
    await page.keyboard.type('Classic');
    await expect(preset).toHaveValue('classic');
    await tabTo(page, dialog.getByLabel(/^As of/));
    await page.keyboard.type('01032024');
    await tabTo(page, dialog.getByRole('button', { name: 'Start', exact: true }));
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
    await expect(page.locator('.runs > li')).toHaveCount(before + 1, { timeout: 100_000 });
    await expect(page.locator('.runs > li').first()).toContainText(/classic preset, deployed grid, as of 3 Jan(uary)? 2024/);
  } finally {
    await server.stop();
    await rm(home, { recursive: true, force: true });
  }
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
