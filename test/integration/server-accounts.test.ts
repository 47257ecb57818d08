/** The owner and the instructors over HTTP: who may what, what ends when, and what a hostile request gets. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ACCESS } from '../../src/server/accounts/access.ts';
import { checkout } from '../../src/setup/paths.ts';
import { Client, startTestServer, type TestServer } from '../helpers/server.ts';

let server: TestServer;
let owner: Client;
let learner: Client;
let addresses = 0;
const api = '/api/instructor';
const PASSWORD = 'four words in a row';
/** As a proxy on this machine tells it: each test has its own, so that limits do not meet. */
const from = () => ({ 'x-forwarded-for': `198.51.100.${++addresses}` });
const cookieOf = (headers: Headers) => headers.get('set-cookie')!.split(';')[0]!;
const post = (client: Client, path: string, body: unknown = {}, headers: Record<string, string> = from()) =>
  client.ask('POST', `${api}${path}`, headers, JSON.stringify(body));
const signIn = (login: string, password: string, headers = from()) =>
  post(new Client(server.url), '/sign-in', { login, password }, headers);
const code = ({ status, json }: { status: number; json: { error?: { code: string } } }) => [status, json.error?.code];

async function instructor(name: string) {
  const { json } = await post(owner, '/invitations', { note: name });
  const body = { token: json.token, name, login: `${name}@example.org`, password: PASSWORD };
  const { headers, json: account } = await post(new Client(server.url), '/links/redeem', body);
  return { id: account.id as string, client: new Client(server.url, cookieOf(headers)), login: body.login };
}
const audit = async () => (await owner.ask('GET', `${api}/audit`)).json.entries;

beforeAll(async () => {
  server = await startTestServer('accounts', { pool: 0, poolLimit: 0 });
  learner = await Client.learner(server.url);
  const token = await server.withStore((store) => store.makeOwnerLink(true));
  const body = { token, name: 'Olga', login: 'olga@example.org', password: PASSWORD };
  const { headers } = await post(new Client(server.url), '/links/redeem', body);
  owner = new Client(server.url, cookieOf(headers));
});
afterAll(() => server.dispose());

describe('who may', () => {
  const sample = (path: string) => path.replace(':id', '00000000-0000-4000-8000-000000000000');
  const bodies: Record<string, unknown> = { 'POST /sign-out': {}, 'POST /sign-out-everywhere': {} };

  test('every route, as nobody, learner, instructor and owner', async () => {
    const { client: ivo } = await instructor('walker');
    const seen: Record<string, string[]> = {};
    // What ends the session comes last.
    const routes = Object.keys(ACCESS).sort((a, b) => Number(a.includes('sign-out')) - Number(b.includes('sign-out')));
    for (const route of routes.filter((name) => !name.includes('sign-out'))) {
      const [method, path] = route.split(' ') as [string, string];
      seen[route] = [];
      for (const client of [new Client(server.url), learner, ivo, owner]) {
        const body = method === 'GET' ? undefined : JSON.stringify(bodies[route] ?? {});
        const { status, json } = await client.ask(method, `${api}${sample(path)}`, from(), body);
        const refused = ['sign-in-needed', 'role-needed'].includes(json.error?.code) ? json.error.code : 'in';
        if (refused === 'in') expect([route, status === 500]).toEqual([route, false]);
        seen[route].push(refused);
      }
    }
    for (const route of routes.slice(-2)) {
      const [method, path] = route.split(' ') as [string, string];
      for (const client of [new Client(server.url), learner])
        expect(code(await client.ask(method, `${api}${path}`, from()))).toEqual([401, 'sign-in-needed']);
    }
    const expected = {
      anyone: ['in', 'in', 'in', 'in'],
      instructor: ['sign-in-needed', 'sign-in-needed', 'in', 'in'],
      owner: ['sign-in-needed', 'sign-in-needed', 'role-needed', 'in'],
    };
    const wanted = Object.entries(ACCESS).filter(([name]) => !name.includes('sign-out'));
    expect(seen).toEqual(Object.fromEntries(wanted.map(([name, access]) => [name, expected[access]])));
  });

  test('what is not in the table is not there, for the owner neither', async () => {
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/sign-in'],
      ['DELETE', '/account'],
      ['GET', '/accounts/'],
      ['GET', '/../instructor/nothing'],
      ['PATCH', '/accounts/1/disabled'],
    ] as const)
      expect([path, ...code(await owner.ask(method, `${api}${path}`))]).toEqual([path, 404, 'not-found']);
  });

  test('an account is no learner, and a learner no account', async () => {
    expect(code(await owner.ask('GET', '/api/progress'))).toEqual([401, 'no-session']);
    const mixed = new Client(server.url, learner.cookie.replace('toride=', 'toride-account='));
    expect(code(await mixed.ask('GET', `${api}/account`))).toEqual([401, 'sign-in-needed']);
  });

  test('the pages of instructors make no learner', async () => {
    for (const path of ['/en/instructor/', '/ja/instructor/sign-in/', '/en/instructor/welcome/']) {
      const { status, headers } = await new Client(server.url).ask('GET', path);
      expect([status, headers.get('set-cookie'), headers.get('referrer-policy')]).toEqual([200, null, 'same-origin']);
    }
  });
});

