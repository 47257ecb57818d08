import { describe, expect, it } from 'vitest';
import { CannotVerify, type Check, check, type Grader, type Verdict } from '../../../src/grading/check.ts';
import { feedback } from '../../../src/grading/feedback.ts';
import { grade } from '../../../src/grading/runner.ts';
import { world } from './build.ts';

const words = { en: 'en', ja: '日本語' };
const evidence = [{ source: 's', expected: 'e', actual: 'a' }] as const;
const say = (status: Verdict['status']): Verdict => ({ status, evidence });

function one(id: string, weight: number, evaluate: Check['evaluate'], more: Partial<Check> = {}): Check {
  return check({
    id,
    weight,
    title: words,
    rationale: words,
    remediation: words,
    severity: 'low',
    needs: [],
    evaluate,
    ...more,
  });
}
function run(...checks: Check[]) {
  const snapshot = world('lab');
  snapshot.files = { ok: false, code: 'files.unreadable', message: 'not read' };
  const grader: Grader = { lab: 'lab', observe: () => ({}), checks };
  return { grader, grading: grade(grader, snapshot) };
}
const passes = () => say('passed');
const fails = () => say('failed');

describe('grade', () => {
  it('adds the weights of what passed and rounds down', () => {
    const { grading } = run(one('a', 1, passes), one('b', 1, passes), one('c', 1, fails));
    expect(grading).toMatchObject({ status: 'failed', score: 66, maxScore: 100 });
  });

  it('shows 100 only when everything passed', () => {
    expect(run(one('a', 999, passes), one('b', 1, fails)).grading.score).toBe(99);
    expect(run(one('a', 29, passes), one('b', 71, passes)).grading).toMatchObject({ status: 'passed', score: 100 });
  });

  it('leaves out of the score what does not apply here', () => {
    const { grading } = run(one('a', 40, passes), one('b', 60, fails, { applies: () => 'no SELinux on this host' }));
    expect(grading).toMatchObject({ status: 'passed', score: 100 });
    expect(grading.results[1]).toEqual({ id: 'b', status: 'notApplicable', reason: 'no SELinux on this host' });
  });

  it('never passes where nothing applies', () => {
    expect(run(one('a', 100, passes, { applies: () => 'no' })).grading).toMatchObject({ status: 'ungraded', score: 0 });
  });

  it('says error, not failed, for a section that was not observed', () => {
    const { grading } = run(one('a', 50, passes), one('b', 50, passes, { needs: ['files'] }));
    expect(grading.status).toBe('ungraded');
    expect(grading.results[1]).toEqual({ id: 'b', status: 'error', reason: 'files.unreadable: not read' });
  });

  it.each([
    [
      'cannot verify',
      () => {
        throw new CannotVerify('it vanished');
      },
      'it vanished',
    ],
    [
      'a mistake of the grader',
      () => {
        throw new TypeError('x is undefined');
      },
      'the check itself failed: x is undefined',
    ],
    ['a promise', async () => say('passed'), 'the check itself failed: it gave no verdict with evidence'],
    [
      'a verdict without evidence',
      () => ({ status: 'passed', evidence: [] }),
      'the check itself failed: it gave no verdict with evidence',
    ],
  ])('says error for %s', (_, evaluate, reason) => {
    const { grading } = run(one('a', 100, evaluate as unknown as Check['evaluate']));
    expect(grading.results).toEqual([{ id: 'a', status: 'error', reason }]);
    expect(grading.status).toBe('ungraded');
  });

  it('fails what waits for a failed check, even where its section is missing', () => {
    const { grading } = run(one('a', 50, fails), one('b', 50, passes, { dependsOn: ['a'], needs: ['files'] }));
    expect(grading).toMatchObject({ status: 'failed', score: 0 });
    expect(grading.results[1]).toMatchObject({ status: 'failed', evidence: [{ source: 'check a' }] });
  });

  it('cannot verify what waits for something unverified', () => {
    const { grading } = run(one('a', 50, passes, { needs: ['files'] }), one('b', 50, passes, { dependsOn: ['a'] }));
    expect(grading.results[1]).toMatchObject({ status: 'error', reason: 'a: files.unreadable: not read' });
  });

  it('refuses a snapshot of another lab', () => {
    expect(() => grade({ lab: 'other', observe: () => ({}), checks: [] }, world('lab'))).toThrow(/lab lab.*lab other/);
  });
});

describe('feedback', () => {
  it('is in the language asked for, with evidence or a reason', () => {
    const { grader, grading } = run(one('a', 50, fails), one('b', 50, passes, { needs: ['files'] }));
    expect(feedback(grader, grading.results, 'ja')).toMatchObject([
      { id: 'a', title: '日本語', status: 'failed', evidence, reason: null },
      { id: 'b', title: '日本語', status: 'error', evidence: [], reason: 'files.unreadable: not read' },
    ]);
  });
  it('names the check that another waits for by its title, whether that failed or could not be verified', () => {
    const failed = run(
      one('a', 50, fails, { title: { en: 'First', ja: '最初' } }),
      one('b', 50, passes, { dependsOn: ['a'] }),
    );
    expect(feedback(failed.grader, failed.grading.results, 'ja').map(({ waitsFor }) => waitsFor)).toEqual([
      null,
      '最初',
    ]);
    const unsure = run(
      one('a', 50, passes, { needs: ['files'], title: { en: 'First', ja: '最初' } }),
      one('b', 50, passes, { dependsOn: ['a'] }),
    );
    expect(feedback(unsure.grader, unsure.grading.results, 'en').map(({ waitsFor }) => waitsFor)).toEqual([
      null,
      'First',
    ]);
    const own = run(one('a', 50, passes), one('b', 50, fails, { dependsOn: ['a'] }));
    expect(feedback(own.grader, own.grading.results, 'en')[1]).toMatchObject({ waitsFor: null, evidence });
  });
});
