/** A lab's hints: the text of those that were taken or that an instructor opened, of the others what they cost. */
import type { Exercise } from '../exercise/catalogue.ts';
import type { Language } from '../grading/check.ts';
import { firstPasses, hintCosts, taskWeight } from '../grading/hint-cost.ts';
import type { LabHints } from '../protocol/api.ts';
import type { Learner, Store } from '../store/store.ts';

export async function hintsView(
  store: Store,
  learner: Learner,
  { lab, grader }: Exercise,
  language: Language,
): Promise<LabHints> {
  const taken = await store.hintsTaken(learner.id, lab.id);
  const given = await store.grantsFor(learner.id, lab.id);
  const first = firstPasses(lab, await store.judgedAttempts(learner.id, lab.id));
  return Object.fromEntries(
    lab.tasks.map((task) => {
      const points = taskWeight(task, grader.checks);
      const costs = hintCosts(points, task.hints.length);
      const passedAt = first.get(task.id);
      const steps = task.hints.map((hint, index) => {
        const own = taken.find(({ task: id, step }) => id === task.id && step === index + 1);
        const opened = given.some(({ task: id, step }) => id === task.id && step === index + 1);
        // Opened by the instructor, or of no help any more.
        const free = (opened && !own) || (passedAt !== undefined && (own === undefined || own.takenAt >= passedAt));
        return { cost: free ? 0 : costs[index]!, text: own || opened ? hint[language] : null };
      });
      return [task.id, { points, steps }];
    }),
  );
}
