/** Launches from a learning platform and scores back to it, and every launch that must not be believed. */

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  ada,
  formIn,
  grace,
  type Lie,
  type Message,
  openPlatform,
  ROLE,
  type TestPlatform,
} from '../helpers/lti-platform.ts';
import { type Answer, Client, eventually, startTestServer, type TestServer } from '../helpers/server.ts';
import { grading, snapshot } from '../unit/store/conformance.ts';

let platform: TestPlatform;
let server: TestServer;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const FRAME = { 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'cross-site' };

beforeAll(async () => {
  platform = await openPlatform();
  server = await startTestServer('lti', { pool: 0, poolLimit: 0 });
  platform.tool = server.url;
  await server.withStore(async (store) => {
    const owner = { name: 'Olga', login: 'olga@example.org', passwordHash: 'x', address: '' };
    await store.redeemLink((await store.makeOwnerLink(true))!, owner);
    const { id } = (await store.findAccountByLogin(owner.login))!;
    await store.addLtiPlatform(platform.registration, id, { by: id, action: 'lti-platform-added' });
  });
});
afterAll(async () => {
  await server?.dispose();
  await platform?.close();
});

const cookies = ({ headers }: Answer) => headers.getSetCookie().map((cookie) => cookie.split(';')[0]!);
const sessionOf = (answer: Answer) => cookies(answer).find((cookie) => /^toride-lti=[\w-]{43}$/.test(cookie));
const post = (client: Client, path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
  client.ask('POST', path, { ...FORM, ...headers }, String(new URLSearchParams(fields)));

/** @returns the browser with its cookie, and what the platform has it send to the launch */
async function begin(message: Message, browser = new Client(server.url)) {
  const login = await post(browser, '/lti/login', platform.loginFields(message), { 'sec-fetch-dest': 'document' });
  expect(login.status).toBe(302);
  const there = await fetch(login.headers.get('location')!);
  const { action, fields } = formIn(await there.text());
  expect(action).toBe(`${server.url}/lti/launch`);
  return { login, fields, browser: new Client(server.url, cookies(login)[0]) };
}
const arrive = (browser: Client, fields: Record<string, string>) =>
  post(browser, '/lti/launch', fields, { ...FRAME, origin: platform.url });

async function launch(message: Message) {
  const { browser, fields } = await begin(message);
  return arrive(browser, fields);
}
const refused = (answer: Answer, code: string) =>
  expect([/data-trouble="([\w-]+)"/.exec(answer.text)?.[1], sessionOf(answer), answer.status >= 400]).toEqual([
    code,
    undefined,
    true,
  ]);
const link = () => `link-${randomUUID()}`;

test('a learner is put at the lab, is the same one the next time, and may be shown in that platform’s frame only', async () => {
  const own = link();
  const { login, fields, browser } = await begin({ person: ada, link: own, lab: 'read-only', locale: 'ja-JP' });
  expect(login.headers.get('set-cookie')).toMatch(
    /^toride-lti-flow=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=None; Partitioned; Max-Age=600$/,
  );
  expect(login.headers.get('location')).not.toContain(browser.cookie.split('=')[1]);
  const answer = await arrive(browser, fields);
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/ja/labs/read-only/']);
  expect(answer.headers.getSetCookie()).toEqual([
    expect.stringMatching(
      /^toride-lti=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=None; Partitioned; Max-Age=43200$/,
    ),
  ]);
  const learner = new Client(server.url, sessionOf(answer));
  const page = await learner.ask('GET', '/ja/labs/read-only/', FRAME);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain(`frame-ancestors ${platform.url};`);
  expect(page.headers.get('set-cookie')).toBeNull();
  const stranger = await new Client(server.url).ask('GET', '/ja/labs/read-only/', FRAME);
  expect(stranger.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect((await learner.ask('PUT', '/api/progress/name', {}, JSON.stringify({ name: 'Ada' }))).status).toBe(200);
  const again = new Client(server.url, sessionOf(await launch({ person: ada, link: own, lab: 'read-only' })));
  expect(again.cookie).not.toBe(learner.cookie);
  expect((await again.ask('GET', '/api/progress')).json.name).toBe('Ada');
  const other = { ...ada, sub: 'another' };
  const others = new Client(server.url, sessionOf(await launch({ person: other, link: own, lab: 'read-only' })));
  expect((await others.ask('GET', '/api/progress')).json.name).toBeNull();
});

async function attempt(learner: Client, status: 'passed' | 'failed', score: number) {
  await server.withStore(async (store) => {
    const session = (await store.findLtiSession(learner.cookie.split('=')[1]!))!;
    const sandbox = {
      id: randomUUID(),
      learnerId: session.user.learnerId,
      lab: 'read-only',
      parameters: {},
      expiresAt: null,
    };
    await store.addSandbox(sandbox, 'podman');
    await store.addAttempt(sandbox, grading(status, score), snapshot, 'asked');
    await store.endSandbox(sandbox.id);
  });
}

test('a score that was stored before a crash arrives after it, once, by a line item made once', async () => {
  const own = link();
  const learner = new Client(server.url, sessionOf(await launch({ person: ada, link: own, lab: 'read-only' })));
  await attempt(learner, 'failed', 40);
  platform.grades.itemTrouble.push('lost');
  platform.grades.scoreTrouble.push(500);
  await server.restart('end');
  await eventually(() => platform.grades.scores.length).toBe(1);
  expect(platform.grades.items.filter(({ resourceLinkId }) => resourceLinkId === own)).toHaveLength(1);
  expect(platform.grades.scores[0]).toMatchObject({
    userId: ada.sub,
    scoreGiven: 40,
    scoreMaximum: 100,
    activityProgress: 'InProgress',
    gradingProgress: 'FullyGraded',
  });
});

describe('launches that are not believed', () => {
  const now = Math.floor(Date.now() / 1000);
  test.each<[string, Lie, string]>([
    ['another issuer', { claims: { iss: 'https://evil.example' } }, 'bad-launch'],
    ['another audience', { claims: { aud: 'another' } }, 'bad-launch'],
  ])('%s', async (_, lie, code) => {
    refused(await launch({ person: ada, link: link(), lab: 'read-only', lie }), code);
  });
  void now;
  void grace;
  void ROLE;
});
