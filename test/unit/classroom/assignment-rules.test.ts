/** Until when, how late, what counts: at the edges. */
import { describe, expect, test } from 'vitest';
import { labGrade } from '../../../src/classroom/assignment-grades.ts';
import { afterLateness, latenessAt, phaseAt, rulesOf, scheduleOf } from '../../../src/classroom/assignment-rules.ts';
import { assignmentPlanSchema } from '../../../src/protocol/assignments.ts';
import { instantOf, isTimeZone, wallTime } from '../../../src/protocol/time-zone.ts';
import { cohort, late, override, rules, submission } from './assignment-build.ts';

const DUE = '2026-11-25T14:59:00.000Z';
const UNTIL = '2026-12-05T14:59:00.000Z';
const due = Date.parse(DUE);
const HOUR = 3600_000;
const at = (hours: number) => new Date(due + hours * HOUR).toISOString();

describe('when it is taken', () => {
  const schedule = scheduleOf(cohort(), rules({ late: late(UNTIL, 10, 50) }));

  test.each([
    ['2026-10-31T23:59:59.999Z', 'before'],
    ['2026-11-01T00:00:00.000Z', 'open'],
    [DUE, 'open'],
    ['2026-11-25T14:59:00.001Z', 'late'],
    [UNTIL, 'late'],
    ['2026-12-05T14:59:00.001Z', 'over'],
  ] as const)('%s: %s', (time, phase) => {
    expect(phaseAt(schedule, false, Date.parse(time))).toBe(phase);
    expect(phaseAt(schedule, true, Date.parse(time))).toBe('closed');
  });

  test('where nothing late is taken, the deadline ends it', () => {
    const strict = scheduleOf(cohort(), rules());
    expect([due, due + 1].map((time) => phaseAt(strict, false, time))).toEqual(['open', 'over']);
  });

  test('a deadline of one’s own moves what is late; the end for late work is the later of both', () => {
    const of = (dueAt: string) => scheduleOf(cohort(), rules({ late: late(UNTIL, 10, 50) }), { dueAt });
    expect(of(at(48))).toMatchObject({ dueAt: due + 48 * HOUR, endsAt: Date.parse(UNTIL) });
    expect(of(at(1000))).toMatchObject({ dueAt: due + 1000 * HOUR, endsAt: due + 1000 * HOUR });
    // Also earlier than for the others, should an instructor want that.
    expect(of(at(-1)).dueAt).toBe(due - HOUR);
  });
});

describe('what lateness costs', () => {
  const schedule = scheduleOf(cohort(), rules());
  test.each([
    [0, 0, 0],
    [1 / HOUR, 1, 10],
    [24, 1, 10],
    [24 + 1 / HOUR, 2, 20],
    [24 * 4, 4, 40],
    [24 * 40, 40, 45],
  ])('%d hours: %d days, %d %%', (hours, days, percent) => {
    const own = rules({ late: late(UNTIL, 10, 45) });
    expect(latenessAt(schedule, own, due + Math.round(hours * HOUR))).toEqual({ days, percent });
  });

  test('what was taken by another rule is late and loses nothing', () => {
    expect(latenessAt(schedule, rules(), due + HOUR)).toEqual({ days: 1, percent: 0 });
  });

  test.each([
    [100, 10, 90],
    [99, 10, 90],
    [1, 99, 1],
    [77, 100, 0],
    [0, 50, 0],
  ])('%d points less %d %% are %d: what is taken off is rounded down', (points, percent, left) => {
    expect(afterLateness(points, percent)).toBe(left);
  });
});

