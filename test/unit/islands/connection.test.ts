import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Connection, type ConnectionState } from '../../../src/islands/terminal/connection.ts';
import { CLOSE, type ServerFrame } from '../../../src/protocol/terminal.ts';

class FakeSocket {
  static all: FakeSocket[] = [];
  static get last(): FakeSocket {
    return FakeSocket.all.at(-1) ?? expect.fail('No socket was opened');
  }
  readyState = 1;
  binaryType = 'blob';
  sent: unknown[] = [];
  closed = false;
  onmessage: ((event: { data: unknown }) => void) | undefined;
  onclose: ((event: { code: number }) => void) | undefined;

  constructor() {
    FakeSocket.all.push(this);
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.closed = true;
  }
  frame(frame: ServerFrame): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  ready(): void {
    this.frame({ type: 'ready', columns: 80, rows: 24, screen: '', expiresAt: null, shell: 'a', accepted: 0 });
  }
  drop(code = 1006): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

let states: [ConnectionState, string | undefined][];
let bytes: number[];
let connection: Connection;
const last = () => states.at(-1)?.[0];

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
  states = [];
  bytes = [];
  connection = new Connection({
    onFrame: () => {},
    onBytes: (chunk) => bytes.push(...chunk),
    onState: (state, message) => states.push([state, message]),
    seen: () => true,
    open: () => new FakeSocket() as unknown as WebSocket,
  });
  connection.connect();
});
afterEach(() => {
  connection.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('a connection', () => {
  test('starts, becomes ready, and only then sends', () => {
    connection.send({ type: 'input', sequence: 1, data: 'too early' });
    FakeSocket.last.ready();
    connection.send({ type: 'input', sequence: 1, data: 'a' });
    expect(states.map(([state]) => state)).toEqual(['starting', 'ready']);
    expect(FakeSocket.last.sent).toEqual([{ type: 'input', sequence: 1, data: 'a' }]);
  });

  test('hands on bytes', () => {
    FakeSocket.last.ready();
    FakeSocket.last.onmessage?.({ data: new Uint8Array([104, 105]).buffer });
    expect(bytes).toEqual([104, 105]);
  });

  test('comes back by itself when lost, without a step back to "starting"', () => {
    FakeSocket.last.ready();
    FakeSocket.last.drop();
    expect(last()).toBe('lost');
    vi.advanceTimersByTime(500);
    expect(FakeSocket.all).toHaveLength(2);
    expect(last()).toBe('lost');
    FakeSocket.last.ready();
    expect(last()).toBe('ready');
  });

  test('waits longer each time, and begins anew once it was ready', () => {
    for (let attempt = 0; attempt < 5; attempt++) {
      FakeSocket.last.drop();
      vi.advanceTimersToNextTimer();
    }
    expect(FakeSocket.all).toHaveLength(6);
    FakeSocket.last.ready();
    FakeSocket.last.drop();
    vi.advanceTimersByTime(500);
    expect(FakeSocket.all).toHaveLength(7);
  });

  test('gives up a try that hears nothing, for the next one', () => {
    FakeSocket.last.ready();
    FakeSocket.last.drop();
    vi.advanceTimersByTime(500);
    const silent = FakeSocket.last;
    vi.advanceTimersByTime(5000);
    expect(silent.closed).toBe(true);
    expect(FakeSocket.all).toHaveLength(3);
  });

  test('is lost when nobody answers, and listens no more to the socket that is silent', () => {
    FakeSocket.last.ready();
    const silent = FakeSocket.last;
    vi.advanceTimersByTime(1600);
    expect(silent.sent).toEqual([{ type: 'ping' }]);
    vi.advanceTimersByTime(2100);
    expect(last()).toBe('lost');
    silent.frame({ type: 'pong' });
    expect(last()).toBe('lost');
  });

  test('comes back at once when the network does', () => {
    for (let attempt = 0; attempt < 4; attempt++) {
      FakeSocket.last.drop();
      vi.advanceTimersByTime(8000);
    }
    FakeSocket.last.drop();
    const before = FakeSocket.all.length;
    connection.hurry();
    expect(FakeSocket.all).toHaveLength(before + 1);
  });

  test('does not hurry where it is live or over', () => {
    FakeSocket.last.ready();
    connection.hurry();
    FakeSocket.last.drop(CLOSE.expired);
    connection.hurry();
    expect(FakeSocket.all).toHaveLength(1);
  });

  test.each([
    [CLOSE.expired, 'expired'],
    [CLOSE.gone, 'stopped'],
    [CLOSE.refused, 'error'],
    [CLOSE.badFrame, 'error'],
  ] as const)('is over after close code %i: %s', (code, state) => {
    FakeSocket.last.ready();
    FakeSocket.last.drop(code);
    expect(last()).toBe(state);
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.all).toHaveLength(1);
  });

  test('asks again when every place is taken, and stays "full" meanwhile', () => {
    FakeSocket.last.drop(CLOSE.full);
    vi.advanceTimersByTime(10_000);
    expect(FakeSocket.all).toHaveLength(2);
    expect(last()).toBe('full');
    FakeSocket.last.frame({ type: 'progress', step: 'creating' });
    expect(last()).toBe('starting');
  });

  test('too slow is a reason to come back', () => {
    FakeSocket.last.ready();
    FakeSocket.last.drop(CLOSE.tooSlow);
    vi.advanceTimersByTime(500);
    expect(FakeSocket.all).toHaveLength(2);
  });

  test("gives the server's sentence with the error, and does not insist", () => {
    FakeSocket.last.frame({ type: 'error', code: 'noImages', message: 'The images are missing.' });
    FakeSocket.last.drop(1011);
    expect(states.at(-1)).toEqual(['error', 'The images are missing.']);
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.all).toHaveLength(1);
  });

  test('says how the shell ended and leaves it at that', () => {
    FakeSocket.last.ready();
    FakeSocket.last.frame({ type: 'exit', code: 3 });
    expect(states.at(-1)).toEqual(['ended', '3']);
    FakeSocket.last.drop(1000);
    expect(last()).toBe('ended');
  });

  test('does not listen to a socket it has left', () => {
    const [first] = FakeSocket.all;
    connection.connect();
    first?.ready();
    first?.drop();
    expect(first?.closed).toBe(true);
    expect(last()).toBe('starting');
  });
});
