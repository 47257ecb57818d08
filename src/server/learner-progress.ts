/** A learner's standing over the course: best scores that count, what was last worked in. */
import type { Exercise } from '../exercise/catalogue.ts';
import { type Progress, progressSchema } from '../protocol/api.ts';
import type { LabProgress, Learner, Store } from '../store/store.ts';
import { pointsOf, standing } from './attempt-view.ts';

type Catalogue = ReadonlyMap<string, Exercise>;

/** Hints can only lower a score: where none was taken nothing need be read again. */
export async function bestCounted(store: Store, learner: Learner, exercise: Exercise): Promise<number> {
  const stands = await standing(store, learner.id, exercise);
  const attempts = await store.judgedAttempts(learner.id, exercise.lab.id);
  const counted = attempts
    .filter(({ status }) => status !== 'ungraded')
    .map((attempt) => pointsOf(attempt, exercise, stands).counted);
  return Math.max(0, ...counted);
}

async function lastLab(store: Store, learner: Learner, labs: readonly LabProgress[]): Promise<string | null> {
  const given = await store.lastLabGiven(learner.id);
  const checked = labs.map(({ lab, lastAttemptAt: at }) => ({ lab, at }));
  return [...checked, ...(given ? [given] : [])].sort((a, b) => (a.at < b.at ? 1 : -1))[0]?.lab ?? null;
}

export async function learnerProgress(store: Store, catalogue: Catalogue, learner: Learner): Promise<Progress> {
  const [found, hints, name] = await Promise.all([
    store.progress(learner.id),
    store.hintsTaken(learner.id),
    store.recordName(learner.id),
  ]);
  const labs = await Promise.all(
    found.map(async (progress) => {
      const taken = hints.filter(({ lab }) => lab === progress.lab).length;
      const exercise = catalogue.get(progress.lab);
      const best = taken > 0 && exercise ? await bestCounted(store, learner, exercise) : progress.best;
      return { ...progress, best, hints: taken };
    }),
  );
  return progressSchema.parse({ labs, last: await lastLab(store, learner, found), name });
}
