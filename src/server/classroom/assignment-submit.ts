/**
 * Handing in: noted with its time before it is graded, graded after that, and never lost without saying so. What a server
 * leaves when it ends, the next one grades in the same sandbox, and it counts by the time at which it was handed in.
 */
import { tracesOf } from '../../classroom/assignment-traces.ts';
import type { Submission } from '../../store/store.ts';
import type { NewSubmission } from '../../store/submissions.ts';
import { pointsOf, standing } from '../attempt-view.ts';
import type { AppParts } from '../http.ts';
import type { Room } from '../room.ts';

export type SubmitParts = Pick<AppParts, 'catalogue' | 'rooms' | 'store' | 'log'>;
export type Outcome = 'graded' | 'busy' | 'lost' | 'none-left' | 'closed';

/** Of this process: what is marked as being graded and is not here was left by another. */
const underWay = new Set<string>();

/** @param most submissions of this lab that may be graded; null: as many as one likes */
export async function submit(
  parts: SubmitParts,
  wanted: NewSubmission,
  most: number | null,
  room: Room,
): Promise<Outcome> {
  const reserved = await parts.store.reserveSubmission(wanted, most);
  if (!('submission' in reserved)) return reserved.was;
  const { submission } = reserved;
  // Left by a grading whose end could not be written: it comes to its end now, at the time that it was handed in.
  if (reserved.was === 'busy' && underWay.has(submission.id)) return 'busy';
  return settle(parts, submission, room);
}

async function settle(parts: SubmitParts, submission: Submission, room: Room | undefined): Promise<Outcome> {
  underWay.add(submission.id);
  try {
    if (room?.record.id !== submission.sandboxId) {
      await parts.store.loseSubmission(submission.id);
      return 'lost';
    }
    await gradeInto(parts, submission, room);
    return 'graded';
  } finally {
    underWay.delete(submission.id);
  }
}

async function gradeInto({ store }: SubmitParts, { id }: Submission, room: Room): Promise<void> {
  const { exercise, record } = room;
  try {
    const { attempt, snapshot } = await room.submit();
    const { tasks, counted } = pointsOf(attempt, exercise, await standing(store, record.learnerId, exercise));
    const state = attempt.status === 'ungraded' ? ('ungraded' as const) : ('graded' as const);
    const points = state === 'graded' ? counted : null;
    const traces = tracesOf(exercise.lab, snapshot, attempt.results);
    await store.finishSubmission(id, { state, attemptId: attempt.id, points, tasks, traces });
  } catch (error) {
    await store.loseSubmission(id);
    throw error;
  }
}

/** At the start, beside serving. Never throws: what fails is in the log, and is tried again when its learner submits. */
export async function resumeSubmissions(parts: SubmitParts): Promise<void> {
  const { store, rooms, log } = parts;
  const trouble = (error: unknown) => log.error({ err: error }, 'a submission left by a server before is not graded');
  const left = await store.pendingSubmissions().catch((error) => {
    trouble(error);
    return [];
  });
  for (const submission of left) {
    try {
      const outcome = await settle(parts, submission, rooms.find(submission.learnerId, submission.lab));
      log.info({ submission: submission.id, lab: submission.lab, outcome }, 'a submission left by a server before');
    } catch (error) {
      trouble(error);
    }
  }
}
