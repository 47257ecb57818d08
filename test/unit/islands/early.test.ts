import { describe, expect, test } from 'vitest';
import { readFrame } from '../../../src/islands/terminal/frames.ts';
import { guessSize } from '../../../src/islands/terminal/guess.ts';
import { serverFrameSchema } from '../../../src/protocol/terminal.ts';

describe('the size before the page is laid out', () => {
  const page = { density: 1, fontSize: 14, lessonShare: 42, coarse: false };
  // As measured in Chromium when everything was there.
  test.each([
    [{ width: 1280, height: 720 }, 83, 24],
    [{ width: 1280, height: 800 }, 83, 28],
    [{ width: 1920, height: 1080 }, 127, 42],
    [{ width: 1000, height: 620 }, 64, 20],
    [{ width: 1280, height: 720, fontSize: 16 }, 73, 20],
    [{ width: 1280, height: 720, fontSize: 11 }, 106, 32],
    [{ width: 1440, height: 900, density: 2 }, 94, 32],
    [{ width: 1280, height: 720, fontSize: 13, density: 1.5 }, 90, 25],
  ])('%j: %d by %d', (changes, columns, rows) => {
    expect(guessSize({ ...page, ...changes })).toEqual({ columns, rows });
  });

  test('is the usual one where the terminal is not seen at first', () => {
    expect(guessSize({ ...page, width: 800, height: 900 })).toEqual({ columns: 80, rows: 24 });
  });

  test('is one the server takes, however small the window', () => {
    expect(guessSize({ ...page, width: 900, height: 50, lessonShare: 99 })).toEqual({ columns: 2, rows: 1 });
  });
});

describe('a frame is read as the protocol says', () => {
  const ready = { type: 'ready', columns: 80, rows: 24, screen: '', expiresAt: null, shell: 'a', accepted: 0 };
  const resized = { type: 'resized', columns: 80, rows: 24 };
  test.each([
    ...['waiting', 'creating', 'seeding', 'opening', 'thinking', undefined].map((step) => ({ type: 'progress', step })),
    ready,
    { ...ready, expiresAt: '2026-11-24T00:00:00Z' },
    { ...ready, expiresAt: 1 },
    { ...ready, screen: undefined },
    { ...ready, shell: 7 },
    { ...ready, accepted: -1 },
    { ...ready, accepted: 1.5 },
    { type: 'accepted', sequence: 12 },
    { type: 'accepted', sequence: -12 },
    { type: 'pong' },
    { type: 'recording', since: '2026-11-24T00:00:00Z', why: null },
    { type: 'recording', since: null, why: 'size' },
    { type: 'recording', since: null, why: 'boredom' },
    { type: 'recording', why: null },
    resized,
    { ...resized, columns: 80.5 },
    { ...resized, rows: '24' },
    { ...resized, rows: 0 },
    { type: 'exit', code: 137 },
    { type: 'exit', code: null },
    { type: 'error', code: 'full', message: 'No place' },
    { type: 'error', code: 'full' },
    { type: 'constructor' },
    { step: 'waiting' },
    [],
    null,
  ])('%j', (frame) => {
    const read = () => readFrame(JSON.stringify(frame));
    const wanted = serverFrameSchema.safeParse(frame);
    if (wanted.success) expect(read()).toEqual(wanted.data);
    else expect(read).toThrow('unknown frame');
  });
});
