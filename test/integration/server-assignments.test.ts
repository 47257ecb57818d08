/** Assignments over HTTP: from the roster to the export, in a real sandbox; and whoever tries what is not theirs. */
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ASSIGNMENT_ACCESS } from '../../src/server/classroom/assignment-access.ts';
import { makeInstructor, makeOwner } from '../helpers/instructors.ts';
import { Client, startTestServer, type TestServer } from '../helpers/server.ts';

const LAB = 'rootless-basics';
const HOUR = 3600_000;
const api = '/api/instructor';
const NOBODYS = '00000000-0000-4000-8000-000000000000';

let server: TestServer;
let owner: Client;
let ivo: Client;
let ada: Client;
let addresses = 0;
const from = () => ({ 'x-forwarded-for': `198.51.100.${++addresses}` });
const cookieOf = (headers: Headers) => headers.get('set-cookie')!.split(';')[0]!;
const at = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString();
const code = ({ status, json }: { status: number; json: { error?: { code: string } } }) => [status, json?.error?.code];
const ask = (client: Client, method: string, path: string, body?: unknown) =>
  client.ask(method, path, from(), body === undefined ? undefined : JSON.stringify(body));

const plan = (changes: object = {}, rules: object = {}) => ({
  ...{ title: 'Homework 砦', language: 'en', labs: [LAB, 'seccomp'], opensAt: at(-1), dueAt: at(24), asksEmail: true },
  rules: { late: { accepted: false }, attempts: 2, counts: 'best', timeZone: 'Asia/Tokyo', ...rules },
  ...changes,
});
async function make(by = ivo, wanted: object = plan(), signUp = true): Promise<string> {
  const { status, json } = await ask(by, 'POST', `${api}/assignments`, { plan: wanted, signUp });
  expect([status, json.id]).toEqual([200, expect.any(String)]);
  return json.id;
}
const book = async (id: string, by = ivo) => (await ask(by, 'GET', `${api}/assignments/${id}`)).json;
const roster = (id: string, text: string | Buffer, by = ivo) =>
  by.ask('POST', `${api}/assignments/${id}/roster`, { 'content-type': 'text/csv', ...from() }, text as string);
const links = async (id: string): Promise<Record<string, string>> => {
  const { json } = await ask(ivo, 'POST', `${api}/assignments/${id}/links`);
  const rows: Record<string, string>[] = parse(json.csv, { bom: true, columns: true });
  return Object.fromEntries(rows.map(({ name, link }) => [name!, link!.split('#')[1]!]));
};
/** As the page does it: the browser keeps the session that it is given. */
async function enter(client: Client, token: string): Promise<Client> {
  const { status, headers } = await ask(client, 'POST', '/api/assignments/enter', { token });
  expect(status).toBe(200);
  return headers.get('set-cookie') ? new Client(server.url, cookieOf(headers)) : client;
}
const mine = async (client: Client) => (await ask(client, 'GET', '/api/assignments')).json.assignments;
const submit = (client: Client, id: string, lab = LAB) =>
  ask(client, 'POST', `/api/assignments/${id}/labs/${lab}/submissions`);

beforeAll(async () => {
  server = await startTestServer('assignments', { pool: 1, poolLimit: 2 });
  owner = await makeOwner(server);
  ivo = await makeInstructor(server, owner, 'ivo');
  ada = await makeInstructor(server, owner, 'ada');
});
afterAll(() => server.dispose());

