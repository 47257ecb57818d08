/** One workshop from its plan to its end: locks, the matrix, help, watching by consent, a restart, results. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import WebSocket from 'ws';
import type { Workshop } from '../../src/protocol/workshops.ts';
import { inMinutes, makeInstructor, makeOwner, post } from '../helpers/instructors.ts';
import { Client, eventually, startTestServer, type TestServer, TestTerminal, until } from '../helpers/server.ts';
import { API, Board, codeOf, joinWorkshop, makeWorkshop, Seat } from '../helpers/workshops.ts';

let server: TestServer;
let ivo: Client;
beforeAll(async () => {
  server = await startTestServer('workshop-live', { pool: 0, poolLimit: 1, sandboxLimit: 8 });
  ivo = await makeInstructor(server, await makeOwner(server), 'ivo');
});
afterAll(() => server.dispose());

let made: Workshop;
let lea: Client;
let ken: Client;
let board: Board;
let seat: Seat;
let terminal: TestTerminal;
const at = (path: string) => `${API}/workshops/${made.id}${path}`;
const member = (name: string) => board.row(name)!.id;
const watch = (client = ivo, query: Record<string, string> = {}) => {
  const words = {
    id: made.id,
    member: member('Lea'),
    lab: 'read-only',
    terminal: '1',
    client: 'instructor-1',
    ...query,
  };
  const address = `${server.url.replace('http', 'ws')}/ws/watch?${new URLSearchParams(words)}`;
  return new TestTerminal(new WebSocket(address, { headers: { origin: server.url, cookie: client.cookie } }));
};

test('it is planned: labs are shut until it begins, and sandboxes are warm by then', async () => {
  made = await makeWorkshop(ivo, { startsAt: inMinutes(5), capacity: 3 });
  [lea, ken] = [
    (await joinWorkshop(server.url, made.joinCode, 'Lea')).client,
    (await joinWorkshop(server.url, made.joinCode, 'Ken')).client,
  ];
  board = new Board(ivo, made.id);
  seat = new Seat(lea);
  await eventually(() => seat.place?.state).toBe('planned');
  const shut = lea.terminal();
  await shut.closed;
  expect(shut.frame('error')?.code).toBe('lab-locked');
  await until(
    () => server.withSandboxes(async (sandboxes) => sandboxes.length),
    (running) => running === 3,
  );
  expect((await post(ivo, at('/start'))).json.state).toBe('running');
  await eventually(() => seat.place?.state).toBe('running');
});

test('the matrix follows: terminal open, task checked, hand raised; what fails is told with evidence', async () => {
  terminal = await lea.terminal().ready();
  await terminal.run('true');
  await eventually(() => board.row('Lea')?.rooms).toMatchObject([{ lab: 'read-only', terminals: ['1'] }]);
  expect(board.row('Lea')?.now?.lab).toBe('read-only');
  await lea.ask('POST', '/api/labs/read-only/check');
  await eventually(() => board.row('Lea')?.labs[0]?.attempts).toBe(1);
  expect(board.row('Lea')?.labs[0]).toMatchObject({ lab: 'read-only', score: 0 });
  const troubles = () => board.frames.findLast((frame) => frame.type === 'troubles')?.troubles ?? [];
  await eventually(() => troubles()[0]?.failing).toBe(1);
  expect(troubles()[0]?.evidence[0]?.learners).toEqual(['Lea']);
  await post(lea, '/api/workshop/hand', { raised: true });
  await eventually(() => board.row('Lea')?.handAt).toEqual(expect.any(String));
  await post(ivo, at(`/members/${member('Lea')}/hand`));
  await eventually(() => seat.place?.handAt).toBeNull();
  const { json } = await ivo.ask('GET', at(`/members/${member('Lea')}/labs/read-only`));
  expect(json.attempt.checks.length).toBeGreaterThan(2);
  expect((await ivo.ask('GET', at(`/members/${member('Ken')}/labs/read-only`))).json.attempt).toBeNull();
});

test('a locked lab stays shut until it is unlocked, for this workshop only', async () => {
  const shut = ken.terminal({ lab: 'seccomp' });
  await shut.closed;
  expect(shut.frame('error')?.code).toBe('lab-locked');
  expect((await ken.ask('POST', '/api/labs/seccomp/reset')).json.error.code).toBe('lab-locked');
  await post(ivo, at('/lock'), { lab: 'seccomp', locked: false });
  await eventually(() => seat.place?.labs[1]?.locked).toBe(false);
  const open = await ken.terminal({ lab: 'seccomp' }).ready();
  await open.leave();
  expect(codeOf(await post(ivo, at('/lock'), { lab: 'capabilities', locked: true }))).toEqual([404, 'no-such-lab']);
});

test('messages to one and to all, hints and the solution opened, more time, a reset', async () => {
  const other = new Seat(ken);
  await post(ivo, at('/message'), { member: null, text: 'Break at ten <b>' });
  await post(ivo, at('/message'), { member: member('Lea'), text: 'Well done' });
  await eventually(() => seat.place?.messages.map(({ text }) => text)).toEqual(['Break at ten <b>', 'Well done']);
  await eventually(() => other.place?.messages.length).toBe(1);
  expect((await post(ivo, at('/message'), { member: null, text: 'x'.repeat(501) })).status).toBe(400);
  const state = async (client: Client) => (await client.ask('GET', '/api/labs/read-only')).json;
  const [task, { steps }] = Object.entries((await state(ken)).hints)[0] as [
    string,
    { steps: { text: string | null }[] },
  ];
  expect(steps[0]?.text).toBeNull();
  await post(ivo, at('/help'), { member: member('Lea'), lab: 'read-only', hint: { task, step: 1 } });
  expect((await state(lea)).hints[task].steps[0]).toEqual({ cost: 0, text: expect.any(String) });
  expect((await state(ken)).hints[task].steps[0].text).toBeNull();
  expect((await ken.ask('GET', '/api/labs/read-only/solution')).status).toBe(403);
  await post(ivo, at('/help'), { member: null, lab: 'read-only', hint: null });
  await eventually(() => other.frames.some((frame) => frame.type === 'help')).toBe(true);
  expect((await ken.ask('GET', '/api/labs/read-only/solution')).status).toBe(200);
  const before = (await state(lea)).sandbox.expiresAt;
  expect((await post(ivo, at('/extend'), { member: member('Lea') })).json.done).toBe(1);
  expect((await state(lea)).sandbox.expiresAt > before).toBe(true);
  await terminal.run('touch marker');
  await post(ivo, at('/reset'), { member: member('Lea'), lab: 'read-only' });
  expect(await terminal.closed).toBe(4006);
  await eventually(() => seat.frames.some((frame) => frame.type === 'reset')).toBe(true);
  terminal = await lea.terminal().ready();
  expect(await terminal.run('ls marker')).toContain('No such file');
  await other.close();
});

test('an instructor looks on, plainly shown; types only once the learner has said yes, and no longer than that', async () => {
  const eye = await watch().ready();
  await eventually(() => seat.place?.watchers).toMatchObject([{ name: 'ivo', typing: 'no', terminal: '1' }]);
  await terminal.run('echo seen-by-both');
  await eye.shows('seen-by-both');
  eye.type('echo not-allowed\r');
  await eventually(() => eye.frames.some((frame) => frame.type === 'accepted' && frame.sequence === 1)).toBe(true);
  eye.send({ type: 'resize', columns: 200, rows: 50 });
  expect(await terminal.run('stty size')).toContain('24 80');
  // A yes to what nobody asked, and one by somebody else, are nothing.
  const { id } = seat.place!.watchers[0]!;
  expect(codeOf(await post(lea, '/api/workshop/share', { id, allow: true }))).toEqual([409, 'no-share']);
  await post(ivo, at('/share'), { member: member('Lea'), lab: 'read-only', terminal: '1' });
  await eventually(() => seat.place?.watchers[0]?.typing).toBe('asked');
  expect(codeOf(await post(ken, '/api/workshop/share', { id, allow: true }))).toEqual([409, 'no-share']);
  eye.type('echo still-not\r');
  await post(lea, '/api/workshop/share', { id, allow: true });
  await eventually(() => board.frames.some((frame) => frame.type === 'share' && frame.state === 'allowed')).toBe(true);
  eye.type('echo help-from-$USER-ivo\r');
  await terminal.shows(/help-from-\w+-ivo/);
  await post(lea, '/api/workshop/share', { id, allow: false });
  eye.type('echo after-the-end\r');
  await eventually(() => eye.frames.some((frame) => frame.type === 'accepted' && frame.sequence === 4)).toBe(true);
  expect(await terminal.run('true')).not.toContain('after');
  expect(terminal.text).not.toMatch(/not-allowed|still-not|after-the-end/);
  // One who asks without looking on asks nobody.
  await eye.leave();
  await eventually(() => seat.place?.watchers).toEqual([]);
  const late = await post(ivo, at('/share'), { member: member('Lea'), lab: 'read-only', terminal: '1' });
  expect(codeOf(late)).toEqual([409, 'no-share']);
  const nowhere = watch(ivo, { terminal: '7' });
  await nowhere.closed;
  expect(nowhere.frame('error')?.code).toBe('no-terminal');
});

test('an onlooker that reads nothing does not hold the learner up, and then sees the screen as it is', async () => {
  const eye = await watch(ivo, { client: 'instructor-2' }).ready();
  const from = eye.text.length;
  await lea.ask('GET', '/api/progress');
  const acknowledge = setInterval(() => terminal.send({ type: 'acknowledge', bytes: 1_000_000 }), 50);
  await terminal.run('head -c 3000000 /dev/zero | tr "\\0" x; echo; echo flood-is-over', 30_000);
  clearInterval(acknowledge);
  const got = eye.text.length - from;
  expect(got).toBeLessThan(1_000_000);
  eye.send({ type: 'acknowledge', bytes: got });
  await eventually(() => eye.frames.filter((frame) => frame.type === 'ready').length).toBe(2);
  const second = eye.frames.findLast((frame) => frame.type === 'ready');
  expect(second?.screen).toContain('flood-is-over');
  eye.send('{"type":"kill"}');
  expect(await eye.closed).toBe(4004);
  expect(await terminal.run('echo fine')).toContain('fine');
});

test('a restart in the midst: places, line, locks, hands, messages and the matrix are as they were', async () => {
  await post(ken, '/api/workshop/hand', { raised: true });
  const rows = () => board.rows.map(({ name, labs, handAt, status }) => ({ name, labs, hand: handAt, status }));
  await eventually(() => board.row('Ken')?.handAt).toEqual(expect.any(String));
  const before = rows();
  await server.restart('end');
  board = new Board(ivo, made.id);
  seat = new Seat(lea);
  await eventually(() => board.rows.length).toBe(2);
  expect(rows()).toEqual(before);
  expect(board.workshop).toMatchObject({ state: 'running', labs: [{ locked: false }, { locked: false }] });
  await eventually(() => seat.place?.messages.length).toBe(2);
  terminal = await lea.terminal().ready();
  await terminal.run('true');
  expect((await ivo.ask('GET', at(''))).json).toMatchObject({ present: 2, title: 'Rootless, by hand' });
});

test('results to take away: formulas escaped, a line each, points by task', async () => {
  const ava = await joinWorkshop(server.url, made.joinCode, '=HYPERLINK("evil")');
  const csv = await ivo.ask('GET', at('/export?format=csv'));
  expect(csv.headers.get('content-disposition')).toMatch(/^attachment; filename="workshop-[0-9a-f]{8}\.csv"$/);
  expect(csv.text).toContain("'=HYPERLINK");
  const { json } = await ivo.ask('GET', at('/export?format=json'));
  expect(json.learners.map(({ name }: { name: string }) => name).sort()).toEqual(['=HYPERLINK("evil")', 'Ken', 'Lea']);
  const lab = json.learners.find(({ name }: { name: string }) => name === 'Lea').labs[0];
  expect(lab).toMatchObject({ lab: 'read-only', score: 0, attempts: 1, passedAt: null });
  expect(lab.tasks.reduce((sum: number, { of }: { of: number }) => sum + of, 0)).toBe(100);
  await post(ava.client, '/api/workshop/leave');
});

test('the end: rooms closed and removed, nobody joins any more, the results stay', async () => {
  await post(ivo, at('/end'));
  expect(await terminal.closed).toBe(4001);
  await eventually(() => seat.place).toBeNull();
  await until(
    () => server.withSandboxes(async (sandboxes) => sandboxes.length),
    (running) => running <= 1,
  );
  expect(codeOf(await post(await Client.learner(server.url), '/api/join', { code: made.joinCode, name: 'X' }))).toEqual(
    [404, 'bad-code'],
  );
  expect(codeOf(await post(ivo, at('/message'), { member: null, text: 'hello?' }))).toEqual([409, 'workshop-over']);
  expect((await ivo.ask('GET', at('/export'))).json.learners).toHaveLength(2);
  // The lab is everyone's again.
  await (await ken.terminal({ lab: 'seccomp' }).ready()).leave();
  await Promise.all([board.close(), seat.close()]);
});
