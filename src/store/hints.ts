/** Which hints a learner has taken. */
import type { Kysely } from 'kysely';
import type { TakenHint } from '../grading/hint-cost.ts';
import type { Database } from './schema.ts';

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

export type LabHint = TakenHint & { readonly lab: string };

export const hintQueries = (db: Kysely<Database>) => ({
  /** A hint that was taken stays taken at the time it first was. */
  async takeHint(learnerId: string, lab: string, task: string, step: number): Promise<void> {
    await db
      .insertInto('hints')
      .values({ learner_id: learnerId, lab, task, step, taken_at: new Date().toISOString() })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  },

  /** @param lab all labs, where none is given */
  async hintsTaken(learnerId: string, lab?: string): Promise<LabHint[]> {
    const rows = await db
      .selectFrom('hints')
      .select(['lab', 'task', 'step', 'taken_at'])
      .where('learner_id', '=', learnerId)
      .$if(lab !== undefined, (query) => query.where('lab', '=', lab!))
      .execute();
    const hints = rows.map(({ lab, task, step, taken_at: takenAt }) => ({ lab, task, step, takenAt }));
    // Here, since each database sorts text by rules of its own.
    return hints.sort((a, b) => compare(a.lab, b.lab) || compare(a.task, b.task) || a.step - b.step);
  },
});
