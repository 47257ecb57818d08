/** Who is stuck, who is away, and what the room has trouble with. */
import { describe, expect, test } from 'vitest';
import { type MemberFacts, matrixRow, troublesOf } from '../../../src/classroom/matrix.ts';
import { type ClassAttempt, standingOf } from '../../../src/classroom/standing.ts';
import { exported, toCsv } from '../../../src/classroom/workshop-export.ts';
import { at, attempt, exercise } from './build.ts';

const catalogue = new Map([['read-only', exercise]]);
const ms = (minutes: number) => Date.parse(at(minutes));

const facts = (attempts: ClassAttempt[], changes: Partial<MemberFacts> = {}): MemberFacts => ({
  id: '1',
  name: 'Aki',
  email: null,
  status: 'in',
  joinedAt: at(0),
  handAt: null,
  online: true,
  activeAt: ms(30),
  standings: [standingOf(exercise, attempts, [], at(1))],
  startedAt: new Map([['read-only', at(1)]]),
  rooms: [{ lab: 'read-only', expiresAt: at(180), terminals: ['1'], activeAt: ms(30) }],
  ...changes,
});
const row = (attempts: ClassAttempt[], clock: number, changes: Partial<MemberFacts> = {}) =>
  matrixRow(facts(attempts, changes), catalogue, ms(clock));

describe('where a learner is', () => {
  test('at the first task not passed, since the last step or the start', () => {
    expect(row([], 5).now).toEqual({ lab: 'read-only', task: 'first', since: at(1) });
    expect(row([attempt(3, 'pf')], 5).now).toEqual({ lab: 'read-only', task: 'second', since: at(3) });
    expect(row([attempt(3, 'pp')], 5).now).toBeNull();
    expect(row([], 5, { rooms: [] }).now).toBeNull();
  });

  // Twenty minutes for two tasks: twice ten.
  test.each([
    [20, 'not yet', null],
    [22, 'longer than twice what the task should take', 'time'],
  ])('after %i minutes at a task: %s', (clock, _, stuck) => {
    expect(row([], clock, { activeAt: ms(clock) }).stuck).toBe(stuck);
  });

  test('five checks in vain, sooner than the clock would say', () => {
    const tries = [1, 2, 3, 4, 5].map((minute) => attempt(minute, 'ff'));
    expect(row(tries, 6, { activeAt: ms(6) }).stuck).toBe('tries');
    expect(row(tries.slice(1), 6, { activeAt: ms(6) }).stuck).toBeNull();
  });

  test('who went away, waits, or is done is not stuck', () => {
    expect(row([], 90).stuck).toBeNull();
    expect(row([], 22, { activeAt: ms(22), status: 'waiting' }).stuck).toBeNull();
    expect(row([attempt(3, 'pp')], 40, { activeAt: ms(40) }).stuck).toBeNull();
  });
});

test('troubles: the same thing seen at several is one line with their names', () => {
  const failing = [attempt(1, 'pf')];
  const others = [facts(failing), facts(failing, { name: 'Ben' }), facts([attempt(1, 'pp')], { name: 'Chloe' })];
  const [one, ...more] = troublesOf([...others, facts([], { name: 'Dai' })]);
  expect(more).toEqual([]);
  expect(one).toMatchObject({ lab: 'read-only', task: 'second', failing: 2, passed: 1 });
  expect(one?.evidence).toEqual([expect.objectContaining({ check: 'b.b', actual: 'no', learners: ['Aki', 'Ben'] })]);
});

test('results as CSV: a line each, nothing that a spreadsheet would run', () => {
  const labs = [exported(standingOf(exercise, [attempt(3, 'pf')], [], at(1)))];
  const text = toCsv([
    { name: '=1+1', email: '@x', joinedAt: at(0), labs },
    { name: 'Ken, "K"\nT', email: null, joinedAt: at(0), labs },
  ]);
  expect(text.charCodeAt(0)).toBe(0xfeff);
  const [head = '', first = ''] = text.slice(1).split('\r\n');
  expect(head.split(',').slice(0, 6)).toEqual([
    'name',
    'email',
    'joined',
    'score',
    'read-only score',
    'read-only attempts',
  ]);
  expect(head).toContain('read-only/first points of 60');
  expect(first.split(',').slice(0, 6)).toEqual(["'=1+1", "'@x", at(0), '60', '60', '1']);
  expect(text).toContain('"Ken, ""K""\nT"');
});
