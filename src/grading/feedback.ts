/** Results in the words of the person who reads them. */
import type { CheckResult } from '../protocol/api.ts';
import type { Grader, Language, Result } from './check.ts';

/** In the grader's order; a result whose check the grader no longer has is left out. */
export function feedback(grader: Grader, results: readonly Result[], language: Language): CheckResult[] {
  return grader.checks.flatMap((check) => {
    const result = results.find(({ id }) => id === check.id);
    if (!result) return [];
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
    };
  });
}
