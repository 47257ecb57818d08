/** When an assignment takes what is handed in, and what lateness costs. Pure. */
import { type Phase, type Rules, rulesSchema } from '../protocol/assignments.ts';

const DAY_MS = 24 * 3600_000;

/** An assignment's times for one learner, in milliseconds since the epoch. */
export interface Schedule {
  readonly opensAt: number;
  readonly dueAt: number;
  /** The last moment at which something is taken; the deadline itself where nothing late is. */
  readonly endsAt: number;
}

export const rulesOf = (cohort: { readonly rules: unknown }): Rules => rulesSchema.parse(cohort.rules);

/** @param extension this learner's own deadline: late work is taken until the later of it and the end for all */
export function scheduleOf(
  times: { readonly startsAt: string; readonly endsAt: string },
  { late }: Rules,
  extension?: { readonly dueAt: string },
): Schedule {
  const dueAt = Date.parse(extension?.dueAt ?? times.endsAt);
  const lateUntil = late.accepted ? Date.parse(late.until) : dueAt;
  return { opensAt: Date.parse(times.startsAt), dueAt, endsAt: Math.max(dueAt, lateUntil) };
}

/** The moments themselves belong to what they end: at the deadline it is not late yet. */
export function phaseAt({ opensAt, dueAt, endsAt }: Schedule, closed: boolean, at: number): Phase {
  if (closed) return 'closed';
  if (at < opensAt) return 'before';
  if (at <= dueAt) return 'open';
  return at <= endsAt ? 'late' : 'over';
}

export interface Lateness {
  /** Of 24 hours, each that has begun. */
  readonly days: number;
  readonly percent: number;
}

export function latenessAt({ dueAt }: Schedule, { late }: Rules, at: number): Lateness {
  if (at <= dueAt) return { days: 0, percent: 0 };
  const days = Math.ceil((at - dueAt) / DAY_MS);
  // Nothing late is taken now, but was: the rule was another one then, and what was handed in is not worth nothing for that.
  if (!late.accepted) return { days, percent: 0 };
  return { days, percent: Math.min(days * late.percentPerDay, late.mostPercent) };
}

/** Whole points; what is taken off is rounded down. */
export const afterLateness = (points: number, percent: number): number => points - Math.floor((points * percent) / 100);
