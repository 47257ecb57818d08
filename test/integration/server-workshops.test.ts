/** Workshops over HTTP and WebSocket: who may what, joining, the line, locks, the matrix, watching, a restart, the end. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import type { MatrixRow, Place, PlaceFrame, Workshop, WorkshopFrame } from '../../src/protocol/workshops.ts';
import { inMinutes, makeInstructor, makeOwner, post } from '../helpers/instructors.ts';
import { Client, eventually, startTestServer, type TestServer, TestTerminal, until } from '../helpers/server.ts';

let server: TestServer;
let owner: Client;
let ivo: Client;
let una: Client;
const api = '/api/instructor';
const NOBODY = '00000000-0000-4000-8000-000000000000';
const cookieOf = (headers: Headers) => headers.get('set-cookie')!.split(';')[0]!;
const code = ({ status, json }: { status: number; json: { error?: { code: string } } }) => [status, json?.error?.code];

const plan = (changes: Record<string, unknown> = {}) => ({
  title: 'Rootless, by hand',
  language: 'en',
  startsAt: inMinutes(-1),
  endsAt: inMinutes(90),
  capacity: 2,
  asksEmail: false,
  labs: [
    { lab: 'read-only', locked: false },
    { lab: 'seccomp', locked: true },
  ],
  ...changes,
});
async function workshop(by: Client, changes: Record<string, unknown> = {}): Promise<Workshop> {
  const { status, json } = await post(by, `${api}/workshops`, plan(changes));
  expect(status).toBe(200);
  return json;
}

/** A socket that remembers its frames. */
class Ear<Frame> {
  readonly socket: WebSocket;
  readonly frames: Frame[] = [];
  readonly status: Promise<number>;

  constructor(client: Client, path: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(client.url.replace('http', 'ws') + path, {
      headers: { origin: client.url, cookie: client.cookie, ...headers },
    });
    this.socket.on('message', (data) => this.frames.push(JSON.parse(String(data))));
    this.socket.on('error', () => undefined);
    this.status = new Promise((resolve) => {
      this.socket.on('upgrade', () => resolve(101));
      this.socket.on('unexpected-response', (asked, response) => {
        resolve(response.statusCode ?? 0);
        asked.destroy();
      });
    });
  }
  close(): Promise<unknown> {
    const closed = new Promise((resolve) => this.socket.once('close', resolve));
    this.socket.close();
    return closed;
  }
}

/** The instructor's page: rows as they are now. */
class Board extends Ear<WorkshopFrame> {
  constructor(client: Client, id: string) {
    super(client, `/ws/workshop?id=${id}`);
  }
  get rows(): MatrixRow[] {
    const rows = new Map<string, MatrixRow>();
    for (const frame of this.frames) {
      if (frame.type !== 'rows') continue;
      for (const row of frame.rows) rows.set(row.id, row);
      for (const id of frame.gone) rows.delete(id);
    }
    return [...rows.values()];
  }
  row(name: string): MatrixRow | undefined {
    return this.rows.find((row) => row.name === name);
  }
  get workshop(): Workshop | undefined {
    return this.frames.findLast((frame) => frame.type === 'workshop')?.workshop;
  }
}

class Seat extends Ear<PlaceFrame> {
  constructor(client: Client) {
    super(client, '/ws/place');
  }
  get place(): Place | null | undefined {
    return this.frames.findLast((frame) => frame.type === 'place')?.place;
  }
}

async function join(joinCode: string, name: string): Promise<{ client: Client; link: string }> {
  const client = await Client.learner(server.url);
  const { status, json } = await post(client, '/api/join', { code: joinCode, name });
  expect([status, json.error]).toEqual([200, undefined]);
  return { client, link: json.link };
}

beforeAll(async () => {
  server = await startTestServer('workshops', { pool: 0, poolLimit: 1, sandboxLimit: 8 });
  owner = await makeOwner(server);
  ivo = await makeInstructor(server, owner, 'ivo');
  una = await makeInstructor(server, owner, 'una');
});
afterAll(() => server.dispose());

