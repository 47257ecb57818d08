import { describe, expect, test } from 'vitest';
import type { Check } from '../../../src/grading/check.ts';
import { countedScore, firstPasses, hintCosts, type Judged, taskPoints } from '../../../src/grading/hint-cost.ts';
import type { Lab } from '../../../src/protocol/lab.ts';

describe('what hints cost', () => {
  test.each([
    [25, 3, [3, 3, 3]],
    [20, 2, [2, 2]],
    [4, 3, [1, 1, 0]],
    [5, 4, [1, 1, 0, 0]],
    [1, 2, [0, 0]],
    [40, 8, [4, 4, 4, 4, 4, 0, 0, 0]],
    [30, 0, []],
  ])('a task of %d points with %d hints: %j', (weight, hints, costs) => {
    expect(hintCosts(weight, hints)).toEqual(costs);
  });

  test('is never more than half, whatever the task', () => {
    for (let weight = 1; weight <= 100; weight++)
      for (let hints = 0; hints <= 12; hints++) {
        const costs = hintCosts(weight, hints);
        expect(costs.reduce((sum, cost) => sum + cost, 0)).toBeLessThanOrEqual(weight / 2);
        expect(costs.every((cost) => Number.isInteger(cost) && cost >= 0)).toBe(true);
      }
  });
});

const text = { en: 'x', ja: 'x' };
const task = (id: string, checks: string[]) => ({ id, title: text, checks, hints: [text, text, text] });
const exercise = {
  lab: { tasks: [task('serve', ['a']), task('lock', ['b', 'c'])] } as unknown as Lab,
  grader: {
    lab: 'x',
    observe: () => ({}),
    checks: [
      { id: 'a', weight: 20 },
      { id: 'b', weight: 50 },
      { id: 'c', weight: 30 },
    ] as Check[],
  },
};
type Status = Judged['results'][number]['status'];
const attempt = (minute: number, score: number, ...[a, b, c]: Status[]): Judged => ({
  gradedAt: `2026-11-24T12:${String(minute).padStart(2, '0')}:00.000Z`,
  score,
  results: [
    { id: 'a', status: a! },
    { id: 'b', status: b! },
    { id: 'c', status: c! },
  ],
});
const hint = (name: string, step: number, minute: number) => ({
  task: name,
  step,
  takenAt: `2026-11-24T12:${String(minute).padStart(2, '0')}:00.000Z`,
});
const counted = (which: Judged, hints: ReturnType<typeof hint>[], all: Judged[] = [which]) => {
  const points = taskPoints(exercise, which, hints, firstPasses(exercise.lab, all));
  return { counted: countedScore(which.score, points), off: points.map(({ hints: off }) => off) };
};

describe('the score that counts', () => {
  const half = attempt(10, 20, 'passed', 'failed', 'failed');
  const full = attempt(20, 100, 'passed', 'passed', 'passed');

  test('is the score itself without hints', () => {
    expect(counted(full, [])).toEqual({ counted: 100, off: [0, 0] });
  });

  test('hints of a task count only once it is solved', () => {
    const hints = [hint('lock', 1, 5), hint('lock', 2, 6)];
    expect(counted(half, hints)).toEqual({ counted: 20, off: [0, 0] });
    expect(counted(full, hints, [half, full])).toEqual({ counted: 84, off: [0, 16] });
  });

  test('a part of a task that passed has no cost taken off', () => {
    const part = attempt(10, 70, 'passed', 'passed', 'failed');
    expect(counted(part, [hint('lock', 1, 5)])).toEqual({ counted: 70, off: [0, 0] });
  });

  test('a hint after the task first passed is free, in every later attempt too', () => {
    const hints = [hint('serve', 1, 11), hint('lock', 1, 12)];
    expect(counted(full, hints, [half, full])).toEqual({ counted: 92, off: [0, 8] });
  });

  test('a hint from before the first pass stays taken off when it is passed again', () => {
    const again = attempt(40, 100, 'passed', 'passed', 'passed');
    expect(counted(again, [hint('lock', 1, 5), hint('lock', 2, 30)], [half, full, again]).off).toEqual([0, 8]);
  });

  test('a task lost and passed again does not become dearer', () => {
    const lost = attempt(25, 0, 'failed', 'failed', 'failed');
    const again = attempt(40, 100, 'passed', 'passed', 'passed');
    expect(counted(again, [hint('serve', 1, 30)], [full, lost, again]).off).toEqual([0, 0]);
  });

  test('an attempt that could not be verified elsewhere still shows what had passed', () => {
    const unsure = attempt(10, 20, 'passed', 'error', 'error');
    expect(counted(full, [hint('serve', 1, 11)], [unsure, full]).off).toEqual([0, 0]);
  });

  test('what does not apply on this host counts neither for points nor for the half', () => {
    const here = attempt(20, 100, 'passed', 'notApplicable', 'notApplicable');
    const points = taskPoints(exercise, here, [hint('lock', 1, 5)], firstPasses(exercise.lab, [here]));
    expect(points[1]).toEqual({ id: 'lock', passed: true, got: 0, of: 0, hints: 0 });
  });

  test('hints of another grader’s time, of tasks or steps that are gone, cost nothing', () => {
    expect(counted(full, [hint('gone', 1, 5), hint('lock', 9, 5)]).counted).toBe(100);
  });

  test('points by task are those of its checks', () => {
    const points = taskPoints(exercise, attempt(1, 70, 'passed', 'passed', 'failed'), [], new Map());
    expect(points.map(({ id, passed, got, of }) => [id, passed, got, of])).toEqual([
      ['serve', true, 20, 20],
      ['lock', false, 50, 80],
    ]);
  });
});
