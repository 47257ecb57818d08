/** Gradings, each with the snapshot it was judged from. */
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Kysely } from 'kysely';
import type { Result } from '../grading/check.ts';
import type { Grading } from '../grading/runner.ts';
import { type Snapshot, snapshotSchema } from '../inspector/snapshot.ts';
import type { SandboxRecord } from './sandboxes.ts';
import type { AttemptsTable, Database } from './schema.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);
/** More than any snapshot can be; a compressed bomb in a restored backup ends here. */
const SNAPSHOT_LIMIT = 256 * 1024 * 1024;

export type Trigger = 'asked' | 'automatic';

export interface AttemptRecord {
  readonly id: string;
  readonly lab: string;
  readonly status: Grading['status'];
  readonly trigger: Trigger;
  readonly score: number;
  readonly maxScore: number;
  readonly results: readonly Result[];
  readonly gradedAt: string;
}
export interface LabProgress {
  readonly lab: string;
  readonly best: number;
  readonly maxScore: number;
  readonly passed: boolean;
  readonly attempts: number;
  /** ISO 8601. */
  readonly firstPassedAt: string | null;
  readonly lastAttemptAt: string;
}

/** All but the snapshot, which is large. */
export const ATTEMPT_COLUMNS = [
  'id',
  'lab',
  'status',
  'trigger',
  'score',
  'max_score',
  'results',
  'graded_at',
] as const;

export const recordOf = (row: Pick<AttemptsTable, (typeof ATTEMPT_COLUMNS)[number]>): AttemptRecord => ({
  id: row.id,
  lab: row.lab,
  status: row.status,
  trigger: row.trigger,
  score: row.score,
  maxScore: row.max_score,
  results: JSON.parse(row.results),
  gradedAt: row.graded_at,
});

export const attemptQueries = (db: Kysely<Database>) => ({
  async addAttempt(
    sandbox: SandboxRecord,
    grading: Grading,
    snapshot: Snapshot,
    trigger: Trigger,
  ): Promise<AttemptRecord> {
    const attempt: AttemptRecord = {
      id: randomUUID(),
      lab: sandbox.lab,
      status: grading.status,
      trigger,
      score: grading.score,
      maxScore: grading.maxScore,
      results: grading.results,
      gradedAt: snapshot.takenAt,
    };
    await db
      .insertInto('attempts')
      .values({
        id: attempt.id,
        learner_id: sandbox.learnerId,
        lab: sandbox.lab,
        sandbox_id: sandbox.id,
        status: attempt.status,
        trigger,
        score: attempt.score,
        max_score: attempt.maxScore,
        results: JSON.stringify(attempt.results),
        snapshot: await compress(JSON.stringify(snapshot), { level: 1 }),
        graded_at: attempt.gradedAt,
      })
      .execute();
    return attempt;
  },

  async latestAttempt(learnerId: string, lab: string): Promise<AttemptRecord | undefined> {
    const row = await db
      .selectFrom('attempts')
      .select(ATTEMPT_COLUMNS)
      .where('learner_id', '=', learnerId)
      .where('lab', '=', lab)
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row && recordOf(row);
  },

  /** The snapshot an attempt was judged from, to judge it again. */
  async snapshotOf(attemptId: string): Promise<Snapshot | undefined> {
    const row = await db.selectFrom('attempts').select('snapshot').where('id', '=', attemptId).executeTakeFirst();
    if (!row) return undefined;
    const text = await decompress(row.snapshot, { maxOutputLength: SNAPSHOT_LIMIT });
    return snapshotSchema.parse(JSON.parse(text.toString('utf8')));
  },

  /** Ungraded attempts count as attempts and never as a score. */
  async progress(learnerId: string): Promise<LabProgress[]> {
    const rows = await db
      .selectFrom('attempts')
      .select(['lab', 'status', 'score', 'max_score', 'graded_at'])
      .where('learner_id', '=', learnerId)
      .orderBy('number')
      .execute();
    const labs = Map.groupBy(rows, ({ lab }) => lab);
    return [...labs].map(([lab, attempts]) => {
      const graded = attempts.filter(({ status }) => status !== 'ungraded');
      return {
        lab,
        best: Math.max(0, ...graded.map(({ score }) => score)),
        maxScore: attempts[0]!.max_score,
        passed: graded.some(({ status }) => status === 'passed'),
        attempts: attempts.length,
        firstPassedAt: graded.find(({ status }) => status === 'passed')?.graded_at ?? null,
        lastAttemptAt: attempts.at(-1)!.graded_at,
      };
    });
  },
});
