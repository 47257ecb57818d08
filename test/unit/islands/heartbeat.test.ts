import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Heartbeat } from '../../../src/islands/terminal/heartbeat.ts';

let log: string[];
let seen: boolean;
let heart: Heartbeat;

beforeEach(() => {
  vi.useFakeTimers();
  log = [];
  seen = true;
  heart = new Heartbeat({ ask: () => log.push('ask'), silent: () => log.push('silent'), seen: () => seen });
});
afterEach(() => {
  heart.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test('a quiet connection is asked, and is gone when no answer comes: within four seconds', () => {
  heart.heard();
  vi.advanceTimersByTime(1600);
  expect(log).toEqual(['ask']);
  vi.advanceTimersByTime(2000);
  expect(log).toEqual(['ask', 'silent']);
});

test('one that answers is asked once every other second', () => {
  heart.heard();
  for (let second = 0; second < 60; second++) {
    const before = log.length;
    vi.advanceTimersByTime(1000);
    if (log.length > before) heart.heard();
  }
  expect(log.length).toBeLessThanOrEqual(30);
  expect(new Set(log)).toEqual(new Set(['ask']));
});

test('typing is a question too: its silence is noticed within three seconds, however much is typed', () => {
  heart.heard();
  for (let key = 0; key < 29; key++) {
    heart.sent(1);
    vi.advanceTimersByTime(100);
  }
  expect(log).toEqual(['silent']);
});

test('a large paste on a slow line gets more time', () => {
  heart.sent(32 * 1024);
  vi.advanceTimersByTime(3900);
  expect(log).toEqual([]);
  vi.advanceTimersByTime(300);
  expect(log).toEqual(['silent']);
});

test('a page that was busy hears first what has come meanwhile', () => {
  heart.sent(1);
  // The clock goes on while no timer can run.
  vi.setSystemTime(Date.now() + 5000);
  vi.advanceTimersByTime(2100);
  expect(log).toEqual([]);
  heart.heard();
  vi.advanceTimersByTime(1000);
  expect(log).toEqual([]);
});

test('a page that is not seen asks nothing', () => {
  seen = false;
  heart.heard();
  vi.advanceTimersByTime(60_000);
  expect(log).toEqual([]);
});
