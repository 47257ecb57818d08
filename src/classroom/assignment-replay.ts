/** A stored snapshot judged by today's grader, beside how it was judged then. Pure: nothing is observed, nothing changed. */
import type { Grader, Result } from '../grading/check.ts';
import { type Grading, grade } from '../grading/runner.ts';
import type { Snapshot } from '../inspector/snapshot.ts';

export type Change = 'none' | 'evidence' | 'verdict' | 'new' | 'gone';
export interface ReplayedCheck {
  readonly id: string;
  readonly before: Result | null;
  readonly after: Result | null;
  readonly change: Change;
}
export interface Replayed {
  readonly grading: Grading;
  /** In today's order; those that are gone come last. */
  readonly checks: readonly ReplayedCheck[];
}

export function replay(grader: Grader, snapshot: Snapshot, before: readonly Result[]): Replayed {
  const grading = grade(grader, snapshot);
  const was = new Map(before.map((result) => [result.id, result]));
  const now = new Set(grading.results.map(({ id }) => id));
  const judged = grading.results.map((after): ReplayedCheck => {
    const old = was.get(after.id) ?? null;
    return { id: after.id, before: old, after, change: old ? changeOf(old, after) : 'new' };
  });
  const gone = before.filter(({ id }) => !now.has(id));
  return {
    grading,
    checks: [
      ...judged,
      ...gone.map(({ id, ...rest }) => ({
        id,
        before: { id, ...rest } as Result,
        after: null,
        change: 'gone' as const,
      })),
    ],
  };
}

function changeOf(before: Result, after: Result): Change {
  if (before.status !== after.status) return 'verdict';
  const said = (result: Result) => JSON.stringify('evidence' in result ? result.evidence : result.reason);
  return said(before) === said(after) ? 'none' : 'evidence';
}
