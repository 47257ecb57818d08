/** What comes after a launch: scores back to the platform, a lab chosen for it, and how a platform is registered. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ada, formIn, grace, type Person } from '../helpers/lti-platform.ts';
import { newLink, openSchool, post, refused, type School, sessionOf } from '../helpers/lti-school.ts';
import { Client, eventually, rawRequest, serverProcess } from '../helpers/server.ts';
import { grading, snapshot } from '../unit/store/conformance.ts';

let school: School;
let platform: School['platform'];
let server: School['server'];
let launch: School['launch'];

beforeAll(async () => {
  school = await openSchool('lti-services', {
    launch: (settings) => serverProcess(settings, { TORIDE_HOSTNAMES: 'toride.example.org' }),
  });
  ({ platform, server, launch } = school);
});
afterAll(() => school?.dispose());

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
    await school.launched({ person, link: name, lab: 'read-only' });
  const someone = (): Person => ({ ...ada, sub: randomUUID() });

  test('what a server stored and did not send arrives by the next one: once, by one line item, after every failure', async () => {
    const [name, person] = [newLink(), someone()];
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
    const [name, person] = [newLink(), someone()];
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
    const [coupled, person] = [newLink(), someone()];
    const first = await learnerOf(person, coupled);
    platform.grades.couple(false);
    platform.grades.filter(false);
    const listed = newLink();
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
    const [name, person] = [newLink(), someone()];
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
    const other = await school.launched({ person: grace, link: newLink(), lab: 'read-only' });
    expect((await other.ask('DELETE', `/api/lti/link/scores/${shown.id}`)).json.error.code).toBe('no-such-score');
    expect((await desk.ask('DELETE', `/api/lti/link/scores/${shown.id}`)).status).toBe(200);
    expect(await row(learner)).toMatchObject({ state: 'ended' });
    platform.grades.scoreTrouble.length = 0;
  });

  test('a service at a host that is none of the registration’s is none', async () => {
    const elsewhere = { lineitem: 'https://evil.example/1', lineitems: 'http://127.0.0.1:1/items' };
    const claims = {
      'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': elsewhere,
      'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': {
        context_memberships_url: 'https://evil.example/',
      },
    };
    const [name, person] = [newLink(), someone()];
    const learner = await school.launched({ person, link: name, lab: 'read-only', lie: { claims } });
    await attempt(learner, 'failed', 10);
    await school.launched({ person, link: name, lab: 'read-only', lie: { claims } });
    const desk = await school.launched({ person: grace, link: name, lie: { claims } });
    expect((await desk.ask('GET', '/api/lti/link')).json).toMatchObject({
      ...{ grades: false, members: 'absent' },
      people: [{ score: 10, state: 'none', error: null }],
    });
  });

  test('for whom neither teaches nor learns there nothing is sent', async () => {
    const learner = await learnerOf(
      { ...someone(), roles: ['http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor'] },
      newLink(),
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
    const browser = await school.launched(message);
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
    const name = newLink();
    refused(await launch({ person: ada, link: name }), 'no-lab');
    const desk = await school.launched({ person: grace, link: name });
    const choose = (lab: string) => desk.ask('PUT', '/api/lti/link/lab', {}, JSON.stringify({ lab }));
    expect((await choose('nothing')).json.error.code).toBe('no-such-lab');
    expect((await choose('seccomp')).json.lab).toBe('seccomp');
    expect((await choose('read-only')).json.error.code).toBe('lab-chosen');
    expect((await launch({ person: ada, link: name })).headers.get('location')).toBe('/en/labs/seccomp/');
    const target = {
      'https://purl.imsglobal.org/spec/lti/claim/target_link_uri': `${server.url}/lti/launch?lab=secrets`,
    };
    const byAddress = await launch({ person: ada, link: newLink(), lie: { claims: target } });
    expect(byAddress.headers.get('location')).toBe('/en/labs/secrets/');
  });
});

describe('registration', () => {
  const owner = async () => new Client(server.url, `toride-account=${await school.ownerSession()}`);
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
    const two = platform.loginFields({ person: ada, link: newLink() });
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
    refused(await launch({ person: ada, link: newLink(), lab: 'read-only' }), 'other-deployment');
    await set(['another', 'deployment-1']);
    expect((await launch({ person: ada, link: newLink(), lab: 'read-only' })).status).toBe(303);
    await set([]);
  });

  test('by a link: used once, given back when it led to nothing, and a removed platform comes back with its learners', async () => {
    const olga = await owner();
    const learner = await school.launched({ person: ada, link: newLink(), lab: 'read-only' });
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
    // From elsewhere nobody has the server ask its own machine.
    const path = `/lti/register?${new URLSearchParams({ ...asked, registration_token: 'registration-token' })}`;
    refused(await rawRequest(server.url, path, { host: 'toride.example.org' }), 'bad-registration');
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
    const back = await school.launched({ person: ada, link: newLink(), lab: 'read-only' });
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