describe('who may', () => {
  const routes = (id: string, member: string): [string, string, unknown?][] => [
    ['GET', `/workshops/${id}`],
    ['PUT', `/workshops/${id}`, plan()],
    ['POST', `/workshops/${id}/start`],
    ['POST', `/workshops/${id}/lock`, { lab: 'seccomp', locked: true }],
    ['POST', `/workshops/${id}/message`, { member: null, text: 'hello' }],
    ['POST', `/workshops/${id}/extend`, { member }],
    ['POST', `/workshops/${id}/reset`, { member, lab: 'read-only' }],
    ['POST', `/workshops/${id}/help`, { member, lab: 'read-only', hint: null }],
    ['POST', `/workshops/${id}/share`, { member, lab: 'read-only', terminal: '1' }],
    ['POST', `/workshops/${id}/members/${member}/hand`],
    ['POST', `/workshops/${id}/members/${member}/link`],
    ['GET', `/workshops/${id}/members/${member}/labs/read-only`],
    ['GET', `/workshops/${id}/export?format=csv`],
    ['DELETE', `/workshops/${id}/members/${member}`],
    ['POST', `/workshops/${id}/end`],
  ];

  test('another’s workshop is not there, by no route and no socket', async () => {
    const { id, joinCode } = await workshop(ivo);
    const { client: lea } = await join(joinCode, 'Lea');
    const board = new Board(ivo, id);
    await eventually(() => board.row('Lea')?.status).toBe('in');
    const { id: member } = board.row('Lea')!;
    for (const [method, path, body] of routes(id, member)) {
      const text = method === 'GET' ? undefined : JSON.stringify(body ?? {});
      expect([path, ...code(await una.ask(method, api + path, {}, text))]).toEqual([path, 404, 'no-such-workshop']);
      for (const client of [lea, new Client(server.url)])
        expect([path, ...code(await client.ask(method, api + path, {}, text))]).toEqual([path, 401, 'sign-in-needed']);
    }
    const watch = `/ws/watch?id=${id}&member=${member}&lab=read-only&terminal=1&client=abcdefgh`;
    for (const path of [`/ws/workshop?id=${id}`, watch]) {
      expect(await new Ear(una, path).status).toBe(404);
      expect(await new Ear(lea, path).status).toBe(401);
      expect(await new Ear(new Client(server.url), path).status).toBe(401);
      expect(await new Ear(ivo, path, { origin: 'http://evil.example' }).status).toBe(403);
      expect(await new Ear(ivo, path.replace(id, NOBODY)).status).toBe(404);
      expect(await new Ear(ivo, path.replace(id, 'x')).status).toBe(404);
    }
    expect(await new Ear(ivo, watch.replace(member, NOBODY)).status).toBe(404);
    expect(await new Ear(ivo, watch.replace('read-only', 'capabilities')).status).toBe(404);
    expect(await new Ear(ivo, watch.replace('terminal=1', 'terminal=../x')).status).toBe(400);
    // An account is no learner, and has no place.
    expect(await new Ear(ivo, '/ws/place').status).toBe(401);
    // It lists nobody else's, but for the owner.
    const titles = async (client: Client) => (await client.ask('GET', `${api}/workshops`)).json.workshops.length;
    expect([await titles(ivo), await titles(una), await titles(owner)]).toEqual([1, 0, 1]);
    // A member of one workshop is none of another of the same instructor.
    const other = await workshop(ivo);
    for (const [method, path, body] of routes(other.id, member).filter(([, path]) => path.includes('/members/')))
      expect(
        code(await ivo.ask(method, api + path, {}, method === 'GET' ? undefined : JSON.stringify(body ?? {}))),
      ).toEqual([404, 'no-such-member']);
    await post(ivo, `${api}/workshops/${other.id}/end`);
    for (const [method, path, body] of routes(id, member)) {
      const { status } = await ivo.ask(
        method,
        api + path,
        {},
        method === 'GET' ? undefined : JSON.stringify(body ?? {}),
      );
      expect([path, status < 500]).toEqual([path, true]);
    }
    await board.close();
  });

  test('plans that cannot be', async () => {
    for (const [changes, why] of [
      [{ labs: [] }, 'bad-plan'],
      [{ labs: [{ lab: 'no-such-lab', locked: false }] }, 'bad-plan'],
      [{ labs: Array(2).fill({ lab: 'seccomp', locked: false }) }, 'bad-plan'],
      [{ endsAt: inMinutes(-2) }, 'bad-plan'],
      [{ title: ' ' }, 'bad-plan'],
      [{ startsAt: 'tomorrow' }, 'bad-plan'],
      [{ more: 1 }, 'bad-plan'],
      [{ capacity: 9 }, 'too-many-places'],
    ] as const)
      expect((await post(ivo, `${api}/workshops`, plan(changes))).json.error.code).toBe(why);
  });
});

