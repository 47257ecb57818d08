/** Which terminals were recorded, by whom. What they showed is in files of the instance's folder. */
import type { Kysely } from 'kysely';
import type { Database, RecordingsTable } from './schema.ts';

export interface RecordingRecord {
  readonly id: string;
  readonly learnerId: string;
  readonly lab: string;
  readonly terminal: string;
  readonly startedAt: string;
  /** null while it runs. */
  readonly endedAt: string | null;
  readonly bytes: number;
}

const record = (row: RecordingsTable): RecordingRecord => ({
  id: row.id,
  learnerId: row.learner_id,
  lab: row.lab,
  terminal: row.terminal,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  bytes: row.bytes,
});

export const recordingQueries = (db: Kysely<Database>) => ({
  async addRecording({ id, learnerId, lab, terminal, startedAt }: RecordingRecord): Promise<void> {
    await db
      .insertInto('recordings')
      .values({ id, learner_id: learnerId, lab, terminal, started_at: startedAt, ended_at: null, bytes: 0 })
      .execute();
  },

  async endRecording(id: string, endedAt: string, bytes: number): Promise<void> {
    await db.updateTable('recordings').set({ ended_at: endedAt, bytes }).where('id', '=', id).execute();
  },

  /** Of a server that ended in the middle of them. */
  async openRecordings(): Promise<RecordingRecord[]> {
    return (await db.selectFrom('recordings').selectAll().where('ended_at', 'is', null).execute()).map(record);
  },

  /** A learner's own, newest first. @param lab undefined for all labs */
  async recordings(learnerId: string, lab?: string): Promise<RecordingRecord[]> {
    const own = db.selectFrom('recordings').selectAll().where('learner_id', '=', learnerId);
    const rows = await (lab === undefined ? own : own.where('lab', '=', lab)).orderBy('started_at', 'desc').execute();
    return rows.map(record);
  },

  /** Undefined also where it is somebody else's. */
  async findRecording(learnerId: string, id: string): Promise<RecordingRecord | undefined> {
    const row = await db
      .selectFrom('recordings')
      .selectAll()
      .where('id', '=', id)
      .where('learner_id', '=', learnerId)
      .executeTakeFirst();
    return row && record(row);
  },

  async removeRecording(id: string): Promise<void> {
    await db.deleteFrom('recordings').where('id', '=', id).execute();
  },

  /** Bytes of every learner's that have ended. */
  async recordedBytes(): Promise<number> {
    const { total } = await db
      .selectFrom('recordings')
      .select(({ fn }) => fn.sum<number | string | null>('bytes').as('total'))
      .executeTakeFirstOrThrow();
    return Number(total ?? 0);
  },
});
