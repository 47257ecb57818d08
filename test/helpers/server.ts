/** The real server as an instance of its own, and what a browser would say to it. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { request } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import WebSocket from 'ws';
import { type ServerFrame, serverFrameSchema } from '../../src/protocol/terminal.ts';
import type { Sandbox } from '../../src/sandbox/engine.ts';
import { PodmanEngine } from '../../src/sandbox/podman/engine.ts';
import { startServer } from '../../src/server/server.ts';
import { checkout, instancePaths } from '../../src/setup/paths.ts';
import { loadSettings, type Settings } from '../../src/setup/settings.ts';
import { openStoreAt } from '../../src/store/open.ts';
import type { Store } from '../../src/store/store.ts';
import { silent } from './engine.ts';

/** Polls; unlike expect.poll also in hooks. @throws with the last value when it does not become true in time */
export async function until<T>(look: () => T | Promise<T>, good: (value: T) => boolean, timeout = 20_000): Promise<T> {
  const end = Date.now() + timeout;
  for (;;) {
    const value = await look();
    if (good(value)) return value;
    if (Date.now() > end) throw new Error(`not within ${timeout} ms; last seen: ${JSON.stringify(value, null, 2)}`);
    await sleep(30);
  }
}

/** expect.poll with the patience of a loaded machine. */
export const eventually = <T>(look: () => T, timeout = 15_000) => expect.poll(look, { timeout, interval: 30 });

export interface TestServer {
  readonly url: string;
  readonly settings: Settings;
  /** Ends the server, by SIGTERM or as a crash does, and starts it again at the same address, on the same state. */
  restart(how: 'end' | 'crash'): Promise<void>;
  /** The same database, opened beside the server. */
  withStore<T>(use: (store: Store) => Promise<T>): Promise<T>;
  /** The sandboxes that run now, through an engine of our own. */
  withSandboxes<T>(use: (sandboxes: Sandbox[]) => Promise<T>): Promise<T>;
  /** Ends the server, every sandbox, and the database. @throws when anything stays behind */
  dispose(): Promise<void>;
}

interface Running {
  readonly url: string;
  close(): Promise<void>;
  crash?(): Promise<void>;
}

/** Words for Node. */
export const SERVE = ['--disable-warning=ExperimentalWarning', join(checkout, 'src/cli/main.ts'), 'serve'];

/** `toride serve` as a process of its own: its end takes the shells with it, as in real life. */
export async function serverProcess(
  { instance, port, pool, poolLimit, databaseUrl }: Settings,
  more: NodeJS.ProcessEnv = {},
): Promise<Running> {
  const child = spawn(process.execPath, SERVE, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      TORIDE_PLACE: 'keep',
      TORIDE_INSTANCE: instance,
      TORIDE_PORT: String(port),
      TORIDE_POOL: String(pool),
      TORIDE_POOL_LIMIT: String(poolLimit),
      DATABASE_URL: databaseUrl ?? '',
      ...more,
    },
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let said = '';
  child.stdout.on('data', (data) => {
    said += data;
  });
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return gone;
  };
  const url = await until(() => /http:\/\/[\d.]+:\d+/.exec(said)?.[0] ?? '', Boolean);
  return { url, close: () => end('SIGTERM'), crash: () => end('SIGKILL') };
}