describe('which submission counts', () => {
  const schedule = scheduleOf(cohort(), rules());
  const grade = (list: Parameters<typeof labGrade>[1], changes = {}, overrides: Parameters<typeof labGrade>[2] = []) =>
    labGrade('seccomp', list, overrides, rules({ late: late(UNTIL, 10, 50), ...changes }), schedule);
  const three = () => [submission(at(-3), 40), submission(at(-2), 90), submission(at(-1), 60)];
  const counting = ({ submissions }: ReturnType<typeof grade>) => submissions.findIndex(({ counts }) => counts);

  test('best or last', () => {
    expect([grade(three()).points, counting(grade(three()))]).toEqual([90, 1]);
    const last = grade(three(), { counts: 'last' });
    expect([last.points, counting(last)]).toEqual([60, 2]);
  });

  test('late and better may be less: the best is the best of what is left', () => {
    expect(grade([submission(at(-1), 80), submission(at(25), 95)]).points).toBe(80);
    expect(grade([submission(at(-1), 80), submission(at(25), 95)], { counts: 'last' }).points).toBe(76);
    expect(grade([submission(at(-1), 80), submission(at(1), 100)])).toMatchObject({ points: 90 });
  });

  test('what could not be verified, is not graded yet or was lost neither counts nor uses up an attempt', () => {
    const states = (['ungraded', 'grading', 'lost'] as const).map((state) => submission(at(-1), null, { state }));
    const found = grade([submission(at(-2), 30), ...states], { counts: 'last', attempts: 2 });
    expect(found).toMatchObject({ points: 30, used: 1, left: 1 });
    expect(grade(states)).toMatchObject({ points: null, used: 0, left: null });
  });

  test('where there are fewer attempts than once, the first ones count', () => {
    expect(grade(three(), { attempts: 1 })).toMatchObject({ points: 40, left: 0 });
    expect(grade(three(), { attempts: 1, counts: 'last' }).points).toBe(40);
  });

  test('points given for a submission are late as it was; for the lab they are final; taken back they are gone', () => {
    const [one, two] = [submission(at(-1), 50), submission(at(1), 60)];
    const given = override(100, { submissionId: two!.id });
    expect(grade([one, two], {}, [given])).toMatchObject({ points: 90, override: null });
    expect(grade([one, two], {}, [given, override(7)])).toMatchObject({ points: 7, override: { reason: 'because' } });
    expect(counting(grade([one, two], {}, [override(7)]))).toBe(-1);
    expect(grade([one, two], {}, [override(7, { revertedAt: DUE })]).points).toBe(54);
    expect(grade([], {}, [override(7)])).toMatchObject({ points: 7, used: 0 });
    // Also of one that could not be verified.
    const unclear = submission(at(-1), null);
    expect(grade([unclear], {}, [override(70, { submissionId: unclear.id })]).points).toBe(70);
  });
});

describe('rules as they are stored', () => {
  test.each([
    {},
    { ...rules(), more: 1 },
    { ...rules(), attempts: 1.5 },
    { ...rules(), late: { accepted: true, until: UNTIL, percentPerDay: 101, mostPercent: 50 } },
    { ...rules(), late: { accepted: false, until: UNTIL } },
    { ...rules(), timeZone: '+09:00' },
  ])('are strict: %j', (stored) => {
    expect(() => rulesOf({ rules: stored })).toThrow();
  });

  test('a plan whose times contradict each other is none', () => {
    const plan = { title: 'T', language: 'en', labs: ['seccomp'], opensAt: at(-1), dueAt: DUE, asksEmail: false };
    const parses = (more: object, own: object = rules()) =>
      assignmentPlanSchema.safeParse({ ...plan, rules: own, ...more }).success;
    expect(parses({})).toBe(true);
    expect(parses({ opensAt: DUE })).toBe(false);
    expect(parses({}, rules({ late: late(DUE, 1, 1) }))).toBe(false);
    expect(parses({ title: 'a\u202eb' })).toBe(false);
  });
});

describe('time zones', () => {
  test.each([
    ['2026-11-25T23:59', 'Asia/Tokyo', '2026-11-25T14:59:00.000Z'],
    ['2026-11-25T23:59', 'America/New_York', '2026-11-26T04:59:00.000Z'],
    ['2026-07-01T12:00', 'Europe/Berlin', '2026-07-01T10:00:00.000Z'],
    ['2026-01-01T00:15', 'Asia/Kathmandu', '2025-12-31T18:30:00.000Z'],
    ['2026-03-01T12:00', 'Pacific/Kiritimati', '2026-02-28T22:00:00.000Z'],
    // 2:30 does not exist in this night: as much later as the clocks are put forward.
    ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    // 2:30 comes twice in this one: the first.
    ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
    ['2026-10-25T03:00', 'Europe/Berlin', '2026-10-25T02:00:00.000Z'],
    ['2026-11-01T01:30', 'America/New_York', '2026-11-01T05:30:00.000Z'],
    // A whole day that never was.
    ['2011-12-30T12:00', 'Pacific/Apia', '2011-12-30T22:00:00.000Z'],
  ])('%s in %s is %s', (wall, zone, instant) => {
    expect(new Date(instantOf(wall, zone)!).toISOString()).toBe(instant);
  });

  test('what clocks show leads back, over a year of hours', () => {
    for (const zone of ['Asia/Tokyo', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'UTC'])
      for (let time = Date.UTC(2026, 0); time < Date.UTC(2027, 0); time += 5 * HOUR) {
        const found = instantOf(wallTime(time, zone), zone)!;
        // In the hour that comes twice the first is meant.
        expect([zone, [0, HOUR / 2, HOUR].includes(time - found)]).toEqual([zone, true]);
        expect(wallTime(found, zone)).toBe(wallTime(time, zone));
      }
  });

  test.each(['', '2026-11-25', '2026-13-01T00:00', '2026-02-30T00:00', '2026-11-25T24:00', 'tomorrow'])(
    'no time: %j',
    (wall) => {
      expect(instantOf(wall, 'UTC')).toBeUndefined();
    },
  );

  test.each([
    ['Asia/Tokyo', true],
    ['UTC', true],
    ['Mars/Olympus', false],
    ['', false],
    ['+09:00', false],
  ])('%j a zone: %j', (name, good) => {
    expect(isTimeZone(name)).toBe(good);
  });
});
