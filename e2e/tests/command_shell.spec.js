// Everything is reached by keyboard: pages, series and commands through the palette, and what has the focus is seen.
import AxeBuilder from '@axe-core/playwright';
import { test, expect, open, answer } from '../fixtures.js';

const palette = (page) => page.getByRole('dialog', { name: 'Search and commands' });

async function openPalette(page) {
  await page.keyboard.press('Control+k');
  await expect(palette(page).getByRole('combobox')).toBeFocused();
}

test('the palette leads to a page by a few letters, and gives the focus back', async ({ page }) => {
  await open(page, '/model');
  await openPalette(page);
  await page.keyboard.type('runs');
  await expect(palette(page).getByRole('option').first()).toHaveText(/Runs/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/runs$/);
  await expect(page.getByRole('main')).toBeFocused();
  await page.getByRole('button', { name: 'Search and commands' }).focus();
  await openPalette(page);
  await page.keyboard.press('Escape');
  await expect(palette(page)).toBeHidden();
  await expect(page.getByRole('button', { name: 'Search and commands' })).toBeFocused();
});

test('arrows walk along the commands, and letters that fit nothing say so', async ({ page }) => {
  await open(page);
  await openPalette(page);
  const combobox = palette(page).getByRole('combobox');
  const first = await combobox.getAttribute('aria-activedescendant');
  await page.keyboard.press('ArrowDown');
  expect(await combobox.getAttribute('aria-activedescendant')).not.toBe(first);
  await page.keyboard.press('ArrowUp');
  expect(await combobox.getAttribute('aria-activedescendant')).toBe(first);
  await page.keyboard.type('zzzz');
  await expect(palette(page).getByRole('status')).toContainText('Nothing fits');
});

test('series, questions and presets of the server are found', async ({ page }) => {
  await open(page);
  await openPalette(page);
  for (const kind of ['Series', 'Question', 'Preset']) {
    await expect(palette(page).getByRole('option').filter({ hasText: kind }).first()).toBeVisible();
  }
  await page.keyboard.type('compare');
  await expect(palette(page).getByRole('option')).toHaveText([/Compare with classic/]);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/[?]beside=classic$/);
});

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing in the palette in ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await open(page);
    await openPalette(page);
    const { violations } = await new AxeBuilder({ page }).include('dialog').analyze();
    expect(violations.map(({ id }) => id)).toEqual([]);
  });
}

test('the theme is the system\'s until the reader chooses, and the choice stays', async ({ page }) => {
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  await page.emulateMedia({ colorScheme: 'dark' });
  await open(page);
  expect(await theme()).toBe('dark');
  await page.getByLabel('Colours').selectOption('light');
  expect(await theme()).toBe('light');
  await page.reload();
  await expect(page.getByLabel('Colours')).toHaveValue('light');
  expect(await theme()).toBe('light');
  await openPalette(page);
  await page.keyboard.type('as the system');
  await page.keyboard.press('Enter');
  expect(await theme()).toBe('dark');
});

test('each stop of the tab key in the header is seen', async ({ page }) => {
  await open(page);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  const header = page.locator('.shell-header');
  const stops = await header.locator('a, button, summary').count();
  for (let stop = 0; stop < stops; stop += 1) {
    await page.keyboard.press('Tab');
    const seen = await page.evaluate(() => {
      const focused = document.activeElement;
      const box = focused.getBoundingClientRect();
      return { outline: getComputedStyle(focused).outlineStyle, width: box.width, inside: !!focused.closest('.shell-header') };
    });
    expect(seen).toMatchObject({ outline: 'solid', inside: true });
    expect(seen.width).toBeGreaterThan(0);
  }
});

test('on paper the answer stands without its controls', async ({ page }) => {
  await open(page);
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  for (const name of ['Run now', 'Search and commands']) {
    await expect(page.getByRole('button', { name })).toBeHidden();
  }
});

test('a question chosen in the palette stands in the editor, and is not asked by itself', async ({ page, server }) => {
  const [question] = await answer(server, '/api/queries');
  const asked = [];
  page.on('request', (request) => request.method() === 'POST' && asked.push(request.url()));
  await open(page);
  await openPalette(page);
  await expect(palette(page).getByRole('option').filter({ hasText: 'Question' }).first()).toBeVisible();
  await page.keyboard.type(question.name);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Question' })).toHaveValue(question.sql);
  expect(asked).toEqual([]);
});
