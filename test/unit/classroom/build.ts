/** A lab of two tasks, one check each, and attempts in it. */
import type { ClassAttempt, Exercise } from '../../../src/classroom/standing.ts';
import type { Check, Result } from '../../../src/grading/check.ts';
import { labSchema } from '../../../src/protocol/lab.ts';

const words = (text: string) => ({ en: text, ja: text });
const check = (id: string, weight: number, dependsOn: string[] = []): Check => ({
  id,
  title: words(id),
  rationale: words('why'),
  remediation: words('how'),
  severity: 'low',
  weight,
  needs: [],
  dependsOn,
  evaluate: () => ({ status: 'passed', evidence: [{ source: 's', expected: 'e', actual: 'e' }] }),
});

export const exercise: Exercise = {
  lab: labSchema.parse({
    id: 'read-only',
    chapter: '8.5.1',
    order: 1,
    minutes: 20,
    title: words('Lab'),
    summary: words('A lab'),
    tasks: [
      { id: 'first', title: words('First'), checks: ['a.a'], hints: [words('hint')] },
      { id: 'second', title: words('Second'), checks: ['b.b'] },
    ],
  }),
  grader: { lab: 'read-only', checks: [check('a.a', 60), check('b.b', 40, ['a.a'])], observe: () => ({}) } as never,
};

/** Minutes after noon. */
export const at = (minutes: number) => new Date(Date.UTC(2026, 10, 24, 12) + minutes * 60_000).toISOString();

/** @param verdicts a letter for each check: passed, failed, error, or waiting for the first */
export function attempt(minutes: number, verdicts: string, trigger: 'asked' | 'automatic' = 'asked'): ClassAttempt {
  const results = ['a.a', 'b.b'].map((id, index): Result => {
    const letter = verdicts[index];
    if (letter === 'e') return { id, status: 'error', reason: 'gone' };
    const source = letter === 'w' ? 'check a.a' : '/proc/1/status';
    const [status, actual] = letter === 'p' ? (['passed', 'yes'] as const) : (['failed', 'no'] as const);
    return { id, status, evidence: [{ source, expected: 'yes', actual }] };
  });
  const score = results.reduce((sum, { status }, index) => sum + (status === 'passed' ? [60, 40][index]! : 0), 0);
  const status = verdicts.includes('e') ? 'ungraded' : score === 100 ? 'passed' : 'failed';
  return { status, trigger, score, gradedAt: at(minutes), results };
}
