/** Sentences that more than one format tells. */
import type { Evidence } from '../check.ts';

export const evidenceLine = ({ source, expected, actual }: Evidence): string =>
  `${source}: expected ${expected}, found ${actual}`;

/** Points that rest on scripts in the learner's sandbox. */
export const inWords = ({ got, of }: { readonly got: number; readonly of: number }): string =>
  `${got} of ${of} points are from scripts that ran inside the learner's sandbox, where they can be forged`;