describe('from roster to export', () => {
  let id: string;
  let ken: Client;
  let submission: string;
  let member: string;

  test('a roster comes in whole or not at all', async () => {
    id = await make();
    const bad = await roster(id, 'name,email,id\nKen,ken@example.org,7\nMei,nothing,7\n,x@example.org,9\n');
    expect(bad.json).toEqual({
      added: 0,
      known: 0,
      problems: [
        { line: 3, code: 'bad-email', other: null },
        { line: 3, code: 'same-id', other: 2 },
        { line: 4, code: 'no-name', other: null },
      ],
    });
    expect((await book(id)).members).toEqual([]);
    expect(code(await roster(id, Buffer.from([0x8e, 0x81, 0x96, 0xbc])))).toEqual([400, 'roster-not-utf8']);
    const good = '\ufeff氏名,メール,学籍番号\r\n"Ken ""k"" 砦",Ken@Example.org,0007\r\n=1+1,mei@example.org,0008\r\n';
    expect((await roster(id, good)).json).toEqual({ added: 2, known: 0, problems: [] });
    expect((await roster(id, good)).json).toEqual({ added: 0, known: 2, problems: [] });
    const { members } = await book(id);
    expect(members.map(({ name, email, externalId, state }: never) => [name, email, externalId, state])).toEqual([
      ['Ken "k" 砦', 'ken@example.org', '0007', 'invited'],
      ['=1+1', 'mei@example.org', '0008', 'invited'],
    ]);
  });

  test('a personal link makes the browser the member’s; a second browser becomes the same learner', async () => {
    const { 'Ken "k" 砦': token, "'=1+1": mei } = await links(id);
    const first = await Client.learner(server.url);
    const look = await ask(first, 'POST', '/api/assignments/look', { token });
    expect(look.json).toEqual({ name: 'Ken "k" 砦', title: 'Homework 砦', switches: false });
    ken = await enter(first, token!);
    expect(ken.cookie).toBe(first.cookie);
    const second = await enter(await Client.learner(server.url), token!);
    expect(second.cookie).not.toBe(first.cookie);
    expect((await mine(second))[0]).toMatchObject({ id, name: 'Ken "k" 砦', phase: 'open' });
    // A machine that two people use: the second does not become the first.
    const other = await ask(ken, 'POST', '/api/assignments/look', { token: mei });
    expect(other.json.switches).toBe(true);
    const switched = await enter(ken, mei!);
    expect(switched.cookie).not.toBe(ken.cookie);
    expect((await mine(switched))[0].name).toBe('=1+1');
    expect((await mine(ken))[0].name).toBe('Ken "k" 砦');
  });

  test('signing up by the code asks for what the instructor asks for', async () => {
    const { joinCode } = await book(id);
    const guest = await Client.learner(server.url, 'ja');
    const shown = `${joinCode.slice(0, 4)}-${joinCode.slice(4)}`.toLowerCase();
    const look = await ask(guest, 'POST', '/api/assignments/sign-up/look', { code: shown });
    expect(look.json).toMatchObject({ title: 'Homework 砦', asksEmail: true, name: null, timeZone: 'Asia/Tokyo' });
    expect(code(await ask(guest, 'POST', '/api/assignments/sign-up/look', { code: 'AAAAAAAA' }))).toEqual([
      404,
      'bad-assignment-code',
    ]);
    const body = { code: shown, name: 'Rin', email: null };
    expect(code(await ask(guest, 'POST', '/api/assignments/sign-up', body))).toEqual([400, 'bad-email']);
    const { json } = await ask(guest, 'POST', '/api/assignments/sign-up', { ...body, email: 'rin@example.org' });
    expect(json).toEqual({ title: 'Homework 砦', name: 'Rin', token: expect.stringMatching(/^[\w-]{43}$/) });
    expect((await mine(await enter(await Client.learner(server.url), json.token)))[0].name).toBe('Rin');
    expect((await book(id)).members).toHaveLength(3);
  });

  test('what is handed in is graded and kept with its snapshot; attempts are counted', async () => {
    expect(code(await submit(ken, id))).toEqual([409, 'no-sandbox']);
    const terminal = await ken.terminal({ lab: LAB }).ready();
    // Nothing done yet: the first of two.
    expect((await submit(ken, id)).json).toMatchObject({ points: 0, used: 1, left: 1 });
    await terminal.run('podman run -d --user "$TORIDE_APP_UID" localhost/busybox sleep 3600');
    const [one, other] = await Promise.all([submit(ken, id), submit(ken, id)]);
    const refused = [one, other].find(({ status }) => status !== 200)!;
    // Together: one is graded, the other is told so or comes when none is left.
    expect(['submission-under-way', 'no-attempts-left']).toContain(refused.json.error.code);
    const graded = [one, other].find(({ status }) => status === 200)!;
    expect(graded.json).toMatchObject({ points: 20, used: 2, left: 0 });
    expect(code(await submit(ken, id))).toEqual([409, 'no-attempts-left']);
    await terminal.leave();
    const [own] = await mine(ken);
    expect(own).toMatchObject({ points: 20, maxPoints: 200 });
    submission = own.grades[0].submissions[1].id;
    expect(own.grades[0].submissions.map(({ points, counts }: never) => [points, counts])).toEqual([
      [0, false],
      [20, true],
    ]);
    const { members } = await book(id);
    member = members[0].id;
    expect(members[0]).toMatchObject({ points: 20, state: 'in' });
  });

  test('the time of the handing in decides, not that of the grading; more time for one is on record', async () => {
    const [{ grades }] = await mine(ken);
    const { askedAt } = grades[0].submissions[1];
    const late = { late: { accepted: true, until: at(48), percentPerDay: 10, mostPercent: 50 } };
    const due = async (time: number) =>
      ask(ivo, 'PUT', `${api}/assignments/${id}`, plan({ dueAt: new Date(time).toISOString() }, late));
    expect((await due(Date.parse(askedAt))).status).toBe(200);
    expect((await mine(ken))[0].grades[0].submissions[1]).toMatchObject({ daysLate: 0, points: 20 });
    await due(Date.parse(askedAt) - 1);
    expect((await mine(ken))[0].grades[0].submissions[1]).toMatchObject({ daysLate: 1, latePercent: 10, points: 18 });
    expect((await mine(ken))[0]).toMatchObject({ phase: 'late', extended: false });
    const path = `${api}/assignments/${id}/members/${member}/extension`;
    expect(code(await ask(ivo, 'PUT', path, { dueAt: at(-9), reason: 'ill' }))).toEqual([400, 'bad-extension']);
    expect((await ask(ivo, 'PUT', path, { dueAt: at(2), reason: 'ill' })).status).toBe(200);
    expect((await mine(ken))[0]).toMatchObject({ phase: 'open', extended: true, points: 20 });
    const { json } = await ask(owner, 'GET', `${api}/audit`);
    expect(json.entries[0]).toMatchObject({
      action: 'extended',
      byName: 'ivo',
      detail: { for: 'Ken "k" 砦', reason: 'ill' },
    });
  });

  test('the instructor opens the evidence, takes the snapshot, and grades it again', async () => {
    const path = `${api}/assignments/${id}/submissions/${submission}`;
    const { json } = await ask(ivo, 'GET', path);
    expect(json).toMatchObject({ member: { name: 'Ken "k" 砦' }, submission: { points: 20 }, score: 20 });
    const passed = json.checks.filter(({ status }: { status: string }) => status === 'passed');
    expect(passed).toMatchObject([{ id: 'process.app', evidence: [{ source: expect.stringContaining('/proc') }] }]);
    const snapshot = JSON.parse((await ask(ivo, 'GET', `${path}/snapshot`)).text);
    expect(snapshot).toMatchObject({ lab: LAB, parameters: json.parameters });
    const replay = (await ask(ivo, 'GET', `${path}/replay`)).json;
    expect(replay).toMatchObject({ score: { before: 20, after: 20 }, points: { before: 20, after: 20 } });
    expect(new Set(replay.checks.map(({ change }: { change: string }) => change))).toEqual(new Set(['none']));
  });

  test('points given instead: with a reason, seen by the learner, taken back', async () => {
    const give = (body: object) =>
      ask(ivo, 'POST', `${api}/assignments/${id}/overrides`, { member, lab: LAB, ...body });
    expect(code(await give({ submission, points: 101, reason: 'too much' }))).toEqual([400, 'bad-override']);
    expect(code(await give({ submission, points: 50, reason: ' ' }))).toEqual([400, 'bad-override']);
    expect(code(await give({ submission: NOBODYS, points: 50, reason: 'none' }))).toEqual([404, 'no-such-submission']);
    await give({ submission, points: 50, reason: 'the projector failed' });
    expect((await mine(ken))[0].grades[0]).toMatchObject({ points: 50, override: null });
    const { json } = await give({ submission: null, points: 90, reason: 'told me in class' });
    expect((await mine(ken))[0].grades[0]).toMatchObject({
      points: 90,
      override: { reason: 'told me in class', by: 'ivo' },
    });
    expect((await ask(ivo, 'DELETE', `${api}/assignments/${id}/overrides/${json.id}`)).status).toBe(200);
    expect(code(await ask(ivo, 'DELETE', `${api}/assignments/${id}/overrides/${json.id}`))[1]).toBe('no-such-override');
    expect((await mine(ken))[0].points).toBe(50);
  });

  test('the export has it all, and no cell is a formula', async () => {
    const csv = await ask(ivo, 'GET', `${api}/assignments/${id}/gradebook.csv`);
    expect(csv.headers.get('content-disposition')).toContain('filename="gradebook.csv"');
    const rows: Record<string, string>[] = parse(csv.text, { bom: true, columns: true });
    expect(rows[0]).toMatchObject({
      ...{ name: 'Ken "k" 砦', email: 'ken@example.org', id: '0007', points: '50', of: '200' },
      ...{ [`${LAB} points`]: '50', [`${LAB} submissions`]: '2', [`${LAB} overridden`]: 'yes' },
      ...{ [`${LAB} reason`]: 'the projector failed', [`${LAB}/run points`]: '20', [`${LAB}/run of`]: '20' },
    });
    expect(rows[1]!.name).toBe("'=1+1");
    const { json } = await ask(ivo, 'GET', `${api}/assignments/${id}/gradebook.json`);
    expect(json.members[0].grades[0].submissions).toHaveLength(2);
    const results = (await ask(ivo, 'GET', `${api}/assignments/${id}/results.json`)).json;
    expect(results.learners[0]).toMatchObject({
      uid: '0007',
      score: 0.25,
      labs: { [LAB]: { gradable: true, score: 0.5 } },
    });
  });

  test('signs: what was typed is counted, and a lab done in minutes of typing gives none', async () => {
    const { json } = await ask(ivo, 'GET', `${api}/assignments/${id}/signs`);
    expect(json).toEqual({ signs: [] });
    const hands = await server.withStore(async (store) => {
      const [found] = await store.members(id);
      return store.handworkOf([found!.learnerId!], [LAB]);
    });
    expect(hands).toMatchObject([{ handwork: { lines: 1, saves: 0 } }]);
    expect(hands[0]!.handwork!.characters).toBeGreaterThan(60);
  });

  test('a closed assignment takes nothing, and its learners still see what became of it', async () => {
    expect((await ask(ivo, 'POST', `${api}/assignments/${id}/close`)).status).toBe(200);
    expect(code(await submit(ken, id))).toEqual([409, 'assignment-closed']);
    expect(code(await ask(ivo, 'PUT', `${api}/assignments/${id}`, plan()))).toEqual([409, 'assignment-closed']);
    expect(code(await roster(id, 'name\nNew\n'))).toEqual([409, 'assignment-closed']);
    expect((await mine(ken))[0]).toMatchObject({ phase: 'closed', points: 50 });
  });
});