describe('the cookie', () => {
  test('is out of reach of scripts and other sites, new at each sign-in, and bound to the host over TLS', async () => {
    const first = await signIn('olga@example.org', PASSWORD);
    const form = /^toride-account=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=604800$/;
    expect(first.headers.get('set-cookie')).toMatch(form);
    const fixed = `toride-account=${'a'.repeat(43)}`;
    const second = await post(new Client(server.url, fixed), '/sign-in', {
      login: 'OLGA@example.org ',
      password: PASSWORD,
    });
    expect(cookieOf(second.headers)).not.toBe(cookieOf(first.headers));
    expect(cookieOf(second.headers)).not.toBe(fixed);
    expect((await new Client(server.url, fixed).ask('GET', `${api}/account`)).status).toBe(401);
    const tls = { ...from(), 'x-forwarded-proto': 'https' };
    const third = await signIn('olga@example.org', PASSWORD, tls);
    expect(third.headers.get('set-cookie')).toMatch(/^__Host-toride-account=.*; SameSite=Strict; Max-Age=\d+; Secure$/);
    const bound = new Client(server.url, cookieOf(third.headers));
    expect((await bound.ask('GET', `${api}/account`, tls)).status).toBe(200);
    // A name that any neighbour could set counts for nothing there.
    const unbound = new Client(server.url, cookieOf(third.headers).replace('__Host-', ''));
    expect((await unbound.ask('GET', `${api}/account`, tls)).status).toBe(401);
  });

  test('a second one, tossed by a neighbour, is not chosen between', async () => {
    const { client } = await instructor('tossed');
    for (const cookie of [`${client.cookie}; ${owner.cookie}`, `${owner.cookie}; ${client.cookie}`])
      expect(code(await new Client(server.url, cookie).ask('GET', `${api}/account`))).toEqual([401, 'two-accounts']);
    const twice = new Client(server.url, `${client.cookie}; ${client.cookie}; toride-account=rubbish`);
    expect((await twice.ask('GET', `${api}/account`)).status).toBe(200);
  });

  test.each<Record<string, string>>([
    { origin: 'https://evil.example' },
    { 'x-toride': '' },
    { 'sec-fetch-site': 'same-site' },
    { origin: '' },
  ])('another site does nothing in the owner’s name: %j', async (headers) => {
    for (const path of ['/sign-in', '/invitations', '/sign-out-everywhere', '/links/redeem'])
      expect(code(await post(owner, path, {}, headers))).toEqual([403, 'foreign-origin']);
    expect((await owner.ask('GET', `${api}/account`)).status).toBe(200);
  });
});

