import { CannotVerify, type Evidence, type Verdict } from '../check.ts';

/** More than a person reads; the first ones say what kind of thing is wrong. */
const maxEvidence = 8;

/** Passed when every statement holds. Shows what does not hold; when all does, shows that. */
export function verdict(statements: readonly (readonly [holds: boolean, evidence: Evidence])[]): Verdict {
  const broken = statements.filter(([holds]) => !holds);
  const shown = (broken.length > 0 ? broken : statements).slice(0, maxEvidence).map(([, evidence]) => evidence);
  const [first, ...rest] = shown;
  // "All of nothing" is true in logic and wrong in a grade.
  if (!first) throw new CannotVerify('there was nothing to judge');
  return { status: broken.length > 0 ? 'failed' : 'passed', evidence: [first, ...rest] };
}