describe('what a server leaves', () => {
  test('a submission that was not graded is graded by the next one, at its own time', async () => {
    const id = await make(ivo, plan({}, { attempts: null }));
    await roster(id, 'name\nUma\n');
    const uma = await enter(await Client.learner(server.url), (await links(id)).Uma!);
    const terminal = await uma.terminal({ lab: LAB }).ready();
    const askedAt = new Date(Date.now() - 5000).toISOString();
    // As if the process had ended between noting it and grading it.
    await server.withStore(async (store) => {
      const [sandbox] = (await store.openSandboxes()).filter(({ lab }) => lab === LAB).slice(-1);
      const [found] = await store.members(id);
      const wanted = { cohortId: id, memberId: found!.id, lab: LAB, sandboxId: sandbox!.id, askedAt };
      const { was } = await store.reserveSubmission(wanted, null);
      expect(was).toBe('taken');
    });
    await terminal.leave();
    await server.restart('end');
    for (const client of [owner, ivo, ada]) Object.assign(client, { url: server.url });
    await expect
      .poll(async () => (await mine(uma))[0].grades[0].submissions, { timeout: 20_000 })
      .toMatchObject([{ state: 'graded', askedAt, points: 0 }]);
  });
});

describe('who may', () => {
  test('every route, as nobody, learner, another instructor, its own and the owner', async () => {
    const id = await make(ivo);
    await roster(id, 'name\nZoe\n');
    const [member] = (await book(id)).members;
    const seen: Record<string, string[]> = {};
    const routes = Object.keys(ASSIGNMENT_ACCESS).filter((route) => route.includes(':id'));
    // What ends it comes last.
    routes.sort((a, b) => Number(/close$|^DELETE/.test(a)) - Number(/close$|^DELETE/.test(b)));
    for (const route of routes) {
      const [method, path] = route.split(' ') as [string, string];
      const real = path.replace(':id', id).replace(':member', member.id).replace(/:\w+/g, NOBODYS);
      seen[route] = [];
      const learner = await Client.learner(server.url);
      for (const client of [new Client(server.url), learner, ada, ivo]) {
        const { status, json } = await ask(client, method, `${api}${real}`, method === 'GET' ? undefined : {});
        expect([route, status === 500]).toEqual([route, false]);
        const refused = json?.error?.code;
        seen[route].push(['sign-in-needed', 'no-such-assignment'].includes(refused) ? refused : 'in');
      }
    }
    const wanted = ['sign-in-needed', 'sign-in-needed', 'no-such-assignment', 'in'];
    expect(seen).toEqual(Object.fromEntries(routes.map((route) => [route, wanted])));
  });

  test('the owner of the machine may, and another instructor sees none in the list', async () => {
    const id = await make(ivo);
    expect((await book(id, owner)).id).toBe(id);
    const ids = (list: { assignments: { id: string }[] }) => list.assignments.map((one) => one.id);
    expect(ids((await ask(ada, 'GET', `${api}/assignments`)).json)).toEqual([]);
    expect(ids((await ask(ivo, 'GET', `${api}/assignments`)).json)).toContain(id);
  });

  test('a learner who guesses ids gets nothing of another', async () => {
    const [id, other] = [await make(ivo), await make(ada)];
    await roster(id, 'name\nSol\nTao\n');
    const tokens = await links(id);
    const sol = await enter(await Client.learner(server.url), tokens.Sol!);
    expect(code(await submit(sol, other))).toEqual([404, 'no-such-assignment']);
    expect(code(await submit(sol, id, 'read-only'))).toEqual([404, 'no-such-assignment']);
    expect(code(await submit(sol, 'nonsense'))).toEqual([404, 'no-such-assignment']);
    expect(code(await submit(await Client.learner(server.url), id))).toEqual([404, 'no-such-assignment']);
    for (const token of ['x'.repeat(43), '', tokens.Sol!.slice(1), 5])
      expect(code(await ask(sol, 'POST', '/api/assignments/enter', { token }))).toEqual([404, 'bad-personal-link']);
    // Ada's members and submissions are not reached through an assignment of Ivo's.
    await roster(other, 'name\nVal\n', ada);
    const [val] = (await book(other, ada)).members;
    const path = `${api}/assignments/${id}/members/${val.id}`;
    expect(code(await ask(ivo, 'POST', `${path}/link`))).toEqual([404, 'no-such-learner']);
    expect(code(await ask(ivo, 'DELETE', path))).toEqual([404, 'no-such-learner']);
    const given = { member: val.id, lab: LAB, submission: null, points: 5, reason: 'mine now' };
    expect(code(await ask(ivo, 'POST', `${api}/assignments/${id}/overrides`, given))).toEqual([404, 'no-such-learner']);
  });

  test('who was taken out is out, by link and code, and is back by the roster', async () => {
    const id = await make(ivo);
    await roster(id, 'name,id\nPia,1\n');
    const { Pia: token } = await links(id);
    const pia = await enter(await Client.learner(server.url), token!);
    const [member] = (await book(id)).members;
    await ask(ivo, 'DELETE', `${api}/assignments/${id}/members/${member.id}`);
    expect(await mine(pia)).toEqual([]);
    expect(code(await ask(pia, 'POST', '/api/assignments/enter', { token }))).toEqual([404, 'bad-personal-link']);
    const { joinCode } = await book(id);
    const body = { code: joinCode, name: 'Pia again', email: 'pia@example.org' };
    expect(code(await ask(pia, 'POST', '/api/assignments/sign-up', body))).toEqual([403, 'removed-from-assignment']);
    expect((await roster(id, 'name,id\nPia,1\n')).json).toMatchObject({ added: 1 });
    expect(await mine(pia)).toHaveLength(1);
  });

  test.each([
    [{ title: ' ' }, {}],
    [{ labs: [] }, {}],
    [{ labs: ['nothing-like-it'] }, {}],
    [{ labs: [LAB, LAB] }, {}],
    [{ dueAt: at(-2) }, {}],
    [{ dueAt: 'tomorrow' }, {}],
    [{}, { timeZone: 'Mars/Olympus' }],
    [{}, { attempts: 0 }],
    [{}, { counts: 'first' }],
    [{}, { late: { accepted: true, until: at(1), percentPerDay: 10, mostPercent: 50 } }],
    [{ more: 1 }, {}],
  ])('a plan that cannot be is refused: %j %j', async (changes, rules) => {
    expect(code(await ask(ivo, 'POST', `${api}/assignments`, { plan: plan(changes, rules), signUp: false }))).toEqual([
      400,
      'bad-assignment',
    ]);
  });
});
