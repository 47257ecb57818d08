/** Judges a snapshot. Pure: the same grader and snapshot always give the same results, today or in a dispute later. */
import type { Facts, SectionName, Snapshot } from '../inspector/snapshot.ts';
import { CannotVerify, type Check, type Grader, type Outcome, type Result } from './check.ts';
import { type Score, scoreOf } from './score.ts';

export interface Grading extends Score {
  readonly results: readonly Result[];
}

export function grade(grader: Grader, snapshot: Snapshot): Grading {
  if (grader.lab !== snapshot.lab) {
    throw new Error(`a snapshot of lab ${snapshot.lab} cannot be judged by the grader of lab ${grader.lab}`);
  }
  const done = new Map<string, Result>();
  for (const check of grader.checks) done.set(check.id, { id: check.id, ...outcome(check, snapshot, done) });
  const results = [...done.values()];
  return { ...scoreOf(grader.checks, results), results };
}

function outcome(check: Check, snapshot: Snapshot, done: ReadonlyMap<string, Result>): Outcome {
  try {
    const { lab, parameters, host, sandbox } = snapshot;
    const always = { lab, parameters, host, sandbox };
    const reason = check.applies?.(always);
    if (reason !== undefined) return { status: 'notApplicable', reason };
    return (
      // First what it waits for: that a page does not answer is certain, even where nothing further could be observed.
      dependency(check.dependsOn ?? [], done) ??
      missing(check.needs, snapshot) ??
      sound(check.evaluate({ ...always, ...sections(check.needs, snapshot) } as Facts<SectionName>))
    );
  } catch (error) {
    // A grader's own mistake must never cost the learner: it is an error like an observation that failed.
    const message = error instanceof Error ? error.message : String(error);
    return { status: 'error', reason: error instanceof CannotVerify ? message : `the check itself failed: ${message}` };
  }
}

function missing(needs: readonly SectionName[], snapshot: Snapshot): Outcome | undefined {
  for (const name of needs) {
    const section = snapshot[name];
    if (!section.ok) return { status: 'error', reason: `${section.code}: ${section.message}` };
  }
  return undefined;
}

/** Fails with what it waits for; where that could not be verified, neither can this. */
function dependency(ids: readonly string[], done: ReadonlyMap<string, Result>): Outcome | undefined {
  for (const id of ids) {
    const before = done.get(id);
    if (!before) return { status: 'error', reason: `depends on ${id}, which is not judged before it` };
    if (before.status === 'error') return { status: 'error', reason: `${id}: ${before.reason}` };
    if (before.status === 'failed') {
      return { status: 'failed', evidence: [{ source: `check ${id}`, expected: 'passed', actual: 'failed' }] };
    }
  }
  return undefined;
}

function sections(needs: readonly SectionName[], snapshot: Snapshot): Record<string, unknown> {
  return Object.fromEntries(
    needs.map((name) => {
      const section = snapshot[name];
      return [name, section.ok ? section.value : undefined];
    }),
  );
}

/** Types end where an author's code begins: a promise or a verdict without evidence is not a verdict. */
function sound(verdict: Outcome): Outcome {
  const judged = verdict.status === 'passed' || verdict.status === 'failed';
  if (judged && Array.isArray(verdict.evidence) && verdict.evidence.length > 0) return verdict;
  throw new Error('it gave no verdict with evidence');
}
