/** What is taken away: every cell, no formula; and a snapshot judged by another grader than then. */
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { replay } from '../../../src/classroom/assignment-replay.ts';
import { gradebookOf } from '../../../src/classroom/gradebook.ts';
import { gradebookCsv, gradebookResults, linksCsv } from '../../../src/classroom/gradebook-export.ts';
import { type Check, check, type Grader, type Result } from '../../../src/grading/check.ts';
import { grade } from '../../../src/grading/runner.ts';
import { gradebookSchema } from '../../../src/protocol/assignments.ts';
import { labSchema } from '../../../src/protocol/lab.ts';
import { snapshot } from '../store/conformance.ts';
import { cohort, late, member, override, rules, submission } from './assignment-build.ts';

const text = { en: 'x', ja: 'x' };
const [KEN, MEI] = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'];
const lab = labSchema.parse({
  ...{ id: 'seccomp', chapter: '8.3.2', order: 1, minutes: 30, title: text, summary: text },
  tasks: ['serve', 'work'].map((id) => ({ id, title: text, checks: [id] })),
});
const labs = new Map([[lab.id, lab]]);
const of = (id: string) => ({ memberId: id });
const records = () => {
  const tasks = [
    { id: 'serve', passed: true, got: 60, of: 60, hints: 6 },
    { id: 'work', passed: false, got: 10, of: 40, hints: 0 },
  ];
  const one = submission('2026-11-25T15:00:00.000Z', 64, { ...of(KEN!), tasks });
  return {
    cohort: cohort({ rules: rules({ late: late('2026-12-25T00:00:00.000Z', 10, 50), attempts: 3 }) }),
    members: [
      member(KEN!, '+cmd|calc', { email: 'ken@example.org', externalId: '@1' }),
      member(MEI!, '芽衣', { learnerId: null }),
    ],
    submissions: [one],
    overrides: [override(80, { ...of(KEN!), submissionId: one.id, reason: '=1+1' })],
    extensions: [{ ...of(MEI!), dueAt: '2026-12-01T00:00:00.000Z', reason: 'ill' }],
  };
};
const book = () => gradebookOf(records(), labs, '2026-11-26T00:00:00.000Z');
const rowsOf = (csv: string): Record<string, string>[] => parse(csv, { bom: true, columns: true });

describe('the gradebook', () => {
  test('keeps its own schema', () => {
    const found = book();
    expect(gradebookSchema.parse(found)).toEqual(found);
    expect(found).toMatchObject({ maxPoints: 100, members: [{ points: 72 }, { points: 0, state: 'invited' }] });
  });

  test('as CSV: per lab, per task, times, lateness, override; a formula is text', () => {
    const csv = gradebookCsv(book());
    expect(csv.startsWith('\ufeffname,email,id,points,of,due,')).toBe(true);
    expect(csv.split('\r\n')).toHaveLength(4);
    const [ken, mei] = rowsOf(csv);
    expect(ken).toEqual({
      ...{ name: "'+cmd|calc", email: 'ken@example.org', id: "'@1", points: '72', of: '100' },
      ...{ due: '2026-11-25T14:59:00.000Z', 'seccomp points': '72', 'seccomp of': '100', 'seccomp submissions': '1' },
      ...{ 'seccomp submitted at': '2026-11-25T15:00:00.000Z', 'seccomp days late': '1', 'seccomp late percent': '10' },
      ...{
        'seccomp overridden': 'yes',
        'seccomp reason': "'=1+1",
        'seccomp/serve points': '54',
        'seccomp/serve of': '60',
      },
      ...{ 'seccomp/work points': '10', 'seccomp/work of': '40' },
    });
    expect(mei).toMatchObject({
      name: '芽衣',
      due: '2026-12-01T00:00:00.000Z',
      'seccomp points': '',
      'seccomp/work of': '',
    });
  });

  test('with nobody in it, the columns are the same', () => {
    const header = (csv: string) => csv.split('\r\n')[0];
    expect(header(gradebookCsv({ ...book(), members: [] }))).toBe(header(gradebookCsv(book())));
  });

  test('as results: a score from 0 to 1, a test for each task, nothing where nothing was handed in', () => {
    const ofTask = (name: string, points: number, max_points: number, message: string) => ({
      ...{ name, description: `seccomp: ${name}`, points, max_points, message, output: '' },
    });
    const { learners } = gradebookResults(book());
    expect(learners[0]).toEqual({
      uid: '@1',
      name: '+cmd|calc',
      score: 0.72,
      labs: {
        seccomp: {
          gradable: true,
          score: 0.72,
          message: '80: =1+1',
          tests: [ofTask('serve', 54, 60, '6 taken off for hints'), ofTask('work', 10, 40, '')],
        },
      },
    });
    expect(learners[1]!.labs).toEqual({ seccomp: { gradable: false, message: '', tests: [] } });
    expect(learners[1]!.uid).toBe(MEI);
  });

  test('personal links as CSV', () => {
    const made = [{ member: { name: '=x', email: null, externalId: '1' }, token: 'T' }];
    expect(rowsOf(linksCsv(made, (token) => `https://lab.example/#${token}`))).toEqual([
      { name: "'=x", email: '', id: '1', link: 'https://lab.example/#T' },
    ]);
  });
});

describe('a snapshot before today’s grader', () => {
  const judge = (id: string, weight: number, passes: boolean, actual = 'as seen'): Check =>
    check({
      ...{ id, title: text, rationale: text, remediation: text, severity: 'low', weight, needs: [] },
      evaluate: () => ({ status: passes ? 'passed' : 'failed', evidence: [{ source: 's', expected: 'e', actual }] }),
    });
  const grader = (...checks: Check[]): Grader => ({ lab: 'seccomp', observe: () => ({}), checks });
  const then = grade(grader(judge('a', 50, true), judge('b', 30, false), judge('old', 20, true)), snapshot).results;

  test('the same grader: nothing changes', () => {
    const { checks, grading } = replay(
      grader(judge('a', 50, true), judge('b', 30, false), judge('old', 20, true)),
      snapshot,
      then,
    );
    expect(checks.map(({ change }) => change)).toEqual(['none', 'none', 'none']);
    expect(grading.score).toBe(70);
  });

  test('a newer one: changed verdicts, other evidence, new and gone checks, each told', () => {
    const newer = grader(judge('a', 50, true, 'seen more closely'), judge('b', 30, true), judge('c', 20, false));
    const { checks, grading } = replay(newer, snapshot, then);
    expect(checks.map(({ id, change, before, after }) => [id, change, before?.status, after?.status])).toEqual([
      ['a', 'evidence', 'passed', 'passed'],
      ['b', 'verdict', 'failed', 'passed'],
      ['c', 'new', undefined, 'failed'],
      ['old', 'gone', 'passed', undefined],
    ]);
    expect(grading).toMatchObject({ status: 'failed', score: 80 });
  });

  test('what could not be verified then may be now', () => {
    const unclear: Result[] = [{ id: 'a', status: 'error', reason: 'gone' }];
    expect(replay(grader(judge('a', 100, true)), snapshot, unclear).checks).toMatchObject([{ change: 'verdict' }]);
  });

  test('a snapshot of another lab is not judged', () => {
    expect(() => replay({ ...grader(), lab: 'read-only' }, snapshot, [])).toThrow(/seccomp/);
  });
});
