// Where the server names an issuer, a reader signs in there (code flow with PKCE), and what acts carries the token.
import { createHash } from 'node:crypto';
import { test, expect, open } from '../fixtures.js';

/** An issuer on the server's own origin, as the page's policy asks here; it remembers what it was asked. */
async function issuer(page, server) {
  const asked = {};
  const how = { authorize_url: `${server.url}/authorize`, token_url: `${server.url}/token`, client_id: 'dashboard', scope: 'openid' };
  await page.route('**/api/sign-in', (route) => route.fulfill({ json: how }));
  await page.route('**/authorize?*', (route) => {
    const query = new URL(route.request().url()).searchParams;
    asked.authorize = Object.fromEntries(query);
    const back = `${query.get('redirect_uri')}?code=the-code&state=${asked.state ?? query.get('state')}`;
    return route.fulfill({ status: 302, headers: { location: back } });
  });
  await page.route('**/token', (route) => {
    asked.token = Object.fromEntries(new URLSearchParams(route.request().postData()));
    return route.fulfill({ json: { access_token: 'access', id_token: 'identity', token_type: 'Bearer' } });
  });
  return asked;
}

test('the token that the issuer gives is sent with a run, and forgotten with the sign-out', async ({ page, server }) => {
  const asked = await issuer(page, server);
  await open(page, '/model');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
  await expect(page).toHaveURL(/\/model$/);
  expect(asked.authorize).toMatchObject({ response_type: 'code', client_id: 'dashboard', code_challenge_method: 'S256' });
  const challenge = createHash('sha256').update(asked.token.code_verifier).digest('base64url');
  expect(asked.authorize.code_challenge).toBe(challenge);
  expect(asked.token).toMatchObject({ grant_type: 'authorization_code', code: 'the-code', redirect_uri: `${server.url}/` });
  let bearer;
  await page.route('**/api/runs', (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    bearer = route.request().headers().authorization;
    return route.fulfill({ status: 202, json: { attempt_id: 'attempt' } });
  });
  await page.getByRole('button', { name: 'Run now' }).click();
  await expect.poll(() => bearer).toBe('Bearer identity');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  expect(await page.evaluate(() => ({ ...sessionStorage, ...localStorage }))).toEqual({});
});

test('a token that the server takes no more is forgotten, and signing in is offered again', async ({ page, server, watch }) => {
  watch.mayFail = true; // the gateway's 401
  await issuer(page, server);
  await open(page, '/model');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
  let bearer;
  await page.route('**/api/drivers', (route) => {
    bearer = route.request().headers().authorization;
    return route.fulfill({ status: 401, json: { message: 'Unauthorized' } });
  });
  await page.goto('/drivers');
  await expect(page.getByText('Sign in, then try again.')).toBeVisible();
  expect(bearer).toBe('Bearer identity');
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expect(page.getByLabel('Token')).toHaveCount(0);
});

test('an answer to a question that was never asked is refused', async ({ page, server }) => {
  const asked = await issuer(page, server);
  asked.state = 'another';
  await open(page);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText(/Signing in failed: the answer does not belong/)).toBeVisible();
  expect(asked.token).toBeUndefined();
});

test('embedded, nobody is asked to sign in', async ({ page }) => {
  const answered = page.waitForResponse('**/api/sign-in');
  await open(page);
  expect(await (await answered).json()).toBeNull();
  await expect(page.getByRole('button', { name: /Sign/ })).toHaveCount(0);
});
