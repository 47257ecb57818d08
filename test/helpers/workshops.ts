/** Workshops for tests: a plan, learners who join, and the sockets of both sides, which remember what they heard. */
import { expect } from 'vitest';
import WebSocket from 'ws';
import type { MatrixRow, Place, PlaceFrame, Workshop, WorkshopFrame } from '../../src/protocol/workshops.ts';
import { inMinutes, post } from './instructors.ts';
import { Client } from './server.ts';

export const API = '/api/instructor';
export const cookieOf = (headers: Headers): string => headers.get('set-cookie')!.split(';')[0]!;
export const codeOf = ({ status, json }: { status: number; json: { error?: { code: string } } }) => [
  status,
  json?.error?.code,
];

export const workshopPlan = (changes: Record<string, unknown> = {}) => ({
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
export async function makeWorkshop(by: Client, changes: Record<string, unknown> = {}): Promise<Workshop> {
  const { status, json } = await post(by, `${API}/workshops`, workshopPlan(changes));
  expect(status).toBe(200);
  return json;
}

/** A socket that remembers its frames. */
export class Ear<Frame> {
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
export class Board extends Ear<WorkshopFrame> {
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

export class Seat extends Ear<PlaceFrame> {
  constructor(client: Client) {
    super(client, '/ws/place');
  }
  get place(): Place | null | undefined {
    return this.frames.findLast((frame) => frame.type === 'place')?.place;
  }
}

export async function joinWorkshop(
  url: string,
  joinCode: string,
  name: string,
): Promise<{ client: Client; link: string }> {
  const client = await Client.learner(url);
  const { status, json } = await post(client, '/api/join', { code: joinCode, name });
  expect([status, json.error]).toEqual([200, undefined]);
  return { client, link: json.link };
}
