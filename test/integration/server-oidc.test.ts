/** Signing in by an OpenID provider, and every answer of one that must not be believed. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLIENT, type Lie, openProvider } from '../helpers/oidc-provider.ts';
import { type Answer, Client, startTestServer, type TestServer } from '../helpers/server.ts';

let provider: Awaited<ReturnType<typeof openProvider>>;
let server: TestServer;
let addresses = 0;
const ivo = { sub: 'ivo', email: 'Ivo@Example.org', email_verified: true, name: 'Ivo' };

beforeAll(async () => {
  provider = await openProvider();
  server = await startTestServer('oidc', {
    pool: 0,
    poolLimit: 0,
    oidcIssuer: provider.issuer,
    oidcClientId: CLIENT.id,
    oidcClientSecret: CLIENT.secret,
    oidcDomains: ['example.org'],
    oidcClaim: 'groups=teachers',
  });
});
afterAll(async () => {
  await server?.dispose();
  await provider?.close();
});

const from = () => ({ 'x-forwarded-for': `203.0.113.${++addresses}` });
const cookies = ({ headers }: Answer) => headers.getSetCookie().map((cookie) => cookie.split(';')[0]!);

/** @returns the browser with its flow, and the address the provider sends it back to */
async function begin(language = 'en') {
  const start = await new Client(server.url).ask('GET', `/auth/oidc/start?language=${language}`, from());
  expect(start.status).toBe(302);
  const asked = new URL(start.headers.get('location')!);
  const there = await fetch(asked, { redirect: 'manual' });
  const back = new URL(there.headers.get('location')!);
  return { start, asked, back, browser: new Client(server.url, cookies(start)[0]) };
}
const arrive = (browser: Client, back: URL) => browser.ask('GET', back.pathname + back.search, from());
const account = (answer: Answer) => cookies(answer).find((cookie) => /^toride-account=[\w-]{43}$/.test(cookie));

async function signIn(claims: object, lie: Lie = {}, change: (back: URL) => void = () => undefined) {
  provider.next({ ...claims }, lie);
  const { browser, back } = await begin();
  change(back);
  return arrive(browser, back);
}
const refused = (answer: Answer, why = 'oidc-failed') =>
  expect([answer.status, answer.headers.get('location'), account(answer)]).toEqual([
    302,
    `/en/instructor/sign-in/#${why}`,
    undefined,
  ]);

test('who comes from the right domain becomes an instructor, and is the same one the next time', async () => {
  provider.next(ivo);
  const { start, asked, back, browser } = await begin('ja');
  expect(start.headers.get('set-cookie')).toMatch(
    /^toride-oidc=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/,
  );
  expect(asked.searchParams.get('code_challenge_method')).toBe('S256');
  expect(asked.href).not.toContain(browser.cookie.split('=')[1]);
  const answer = await arrive(browser, back);
  expect([answer.status, answer.headers.get('location')]).toEqual([302, '/ja/instructor/']);
  expect(cookies(answer)).toContain('toride-oidc=');
  const own = await new Client(server.url, account(answer)).ask('GET', '/api/instructor/account');
  expect(own.json).toMatchObject({ role: 'instructor', login: 'ivo@example.org', name: 'Ivo', hasPassword: false });
  const again = await signIn({ ...ivo, email: 'renamed@example.org' });
  const same = await new Client(server.url, account(again)).ask('GET', '/api/instructor/account');
  expect(same.json.id).toBe(own.json.id);
  expect((await new Client(server.url).ask('GET', '/api/instructor/ways')).json).toEqual({ oidc: true });
});

test('a claim lets in too; a domain that is unverified, another, or only looks so, does not', async () => {
  expect(account(await signIn({ sub: 'a', email: 'a@elsewhere.example', groups: ['x', 'teachers'] }))).toBeDefined();
  for (const claims of [
    { sub: 'b', email: 'b@example.org' },
    { sub: 'b', email: 'b@example.org', email_verified: 'true' },
    { sub: 'b', email: 'b@evil-example.org', email_verified: true },
    { sub: 'b', email: 'b@example.org.evil.example', email_verified: true },
    { sub: 'b', email: 'b@example.org@evil.example', email_verified: true },
    { sub: 'b', email_verified: true },
    { sub: 'b', groups: 'teachers,students', email: 'b@x.example' },
  ])
    refused(await signIn(claims), 'oidc-not-allowed');
});

