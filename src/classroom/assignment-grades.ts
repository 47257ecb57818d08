/** From what was handed in to the grade of a lab, for one learner. Pure. */
import type { GradedSubmission, LabGrade, Rules } from '../protocol/assignments.ts';
import type { Override, Submission } from '../store/store.ts';
import { afterLateness, latenessAt, type Schedule } from './assignment-rules.ts';

/** Of each lab. */
export const MAX_POINTS = 100;

const shown = (override: Override | undefined) =>
  override ? { id: override.id, points: override.points, reason: override.reason, by: override.by } : null;

/**
 * Only the first graded ones count, as many as there are attempts: also where there were more once. Of equal ones the
 * earlier is the best.
 *
 * @param submissions of this learner in this lab, oldest first
 * @param overrides of this learner in this lab
 */
export function labGrade(
  lab: string,
  submissions: readonly Submission[],
  overrides: readonly Override[],
  rules: Rules,
  schedule: Schedule,
): LabGrade {
  const valid = overrides.filter(({ revertedAt }) => revertedAt === null);
  const all = submissions.map((submission) => {
    const own = valid.find(({ submissionId }) => submissionId === submission.id);
    return withPoints(submission, own, rules, schedule);
  });
  const graded = all.filter(({ points }) => points !== null);
  const counted = graded.slice(0, rules.attempts ?? graded.length);
  const best = counted.reduce<GradedSubmission | undefined>(
    (found, one) => (found === undefined || one.points! > found.points! ? one : found),
    undefined,
  );
  const chosen = rules.counts === 'best' ? best : counted.at(-1);
  const override = valid.find(({ submissionId }) => submissionId === null);
  const used = all.filter(({ state }) => state === 'graded').length;
  return {
    lab,
    points: override?.points ?? chosen?.points ?? null,
    maxPoints: MAX_POINTS,
    override: shown(override),
    used,
    left: rules.attempts === null ? null : Math.max(0, rules.attempts - used),
    submissions: all.map((one) => ({ ...one, counts: one.id === chosen?.id && !override })),
  };
}

/** An instructor's points take the place of the grader's: what was late stays late. */
function withPoints(
  { id, lab, askedAt, state, points: graded, tasks }: Submission,
  override: Override | undefined,
  rules: Rules,
  schedule: Schedule,
): GradedSubmission {
  const { days, percent } = latenessAt(schedule, rules, Date.parse(askedAt));
  const before = override?.points ?? graded;
  return {
    ...{ id, lab, askedAt, state, graded, counts: false, tasks: [...tasks] },
    override: shown(override),
    daysLate: days,
    latePercent: percent,
    points: before === null ? null : afterLateness(before, percent),
  };
}

export const totalOf = (grades: readonly LabGrade[]): number =>
  grades.reduce((sum, { points }) => sum + (points ?? 0), 0);