/** @param name tells test files apart: instance `test-<name>` */
export async function startTestServer(
  name: string,
  changes: Partial<Settings> = {},
  launch: (settings: Settings) => Promise<Running> = (settings) => startServer(settings, silent),
): Promise<TestServer> {
  const base = loadSettings();
  const settings: Settings = {
    ...base,
    databaseUrl: undefined,
    pool: 1,
    poolLimit: 2,
    ...changes,
    instance: `${base.instance}-${name}`,
  };
  const paths = instancePaths(settings.state, settings.instance);
  let server: Running;
  let port = 0;
  const start = async () => {
    server = await launch({ ...settings, port });
    port = Number(new URL(server.url).port);
  };

  const withSandboxes: TestServer['withSandboxes'] = async (use) => {
    const { state, instance } = settings;
    // A socket of its own: two services cannot share one.
    const engine = await PodmanEngine.open({ state, instance, socket: join(paths.folder, 'test.sock'), log: silent });
    try {
      return await use(await engine.list());
    } finally {
      await engine.sweep();
      await engine.close();
    }
  };
  const clear = async () => {
    await withSandboxes((sandboxes) => Promise.all(sandboxes.map((sandbox) => sandbox.stop())));
    rmSync(paths.folder, { recursive: true, force: true });
  };

  await clear(); // what an interrupted run left
  await start();
  return {
    get url() {
      return server.url;
    },
    settings,
    async restart(how) {
      await (how === 'crash' ? server.crash!() : server.close());
      await start();
    },
    async withStore(use) {
      const store = await openStoreAt({ url: settings.databaseUrl, file: paths.database, log: silent });
      try {
        return await use(store);
      } finally {
        await store.close();
      }
    },
    withSandboxes,
    async dispose() {
      try {
        await server.close();
      } finally {
        await clear();
      }
      const left = await withSandboxes(async (sandboxes) => sandboxes.map(({ handle }) => handle.id));
      rmSync(paths.folder, { recursive: true, force: true });
      expect(left).toEqual([]);
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever came
  readonly json: any;
}

/** A browser with one cookie, without the browser. */
export class Client {
  readonly url: string;
  readonly cookie: string;

  constructor(url: string, cookie = '') {
    this.url = url;
    this.cookie = cookie;
  }

  /** Comes by the course page, as everyone does. */
  static async learner(url: string, language: 'en' | 'ja' = 'en'): Promise<Client> {
    const { headers } = await fetch(`${url}/${language}/`);
    return new Client(url, headers.get('set-cookie')!.split(';')[0]!);
  }

  async ask(method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Answer> {
    const own: Record<string, string> = method === 'GET' ? {} : { origin: this.url, 'x-toride': '1' };
    const response = await fetch(this.url + path, {
      method,
      headers: { cookie: this.cookie, ...own, ...headers },
      body,
      redirect: 'manual',
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined;
    return { status: response.status, headers: response.headers, text, json };
  }

  terminal(query: Record<string, string> = {}, headers: Record<string, string> = {}): TestTerminal {
    const words = { lab: 'read-only', terminal: '1', client: randomUUID(), columns: '80', rows: '24', ...query };
    const address = `${this.url.replace('http', 'ws')}/ws/terminal?${new URLSearchParams(words)}`;
    return new TestTerminal(
      new WebSocket(address, {
        headers: { origin: this.url, cookie: this.cookie, ...headers },
        perMessageDeflate: false,
      }),
    );
  }
}

export class TestTerminal {
  readonly socket: WebSocket;
  readonly frames: ServerFrame[] = [];
  readonly closed: Promise<number>;
  /** The status of a refused upgrade, else 101. */
  readonly upgraded: Promise<number>;
  text = '';
  /** Of the last input. */
  sequence = 0;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data: Buffer, binary) => {
      if (binary) this.text += data.toString('utf8');
      else this.frames.push(serverFrameSchema.parse(JSON.parse(data.toString('utf8'))));
    });
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => socket.on('close', resolve));
    this.upgraded = new Promise((resolve) => {
      socket.on('upgrade', () => resolve(101));
      socket.on('unexpected-response', (asked, response) => {
        resolve(response.statusCode ?? 0);
        asked.destroy();
      });
    });
  }

  frame<T extends ServerFrame['type']>(type: T) {
    return this.frames.find((frame): frame is Extract<ServerFrame, { type: T }> => frame.type === type);
  }

  async ready(): Promise<this> {
    await eventually(() => this.frame('ready'), 20_000).toBeDefined();
    return this;
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame));
  }

  type(data: string): void {
    this.send({ type: 'input', sequence: ++this.sequence, data });
  }

  shows(text: string | RegExp, timeout = 10_000) {
    return expect.poll(() => this.text, { timeout }).toMatch(text);
  }

  /** Runs a command and waits for its end. @returns what it printed */
  async run(command: string, timeout = 20_000): Promise<string> {
    const from = this.text.length;
    const mark = Math.random().toString(36).slice(2);
    // The echo of the line has the mark in two parts.
    this.type(`${command}; echo "${mark.slice(0, 4)}""${mark.slice(4)}"\r`);
    await expect.poll(() => this.text.slice(from), { timeout }).toContain(mark);
    return this.text.slice(from, this.text.indexOf(mark, from));
  }

  async leave(): Promise<void> {
    this.socket.close();
    await this.closed;
  }
}

/** fetch sets Host itself and tidies paths: this sends both as they are. */
export function rawRequest(url: string, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => {
        const known = Object.entries(response.headers).map(
          ([name, value]) => [name, String(value)] as [string, string],
        );
        resolve({ status: response.statusCode ?? 0, headers: new Headers(known), text, json: undefined });
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

/**
 * A line between browser and server that can be cut, as a network is: the server does not know of it. Or pulled, as a
 * cable is: nothing is closed and nothing comes through; what was on its way comes when the cable is back.
 */
export async function openLine(target: string) {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let whole = true;
  let refused = 0;
  let pulled = false;
  const pairs = new Set<readonly [Socket, Socket]>();
  const line = createServer((near) => {
    if (!whole) {
      refused++;
      near.destroy();
      return;
    }
    const far = connect(Number(port), hostname);
    for (const pair of [
      [near, far],
      [far, near],
    ] as const) {
      const [one, other] = pair;
      sockets.add(one);
      pairs.add(pair);
      if (!pulled) one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        pairs.delete(pair);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    whole = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(line.address() as AddressInfo).port}`,
    cut,
    pull() {
      pulled = true;
      for (const [one, other] of pairs) one.unpipe(other).pause();
    },
    plug() {
      pulled = false;
      for (const [one, other] of pairs) one.pipe(other);
    },
    /** @returns how many came in vain */
    get refused() {
      return refused;
    },
    mend() {
      whole = true;
      refused = 0;
    },
    async close() {
      cut();
      await new Promise((resolve) => line.close(resolve));
    },
  };
}
