// What every test gets: a server on the common lake, and a page that is watched for errors and for requests to elsewhere.
import { test as base, expect } from '@playwright/test';
import { serve } from './assay.js';

export { expect };

export const test = base.extend({
  // One server for all tests of a worker; a test that stops its server starts its own.
  server: [async ({}, use) => {
    const server = await serve(process.env.E2E_LAKE);
    await use(server);
    await server.stop();
  }, { scope: 'worker' }],

  // `baseURL` lets tests say page.goto('/').
  baseURL: async ({ server }, use) => use(server.url),

  // Faults of the page that no assertion of a test would notice. `watch.mayFail = true` where a test breaks something.
  watch: [async ({ page }, use) => {
    const watch = { mayFail: false, errors: [], elsewhere: [] };
    page.on('console', (message) => {
      if (message.type() === 'error') watch.errors.push(message.text());
    });
    page.on('pageerror', (error) => watch.errors.push(String(error)));
    page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (!['data:', 'blob:'].includes(protocol) && hostname !== '127.0.0.1') watch.elsewhere.push(request.url());
    });
    await use(watch);
    expect(watch.elsewhere, 'requests to elsewhere').toEqual([]);
    if (!watch.mayFail) expect(watch.errors, 'errors on the console').toEqual([]);
  }, { auto: true }],
});

/** Every page of the dashboard. */
export const pages = ['/', '/drivers', '/what-if', '/model', '/data', '/runs', '/sql'];

/** Addresses at which a page shows more than it does by itself. */
export const choices = ['/?beside=classic', '/?beside=nowhere', '/?range=all', '/model?run=nowhere', '/?as_of=1999-12-31'];

/** Opens the page and waits until it has an answer or says why not. */
export async function open(page, path = '/') {
  await page.goto(path);
  await expect(page.getByRole('main')).toBeVisible();
  await expect(page.locator('[aria-busy=true]')).toHaveCount(0);
}

/** Opens everything that is shown on demand, as a reader would: one after the other, as each leaves the list. */
export async function unfold(page) {
  const closed = page.locator('main details:not([open]) > summary:visible');
  while (await closed.count()) await closed.first().click();
}

/** Whether an address asks for what is not there: the API answers 404, which the browser writes on the console. */
export const asksForNothing = (path) => path.includes('nowhere') || path.includes('1999');

/** Waits until the service worker has kept the site, so that it can be read without the server. */
export async function kept(page) {
  await page.evaluate(async () => {
    const { active } = await navigator.serviceWorker.ready;
    if (active.state !== 'activated') await new Promise((resolve) => active.addEventListener('statechange', resolve));
  });
}

/** The API's answer. */
export async function answer(server, path) {
  return (await fetch(server.url + path)).json();
}

/** The API's answer to what is sent. */
export async function post(server, path, body) {
  const headers = { 'content-type': 'application/json' };
  const sent = await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(sent.status).toBe(200);
  return sent.json();
}

/** Presses the Tab key until `target` has the focus, as a reader without a mouse does. */
export async function tabTo(page, target) {
  await expect(target).toBeVisible();
  for (let stop = 0; stop < 250; stop += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('the Tab key does not lead there');
}
