/** Labs with their graders, loaded once: what is wrong in a file stops the start, not a learner. */
import type { Grader } from '../grading/check.ts';
import { loadGrader } from '../grading/graders.ts';
import { loadLab, loadLabs } from '../grading/labs.ts';
import type { Lab } from '../protocol/lab.ts';

export interface Exercise {
  readonly lab: Lab;
  readonly grader: Grader;
}

/** By lab id, in the order of the course. @throws FileError */
export async function loadCatalogue(root: string): Promise<ReadonlyMap<string, Exercise>> {
  const labs = await loadLabs(root);
  const exercises = await Promise.all(labs.map(async (lab) => ({ lab, grader: await loadGrader(root, lab) })));
  return new Map(exercises.map((exercise) => [exercise.lab.id, exercise]));
}

export async function loadExercise(root: string, id: string): Promise<Exercise> {
  const lab = await loadLab(root, id);
  return { lab, grader: await loadGrader(root, lab) };
}
