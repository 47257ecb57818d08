/** Results in the words of the person who reads them. */
import type { CheckResult } from '../protocol/api.ts';
import type { Check, Grader, Language, Result } from './check.ts';

/**
 * The check that this one waits for, where that alone decided it: the runner then puts its id before the reason, or as
 * the only evidence.
 */
function waitsFor(check: Check, result: Result): string | undefined {
  return check.dependsOn?.find((id) =>
    result.status === 'failed'
      ? result.evidence[0].source === `check ${id}`
      : result.status === 'error' && result.reason.startsWith(`${id}: `),
  );
}

/** In the grader's order; a result whose check the grader no longer has is left out. */
export function feedback(grader: Grader, results: readonly Result[], language: Language): CheckResult[] {
  return grader.checks.flatMap((check) => {
    const result = results.find(({ id }) => id === check.id);
    if (!result) return [];
    const first = waitsFor(check, result);
    return {
      id: check.id,
      title: check.title[language],
      rationale: check.rationale[language],
      remediation: check.remediation[language],
      severity: check.severity,
      weight: check.weight,
      status: result.status,
      evidence: 'evidence' in result ? [...result.evidence] : [],
      reason: 'reason' in result ? result.reason : null,
      waitsFor: grader.checks.find(({ id }) => id === first)?.title[language] ?? null,
      ...(check.tamperProof === false && { tamperProof: false as const }),
    };
  });
}
