// SQL: asking, completing, mistakes at their place, files, and what was asked before, by keyboard alone.
import { readFile } from 'node:fs/promises';
import { test, expect, open, answer, post, tabTo } from '../fixtures.js';

const editor = (page) => page.getByRole('textbox', { name: 'Question' });
const card = (page) => page.getByRole('region', { name: 'Question', exact: true });
const result = (page) => page.getByRole('region', { name: /^Answer/ });

async function ask(page, sql) {
  await tabTo(page, editor(page));
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(sql);
  await page.keyboard.press('Control+Enter');
}

test('the question that the page begins with has rows, a chart, time and bytes', async ({ page, server }) => {
  const { newest_date } = await rowOf(server, 'SELECT max(date) AS newest_date FROM model_results_latest');
  await open(page, '/sql');
  await expect(page.locator('main .labels')).toContainText('Synthetic data');
  await tabTo(page, editor(page));
  await page.keyboard.press('Control+Enter');
  await expect(result(page).locator('tbody').last().locator('tr').first()).toContainText(newest_date);
  await expect(result(page).getByRole('heading')).toContainText(/20 rows .*· \d+ ms · .*read/);
  await expect(result(page).locator('canvas').first()).toBeVisible();
  // Under the question and as wide, not in the column beside it.
  const [above, below] = [await card(page).boundingBox(), await result(page).boundingBox()];
  expect([below.x, below.width]).toEqual([above.x, above.width]);
  expect(below.y).toBeGreaterThan(above.y);
});

test('rows are sorted by a column, and a third press gives their order back', async ({ page }) => {
  await open(page, '/sql');
  await ask(page, "SELECT * FROM (VALUES ('b', 10), ('c', NULL), ('a', 9)) AS rows(word, number)");
  const words = () => result(page).locator('tbody th').allTextContents();
  await expect.poll(words).toEqual(['b', 'c', 'a']);
  const name = result(page).getByRole('button', { name: 'number' });
  await tabTo(page, name);
  const head = page.getByRole('columnheader', { name: 'number' });
  for (const [sort, order] of [[/^ascending$/, ['a', 'b', 'c']], [/^descending$/, ['b', 'a', 'c']], [null, ['b', 'c', 'a']]]) {
    await page.keyboard.press('Enter');
    await expect.poll(words).toEqual(order);
    await (sort ? expect(head).toHaveAttribute('aria-sort', sort) : expect(head).not.toHaveAttribute('aria-sort'));
    await expect(name).toBeFocused();
  }
});

test('names are completed by keyboard, and the Tab key leaves the field where none is offered', async ({ page }) => {
  await open(page, '/sql');
  await tabTo(page, editor(page));
  await page.keyboard.press('Control+a');
  await page.keyboard.type('SELECT count(*) FROM model_res');
  await expect(page.getByRole('listbox', { name: 'Names' })).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(editor(page)).toHaveValue(/FROM model_results/);
  await expect(editor(page)).toBeFocused();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expect(editor(page)).not.toBeFocused();
});

test('a mistake is told at its place, and the cursor stands there', async ({ page, watch }) => {
  watch.mayFail = true; // the API's 400
  await open(page, '/sql');
  await ask(page, 'SELECT date,\n  prise\nFROM model_results_latest');
  const alert = page.getByRole('alert').filter({ hasText: 'This question has no answer' });
  await expect(alert).toContainText('prise');
  await expect(alert).toContainText('Line 2, column 3');
  expect(await editor(page).evaluate((field) => field.value.slice(0, field.selectionStart))).toBe('SELECT date,\n  ');
});

test('writing is refused, and nothing is lost', async ({ page, watch, server }) => {
  watch.mayFail = true;
  const count = 'SELECT count(*) AS n FROM model_runs';
  const before = await rowOf(server, count);
  await open(page, '/sql');
  await ask(page, 'DELETE FROM model_runs');
  await expect(page.getByRole('alert').filter({ hasText: 'no answer' })).toBeVisible();
  expect(await rowOf(server, count)).toEqual(before);
});

test('the answer is taken away as CSV and as Parquet', async ({ page }) => {
  await open(page, '/sql');
  await ask(page, "SELECT 'a,b' AS word, 1.5 AS number");
  await expect(result(page)).toBeVisible();
  const file = async (name) => {
    await tabTo(page, page.getByRole('button', { name }));
    const download = page.waitForEvent('download');
    await page.keyboard.press('Enter');
    return readFile(await (await download).path());
  };
  expect((await file('CSV file')).toString()).toMatch(/^"?word"?,"?number"?\r?\n"a,b",1\.5\r?\n$/);
  const parquet = await file('Parquet file');
  expect([parquet.subarray(0, 4), parquet.subarray(-4)].map(String)).toEqual(['PAR1', 'PAR1']);
});

test('what was asked before is kept in the browser until it is forgotten', async ({ page }) => {
  // Longer than a phone is wide: it must not make the page wider.
  const sql = 'SELECT 41 + 1 AS answer -- asked on a phone, with more words than fit on a line of it';
  await page.setViewportSize({ width: 375, height: 812 });
  await open(page, '/sql');
  await ask(page, sql);
  await expect(result(page)).toContainText('42');
  await page.reload();
  await expect(editor(page)).toHaveValue(sql);
  await expect(result(page)).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Asked before' })).toContainText('SELECT 41 + 1 AS answer');
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wider).toBeLessThanOrEqual(0);
  await tabTo(page, page.getByRole('button', { name: 'Forget' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Asked before' })).toHaveCount(0);
});

test('a table opens to its columns and gives its first rows', async ({ page, server }) => {
  const [table] = await answer(server, '/api/tables');
  await open(page, '/sql');
  const tables = page.getByRole('region', { name: 'Tables' });
  await tabTo(page, tables.locator('summary').first());
  await page.keyboard.press('Enter');
  await expect(tables.locator('.sql-columns').first()).toContainText(table.columns[0].name);
  await tabTo(page, tables.getByRole('button', { name: 'First rows' }).first());
  await page.keyboard.press('Enter');
  await expect(editor(page)).toHaveValue(`SELECT *\nFROM ${table.name}\nLIMIT 20`);
});

/** The first row of an answer as an object. */
async function rowOf(server, sql) {
  const { columns, rows } = await post(server, '/api/query', { sql });
  return Object.fromEntries(columns.map(({ name }, place) => [name, rows[0][place]]));
}
