/** From results to a score. */
import type { Check, Result } from './check.ts';

export const maxScore = 100;

export interface Score {
  /** ungraded: something could not be verified, so the attempt does not count and can be repeated. */
  readonly status: 'passed' | 'failed' | 'ungraded';
  /** Whole points, 0 to 100. Of an ungraded attempt: what is certain so far. */
  readonly score: number;
  readonly maxScore: typeof maxScore;
}

/**
 * Passed weight over the weight that applies, scaled to 100 and rounded down: only what passes everything shows 100,
 * and weights are whole numbers, so no binary fraction can tip a score.
 */
export function scoreOf(checks: readonly Check[], results: readonly Result[]): Score {
  const weights = new Map(checks.map(({ id, weight }) => [id, weight]));
  const sum = (wanted: (result: Result) => boolean) =>
    results.filter(wanted).reduce((total, { id }) => total + weights.get(id)!, 0);
  const applicable = sum(({ status }) => status !== 'notApplicable');
  const passed = sum(({ status }) => status === 'passed');
  const score = applicable === 0 ? 0 : Math.floor((maxScore * passed) / applicable);
  // Where nothing applies nothing was shown either: neither a pass nor a zero.
  if (applicable === 0 || results.some(({ status }) => status === 'error')) {
    return { status: 'ungraded', score, maxScore };
  }
  return { status: passed === applicable ? 'passed' : 'failed', score, maxScore };
}
