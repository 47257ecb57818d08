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
  type Person,
  type TestPlatform,
} from '../helpers/lti-platform.ts';
import { type Answer, Client, eventually, serverProcess, startTestServer, type TestServer } from '../helpers/server.ts';
import { grading, snapshot } from '../unit/store/conformance.ts';

let platform: TestPlatform;
let server: TestServer;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const FRAME = { 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'cross-site' };

beforeAll(async () => {
  platform = await openPlatform();
  server = await startTestServer('lti', { pool: 0, poolLimit: 0 }, serverProcess);
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

describe('scores', () => {
  const own = () => platform.grades.scores;
  const items = (name: string) => platform.grades.items.filter(({ resourceLinkId }) => resourceLinkId === name);
  const row = (learner: Client) =>
    server.withStore(async (store) => {
      const { user } = (await store.findLtiSession(learner.cookie.split('=')[1]!))!;
      return (await store.ltiScoresOf(user.learnerId, 'read-only'))[0]!;
    });
  const learnerOf = async (person: Person, name: string) =>
    new Client(server.url, sessionOf(await launch({ person, link: name, lab: 'read-only' })));
  const someone = (): Person => ({ ...ada, sub: randomUUID() });

  test('what a server stored and did not send arrives by the next one: once, by one line item, after every failure', async () => {
    const [name, person] = [link(), someone()];
    const learner = await learnerOf(person, name);
    await attempt(learner, 'failed', 40);
    platform.grades.itemTrouble.push('lost');
    platform.tokenTrouble.push(503);
    platform.grades.scoreTrouble.push(500);
    await server.restart('end');
    const arrived = () => own().filter(({ userId }) => userId === person.sub);
    await eventually(async () => (await row(learner)).lastError).toContain('/token answered 503');
    // Its time has not come; a launch hurries it, and the next failure is another.
    await eventually(async () => {
      await learnerOf(person, name);
      return (await row(learner)).lastError;
    }).toContain('/scores answered 500');
    expect([platform.grades.itemTrouble, arrived()]).toEqual([[], []]);
    await server.restart('crash');
    await eventually(() => arrived().length, 30_000).toBe(1);
    expect(items(name)).toEqual([
      expect.objectContaining({ resourceId: 'toride/read-only', scoreMaximum: 100, label: 'Read-only containers' }),
    ]);
    expect(arrived()[0]).toMatchObject({
      ...{ lineItem: items(name)[0]!.id, scoreGiven: 40, scoreMaximum: 100 },
      ...{ activityProgress: 'InProgress', gradingProgress: 'FullyGraded' },
    });
    await eventually(async () => (await row(learner)).state).toBe('sent');
  });

  test('only the best counts; a better one is sent later than the one before, with the old token forgotten', async () => {
    const [name, person] = [link(), someone()];
    const learner = await learnerOf(person, name);
    const arrived = () => own().filter(({ userId }) => userId === person.sub);
    await attempt(learner, 'failed', 60);
    await learnerOf(person, name);
    await eventually(() => arrived().length).toBe(1);
    await attempt(learner, 'failed', 20);
    await learnerOf(person, name);
    platform.forgetTokens();
    await attempt(learner, 'passed', 100);
    // Answered with an error although it was taken: sent again, with a later time, since it might not have been.
    platform.grades.scoreTrouble.push('lost');
    await learnerOf(person, name);
    await eventually(() => arrived().length, 20_000).toBe(3);
    expect(arrived().map(({ scoreGiven }) => scoreGiven)).toEqual([60, 100, 100]);
    expect(arrived()[2]).toMatchObject({ activityProgress: 'Completed' });
    const times = arrived().map(({ timestamp }) => Date.parse(timestamp));
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(1000);
    expect(times[2]! - times[1]!).toBeGreaterThanOrEqual(1000);
    expect(items(name)).toHaveLength(1);
  });

  test('a line item of the launch is taken, query and all; one that is on a later page is found, also unfiltered', async () => {
    platform.grades.couple(true);
    const [coupled, person] = [link(), someone()];
    const first = await learnerOf(person, coupled);
    platform.grades.couple(false);
    platform.grades.filter(false);
    const listed = link();
    platform.grades.add({ label: 'made by the platform', scoreMaximum: 5, resourceLinkId: listed });
    const [other] = [someone()];
    const second = await learnerOf(other, listed);
    for (const [learner, who, name] of [
      [first, person, coupled],
      [second, other, listed],
    ] as const) {
      await attempt(learner, 'failed', 30);
      await learnerOf(who, name);
      await eventually(() => own().find(({ userId }) => userId === who.sub)?.lineItem).toBe(items(name)[0]!.id);
      expect(items(name)).toHaveLength(1);
      expect(items(name)[0]!.id).toContain('?type_id=1');
    }
    platform.grades.filter(true);
  });

  test('who teaches there gives one up, and sees who has not come yet', async () => {
    const [name, person] = [link(), someone()];
    const learner = await learnerOf(person, name);
    platform.grades.scoreTrouble.push(500, 500, 500, 500, 500, 500);
    await attempt(learner, 'failed', 10);
    await learnerOf(person, name);
    await eventually(async () => (await row(learner)).tries, 20_000).toBeGreaterThan(0);
    const teacher = await launch({ person: grace, link: name });
    expect(teacher.headers.get('location')).toBe('/en/lti/link/');
    const desk = new Client(server.url, sessionOf(teacher));
    const { json } = await desk.ask('GET', '/api/lti/link');
    const find = (here: boolean) => json.people.find(({ id }: { id: string | null }) => (id !== null) === here);
    const [missing, shown] = [find(false), find(true)];
    expect(json).toMatchObject({ lab: 'read-only', title: 'Week 8: read-only', members: 'told', grades: true });
    expect(shown).toMatchObject({ score: 10, state: 'waiting', error: expect.stringContaining('500') });
    expect(missing).toMatchObject({ id: null, name: 'Ada Lovelace', score: null });
    expect((await learner.ask('GET', '/api/lti/link')).json.error.code).toBe('role-needed');
    expect((await learner.ask('DELETE', `/api/lti/link/scores/${shown.id}`)).json.error.code).toBe('role-needed');
    const other = new Client(server.url, sessionOf(await launch({ person: grace, link: link(), lab: 'read-only' })));
    expect((await other.ask('DELETE', `/api/lti/link/scores/${shown.id}`)).json.error.code).toBe('no-such-score');
    expect((await desk.ask('DELETE', `/api/lti/link/scores/${shown.id}`)).status).toBe(200);
    expect(await row(learner)).toMatchObject({ state: 'ended' });
    platform.grades.scoreTrouble.length = 0;
  });

  test('for whom neither teaches nor learns there nothing is sent', async () => {
    const learner = await learnerOf(
      { ...someone(), roles: ['http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor'] },
      link(),
    );
    expect(await row(learner)).toBeUndefined();
  });
});

describe('choosing a lab', () => {
  const message = { person: grace, locale: 'ja' };
  const chosen = (browser: Client, headers: Record<string, string> = {}) =>
    post(browser, '/lti/choice', { lab: 'seccomp', language: 'ja' }, { origin: server.url, ...headers });

  test('who teaches chooses, and the platform has the link with its line item', async () => {
    const answer = await launch(message);
    expect(answer.headers.get('location')).toBe('/ja/lti/choose/');
    const page = await chosen(new Client(server.url, sessionOf(answer)));
    const { action, fields } = formIn(page.text);
    expect(action).toBe(`${platform.url}/return`);
    expect(page.headers.get('content-security-policy')).toMatch(
      `form-action ${platform.url}; frame-ancestors ${platform.url}`,
    );
    const there = await fetch(action, { method: 'POST', body: new URLSearchParams(fields) });
    expect([there.status, await there.text()]).toEqual([200, expect.stringContaining('in the course')]);
    expect(platform.choices.at(-1)).toMatchObject({
      'https://purl.imsglobal.org/spec/lti/claim/message_type': 'LtiDeepLinkingResponse',
      'https://purl.imsglobal.org/spec/lti/claim/deployment_id': 'deployment-1',
      'https://purl.imsglobal.org/spec/lti-dl/claim/data': 'opaque & "data"',
      'https://purl.imsglobal.org/spec/lti-dl/claim/content_items': [
        {
          type: 'ltiResourceLink',
          url: `${server.url}/lti/launch?lab=seccomp`,
          custom: { lab: 'seccomp' },
          title: 'Seccomp プロファイル',
          lineItem: { scoreMaximum: 100, resourceId: 'toride/seccomp', tag: 'grade' },
        },
      ],
    });
  });

  test('not a learner, not a form of another site, not without a launch, and not to another host', async () => {
    refused(await launch({ ...message, person: ada }), 'teachers-only');
    const browser = new Client(server.url, sessionOf(await launch(message)));
    refused(await chosen(browser, { origin: platform.url }), 'no-choice');
    refused(await chosen(new Client(server.url)), 'no-choice');
    const settings = 'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings';
    for (const wrong of [
      { deep_link_return_url: 'https://evil.example/return', accept_types: ['ltiResourceLink'] },
      { deep_link_return_url: `${platform.url}/return`, accept_types: ['file'] },
      { accept_types: ['ltiResourceLink'] },
    ])
      refused(await launch({ ...message, lie: { claims: { [settings]: wrong } } }), 'bad-message');
  });

  test('a link that names no lab waits until who teaches has chosen, once', async () => {
    const name = link();
    refused(await launch({ person: ada, link: name }), 'no-lab');
    const desk = new Client(server.url, sessionOf(await launch({ person: grace, link: name })));
    const choose = (lab: string) => desk.ask('PUT', '/api/lti/link/lab', {}, JSON.stringify({ lab }));
    expect((await choose('nothing')).json.error.code).toBe('no-such-lab');
    expect((await choose('seccomp')).json.lab).toBe('seccomp');
    expect((await choose('read-only')).json.error.code).toBe('lab-chosen');
    expect((await launch({ person: ada, link: name })).headers.get('location')).toBe('/en/labs/seccomp/');
    const target = {
      'https://purl.imsglobal.org/spec/lti/claim/target_link_uri': `${server.url}/lti/launch?lab=secrets`,
    };
    const byAddress = await launch({ person: ada, link: link(), lie: { claims: target } });
    expect(byAddress.headers.get('location')).toBe('/en/labs/secrets/');
  });
});

describe('launches that are not believed', () => {
  const now = Math.floor(Date.now() / 1000);
  const id = 'toride at school/1';
  const claim = (name: string, value: unknown): Lie => ({
    claims: { [`https://purl.imsglobal.org/spec/lti/claim/${name}`]: value },
  });
  const wrong = (message: Partial<Message>) => launch({ person: ada, link: link(), lab: 'read-only', ...message });

  test.each<[string, Lie, string?]>([
    ['unsigned', { sign: 'none' }],
    ['signed by what everyone may read', { sign: 'hmac' }],
    ['a key that is not the platform’s', { sign: 'stranger' }],
    ['a key that nobody knows', { sign: 'unknown' }],
    ['another issuer', { claims: { iss: 'https://evil.example' } }],
    ['another audience', { claims: { aud: 'another' } }],
    ['audiences without ours', { claims: { aud: ['one', 'another'] } }],
    ['for several, and not said for which', { claims: { aud: [id, 'another'] } }],
    ['for several, and made for another', { claims: { aud: [id, 'another'], azp: 'another' } }],
    ['made for another', { claims: { azp: 'another' } }],
    ['expired', { claims: { exp: now - 600 } }],
    ['without an end', { claims: { exp: undefined } }],
    ['from the future', { claims: { iat: now + 3600, exp: now + 7200 } }],
    ['from long ago', { claims: { iat: now - 7200 } }],
    ['without a beginning', { claims: { iat: undefined } }],
    ['another nonce', { claims: { nonce: 'another' } }],
    ['no nonce', { claims: { nonce: undefined } }],
    ['nobody', { claims: { sub: undefined } }, 'no-user'],
    ['no deployment', claim('deployment_id', undefined), 'bad-message'],
    ['another deployment than the login’s', claim('deployment_id', 'another'), 'other-deployment'],
    ['no version', claim('version', undefined), 'bad-message'],
    ['another version', claim('version', '1.1'), 'bad-message'],
    ['a message that is not known', claim('message_type', 'LtiSubmissionReviewRequest'), 'bad-message'],
    ['no resource', claim('resource_link', undefined), 'bad-message'],
    ['an endless resource', claim('resource_link', { id: 'x'.repeat(256) }), 'bad-message'],
  ])('%s', async (_, lie, code = 'bad-launch') => {
    refused(await wrong({ lie }), code);
  });

  test('what is unusual and allowed: several audiences with ours named, a login that names no deployment, no key’s name', async () => {
    for (const message of [
      { lie: { claims: { aud: [id, 'another'], azp: id } } },
      { lie: { claims: { aud: [id] } } },
      { loginDeployment: null },
      { lie: { sign: 'no-kid' as const } },
    ])
      expect((await wrong(message)).status).toBe(303);
  });

  test('a launch is used once', async () => {
    const { browser, fields } = await begin({ person: ada, link: link(), lab: 'read-only' });
    expect(sessionOf(await arrive(browser, fields))).toBeDefined();
    refused(await arrive(browser, fields), 'used-before');
  });

  test('of many at once one gets in', async () => {
    const { browser, fields } = await begin({ person: ada, link: link(), lab: 'read-only' });
    const answers = await Promise.all(Array.from({ length: 8 }, () => arrive(browser, fields)));
    expect(answers.filter((answer) => sessionOf(answer) !== undefined)).toHaveLength(1);
  });

  test('not by another browser, by none, by two at once, or with another’s state: nobody is put into a stranger’s lab', async () => {
    const message = { person: ada, link: link(), lab: 'read-only' };
    const [mine, theirs] = [await begin(message), await begin(message)];
    refused(await arrive(theirs.browser, mine.fields), 'other-browser');
    refused(await arrive(new Client(server.url), mine.fields), 'other-browser');
    refused(await arrive(mine.browser, { ...mine.fields, state: theirs.fields.state! }), 'other-browser');
    const both = new Client(server.url, `${mine.browser.cookie}; ${theirs.browser.cookie}`);
    refused(await arrive(both, mine.fields), 'two-sessions');
    for (const state of ['', 'x', mine.fields.state!.replace(/^./, 'x'), `${mine.fields.state}x`])
      refused(await arrive(mine.browser, { ...mine.fields, state }), 'other-browser');
    // The token of one login with the state of another, both of this browser.
    const second = await begin(message, mine.browser);
    refused(await arrive(mine.browser, { ...second.fields, id_token: mine.fields.id_token! }), 'bad-launch');
    expect(sessionOf(await arrive(mine.browser, mine.fields))).toBeDefined();
  });

  test('two frames of one page are under way at once', async () => {
    const [one, other] = [link(), link()];
    const first = await begin({ person: ada, link: one, lab: 'read-only' });
    const second = await begin({ person: ada, link: other, lab: 'seccomp' }, first.browser);
    expect(second.browser.cookie).toBe(first.browser.cookie);
    expect((await arrive(first.browser, first.fields)).headers.get('location')).toBe('/en/labs/read-only/');
    expect((await arrive(first.browser, second.fields)).headers.get('location')).toBe('/en/labs/seccomp/');
  });

  test('a session that was there before a launch is not the one after it', async () => {
    const set = `toride-lti=${'a'.repeat(43)}`;
    const { browser, fields } = await begin({ person: ada, link: link(), lab: 'read-only' });
    const answer = await arrive(new Client(server.url, `${browser.cookie}; ${set}`), fields);
    expect(sessionOf(answer)).not.toBe(set);
    expect((await new Client(server.url, set).ask('GET', '/api/progress')).status).toBe(401);
    const two = new Client(server.url, `${sessionOf(answer)}; ${set}`);
    expect((await two.ask('GET', '/api/progress')).json.error.code).toBe('two-sessions');
  });

  test('a platform that is not registered, one that does not let the person in, and no launch at all', async () => {
    const login = (fields: Record<string, string>) => post(new Client(server.url), '/lti/login', fields);
    const good = platform.loginFields({ person: ada, link: link() });
    refused(await login({ ...good, iss: 'https://evil.example' }), 'unknown-platform');
    refused(await login({ ...good, client_id: 'another' }), 'unknown-platform');
    refused(await login({}), 'unknown-platform');
    refused(await login({ ...good, login_hint: '' }), 'bad-message');
    const { browser, fields } = await begin({ person: ada, link: link() });
    refused(await arrive(browser, { state: fields.state!, error: 'login_required' }), 'platform-refused');
    refused(await arrive(browser, { state: fields.state! }), 'bad-launch');
  });

  test('keys that the platform has changed are read again', async () => {
    await platform.rotate();
    await eventually(async () => (await wrong({})).status, 20_000).toBe(303);
  });

  test('an answer of another site’s is not shown in a frame, a platform’s own trouble is', async () => {
    const own = await wrong({ lie: { sign: 'none' } });
    expect(own.headers.get('content-security-policy')).toContain(`frame-ancestors ${platform.url}`);
    const { headers } = await post(new Client(server.url), '/lti/launch', { state: 'x', id_token: 'x' });
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });
});

describe('in a frame', () => {
  test('the login asks the browser whether it keeps a cookie there, and has a way into a window of its own', async () => {
    const fields = platform.loginFields({ person: ada, link: link() });
    const login = await post(new Client(server.url), '/lti/login', fields, FRAME);
    expect(login.status).toBe(200);
    expect(login.headers.get('content-security-policy')).toMatch(/script-src 'sha256-[^']+'; .*frame-ancestors http:/);
    const path = /href="(\/lti\/login\?[^"]*)" target="_blank"/.exec(login.text)![1]!.replaceAll('&amp;', '&');
    expect(Object.fromEntries(new URL(path, server.url).searchParams)).toEqual(fields);
    const again = await new Client(server.url).ask('GET', path, { 'sec-fetch-dest': 'document' });
    expect([again.status, new URL(again.headers.get('location')!).origin]).toEqual([302, platform.url]);
  });

  test('a secret that comes in a form is taken from our own page only', async () => {
    const message = { person: ada, link: link(), lab: 'read-only', storage: true };
    const { browser, fields } = await begin(message);
    const stranger = new Client(server.url);
    const asking = await arrive(stranger, fields);
    expect(formIn(asking.text)).toEqual({
      action: '/lti/launch',
      fields: { id_token: fields.id_token, state: fields.state, flow: '' },
    });
    expect(sessionOf(asking)).toBeUndefined();
    const flow = browser.cookie.split('=')[1]!;
    refused(await arrive(stranger, { ...fields, flow }), 'other-browser');
    const own = { origin: server.url };
    refused(await post(stranger, '/lti/launch', { ...fields, flow: 'x'.repeat(43) }, own), 'other-browser');
    const ready = formIn((await post(stranger, '/lti/launch', { ...fields, flow }, own)).text);
    expect(ready.action).toBe('/lti/enter');
    refused(await post(stranger, '/lti/enter', ready.fields, { origin: platform.url }), 'other-browser');
    refused(await post(stranger, '/lti/enter', { ...ready.fields, session: 'x'.repeat(43) }, own), 'other-browser');
    const entered = await post(stranger, '/lti/enter', ready.fields, own);
    expect([entered.headers.get('location'), sessionOf(entered)]).toEqual([
      '/en/labs/read-only/',
      `toride-lti=${ready.fields.session}`,
    ]);
  });

  test('over TLS the cookies are bound to this very host, and the platform is told https', async () => {
    const tls = { 'x-forwarded-proto': 'https', 'sec-fetch-dest': 'document' };
    const login = await post(new Client(server.url), '/lti/login', platform.loginFields({ person: ada }), tls);
    expect(login.headers.get('set-cookie')).toMatch(/^__Host-toride-lti-flow=[\w-]{43}; Path=\/; HttpOnly; Secure; /);
    const told = new URL(login.headers.get('location')!).searchParams.get('redirect_uri');
    expect(told).toBe(`${server.url.replace('http', 'https')}/lti/launch`);
    const plain = new Client(server.url, cookies(login)[0]!.replace('__Host-', ''));
    refused(await post(plain, '/lti/launch', { state: 'x' }, tls), 'other-browser');
  });

  test('requests of another site stay outside, also with the session of a launch', async () => {
    const learner = new Client(server.url, sessionOf(await launch({ person: ada, link: link(), lab: 'read-only' })));
    const code = async (method: string, headers: Record<string, string>) =>
      (await learner.ask(method, '/api/progress', headers)).json.error?.code;
    expect(await code('GET', { 'sec-fetch-site': 'cross-site' })).toBe('foreign-origin');
    expect(await code('GET', { 'sec-fetch-site': 'same-origin' })).toBeUndefined();
    expect(await code('POST', { origin: platform.url })).toBe('foreign-origin');
    const socket = learner.terminal({}, { origin: platform.url });
    expect(await socket.upgraded).toBe(403);
    expect(await learner.terminal({ terminal: 'x y' }).upgraded).toBe(400);
  });
});

