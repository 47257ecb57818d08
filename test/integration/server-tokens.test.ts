/** Programs with a token: what it opens, what it does not, and when it ends. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SCOPES } from '../../src/protocol/api-tokens.ts';
import { ACCESS, type RouteName, scopeOf } from '../../src/server/accounts/access.ts';
import { makeInstructor, makeOwner, post } from '../helpers/instructors.ts';
import { type Client, startTestServer, type TestServer } from '../helpers/server.ts';

const api = '/api/instructor';
let server: TestServer;
let owner: Client;
let ivo: Client;
const code = (answer: { status: number; json: { error?: { code: string } } }) => [
  answer.status,
  answer.json?.error?.code,
];

/** As a program asks: no cookie, no Origin, no header of ours. */
async function program(token: string, method: string, path: string, body?: unknown) {
  const response = await fetch(`${server.url}${api}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  return { status: response.status, text, json: isJson ? JSON.parse(text) : undefined };
}
const make = async (client: Client, ...scopes: string[]): Promise<string> =>
  (await post(client, `${api}/tokens`, { name: 'ci', scopes, days: 7 })).json.token;
const plan = {
  ...{
    title: 'T',
    language: 'en',
    labs: ['seccomp'],
    opensAt: '2026-01-01T00:00:00.000Z',
    dueAt: '2099-01-01T00:00:00.000Z',
  },
  ...{ asksEmail: false, rules: { late: { accepted: false }, attempts: null, counts: 'best', timeZone: 'UTC' } },
};

beforeAll(async () => {
  server = await startTestServer('tokens', { pool: 0, poolLimit: 0 });
  owner = await makeOwner(server);
  ivo = await makeInstructor(server, owner, 'ivo');
});
afterAll(() => server.dispose());

test('a token does what its scopes say, as its own account; the last use is seen', async () => {
  const [read, write] = [await make(ivo, 'assignments:read'), await make(ivo, 'assignments:write')];
  expect(read).toMatch(/^toride_[\w-]{43}$/);
  expect(code(await program(read, 'POST', '/assignments', { plan, signUp: false }))).toEqual([403, 'scope-needed']);
  const { status, json } = await program(write, 'POST', '/assignments', { plan, signUp: false });
  expect(status).toBe(200);
  expect(code(await program(write, 'GET', `/assignments/${json.id}`))).toEqual([403, 'scope-needed']);
  expect((await program(read, 'GET', `/assignments/${json.id}`)).json.title).toBe('T');
  expect((await program(read, 'GET', `/assignments/${json.id}/gradebook.csv`)).text).toContain('seccomp points');
  const other = await makeInstructor(server, owner, 'ada');
  const foreign = await make(other, 'assignments:read');
  expect(code(await program(foreign, 'GET', `/assignments/${json.id}`))).toEqual([404, 'no-such-assignment']);
  const { tokens } = (await ivo.ask('GET', `${api}/tokens`)).json;
  expect(tokens.map(({ name, usedAt }: { name: string; usedAt: string | null }) => [name, usedAt !== null])).toEqual([
    ['ci', true],
    ['ci', true],
  ]);
  expect(JSON.stringify(tokens)).not.toContain(read.slice(7, 20));
  const { entries } = (await owner.ask('GET', `${api}/audit`)).json;
  expect(entries.filter(({ action }: { action: string }) => action === 'token-made')).toHaveLength(3);
  expect(JSON.stringify(entries)).not.toContain(read.slice(7));
});

test('a workshop is planned and read by a token, of that scope alone', async () => {
  const [read, write] = [await make(ivo, 'workshops:read'), await make(ivo, 'workshops:write', 'assignments:read')];
  const times = { startsAt: '2099-01-01T09:00:00.000Z', endsAt: '2099-01-01T12:00:00.000Z' };
  const labs = [{ lab: 'seccomp', locked: false }];
  const workshop = { title: 'By a program', language: 'en', ...times, capacity: 5, asksEmail: false, labs };
  expect(code(await program(read, 'POST', '/workshops', workshop))).toEqual([403, 'scope-needed']);
  const { status, json } = await program(write, 'POST', '/workshops', workshop);
  expect([status, json.state]).toEqual([200, 'planned']);
  expect((await program(read, 'GET', `/workshops/${json.id}/export?format=csv`)).text).toContain('name,email');
  expect(code(await program(write, 'GET', `/workshops/${json.id}`))).toEqual([403, 'scope-needed']);
  const share = { member: json.id, lab: 'seccomp', terminal: '1' };
  expect(code(await program(write, 'POST', `/workshops/${json.id}/share`, share))).toEqual([403, 'scope-needed']);
  expect((await program(write, 'POST', `/workshops/${json.id}/end`, {})).json.state).toBe('ended');
});

test('what no scope opens, no token opens: accounts, passwords, the log, signing in, further tokens', async () => {
  const all = await make(owner, ...SCOPES);
  const closed = (Object.keys(ACCESS) as RouteName[]).filter((route) => scopeOf(route) === undefined);
  expect(closed).toEqual(expect.arrayContaining(['GET /audit', 'PUT /password', 'POST /tokens', 'POST /sign-in']));
  for (const route of closed) {
    const [method = '', path = ''] = route.split(' ');
    const answer = await program(all, method, path, method === 'GET' ? undefined : {});
    expect([route, ...code(answer)]).toEqual([route, 403, 'scope-needed']);
  }
  const learning = await fetch(`${server.url}/api/progress`, { headers: { authorization: `Bearer ${all}` } });
  expect(learning.status).toBe(401);
});

test('a token beside a cookie is only a token; another site gets nothing by a header of its own', async () => {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  expect(code(await ivo.ask('GET', `${api}/assignments`, bearer('toride_nothing')))).toEqual([401, 'bad-token']);
  expect(code(await ivo.ask('GET', `${api}/account`, bearer('')))).toEqual([401, 'bad-token']);
  const basic = { authorization: 'Basic dXNlcjpwYXNz' };
  expect((await ivo.ask('GET', `${api}/account`, basic)).status).toBe(200);
  const evil = { ...basic, origin: 'https://evil.example' };
  expect(code(await ivo.ask('POST', `${api}/sign-out`, evil))).toEqual([403, 'foreign-origin']);
  const preflight = await fetch(`${server.url}${api}/assignments`, {
    method: 'OPTIONS',
    headers: { origin: 'https://evil.example', 'access-control-request-headers': 'authorization' },
  });
  expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
});

test('it ends by its time, by being revoked by its own account, and with the account', async () => {
  const token = await make(ivo, 'assignments:read');
  const now = Date.now();
  await server.withStore(async (store) => {
    expect(await store.findApiToken(token, now + 6.9 * 24 * 3600_000)).toBeDefined();
    expect(await store.findApiToken(token, now + 7.1 * 24 * 3600_000)).toBeUndefined();
  });
  const { tokens } = (await ivo.ask('GET', `${api}/tokens`)).json;
  const path = `${api}/tokens/${tokens[0].id}`;
  expect(code(await owner.ask('DELETE', path))).toEqual([404, 'no-such-token']);
  expect((await program(token, 'GET', '/assignments')).status).toBe(200);
  expect((await ivo.ask('DELETE', path)).status).toBe(200);
  expect(code(await program(token, 'GET', '/assignments'))).toEqual([401, 'bad-token']);
  const last = await make(ivo, 'assignments:read');
  const { json } = await ivo.ask('GET', `${api}/account`);
  await owner.ask('PUT', `${api}/accounts/${json.id}/disabled`, {}, '{"disabled":true}');
  expect(code(await program(last, 'GET', '/assignments'))).toEqual([401, 'bad-token']);
});

test.each([
  { name: '', scopes: ['assignments:read'], days: 7 },
  { name: 'x', scopes: [], days: 7 },
  { name: 'x', scopes: ['accounts:write'], days: 7 },
  { name: 'x', scopes: ['assignments:read', 'assignments:read'], days: 7 },
  { name: 'x', scopes: ['assignments:read'], days: 367 },
])('no such token is made: %j', async (wanted) => {
  expect(code(await post(owner, `${api}/tokens`, wanted))).toEqual([400, 'bad-token-wish']);
});

test('the description is there for everyone', async () => {
  const description = await (await fetch(`${server.url}/api/openapi.json`)).json();
  expect(description).toMatchObject({ openapi: '3.1.0', paths: { '/api/instructor/assignments': {} } });
});
