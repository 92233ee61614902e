// The model page tells how good the model is, in words and in numbers that are those of its card.
import { test, expect, open, answer } from '../fixtures.js';

const card = (page, title) => page.locator('section', { has: page.getByRole('heading', { name: title, exact: true }) });
const share = (value) => `${Math.round(100 * Math.abs(value))}%`;

test('the verdict is the test\'s, next to yesterday\'s price', async ({ page, server }) => {
  const { skill, walk } = await answer(server, '/api/model');
  await open(page, '/model');
  await expect(page).toHaveTitle(/Model/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Model');
  const verdict = card(page, 'Is it any good?');
  const words = { skill: 'Better than', no_skill: 'No better than', worse: 'Worse than' }[skill.verdict];
  await expect(verdict).toContainText(`${words} yesterday's price`);
  await expect(verdict).toContainText(`squared error was ${share(skill.skill)}`);
  if (walk?.shipped === 0) await expect(verdict).toContainText('No skill: the gate was closed on every day');
  const rules = verdict.getByRole('table').first().getByRole('rowheader');
  await expect(rules.first()).toHaveText('Valuation as published');
  await expect(rules.filter({ hasText: 'Price of the day before' })).toHaveCount(1);
});

test('each chart has a sentence and a table that opens by keyboard', async ({ page, server }) => {
  const { walk } = await answer(server, '/api/model');
  test.skip(!walk, 'this model was not walked forward');
  await open(page, '/model');
  const years = walk.evaluations.find(({ rule }) => rule === 'valuation').periods.filter(({ period }) => period.kind === 'year');
  const skill = card(page, 'Skill by year');
  await expect(skill).toContainText(`of ${years.length} year`);
  await expect(skill.locator('.columns').first()).toHaveAttribute('aria-hidden', 'true');
  const rows = skill.locator('details').first().getByRole('rowheader');
  await expect(rows.first()).toBeHidden();
  await skill.locator('summary').first().focus();
  await page.keyboard.press('Enter');
  await expect(rows).toHaveText(years.map(({ period }) => String(period.year)));
  const intervals = card(page, 'Do the intervals keep their promise?');
  const [first] = walk.intervals;
  await expect(intervals).toContainText(`held it on ${(100 * first.bands.measured).toFixed(1)}%`);
});

test('the audit is told with its checks', async ({ page, server }) => {
  const { audit } = await answer(server, '/api/model');
  test.skip(!audit, 'this run was not audited');
  await open(page, '/model');
  const section = card(page, 'Does it look ahead?');
  await expect(section).toContainText(audit.passed ? 'Nothing knew' : 'Something knew');
  await expect(section.getByRole('table').first().getByRole('rowheader')).toHaveCount(audit.checks.length);
});

test('the lineage names run, seed and hashes', async ({ page, server }) => {
  const { run_id: run, seed, model_sha256: hash } = await answer(server, '/api/model');
  await open(page, '/model');
  const lineage = card(page, 'Which model this is');
  for (const text of [run, String(seed), hash.slice(0, 12)]) await expect(lineage).toContainText(text);
});

test('the first view is a program of its own, and the desk holds every page', async ({ page }) => {
  const fetched = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  const programs = () => fetched.filter((path) => /[.]wasm$/.test(path)).map((path) => path.split('_')[0]);
  await open(page, '/model');
  await expect(card(page, 'Which model this is')).toBeVisible();
  expect(programs()).toEqual(['/desk']);
  // Inside the desk nothing is loaded anew, the valuation neither.
  await page.getByRole('link', { name: 'Valuation', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Gold');
  expect(fetched.filter((path) => /[.]html$|^\/$/.test(path))).toEqual([]);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Gold');
  expect(programs()).toContain('/frontend');
});

test('residuals are told in a sentence, and every published model leads to its card', async ({ page, server }) => {
  const models = await answer(server, '/api/models');
  const older = models.at(-1);
  await open(page, '/model');
  await expect(card(page, 'What is left unexplained')).toContainText(/Over [\d,]+ test days the residuals have a mean of/);
  const list = card(page, 'Every published model');
  await expect(list.getByRole('rowheader')).toHaveCount(models.length);
  await expect(list.locator('tr[aria-current]')).toHaveCount(1);
  await list.getByRole('link').last().focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/model[?]run=${older.run_id}$`));
  await expect(card(page, 'Which model this is')).toContainText(older.preset);
  await page.getByRole('button', { name: 'Show the current one' }).click();
  await expect(page).toHaveURL(/\/model$/);
});

test('the page is reached and left by keyboard, and the browser\'s button leads back', async ({ page }) => {
  await open(page);
  await page.getByRole('link', { name: 'Model', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/model$/);
  await page.getByRole('link', { name: 'Runs', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
  await page.goBack();
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Gold');
});