describe('registration', () => {
  const owner = () =>
    server.withStore(async (store) => {
      const account = (await store.findAccountByLogin('olga@example.org'))!;
      const { token } = (await store.makeLinkFor(account.id, 'sign-in', account, {}))!;
      return new Client(server.url, `toride-account=${await store.redeemLink(token, { address: '' })}`);
    });
  const api = '/api/instructor/lti';
  const register = (query: Record<string, string>, headers: Record<string, string> = {}) =>
    new Client(server.url).ask('GET', `/lti/register?${new URLSearchParams(query)}`, headers);

  test('by hand: https only, once, changed, removed and with it its sessions; all of it in the log', async () => {
    const olga = await owner();
    const send = (method: string, path: string, body: object) => olga.ask(method, api + path, {}, JSON.stringify(body));
    const plan = { ...platform.registration, clientId: 'second' };
    for (const wrong of [
      { issuer: 'http://moodle.example.org' },
      { jwksUrl: 'file:///etc/passwd' },
      { tokenUrl: 'https://user:secret@moodle.example.org/token' },
      { pageOrigin: 'https://moodle.example.org/mod' },
      { pageOrigin: "'self'" },
      { pageOrigin: 'https://a.example; script-src *' },
      { clientId: '' },
      { extra: 1 },
    ])
      expect((await send('POST', '/platforms', { ...plan, ...wrong })).json.error.code).toBe('bad-platform');
    const { json: made } = await send('POST', '/platforms', plan);
    expect((await send('POST', '/platforms', plan)).json.error.code).toBe('platform-taken');
    const two = platform.loginFields({ person: ada, link: link() });
    const { client_id: _, ...unnamed } = two;
    refused(await post(new Client(server.url), '/lti/login', unnamed), 'which-platform');
    expect((await send('PUT', `/platforms/${made.id}`, platform.registration)).json.error.code).toBe('platform-taken');
    expect((await send('PUT', `/platforms/${made.id}`, { ...plan, name: 'Renamed' })).status).toBe(200);
    expect((await olga.ask('DELETE', `${api}/platforms/${made.id}`)).status).toBe(200);
    expect((await olga.ask('DELETE', `${api}/platforms/${made.id}`)).json.error.code).toBe('no-such-platform');
    const { json } = await olga.ask('GET', api);
    expect(json.platforms).toEqual([expect.objectContaining(platform.registration)]);
    expect(json.links.length).toBeGreaterThan(3);
    const { entries } = (await olga.ask('GET', '/api/instructor/audit')).json;
    expect(entries.map(({ action }: { action: string }) => action)).toEqual(
      expect.arrayContaining(['lti-platform-added', 'lti-platform-changed', 'lti-platform-removed']),
    );
  });

  test('deployments that are listed are let in, and no other', async () => {
    const olga = await owner();
    const [{ id }] = (await olga.ask('GET', api)).json.platforms;
    const set = (deployments: string[]) =>
      olga.ask('PUT', `${api}/platforms/${id}`, {}, JSON.stringify({ ...platform.registration, deployments }));
    await set(['another']);
    refused(await launch({ person: ada, link: link(), lab: 'read-only' }), 'other-deployment');
    await set(['another', 'deployment-1']);
    expect((await launch({ person: ada, link: link(), lab: 'read-only' })).status).toBe(303);
    await set([]);
  });

  test('by a link: used once, given back when it led to nothing, and a removed platform comes back with its learners', async () => {
    const olga = await owner();
    const learner = new Client(server.url, sessionOf(await launch({ person: ada, link: link(), lab: 'read-only' })));
    const { name } = (await learner.ask('GET', '/api/progress')).json;
    const [{ id }] = (await olga.ask('GET', api)).json.platforms;
    await olga.ask('DELETE', `${api}/platforms/${id}`);
    expect((await learner.ask('GET', '/api/progress')).status).toBe(401);
    refused(
      await post(new Client(server.url), '/lti/login', platform.loginFields({ person: ada })),
      'unknown-platform',
    );
    const { token } = (await olga.ask('POST', `${api}/registrations`)).json;
    const asked = { link: token, openid_configuration: `${platform.url}/openid-configuration` };
    const opened = await register({ link: token });
    expect([opened.status, opened.text.includes('data-trouble')]).toEqual([200, false]);
    refused(await register({ ...asked, registration_token: 'wrong' }), 'not-registered');
    refused(await register({ ...asked, openid_configuration: `${platform.url}/jwks` }), 'not-registered');
    refused(await register({ ...asked, openid_configuration: 'http://10.0.0.1/' }), 'bad-registration');
    refused(await register({ ...asked, link: 'x'.repeat(43) }), 'bad-registration');
    const done = await register(
      { ...asked, registration_token: 'registration-token' },
      { referer: `${platform.url}/admin` },
    );
    expect([done.status, done.headers.get('content-security-policy')]).toEqual([
      200,
      expect.stringContaining(`frame-ancestors ${platform.url}`),
    ]);
    expect(platform.registrations.at(-1)).toMatchObject({
      initiate_login_uri: `${server.url}/lti/login`,
      redirect_uris: [`${server.url}/lti/launch`],
      jwks_uri: `${server.url}/lti/jwks.json`,
      token_endpoint_auth_method: 'private_key_jwt',
      response_types: ['id_token'],
    });
    refused(await register({ ...asked, registration_token: 'registration-token' }), 'bad-registration');
    const back = new Client(server.url, sessionOf(await launch({ person: ada, link: link(), lab: 'read-only' })));
    expect((await back.ask('GET', '/api/progress')).json.name).toBe(name);
  });

  test('the key that platforms read has no private part, and is the same after a restart', async () => {
    const keys = async () => (await new Client(server.url).ask('GET', '/lti/jwks.json')).json;
    const before = await keys();
    expect(before).toEqual({
      keys: [{ kty: 'RSA', alg: 'RS256', use: 'sig', e: 'AQAB', n: expect.any(String), kid: expect.any(String) }],
    });
    await server.restart('end');
    expect(await keys()).toEqual(before);
  });
});
