/** An attempt as its learner sees it: words, points by task, and the score that counts. */
import type { Exercise } from '../exercise/catalogue.ts';
import type { Language } from '../grading/check.ts';
import { feedback } from '../grading/feedback.ts';
import { countedScore, firstPasses, type Judged, type TakenHint, taskPoints } from '../grading/hint-cost.ts';
import { type Attempt, attemptSchema } from '../protocol/api.ts';
import type { AttemptRecord, Store } from '../store/store.ts';

export interface Standing {
  readonly hints: readonly TakenHint[];
  /** When each task was first passed. Empty where no hint was taken: it is then of no matter. */
  readonly first: ReadonlyMap<string, string>;
}

export async function standing(store: Store, learnerId: string, { lab }: Exercise): Promise<Standing> {
  const hints = await store.hintsTaken(learnerId, lab.id);
  const first = hints.length > 0 ? firstPasses(lab, await store.judgedAttempts(learnerId, lab.id)) : new Map();
  return { hints, first };
}

export function pointsOf(record: Judged, exercise: Exercise, { hints, first }: Standing) {
  const tasks = taskPoints(exercise, record, hints, first);
  return { tasks, counted: countedScore(record.score, tasks) };
}

/** @param record one of this learner's, of this lab */
export async function attemptView(
  store: Store,
  learnerId: string,
  record: AttemptRecord,
  exercise: Exercise,
  language: Language,
): Promise<Attempt> {
  return attemptSchema.parse({
    ...record,
    ...pointsOf(record, exercise, await standing(store, learnerId, exercise)),
    checks: feedback(exercise.grader, record.results, language),
  });
}