describe('signing in', () => {
  test('an unknown login, a wrong password and a disabled account get one answer, each after a hash', async () => {
    const { id, login } = await instructor('same');
    await owner.ask('PUT', `${api}/accounts/${id}/disabled`, {}, '{"disabled":true}');
    const took: number[] = [];
    const answers: string[] = [];
    for (const [who, password] of [
      ['nobody@example.org', PASSWORD],
      ['olga@example.org', 'not the password'],
      [login, PASSWORD],
      ['not a login at all', PASSWORD],
    ] as const) {
      const since = performance.now();
      const { status, text, headers } = await signIn(who, password);
      took.push(performance.now() - since);
      answers.push(`${status} ${text} ${headers.get('set-cookie')}`);
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('wrong-login');
    // A hash takes tens of milliseconds; an answer without one, two or three.
    for (const ms of took) expect(ms).toBeGreaterThan(20);
  });

  test('what was tried is in the log, the password and an unknown login are not', async () => {
    await signIn('hunter2-typed-in-the-wrong-field', 'secret-that-was-tried');
    await signIn('olga@example.org', 'secret-that-was-tried');
    const [second, first] = await audit();
    expect(first).toMatchObject({
      action: 'sign-in-failed',
      byName: null,
      objectName: null,
      detail: { why: 'unknown' },
    });
    expect(second).toMatchObject({ action: 'sign-in-failed', objectName: 'Olga', detail: { why: 'password' } });
    expect(second.detail.address).toMatch(/^198\.51\.100\./);
    expect(JSON.stringify(await audit())).not.toMatch(/hunter2|secret-that/);
  });

  test('guessing is slowed, with the time to wait; who signs in at home, or has a link, is not kept out', async () => {
    const { login, id } = await instructor('guessed');
    const home = from();
    expect((await signIn(login, PASSWORD, home)).status).toBe(200);
    let refused = await signIn(login, 'a wrong guess of it');
    for (let tries = 0; tries < 12 && refused.status !== 429; tries++)
      refused = await signIn(login, 'a wrong guess of it');
    expect(code(refused)).toEqual([429, 'too-many-tries']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await signIn(login, PASSWORD)).status).toBe(429);
    expect((await signIn(login, PASSWORD, home)).status).toBe(200);
    const { json } = await post(owner, `/accounts/${id}/links`, { purpose: 'sign-in' });
    expect((await post(new Client(server.url), '/links/redeem', { token: json.token })).status).toBe(200);
  });

  test.each([
    ['', 400],
    ['[]', 400],
    ['{"login":1,"password":[]}', 400],
    ['{"login":"a","password":"b","role":"owner"}', 400],
    [`{"login":"a","password":"${'x'.repeat(600)}"}`, 400],
    [`{"login":"a","password":"${'x'.repeat(9000)}"}`, 413],
  ])('bad bodies get a clear no: %.40s', async (body, status) => {
    expect((await new Client(server.url).ask('POST', `${api}/sign-in`, from(), body)).status).toBe(status);
  });
});

describe('links', () => {
  test('one link, used by many at once, lets one in', async () => {
    const { json } = await post(owner, '/invitations', { note: 'race' });
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, index) => {
        const body = { token: json.token, name: 'race', login: `race${index}@example.org`, password: PASSWORD };
        return post(new Client(server.url), '/links/redeem', body);
      }),
    );
    expect(all.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(404)]);
    const { accounts } = (await owner.ask('GET', `${api}/accounts`)).json;
    expect(accounts.filter(({ name }: { name: string }) => name === 'race')).toHaveLength(1);
  });

  test('what is typed wrong uses nothing up', async () => {
    const { json } = await post(owner, '/invitations', { note: 'typist' });
    const good = { token: json.token, name: 'typist', login: 'typist@example.org', password: PASSWORD };
    for (const [change, wanted] of [
      [{ name: ' ' }, 'bad-person-name'],
      [{ name: 'a\u202eb' }, 'bad-person-name'],
      [{ login: 'a b' }, 'bad-login'],
      [{ password: 'short' }, 'bad-password'],
      [{ login: 'olga@example.org' }, 'login-taken'],
      [{ token: 'x'.repeat(43) }, 'bad-link'],
      [{ token: json.token.slice(1) }, 'bad-link'],
      [{ role: 'owner' }, 'bad-link'],
    ] as const)
      expect((await post(new Client(server.url), '/links/redeem', { ...good, ...change })).json.error.code).toBe(
        wanted,
      );
    const { json: account } = await post(new Client(server.url), '/links/redeem', good);
    expect(account).toMatchObject({ role: 'instructor', login: 'typist@example.org' });
  });

  test('a link for a new password lets in once, and ends what was', async () => {
    const { id, client, login } = await instructor('reset');
    const { json } = await post(owner, `/accounts/${id}/links`, { purpose: 'reset' });
    const look = await post(new Client(server.url), '/links/look', { token: json.token });
    expect(look.json).toEqual({ purpose: 'reset', login });
    expect((await post(new Client(server.url), '/links/redeem', { token: json.token })).json.error.code).toBe(
      'bad-password',
    );
    const password = 'another four words here';
    expect((await post(new Client(server.url), '/links/redeem', { token: json.token, password })).status).toBe(200);
    expect((await client.ask('GET', `${api}/account`)).status).toBe(401);
    expect((await post(new Client(server.url), '/links/look', { token: json.token })).status).toBe(404);
    expect((await signIn(login, PASSWORD)).status).toBe(401);
    expect((await signIn(login, password)).status).toBe(200);
  });

  test('a revoked invitation lets nobody in', async () => {
    const { json } = await post(owner, '/invitations', { note: 'revoked' });
    const { invitations } = (await owner.ask('GET', `${api}/accounts`)).json;
    const { id } = invitations.find(({ note }: { note: string }) => note === 'revoked');
    expect((await owner.ask('DELETE', `${api}/invitations/${id}`)).status).toBe(200);
    expect((await owner.ask('DELETE', `${api}/invitations/${id}`)).status).toBe(404);
    expect((await post(new Client(server.url), '/links/look', { token: json.token })).status).toBe(404);
  });
});

