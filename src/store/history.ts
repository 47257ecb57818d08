/** What a learner's attempts of a lab were, one by one. */
import type { Kysely } from 'kysely';
import type { Result } from '../grading/check.ts';
import type { Judged } from '../grading/hint-cost.ts';
import { ATTEMPT_COLUMNS, type AttemptRecord, recordOf } from './attempts.ts';
import type { Database } from './schema.ts';

export type JudgedAttempt = Judged & Pick<AttemptRecord, 'status'>;

export const historyQueries = (db: Kysely<Database>) => ({
  /**
   * Newest first, without snapshots.
   *
   * @param before only those older than this attempt, to read on; nothing when it is not this learner's
   */
  async attemptsOf(learnerId: string, lab: string, limit: number, before?: string): Promise<AttemptRecord[]> {
    const rows = await db
      .selectFrom('attempts')
      .select(ATTEMPT_COLUMNS)
      .where('learner_id', '=', learnerId)
      .where('lab', '=', lab)
      .$if(before !== undefined, (query) =>
        query.where('number', '<', (older) =>
          older
            .selectFrom('attempts as other')
            .select('other.number')
            .where('other.id', '=', before!)
            .where('other.learner_id', '=', learnerId),
        ),
      )
      .orderBy('number', 'desc')
      .limit(limit)
      .execute();
    return rows.map(recordOf);
  },

  /** Only the learner's own. */
  async findAttempt(learnerId: string, lab: string, id: string): Promise<AttemptRecord | undefined> {
    const row = await db
      .selectFrom('attempts')
      .select(ATTEMPT_COLUMNS)
      .where('id', '=', id)
      .where('learner_id', '=', learnerId)
      .where('lab', '=', lab)
      .executeTakeFirst();
    return row && recordOf(row);
  },

  async hasPassed(learnerId: string, lab: string): Promise<boolean> {
    const row = await db
      .selectFrom('attempts')
      .select('id')
      .where('learner_id', '=', learnerId)
      .where('lab', '=', lab)
      .where('status', '=', 'passed')
      .limit(1)
      .executeTakeFirst();
    return row !== undefined;
  },

  /** All of a lab, oldest first, without their evidence: what counting needs. */
  async judgedAttempts(learnerId: string, lab: string): Promise<JudgedAttempt[]> {
    const rows = await db
      .selectFrom('attempts')
      .select(['status', 'score', 'graded_at', 'results'])
      .where('learner_id', '=', learnerId)
      .where('lab', '=', lab)
      .orderBy('number')
      .execute();
    return rows.map((row) => ({
      status: row.status,
      score: row.score,
      gradedAt: row.graded_at,
      results: (JSON.parse(row.results) as Result[]).map(({ id, status }) => ({ id, status })),
    }));
  },
});
