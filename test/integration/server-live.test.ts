/** What the page hears by itself: gradings nobody asked for, time, the sandbox's beginning and end. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { type LiveFrame, liveFrameSchema } from '../../src/protocol/live.ts';
import { Client, eventually, startTestServer, type TestServer } from '../helpers/server.ts';

let server: TestServer;
let ann: Client;

beforeAll(async () => {
  server = await startTestServer('live', { extensionMinutes: 60, longestMinutes: 270 });
  ann = await Client.learner(server.url);
});
afterAll(() => server.dispose());

class Ear {
  readonly socket: WebSocket;
  readonly frames: LiveFrame[] = [];
  readonly said: string[] = [];
  readonly closed: Promise<number>;
  readonly status: Promise<number>;

  constructor(client: Client, lab = 'read-only', headers: Record<string, string> = {}) {
    this.socket = new WebSocket(`${client.url.replace('http', 'ws')}/ws/lab?lab=${lab}&language=en`, {
      headers: { origin: client.url, cookie: client.cookie, ...headers },
    });
    this.socket.on('message', (data: Buffer) => {
      const text = data.toString('utf8');
      if (text === 'pong') this.said.push(text);
      else this.frames.push(liveFrameSchema.parse(JSON.parse(text)));
    });
    this.socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => this.socket.on('close', resolve));
    this.status = new Promise((resolve) => {
      this.socket.on('upgrade', () => resolve(101));
      this.socket.on('unexpected-response', (asked, response) => {
        resolve(response.statusCode ?? 0);
        asked.destroy();
      });
    });
  }

  get attempts() {
    return this.frames.flatMap((frame) => (frame.type === 'attempt' && frame.attempt ? [frame.attempt] : []));
  }
  passed(check: string): boolean {
    return this.attempts.at(-1)?.checks.find(({ id }) => id === check)?.status === 'passed';
  }
  async leave(): Promise<void> {
    this.socket.close();
    await this.closed;
  }
}

const serve = (options: string) =>
  `podman rm -f -t 0 web 2>/dev/null; podman run -d --name web ${options} -p "$TORIDE_PORT:80" -v ~/lab/site:/usr/share/nginx/html:ro localhost/nginx`;

describe('gradings nobody asked for', () => {
  test('what is done shows by itself, what is undone too, and both are stored; nothing is where nothing changes', async () => {
    const ear = new Ear(ann);
    const terminal = await ann.terminal().ready();
    await eventually(() => ear.frames.map(({ type }) => type)).toContain('sandbox');
    await terminal.run('echo hello; ls -la /');
    await sleep(2500);
    expect(ear.attempts).toEqual([]);
    await terminal.run(`echo "$TORIDE_TOKEN" > lab/site/index.html; ${serve('')}`, 40_000);
    await eventually(() => ear.passed('service.answers')).toBe(true);
    expect(ear.attempts.at(-1)).toMatchObject({ trigger: 'automatic', status: 'failed', lab: 'read-only' });
    const heard = ear.attempts.length;
    await sleep(3000);
    expect(ear.attempts.length).toBe(heard);
    const { labs } = (await ann.ask('GET', '/api/progress')).json;
    expect(labs[0]).toMatchObject({ lab: 'read-only', best: ear.attempts.at(-1)!.score });
    await terminal.run('podman kill web', 20_000);
    await eventually(() => ear.passed('service.answers')).toBe(false);
    await server.withStore(async (store) => {
      const learner = await store.findLearner(ann.cookie.split('=')[1]!);
      const stored = await store.latestAttempt(learner!.id, 'read-only');
      expect(stored).toMatchObject({ id: ear.attempts.at(-1)!.id, trigger: 'automatic' });
    });
    await Promise.all([ear.leave(), terminal.leave()]);
  });

  test('a second window hears of a check that was asked for in the first, and who comes later how things stand', async () => {
    const ear = new Ear(ann);
    const terminal = await ann.terminal().ready();
    await eventually(() => ear.frames.length).toBeGreaterThanOrEqual(2);
    const { json } = await ann.ask('POST', '/api/labs/read-only/check?language=en');
    await eventually(() => ear.attempts.at(-1)?.id).toBe(json.id);
    expect(ear.attempts.at(-1)).toEqual(json);
    const late = new Ear(ann);
    await eventually(() => late.attempts.at(-1)?.id).toBe(json.id);
    await Promise.all([ear.leave(), late.leave(), terminal.leave()]);
  });

  test('a loop that starts and ends containers is not graded over and over', async () => {
    const ear = new Ear(ann);
    const terminal = await ann.terminal().ready();
    await terminal.run(serve(''), 40_000);
    await eventually(() => ear.passed('service.answers')).toBe(true);
    const requests = async () => {
      const said = await terminal.run('echo "count: $(podman logs web 2>&1 | grep -c GET)"');
      return Number(/count: (\d+)/.exec(said)?.[1]);
    };
    const before = await requests();
    await ann.ask('POST', '/api/labs/read-only/check');
    const each = (await requests()) - before;
    expect(each).toBeGreaterThan(0);
    const begun = await requests();
    await terminal.run(
      'end=$((SECONDS + 12)); while [ $SECONDS -lt $end ]; do podman run --rm localhost/busybox true; done',
      60_000,
    );
    // Each says the same and makes the next wait longer: after 0, 1.6, 3.2, 6.4 seconds, and one for what was typed.
    expect(((await requests()) - begun) / each).toBeLessThanOrEqual(6);
    await Promise.all([ear.leave(), terminal.leave()]);
  }, 90_000);
});

describe('time', () => {
  test('more of it, to the limit, over a restart of the server', async () => {
    const ear = new Ear(ann);
    const terminal = await ann.terminal().ready();
    const first = Date.parse(terminal.frame('ready')!.expiresAt!);
    const { json: once } = await ann.ask('POST', '/api/labs/read-only/extend');
    expect(Date.parse(once.expiresAt) - first).toBe(60 * 60_000);
    await eventually(() => ear.frames.filter(({ type }) => type === 'sandbox').length).toBeGreaterThan(1);
    await Promise.all([ear.leave(), terminal.leave()]);
    await server.restart('end');
    const { json: after } = await ann.ask('GET', '/api/labs/read-only');
    expect(after.sandbox.expiresAt).toBe(once.expiresAt);
    const { json: twice } = await ann.ask('POST', '/api/labs/read-only/extend');
    expect(Date.parse(twice.expiresAt) - Date.parse(once.expiresAt)).toBeLessThan(60 * 60_000);
    const { status, json } = await ann.ask('POST', '/api/labs/read-only/extend?language=ja');
    expect([status, json.error.code]).toEqual([409, 'no-more-time']);
  });

  test('reset and stop are told', async () => {
    const ear = new Ear(ann);
    const terminal = await ann.terminal().ready();
    await ann.ask('DELETE', '/api/labs/read-only/sandbox');
    await eventually(() => ear.frames.at(-1)).toMatchObject({ sandbox: { state: 'absent', expiresAt: null } });
    await ann.ask('POST', '/api/labs/read-only/reset');
    await eventually(() => ear.frames.at(-1)).toMatchObject({ sandbox: { state: 'ready' } });
    expect((await ann.ask('POST', '/api/labs/secrets/extend')).status).toBe(409);
    await Promise.all([ear.leave(), terminal.leave()]);
  });
});

describe('who may listen', () => {
  test('following opens no sandbox, and nobody hears of another learner', async () => {
    const ben = await Client.learner(server.url, 'ja');
    const ear = new Ear(ben);
    await eventually(() => ear.frames.length).toBe(2);
    expect(ear.frames).toMatchObject([{ sandbox: { state: 'absent' } }, { type: 'attempt', attempt: null }]);
    const terminal = await ann.terminal().ready();
    await ann.ask('POST', '/api/labs/read-only/check');
    await sleep(300);
    expect(ear.frames).toHaveLength(2);
    await Promise.all([ear.leave(), terminal.leave()]);
  });

  test('no session, another site, no such lab, other paths', async () => {
    expect(await new Ear(ann, 'read-only', { cookie: '' }).status).toBe(401);
    expect(await new Ear(ann, 'read-only', { origin: 'http://evil.example' }).status).toBe(403);
    expect(await new Ear(ann, 'constructor').status).toBe(400);
    expect(await new Ear(ann, '../read-only').status).toBe(400);
  });

  test('anything but a ping ends it', async () => {
    const ear = new Ear(ann);
    await ear.status;
    ear.socket.send('ping');
    await eventually(() => ear.said).toEqual(['pong']);
    ear.socket.send('{"type":"attempt"}');
    expect(await ear.closed).toBe(4004);
    const binary = new Ear(ann);
    await binary.status;
    binary.socket.send(Buffer.from('ping'));
    expect(await binary.closed).toBe(4004);
  });
});
