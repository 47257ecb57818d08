import { setTimeout as sleep } from 'node:timers/promises';
import headless from '@xterm/headless';
import { describe, expect, test } from 'vitest';
import { PAUSE_ABOVE } from '../../../src/protocol/terminal.ts';
import type { Pty } from '../../../src/sandbox/engine.ts';
import { Terminal, type Viewer } from '../../../src/terminal/terminal.ts';

/** A pty whose output the test gives, and which remembers what was done to it. */
function fakePty() {
  let data: (data: Buffer) => void = () => undefined;
  let exit: (code: number) => void = () => undefined;
  const log: string[] = [];
  const pty: Pty = {
    onData: (listener) => {
      data = listener;
    },
    onExit: (listener) => {
      exit = listener;
    },
    write: (text) => void log.push(`write ${text}`),
    resize: (columns, rows) => void log.push(`resize ${columns}x${rows}`),
    pause: () => void log.push('pause'),
    resume: () => void log.push('resume'),
    kill: () => void log.push('kill'),
  };
  return { pty, log, data: (text: string) => data(Buffer.from(text)), exit: (code: number) => exit(code) };
}

function watcher() {
  const seen: string[] = [];
  const viewer: Viewer = {
    output: (data) => void seen.push(data.toString()),
    resized: (columns, rows) => void seen.push(`<${columns}x${rows}>`),
    exited: (code) => void seen.push(`<exit ${code}>`),
    ended: (why) => void seen.push(`<${why}>`),
    recording: (since, why) => void seen.push(`<recording ${since === null ? why : 'on'}>`),
    dropped: () => void seen.push('<dropped>'),
  };
  return { viewer, seen };
}

/** What a person sees after the serialised screen and everything that follows it. */
async function shown(screen: string, rest: string[], columns = 40, rows = 5): Promise<string[]> {
  const terminal = new headless.Terminal({ cols: columns, rows, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(screen + rest.join(''), resolve));
  const { buffer } = terminal;
  return Array.from(
    { length: buffer.active.length },
    (_, y) => buffer.active.getLine(y)?.translateToString(true) ?? '',
  ).filter(Boolean);
}

describe('who comes later', () => {
  test('sees the screen, its scrollback and CJK as they were', async () => {
    const { pty, data } = fakePty();
    const terminal = new Terminal(pty, 40, 5, () => undefined);
    data(Array.from({ length: 12 }, (_, i) => `line ${i} 砦\r\n`).join(''));
    const screen = await terminal.attach(watcher().viewer);
    expect(await shown(screen, [])).toEqual(Array.from({ length: 12 }, (_, i) => `line ${i} 砦`));
  });

  test('misses nothing and gets nothing twice when output comes at that moment', async () => {
    const { pty, data } = fakePty();
    const terminal = new Terminal(pty, 40, 5, () => undefined);
    data('before\r\n');
    const { viewer, seen } = watcher();
    const attaching = terminal.attach(viewer);
    data('during\r\n');
    const screen = await attaching;
    data('after\r\n');
    expect(await shown(screen, seen)).toEqual(['before', 'during', 'after']);
  });

  test('sees a full-screen program in its alternate screen', async () => {
    const { pty, data } = fakePty();
    const terminal = new Terminal(pty, 40, 5, () => undefined);
    data('shell$ vim\r\n\x1b[?1049h\x1b[2;3Hinside');
    const screen = await terminal.attach(watcher().viewer);
    expect(await shown(screen, [])).toEqual(['  inside']);
    expect(await shown(screen, ['\x1b[?1049l'])).toEqual(['shell$ vim']);
  });

  test('is told at once when the shell has ended', async () => {
    const { pty, exit } = fakePty();
    const terminal = new Terminal(pty, 40, 5, () => undefined);
    exit(3);
    const { viewer, seen } = watcher();
    await terminal.attach(viewer);
    expect(seen).toEqual(['<exit 3>']);
  });
});

describe('flow', () => {
  test('the slowest viewer sets the pace', async () => {
    const { pty, data, log } = fakePty();
    const terminal = new Terminal(pty, 40, 5, () => undefined);
    const [fast, slow] = [watcher(), watcher()];
    await terminal.attach(fast.viewer);
    await terminal.attach(slow.viewer);
    data('x'.repeat(PAUSE_ABOVE + 1));
    terminal.acknowledge(fast.viewer, PAUSE_ABOVE + 1);
    expect(log).toEqual(['pause']);
    terminal.acknowledge(slow.viewer, PAUSE_ABOVE + 1);
    expect(log).toEqual(['pause', 'resume']);
  });

  test('a viewer that leaves holds nobody up', async () => {
    const { pty, data, log } = fakePty();
    const terminal = new Terminal(pty, 40, 5, () => undefined);
    const slow = watcher();
    await terminal.attach(slow.viewer);
    data('x'.repeat(PAUSE_ABOVE + 1));
    terminal.detach(slow.viewer);
    expect(log).toEqual(['pause', 'resume']);
  });

  test('without a viewer output flows into the screen and is bounded there', async () => {
    const { pty, data, log } = fakePty();
    const terminal = new Terminal(pty, 40, 5, () => undefined);
    for (let i = 0; i < 50; i++) data('y'.repeat(100_000));
    expect(log).toEqual([]);
    await sleep(0);
    expect((await terminal.attach(watcher().viewer)).length).toBeLessThan(200_000);
  });
});

test('a new size reaches the pty once and the other viewers', async () => {
  const { pty, log } = fakePty();
  const terminal = new Terminal(pty, 40, 5, () => undefined);
  const [one, two] = [watcher(), watcher()];
  await terminal.attach(one.viewer);
  await terminal.attach(two.viewer);
  terminal.resize(80, 24, one.viewer);
  terminal.resize(80, 24, two.viewer);
  expect(log).toEqual(['resize 80x24']);
  expect([one.seen, two.seen]).toEqual([[], ['<80x24>']]);
});

test('after its end nothing is written to it', () => {
  const { pty, exit, log } = fakePty();
  const terminal = new Terminal(pty, 40, 5, () => undefined);
  exit(0);
  terminal.input('x');
  terminal.kill();
  terminal.end('gone');
  expect(log).toEqual([]);
});