test('a login that is here with a password is not taken over', async () => {
  await server.withStore(async (store) => {
    const made = { name: 'Olga', login: 'olga@example.org', passwordHash: 'x', address: '' };
    await store.redeemLink((await store.makeOwnerLink(true))!, made);
  });
  refused(await signIn({ sub: 'evil', email: 'olga@example.org', email_verified: true }), 'oidc-login-taken');
});

test('a disabled account is not let in by the provider either', async () => {
  const claims = { ...ivo, sub: 'banned', email: 'banned@example.org' };
  const session = account(await signIn(claims));
  await server.withStore(async (store) => {
    const { id } = (await store.findAccountByLogin('banned@example.org'))!;
    await store.setDisabled(id, true, { by: null, action: 'disabled', object: id });
  });
  expect((await new Client(server.url, session).ask('GET', '/api/instructor/account')).status).toBe(401);
  refused(await signIn(claims), 'oidc-not-allowed');
});

describe('answers that are not believed', () => {
  const past = Math.floor(Date.now() / 1000) - 600;
  test.each<[string, Lie]>([
    ['another issuer', { claims: { iss: 'https://evil.example' } }],
    ['another audience', { claims: { aud: 'another-client' } }],
    ['made for another of two', { claims: { aud: [CLIENT.id, 'another'], azp: 'another' } }],
    ['for two, and not said for which', { claims: { aud: [CLIENT.id, 'another'] } }],
    ['expired', { claims: { exp: past } }],
    ['without an end', { claims: { exp: undefined } }],
    ['not yet valid', { claims: { nbf: past + 6000 } }],
    ['another nonce', { claims: { nonce: 'another' } }],
    ['no nonce', { claims: { nonce: undefined } }],
    ['unsigned', { sign: 'none' }],
    ['signed by the client’s secret', { sign: 'hmac' }],
    ['a key that is not the provider’s', { sign: 'stranger' }],
  ])('%s', async (_, lie) => {
    refused(await signIn(ivo, lie));
  });

  test.each<[string, (back: URL) => void]>([
    ['another state', (back) => back.searchParams.set('state', `en.${'a'.repeat(43)}`)],
    ['no state', (back) => back.searchParams.delete('state')],
    [
      'the state of another language',
      (back) => back.searchParams.set('state', back.searchParams.get('state')!.replace('en', 'xx')),
    ],
    ['a made-up code', (back) => back.searchParams.set('code', 'made-up')],
    ['an endless code', (back) => back.searchParams.set('code', 'x'.repeat(3000))],
    ['no code', (back) => back.searchParams.delete('code')],
    ['the name of another issuer', (back) => back.searchParams.set('iss', 'https://evil.example')],
  ])('%s', async (_, change) => {
    refused(await signIn(ivo, {}, change));
  });

  test('an answer to another browser, or to none, or to two at once', async () => {
    provider.next(ivo);
    const [mine, theirs] = [await begin(), await begin()];
    refused(await arrive(theirs.browser, mine.back));
    refused(await arrive(new Client(server.url), (await begin()).back));
    const both = new Client(server.url, `${mine.browser.cookie}; ${theirs.browser.cookie}`);
    refused(await arrive(both, (await begin()).back));
  });

  test('a code is used once, also with the cookie of its browser', async () => {
    provider.next(ivo);
    const { browser, back } = await begin();
    expect(account(await arrive(browser, back))).toBeDefined();
    refused(await arrive(browser, back));
  });

  test('another site may not begin it', async () => {
    const answer = await new Client(server.url).ask('GET', '/auth/oidc/start', { 'sec-fetch-site': 'cross-site' });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([403, null]);
  });
});
