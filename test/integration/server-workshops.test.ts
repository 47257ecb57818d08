/** Workshops over HTTP and WebSocket: who may what, and how learners come in. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inMinutes, makeInstructor, makeOwner, post } from '../helpers/instructors.ts';
import { Client, eventually, startTestServer, type TestServer } from '../helpers/server.ts';
import {
  API,
  Board,
  codeOf,
  cookieOf,
  Ear,
  joinWorkshop,
  makeWorkshop,
  Seat,
  workshopPlan,
} from '../helpers/workshops.ts';

let server: TestServer;
let owner: Client;
let ivo: Client;
let una: Client;
const NOBODY = '00000000-0000-4000-8000-000000000000';

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
    ['PUT', `/workshops/${id}`, workshopPlan()],
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
    const { id, joinCode } = await makeWorkshop(ivo);
    const { client: lea } = await joinWorkshop(server.url, joinCode, 'Lea');
    const board = new Board(ivo, id);
    await eventually(() => board.row('Lea')?.status).toBe('in');
    const { id: member } = board.row('Lea')!;
    for (const [method, path, body] of routes(id, member)) {
      const text = method === 'GET' ? undefined : JSON.stringify(body ?? {});
      expect([path, ...codeOf(await una.ask(method, API + path, {}, text))]).toEqual([path, 404, 'no-such-workshop']);
      for (const client of [lea, new Client(server.url)])
        expect([path, ...codeOf(await client.ask(method, API + path, {}, text))]).toEqual([
          path,
          401,
          'sign-in-needed',
        ]);
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
    const titles = async (client: Client) => (await client.ask('GET', `${API}/workshops`)).json.workshops.length;
    expect([await titles(ivo), await titles(una), await titles(owner)]).toEqual([1, 0, 1]);
    // A member of one workshop is none of another of the same instructor.
    const other = await makeWorkshop(ivo);
    for (const [method, path, body] of routes(other.id, member).filter(([, path]) => path.includes('/members/')))
      expect(
        codeOf(await ivo.ask(method, API + path, {}, method === 'GET' ? undefined : JSON.stringify(body ?? {}))),
      ).toEqual([404, 'no-such-member']);
    await post(ivo, `${API}/workshops/${other.id}/end`);
    for (const [method, path, body] of routes(id, member)) {
      const { status } = await ivo.ask(
        method,
        API + path,
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
      expect((await post(ivo, `${API}/workshops`, workshopPlan(changes))).json.error.code).toBe(why);
  });
});

describe('joining', () => {
  test('by code and name; codes as people type them; unknown, over, and a name that is none', async () => {
    const { id, joinCode } = await makeWorkshop(ivo, { asksEmail: true });
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
    await post(ivo, `${API}/workshops/${id}/end`);
    expect(await tried({ code: typed, name: 'Late', email: 'l@l.org' })).toBe('bad-code');
  });

  test('a line when it is full; the first in line gets the place that becomes free', async () => {
    const { id, joinCode } = await makeWorkshop(ivo, { capacity: 1 });
    const [a, b, c] = [
      await joinWorkshop(server.url, joinCode, 'A'),
      await joinWorkshop(server.url, joinCode, 'B'),
      await joinWorkshop(server.url, joinCode, 'C'),
    ];
    const seats = [a, b, c].map(({ client }) => new Seat(client));
    await eventually(() => seats.map(({ place }) => place?.ahead)).toEqual([null, 0, 1]);
    // Who waits opens no lab of the workshop.
    const early = b.client.terminal();
    await early.closed;
    expect(early.frame('error')?.code).toBe('lab-locked');
    const board = new Board(ivo, id);
    await eventually(() => board.row('A')?.status).toBe('in');
    await ivo.ask('DELETE', `${API}/workshops/${id}/members/${board.row('A')!.id}`, {}, '{}');
    await eventually(() => seats.map(({ place }) => place?.ahead)).toEqual([undefined, null, 0]);
    expect(codeOf(await post(a.client, '/api/join', { code: joinCode, name: 'A again' }))).toEqual([403, 'taken-out']);
    await post(b.client, '/api/workshop/leave');
    await eventually(() => seats[2]!.place?.ahead).toBeNull();
    // Who left by themselves may come again, at the end of the line.
    expect((await post(b.client, '/api/join', { code: joinCode, name: 'B' })).status).toBe(200);
    // More places.
    expect(
      (await ivo.ask('PUT', `${API}/workshops/${id}`, {}, JSON.stringify(workshopPlan({ capacity: 4 })))).json,
    ).toMatchObject({ present: 2 });
    await eventually(() => board.row('B')?.status).toBe('in');
    await post(ivo, `${API}/workshops/${id}/end`);
    await Promise.all([...seats, board].map((ear) => ear.close()));
  });

  test('many at once for the last place: one gets it', async () => {
    const { id, joinCode } = await makeWorkshop(ivo, { capacity: 1 });
    const learners = await Promise.all(Array.from({ length: 8 }, () => Client.learner(server.url)));
    await Promise.all(learners.map((client, at) => post(client, '/api/join', { code: joinCode, name: `N${at}` })));
    expect((await ivo.ask('GET', `${API}/workshops/${id}`)).json).toMatchObject({ present: 1, waiting: 7 });
    await post(ivo, `${API}/workshops/${id}/end`);
  });

  test('the personal link is the same learner on another device, once renewed only the new one', async () => {
    const { id, joinCode } = await makeWorkshop(ivo);
    const { client, link } = await joinWorkshop(server.url, joinCode, 'Mika');
    const back = async (token: string) => post(await Client.learner(server.url), '/api/join/back', { link: token });
    const { status, headers } = await back(link);
    expect(status).toBe(200);
    const phone = new Client(server.url, cookieOf(headers));
    expect((await phone.ask('GET', '/api/workshop')).json.place.name).toBe('Mika');
    const { json } = await post(phone, '/api/workshop/link');
    expect(codeOf(await back(link))).toEqual([404, 'bad-member-link']);
    expect((await back(json.link)).status).toBe(200);
    expect(codeOf(await back('a'.repeat(43)))).toEqual([404, 'bad-member-link']);
    // Another person at the same browser is somebody else.
    const other = await post(client, '/api/join', { code: joinCode, name: 'Noa', fresh: true });
    const noa = new Client(server.url, cookieOf(other.headers));
    expect((await noa.ask('GET', '/api/workshop')).json.place.name).toBe('Noa');
    expect((await client.ask('GET', '/api/workshop')).json.place.name).toBe('Mika');
    await post(ivo, `${API}/workshops/${id}/end`);
  });
});
