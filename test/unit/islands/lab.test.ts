import { describe, expect, test } from 'vitest';
import { plan, size } from '../../../src/components/wall/geometry.ts';
import { en } from '../../../src/i18n/en.ts';
import { ja } from '../../../src/i18n/ja.ts';
import { nextLab } from '../../../src/islands/continue.ts';
import { taskStanding } from '../../../src/islands/lab/standing.ts';
import { timeWords } from '../../../src/islands/lab/time-words.ts';
import type { Attempt, CheckResult } from '../../../src/protocol/api.ts';

const attempt = (...statuses: CheckResult['status'][]): Attempt => ({
  id: 'a',
  lab: 'read-only',
  status: 'failed',
  trigger: 'asked',
  score: 0,
  maxScore: 100,
  gradedAt: '2026-11-24T00:00:00Z',
  counted: 0,
  tasks: [],
  checks: statuses.map((status, index) => ({
    id: `check-${index}`,
    title: '',
    rationale: '',
    remediation: '',
    severity: 'low',
    weight: 1,
    status,
    evidence: [],
    reason: null,
    waitsFor: null,
  })),
});

describe('how a task stands', () => {
  test.each([
    [[], 'open'],
    [['passed', 'passed'], 'passed'],
    [['passed', 'notApplicable'], 'passed'],
    [['passed', 'failed'], 'partial'],
    [['failed', 'failed'], 'failed'],
    [['failed', 'error'], 'error'],
    [['passed', 'error'], 'error'],
  ] as const)('%j: %s', (statuses, state) => {
    expect(taskStanding(['check-0', 'check-1'], attempt(...statuses)).state).toBe(state);
  });

  test('is open before the first attempt', () => {
    expect(taskStanding(['check-0'], null)).toEqual({ state: 'open', checks: [] });
  });

  test('counts its own checks only, in its own order', () => {
    const { state, checks } = taskStanding(['check-2', 'check-1'], attempt('failed', 'passed', 'passed'));
    expect(state).toBe('passed');
    expect(checks.map(({ id }) => id)).toEqual(['check-2', 'check-1']);
  });
});

describe('time left', () => {
  test.each([
    [3599.2, '60 min left'],
    [301, '6 min left'],
    [300, '5:00 left'],
    [61, '1:01 left'],
    [0.4, '0:01 left'],
    [0, 'Time is up'],
    [-5, 'Time is up'],
  ])('%d seconds: %s', (seconds, words) => {
    expect(timeWords(seconds, en.lab)).toBe(words);
  });

  test('is said in Japanese too', () => {
    expect(timeWords(1800, ja.lab)).toBe('残り30分');
  });
});

describe('the plan of the fortress', () => {
  const labs = [2, 2, 3, 2, 2, 2, 2];
  const rings = plan(labs);

  test('has a stretch of stones for every lab', () => {
    expect(rings.map(({ stretches }) => stretches.length)).toEqual(labs);
    expect(rings.flatMap(({ stretches }) => stretches).every((stones) => stones.length >= 3)).toBe(true);
  });

  test('draws a section without labs as one stretch', () => {
    expect(plan([0])[0]?.stretches).toHaveLength(1);
  });

  test('is the same every time', () => {
    expect(plan(labs)).toEqual(rings);
  });

  test('stays inside its picture', () => {
    const numbers = rings.flatMap(({ stretches }) =>
      stretches.flat().flatMap(({ path }) => path.match(/[\d.]+/g) ?? []),
    );
    for (const number of numbers) expect(Number(number)).toBeGreaterThan(0);
    expect(Math.max(...numbers.map(Number))).toBeLessThan(size);
  });
});

describe('where “Continue” leads', () => {
  const course = ['one', 'two', 'three', 'four'];
  const progress = (passed: string[], last: string | null, tried: string[] = []) => ({
    labs: [...passed, ...tried].map((lab) => ({
      lab,
      best: 0,
      maxScore: 100,
      passed: passed.includes(lab),
      attempts: 1,
      firstPassedAt: null,
      hints: 0,
    })),
    last,
    name: null,
  });
  test.each([
    ['nothing done: to the first', progress([], null), 'one', 'start'],
    ['opened and not checked: back there', progress([], 'three'), 'three', 'continue'],
    ['the last is not passed: back there', progress(['one'], 'three', ['three']), 'three', 'continue'],
    ['the last is passed: to the next', progress(['one', 'three'], 'three'), 'four', 'continue'],
    ['the end is reached: to what was left out', progress(['one', 'four'], 'four'), 'two', 'continue'],
    ['all is passed: to the first', progress(course, 'two'), 'one', 'review'],
    ['the last is a lab that is gone', progress(['one'], 'gone'), 'two', 'continue'],
  ] as const)('%s', (_, known, lab, how) => {
    expect(nextLab(course, known)).toEqual({ lab, how });
  });

  test('a course without labs leads nowhere', () => {
    expect(nextLab([], progress([], null)).lab).toBeUndefined();
  });
});
