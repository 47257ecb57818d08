import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PAUSE_ABOVE } from '../../../src/protocol/terminal.ts';
import type { Pty } from '../../../src/sandbox/engine.ts';
import { readCast, record, repairCast } from '../../../src/terminal/recording.ts';
import { Terminal } from '../../../src/terminal/terminal.ts';

let folder: string;
let path: string;
let terminal: Terminal;
let show: (data: Buffer | string) => void;
let exit: (code: number) => void;
let log: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toride-cast-'));
  path = join(folder, 'one.cast');
  log = [];
  const pty: Pty = {
    onData: (listener) => {
      show = (data) => listener(Buffer.from(data as string));
    },
    onExit: (listener) => {
      exit = listener;
    },
    write: () => undefined,
    resize: () => undefined,
    pause: () => void log.push('pause'),
    resume: () => void log.push('resume'),
    kill: () => undefined,
  };
  terminal = new Terminal(pty, 40, 5, () => undefined);
});
afterEach(() => {
  terminal.kill();
  rmSync(folder, { recursive: true, force: true });
});

type Event = [number, string, string];
function cast(): { header: Record<string, unknown>; events: Event[] } {
  const text = readFileSync(path, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  const [header, ...events] = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { header, events };
}
const shown = () =>
  cast()
    .events.filter(([, code]) => code === 'o')
    .map(([, , data]) => data)
    .join('');

describe('a recording', () => {
  test('begins with what can be seen, and nothing of what has scrolled away', async () => {
    show(Array.from({ length: 20 }, (_, number) => `\r\nline ${number}`).join(''));
    const running = await record(terminal, path);
    show(' and more');
    running.stop('asked');
    expect(await running.ended).toMatchObject({ why: 'asked', bytes: readFileSync(path).length });
    const { header, events } = cast();
    expect(header).toMatchObject({ version: 2, width: 40, height: 5, env: { TERM: 'xterm-256color' } });
    expect(Math.abs(Number(header.timestamp) * 1000 - Date.now())).toBeLessThan(5000);
    expect(events).toHaveLength(2);
    expect(shown()).toContain('line 19');
    expect(shown()).not.toContain('line 1\r');
    expect(shown()).toMatch(/ and more$/);
  });

  test('has sizes, times that rise, and no input', async () => {
    const running = await record(terminal, path);
    terminal.input('a secret\r');
    show('one');
    await sleep(20);
    terminal.resize(80, 24, {} as never);
    await sleep(20);
    show('two');
    running.stop('asked');
    await running.ended;
    const { events } = cast();
    expect(events.map(([, code, data]) => [code, data])).toEqual([
      ['o', 'one'],
      ['r', '80x24'],
      ['o', 'two'],
    ]);
    const times = events.map(([time]) => time);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.at(-1)).toBeGreaterThanOrEqual(0.03);
    expect(readFileSync(path, 'utf8')).not.toContain('a secret');
  });

  test('keeps characters whole that come in two parts, and says what is no UTF-8 as such', async () => {
    const running = await record(terminal, path);
    const bytes = Buffer.from('砦🏯');
    show(bytes.subarray(0, 2));
    show(bytes.subarray(2, 5));
    show(bytes.subarray(5));
    show(Buffer.from([0xff, 0x0a, 0x22, 0x1b, 0x5b]));
    running.stop('asked');
    await running.ended;
    expect(shown()).toBe('砦🏯\ufffd\n"\u001b[');
  });

  test('stops when it is as large as it may get, with whole lines, and says so to whoever looks on', async () => {
    const seen: unknown[] = [];
    const nothing = () => undefined;
    await terminal.attach({
      output: nothing,
      resized: nothing,
      exited: nothing,
      ended: nothing,
      dropped: nothing,
      recording: (since, why) => void seen.push(since === null ? why : 'on'),
    });
    const running = await record(terminal, path, { bytes: 1000, ms: 60_000 });
    for (let line = 0; line < 20; line++) show('x'.repeat(100));
    expect(await running.ended).toMatchObject({ why: 'size' });
    expect(readFileSync(path).length).toBeLessThanOrEqual(1000);
    expect(shown()).toMatch(/^x{500,900}$/);
    expect(seen).toEqual(['on', 'size']);
    expect(terminal.recordedSince).toBe(null);
  });

  test('stops when it is as long as it may get', async () => {
    const running = await record(terminal, path, { bytes: 1000, ms: 30 });
    expect(await running.ended).toMatchObject({ why: 'time' });
  });

  test('ends with the shell', async () => {
    const running = await record(terminal, path);
    show('bye');
    exit(0);
    expect(await running.ended).toMatchObject({ why: 'shell' });
    expect(shown()).toBe('bye');
  });

  test('is nobody who looks on: it does not keep a sandbox from being idle', async () => {
    const running = await record(terminal, path);
    expect(terminal.viewers).toBe(0);
    running.stop('asked');
    await running.ended;
  });

  test('holds a flood up until the disk has it, and loses nothing of it', async () => {
    const running = await record(terminal, path);
    const flood = 'y'.repeat(PAUSE_ABOVE + 1);
    show(flood);
    expect(log).toEqual(['pause']);
    await vi.waitFor(() => expect(log).toEqual(['pause', 'resume']));
    running.stop('asked');
    await running.ended;
    expect(shown()).toBe(flood);
  });

  test('never writes over a file that is there', async () => {
    writeFileSync(path, 'mine');
    await expect(record(terminal, path)).rejects.toThrow('EEXIST');
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  test('is a cast at every moment: what is on disk after a crash is cut to its whole lines', async () => {
    const running = await record(terminal, path);
    show('before');
    await vi.waitFor(() => expect(shown()).toBe('before'));
    const whole = readFileSync(path).length;
    appendFileSync(path, '[1.5,"o","half a li');
    expect((await readCast(path)).length).toBe(whole);
    expect(await repairCast(path)).toMatchObject({ bytes: whole });
    expect(shown()).toBe('before');
    running.stop('asked');
    await running.ended;
    expect(await repairCast(join(folder, 'none.cast'))).toBeUndefined();
  });
});