describe('joining', () => {
  test('by code and name; codes as people type them; unknown, over, and a name that is none', async () => {
    const { id, joinCode } = await workshop(ivo, { asksEmail: true });
    const lea = await Client.learner(server.url);
    const typed = ` ${joinCode.slice(0, 4).toLowerCase()}-${joinCode.slice(4)} `;
    expect((await post(lea, '/api/join/look', { code: typed })).json).toMatchObject({ asksEmail: true, name: null });
    const tried = async (body: unknown) => (await post(lea, '/api/join', body)).json.error?.code;
    expect(await tried({ code: 'ABCD-EFGH', name: 'Lea' })).toBe('bad-code');
    expect(await tried({ code: typed, name: '' })).toBe('bad-name');
    expect(await tried({ code: typed, name: 'Lea' })).toBe('email-needed');
    expect(await tried({ code: typed, name: 'Lea', email: 'nowhere' })).toBe('email-needed');
    expect(await tried({ code: typed, name: 'Lea', email: 'Lea@Example.org' })).toBeUndefined();
    // Once more: the same place.
    expect((await post(lea, '/api/join', { code: typed, name: 'Eve', email: 'e@e.org' })).json.link).toBeNull();
    expect((await post(lea, '/api/join/look', { code: typed })).json.name).toBe('Lea');
    await post(ivo, `${api}/workshops/${id}/end`);
    expect(await tried({ code: typed, name: 'Late', email: 'l@l.org' })).toBe('bad-code');
  });

  test('a line when it is full; the first in line gets the place that becomes free', async () => {
    const { id, joinCode } = await workshop(ivo, { capacity: 1 });
    const [a, b, c] = [await join(joinCode, 'A'), await join(joinCode, 'B'), await join(joinCode, 'C')];
    const seats = [a, b, c].map(({ client }) => new Seat(client));
    await eventually(() => seats.map(({ place }) => place?.ahead)).toEqual([null, 0, 1]);
    // Who waits opens no lab of the workshop.
    const early = b.client.terminal();
    await early.closed;
    expect(early.frame('error')?.code).toBe('lab-locked');
    const board = new Board(ivo, id);
    await eventually(() => board.row('A')?.status).toBe('in');
    await ivo.ask('DELETE', `${api}/workshops/${id}/members/${board.row('A')!.id}`, {}, '{}');
    await eventually(() => seats.map(({ place }) => place?.ahead)).toEqual([undefined, null, 0]);
    expect(code(await post(a.client, '/api/join', { code: joinCode, name: 'A again' }))).toEqual([403, 'taken-out']);
    await post(b.client, '/api/workshop/leave');
    await eventually(() => seats[2]!.place?.ahead).toBeNull();
    // Who left by themselves may come again, at the end of the line.
    expect((await post(b.client, '/api/join', { code: joinCode, name: 'B' })).status).toBe(200);
    // More places.
    expect(
      (await ivo.ask('PUT', `${api}/workshops/${id}`, {}, JSON.stringify(plan({ capacity: 4 })))).json,
    ).toMatchObject({ present: 2 });
    await eventually(() => board.row('B')?.status).toBe('in');
    await post(ivo, `${api}/workshops/${id}/end`);
    await Promise.all([...seats, board].map((ear) => ear.close()));
  });

  test('many at once for the last place: one gets it', async () => {
    const { id, joinCode } = await workshop(ivo, { capacity: 1 });
    const learners = await Promise.all(Array.from({ length: 8 }, () => Client.learner(server.url)));
    await Promise.all(learners.map((client, at) => post(client, '/api/join', { code: joinCode, name: `N${at}` })));
    expect((await ivo.ask('GET', `${api}/workshops/${id}`)).json).toMatchObject({ present: 1, waiting: 7 });
    await post(ivo, `${api}/workshops/${id}/end`);
  });

  test('the personal link is the same learner on another device, once renewed only the new one', async () => {
    const { id, joinCode } = await workshop(ivo);
    const { client, link } = await join(joinCode, 'Mika');
    const back = async (token: string) => post(await Client.learner(server.url), '/api/join/back', { link: token });
    const { status, headers } = await back(link);
    expect(status).toBe(200);
    const phone = new Client(server.url, cookieOf(headers));
    expect((await phone.ask('GET', '/api/workshop')).json.place.name).toBe('Mika');
    const { json } = await post(phone, '/api/workshop/link');
    expect(code(await back(link))).toEqual([404, 'bad-member-link']);
    expect((await back(json.link)).status).toBe(200);
    expect(code(await back('a'.repeat(43)))).toEqual([404, 'bad-member-link']);
    // Another person at the same browser is somebody else.
    const other = await post(client, '/api/join', { code: joinCode, name: 'Noa', fresh: true });
    const noa = new Client(server.url, cookieOf(other.headers));
    expect((await noa.ask('GET', '/api/workshop')).json.place.name).toBe('Noa');
    expect((await client.ask('GET', '/api/workshop')).json.place.name).toBe('Mika');
    await post(ivo, `${api}/workshops/${id}/end`);
  });
});

