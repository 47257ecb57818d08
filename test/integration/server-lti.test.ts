/** Launches from a learning platform: who comes in, and every launch that must not be believed. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ada, formIn, type Lie, type Message } from '../helpers/lti-platform.ts';
import {
  cookies,
  FRAME,
  newLink,
  openSchool,
  post,
  refused,
  type School,
  sessionOf,
  troubleOf,
} from '../helpers/lti-school.ts';
import { Client, eventually } from '../helpers/server.ts';

let school: School;
let platform: School['platform'];
let server: School['server'];
let launch: School['launch'];
let begin: School['begin'];
let arrive: School['arrive'];

beforeAll(async () => {
  school = await openSchool('lti');
  ({ platform, server, launch, begin, arrive } = school);
});
afterAll(() => school?.dispose());

test('a learner is put at the lab, is the same one the next time, and may be shown in that platform’s frame only', async () => {
  const own = newLink();
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
  const again = await school.launched({ person: ada, link: own, lab: 'read-only' });
  expect(again.cookie).not.toBe(learner.cookie);
  expect((await again.ask('GET', '/api/progress')).json.name).toBe('Ada');
  const other = { ...ada, sub: 'another' };
  const others = await school.launched({ person: other, link: own, lab: 'read-only' });
  expect((await others.ask('GET', '/api/progress')).json.name).toBeNull();
});

describe('launches that are not believed', () => {
  const now = Math.floor(Date.now() / 1000);
  const id = 'toride at school/1';
  const claim = (name: string, value: unknown): Lie => ({
    claims: { [`https://purl.imsglobal.org/spec/lti/claim/${name}`]: value },
  });
  const wrong = (message: Partial<Message>) => launch({ person: ada, link: newLink(), lab: 'read-only', ...message });

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
    const { browser, fields } = await begin({ person: ada, link: newLink(), lab: 'read-only' });
    expect(sessionOf(await arrive(browser, fields))).toBeDefined();
    refused(await arrive(browser, fields), 'used-before');
  });

  test('of many at once one gets in', async () => {
    const { browser, fields } = await begin({ person: ada, link: newLink(), lab: 'read-only' });
    const answers = await Promise.all(Array.from({ length: 8 }, () => arrive(browser, fields)));
    expect(answers.filter((answer) => sessionOf(answer) !== undefined)).toHaveLength(1);
  });

  test('not by another browser, by none, by two at once, or with another’s state: nobody is put into a stranger’s lab', async () => {
    const message = { person: ada, link: newLink(), lab: 'read-only' };
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
    const [one, other] = [newLink(), newLink()];
    const first = await begin({ person: ada, link: one, lab: 'read-only' });
    const second = await begin({ person: ada, link: other, lab: 'seccomp' }, first.browser);
    expect(second.browser.cookie).toBe(first.browser.cookie);
    expect((await arrive(first.browser, first.fields)).headers.get('location')).toBe('/en/labs/read-only/');
    expect((await arrive(first.browser, second.fields)).headers.get('location')).toBe('/en/labs/seccomp/');
  });

  test('a session that was there before a launch is not the one after it', async () => {
    const set = `toride-lti=${'a'.repeat(43)}`;
    const { browser, fields } = await begin({ person: ada, link: newLink(), lab: 'read-only' });
    const answer = await arrive(new Client(server.url, `${browser.cookie}; ${set}`), fields);
    expect(sessionOf(answer)).not.toBe(set);
    expect((await new Client(server.url, set).ask('GET', '/api/progress')).status).toBe(401);
    const two = new Client(server.url, `${sessionOf(answer)}; ${set}`);
    expect((await two.ask('GET', '/api/progress')).json.error.code).toBe('two-sessions');
  });

  test('a platform that is not registered, one that does not let the person in, and no launch at all', async () => {
    const login = (fields: Record<string, string>) => post(new Client(server.url), '/lti/login', fields);
    const good = platform.loginFields({ person: ada, link: newLink() });
    refused(await login({ ...good, iss: 'https://evil.example' }), 'unknown-platform');
    refused(await login({ ...good, client_id: 'another' }), 'unknown-platform');
    refused(await login({}), 'unknown-platform');
    refused(await login({ ...good, login_hint: '' }), 'bad-message');
    const { browser, fields } = await begin({ person: ada, link: newLink() });
    refused(await arrive(browser, { state: fields.state!, error: 'login_required' }), 'platform-refused');
    refused(await arrive(browser, { state: fields.state! }), 'bad-launch');
  });

  test('keys that the platform has changed are read again', async () => {
    await platform.rotate();
    platform.keyTrouble.push(500);
    const seen = new Set<string | undefined>();
    await eventually(async () => {
      const answer = await wrong({});
      seen.add(troubleOf(answer));
      return answer.status;
    }, 20_000).toBe(303);
    expect(seen).toContain('platform-away');
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
    const fields = platform.loginFields({ person: ada, link: newLink() });
    const login = await post(new Client(server.url), '/lti/login', fields, FRAME);
    expect(login.status).toBe(200);
    expect(login.headers.get('content-security-policy')).toMatch(/script-src 'sha256-[^']+'; .*frame-ancestors http:/);
    const path = /href="(\/lti\/login\?[^"]*)" target="_blank"/.exec(login.text)![1]!.replaceAll('&amp;', '&');
    expect(Object.fromEntries(new URL(path, server.url).searchParams)).toEqual(fields);
    const again = await new Client(server.url).ask('GET', path, { 'sec-fetch-dest': 'document' });
    expect([again.status, new URL(again.headers.get('location')!).origin]).toEqual([302, platform.url]);
  });

  test('a secret that comes in a form is taken from our own page only', async () => {
    const message = { person: ada, link: newLink(), lab: 'read-only', storage: true };
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
    const learner = await school.launched({ person: ada, link: newLink(), lab: 'read-only' });
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
