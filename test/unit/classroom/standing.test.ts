/** What a learner has achieved: points, times, steps, and what fails, from attempts alone. */
import { expect, test } from 'vitest';
import { type ClassAttempt, standingOf } from '../../../src/classroom/standing.ts';
import { at, attempt, exercise } from './build.ts';

const of = (attempts: ClassAttempt[], hints: { task: string; step: number; takenAt: string }[] = []) =>
  standingOf(exercise, attempts, hints, at(0));

test('nothing was checked: no score, every task open, with its points', () => {
  const { score, tasks, attempts, failing } = of([]);
  expect([score, attempts, failing]).toEqual([null, 0, []]);
  expect(tasks.map(({ state, of: points, passedAt }) => [state, points, passedAt])).toEqual([
    ['open', 60, null],
    ['open', 40, null],
  ]);
});

test('passed, failed, and passed before but not now', () => {
  const states = (attempts: ClassAttempt[]) => of(attempts).tasks.map(({ state }) => state);
  expect(states([attempt(1, 'pf')])).toEqual(['passed', 'failed']);
  expect(states([attempt(1, 'pf'), attempt(2, 'fp')])).toEqual(['lost', 'passed']);
  expect(of([attempt(1, 'pf'), attempt(2, 'fp')]).score).toBe(60);
});

test('what could not be verified changes no state and no score', () => {
  const { score, tasks, attempts } = of([attempt(1, 'pf'), attempt(2, 'ef')]);
  expect([score, attempts]).toEqual([60, 2]);
  expect(tasks.map(({ state }) => state)).toEqual(['passed', 'failed']);
});

test('times: each task from the step before it; the first pass counts', () => {
  const { tasks, passedAt, steppedAt } = of([attempt(5, 'pf'), attempt(9, 'pp'), attempt(20, 'pp')]);
  expect(tasks.map(({ seconds }) => seconds)).toEqual([300, 240]);
  expect([passedAt, steppedAt]).toEqual([at(9), at(9)]);
});

test('hints cost what they cost, and only before the task was passed', () => {
  const hint = { task: 'first', step: 1, takenAt: at(0.5) };
  expect(of([attempt(1, 'pp')], [hint]).score).toBe(94);
  expect(of([attempt(1, 'pp')], [{ ...hint, takenAt: at(2) }]).score).toBe(100);
  expect(of([attempt(1, 'pp')], [hint]).tasks[0]?.points).toBe(54);
});

test('tries in vain: asked for since the last step, none of them one', () => {
  const tries = [attempt(1, 'pf'), attempt(2, 'pf'), attempt(3, 'pf', 'automatic'), attempt(4, 'pf')];
  expect(of(tries).inVain).toBe(2);
  expect(of([...tries, attempt(5, 'pp')]).inVain).toBe(0);
});

test('what fails now is told by check, but not what only waits for another', () => {
  const [one, ...others] = of([attempt(1, 'pf')]).failing;
  expect(others).toEqual([]);
  expect(one).toMatchObject({ task: 'second', check: 'b.b', evidence: { expected: 'yes', actual: 'no' } });
  expect(of([attempt(1, 'fw')]).failing.map(({ check }) => check)).toEqual(['a.a']);
});