describe('a workshop from its start to its end', () => {
  let made: Workshop;
  let lea: Client;
  let ken: Client;
  let board: Board;
  let seat: Seat;
  let terminal: TestTerminal;
  const at = (path: string) => `${api}/workshops/${made.id}${path}`;
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
    made = await workshop(ivo, { startsAt: inMinutes(5), capacity: 3 });
    [lea, ken] = [(await join(made.joinCode, 'Lea')).client, (await join(made.joinCode, 'Ken')).client];
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
    expect(code(await post(ivo, at('/lock'), { lab: 'capabilities', locked: true }))).toEqual([404, 'no-such-lab']);
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
    expect(code(await post(lea, '/api/workshop/share', { id, allow: true }))).toEqual([409, 'no-share']);
    await post(ivo, at('/share'), { member: member('Lea'), lab: 'read-only', terminal: '1' });
    await eventually(() => seat.place?.watchers[0]?.typing).toBe('asked');
    expect(code(await post(ken, '/api/workshop/share', { id, allow: true }))).toEqual([409, 'no-share']);
    eye.type('echo still-not\r');
    await post(lea, '/api/workshop/share', { id, allow: true });
    await eventually(() => board.frames.some((frame) => frame.type === 'share' && frame.state === 'allowed')).toBe(
      true,
    );
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
    expect(code(late)).toEqual([409, 'no-share']);
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
    const ava = await join(made.joinCode, '=HYPERLINK("evil")');
    const csv = await ivo.ask('GET', at('/export?format=csv'));
    expect(csv.headers.get('content-disposition')).toMatch(/^attachment; filename="workshop-[0-9a-f]{8}\.csv"$/);
    expect(csv.text).toContain("'=HYPERLINK");
    const { json } = await ivo.ask('GET', at('/export?format=json'));
    expect(json.learners.map(({ name }: { name: string }) => name).sort()).toEqual([
      '=HYPERLINK("evil")',
      'Ken',
      'Lea',
    ]);
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
    expect(code(await post(await Client.learner(server.url), '/api/join', { code: made.joinCode, name: 'X' }))).toEqual(
      [404, 'bad-code'],
    );
    expect(code(await post(ivo, at('/message'), { member: null, text: 'hello?' }))).toEqual([409, 'workshop-over']);
    expect((await ivo.ask('GET', at('/export'))).json.learners).toHaveLength(2);
    // The lab is everyone's again.
    await (await ken.terminal({ lab: 'seccomp' }).ready()).leave();
    await Promise.all([board.close(), seat.close()]);
  });
});