describe('what ends', () => {
  test('sign-out ends this session, sign-out everywhere all of them', async () => {
    const { client, login } = await instructor('leaver');
    const others = [await signIn(login, PASSWORD), await signIn(login, PASSWORD)];
    const [one, two] = others.map(({ headers }) => new Client(server.url, cookieOf(headers))) as [Client, Client];
    const out = await post(one, '/sign-out');
    expect(out.headers.get('set-cookie')).toMatch(/^toride-account=; .*Max-Age=0/);
    const alive = () => Promise.all([client, one, two].map(async (c) => (await c.ask('GET', `${api}/account`)).status));
    expect(await alive()).toEqual([200, 401, 200]);
    await post(two, '/sign-out-everywhere');
    expect(await alive()).toEqual([401, 401, 401]);
  });

  test('a new password needs the old one, and ends the others', async () => {
    const { client, login } = await instructor('changer');
    const other = new Client(server.url, cookieOf((await signIn(login, PASSWORD)).headers));
    const change = (current: string, password: string) =>
      client.ask('PUT', `${api}/password`, from(), JSON.stringify({ current, password }));
    expect(code(await change('not it, surely not', 'the next four words'))).toEqual([403, 'wrong-password']);
    expect(code(await change(PASSWORD, 'short'))).toEqual([400, 'bad-password']);
    expect((await change(PASSWORD, 'the next four words')).status).toBe(200);
    expect((await other.ask('GET', `${api}/account`)).status).toBe(401);
    expect((await client.ask('GET', `${api}/account`)).status).toBe(200);
    expect((await signIn(login, 'the next four words')).status).toBe(200);
  });

  test('a disabled account is out at once, and in again when enabled; the owner cannot be disabled', async () => {
    const { id, client, login } = await instructor('banned');
    const set = (who: string, disabled: boolean) =>
      owner.ask('PUT', `${api}/accounts/${who}/disabled`, {}, JSON.stringify({ disabled }));
    expect((await set(id, true)).status).toBe(200);
    expect((await client.ask('GET', `${api}/account`)).status).toBe(401);
    expect((await signIn(login, PASSWORD)).status).toBe(401);
    expect((await post(owner, `/accounts/${id}/links`, { purpose: 'reset' })).status).toBe(404);
    expect((await set(id, false)).status).toBe(200);
    expect((await signIn(login, PASSWORD)).status).toBe(200);
    const own = (await owner.ask('GET', `${api}/account`)).json.id;
    expect((await set(own, true)).status).toBe(404);
    expect((await set('1; drop table accounts', true)).status).toBe(404);
  });

  test('all of it is in the log, paged', async () => {
    const seen: { id: string; action: string }[] = [];
    for (let before = '', more = true; more; ) {
      const { json } = await owner.ask('GET', `${api}/audit${before}`);
      seen.push(...json.entries);
      more = json.more;
      before = `?before=${json.entries.at(-1).id}`;
    }
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
    expect(seen.map(({ id }) => id)).toEqual(
      seen
        .map(({ id }) => id)
        .sort()
        .reverse(),
    );
    for (const action of ['owner-link', 'invited', 'disabled', 'enabled', 'link-reset', 'password-set', 'sign-out'])
      expect(seen.map((entry) => entry.action)).toContain(action);
    expect((await owner.ask('GET', `${api}/audit?before=x'--`)).status).toBe(400);
  });
});

test('`toride owner-link`, beside the running server, is the way back in', async () => {
  const { state, instance } = server.settings;
  const main = join(checkout, 'src/cli/main.ts');
  const env = { ...process.env, TORIDE_PLACE: 'keep', TORIDE_STATE: state, TORIDE_INSTANCE: instance };
  const run = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', main, 'owner-link'], {
    env,
    encoding: 'utf8',
  });
  expect([run.status, run.stderr]).toEqual([0, '']);
  const token = /\/en\/instructor\/welcome\/#([\w-]{43})$/m.exec(run.stdout)?.[1];
  const body = { token, password: 'found the way back in' };
  const { json } = await post(new Client(server.url), '/links/redeem', body);
  expect(json).toMatchObject({ role: 'owner', login: 'olga@example.org' });
  expect((await owner.ask('GET', `${api}/account`)).status).toBe(401);
  expect((await signIn('olga@example.org', 'found the way back in')).status).toBe(200);
});
