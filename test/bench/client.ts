/** Terminals over WebSocket as a browser has them, without the browser: Toride's and the bare server's alike. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { WebSocket } from 'ws';
import { serverFrameSchema } from '../../src/protocol/terminal.ts';
import { serverSandboxes } from './bench.ts';
import type { Child } from './child.ts';

const LIMIT_MS = 15_000;
/** The end of what is seen, colours taken out. */
const PROMPT = /\$ $/;

export interface Client {
  type(text: string): void;
  /** Resolves when what came after the last typing matches, colours taken out. */
  until(pattern: RegExp): Promise<void>;
  close(): void;
}

interface Dialect {
  address: string;
  headers: Record<string, string>;
  encode(text: string): string;
}

/** @returns a client whose prompt is there, and the milliseconds from the opening of the socket to it. */
async function open({ address, headers, encode }: Dialect): Promise<{ client: Client; ms: number }> {
  const began = performance.now();
  const socket = new WebSocket(address, { headers, perMessageDeflate: false });
  let seen = '';
  let check: (() => void) | undefined;
  let fail: (error: Error) => void = () => undefined;
  socket.on('message', (data, binary) => {
    seen += binary ? String(data) : text(String(data));
    check?.();
  });
  socket.on('error', (error) => fail(error));
  socket.on('close', (code) =>
    fail(new Error(`the terminal's socket closed with ${code} after ${JSON.stringify(seen.slice(-200))}`)),
  );
  const until = async (pattern: RegExp): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new Error(`no ${pattern} in ${JSON.stringify(seen.slice(-200))}`)), LIMIT_MS);
    check = () => pattern.test(stripVTControlCharacters(seen)) && resolve();
    fail = reject;
    check();
    await promise.finally(() => {
      clearTimeout(timer);
      check = undefined;
      fail = () => undefined;
    });
  };
  await until(PROMPT);
  const ms = performance.now() - began;
  return {
    ms,
    client: {
      type(text) {
        seen = '';
        socket.send(encode(text));
      },
      until,
      close: () => socket.close(),
    },
  };
}

function text(frame: string): string {
  const parsed = serverFrameSchema.parse(JSON.parse(frame));
  if (parsed.type === 'error') throw new Error(parsed.message);
  return parsed.type === 'ready' ? parsed.screen : '';
}

export const openBare = ({ url }: Child) =>
  open({ address: url.replace('http', 'ws'), headers: {}, encode: (text) => text });

export interface Learner {
  readonly cookie: string;
  open(terminal: string): ReturnType<typeof open>;
  check(): Promise<void>;
  leave(): Promise<void>;
}

/** A new learner with a session, in the lab `read-only`. */
export async function newLearner({ url }: Child): Promise<Learner> {
  const page = await fetch(`${url}/en/labs/read-only/`);
  const cookie = page.headers.get('set-cookie')?.split(';')[0] ?? '';
  await page.text();
  const headers = { cookie, origin: url };
  return {
    open: (terminal) =>
      open({
        address: `${url.replace('http', 'ws')}/ws/terminal?lab=read-only&terminal=${terminal}&client=${randomUUID()}&columns=120&rows=30&language=en`,
        headers,
        encode: numbered(),
      }),
    cookie,
    async check() {
      const response = await fetch(`${url}/api/labs/read-only/check`, {
        method: 'POST',
        headers: { ...headers, 'x-toride': '1' },
      });
      if (!response.ok) throw new Error(`the check failed: ${response.status}`);
      await response.text();
    },
    leave: () => leave(url, headers),
  };
}

function numbered(): (data: string) => string {
  let sequence = 0;
  return (data) => JSON.stringify({ type: 'input', sequence: ++sequence, data });
}

/** Ends the learner's sandbox. */
export async function leave(url: string, headers: Record<string, string>): Promise<void> {
  const response = await fetch(`${url}/api/labs/read-only/sandbox`, {
    method: 'DELETE',
    headers: { ...headers, 'x-toride': '1' },
  });
  if (!response.ok) throw new Error(`the sandbox could not be ended: ${response.status} ${await response.text()}`);
}

/** Waits until the pool is full and the machine has come to rest. */
export async function warm(sandboxes: number, within = LIMIT_MS): Promise<void> {
  const end = Date.now() + within;
  while ((await serverSandboxes()).length !== sandboxes) {
    if (Date.now() > end) throw new Error(`there are not ${sandboxes} sandboxes after ${within} ms`);
    await sleep(50);
  }
  await sleep(300);
}
