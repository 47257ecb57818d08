/** What is remembered. A promise that resolves means it is on disk. */
import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { accountQueries } from './accounts.ts';
import { apiTokenQueries } from './api-tokens.ts';
import { attemptQueries } from './attempts.ts';
import { classroomQueries } from './classroom.ts';
import { cohortQueries } from './cohorts.ts';
import { hintQueries } from './hints.ts';
import { historyQueries } from './history.ts';
import { learnerQueries } from './learners.ts';
import { ltiQueries } from './lti.ts';
import { memberQueries } from './members.ts';
import { migrations } from './migrations.ts';
import { recordingQueries } from './recordings.ts';
import { rosterQueries } from './rosters.ts';
import { sandboxQueries } from './sandboxes.ts';
import type { Database } from './schema.ts';
import { submissionQueries } from './submissions.ts';

export type { AttemptRecord, LabProgress, Trigger } from './attempts.ts';
export type { Grant, LearnersAttempt, Message } from './classroom.ts';
export type { Cohort, CohortLab, CohortPlan } from './cohorts.ts';
export { StoreUnavailable, StoreUnusable } from './errors.ts';
export type { Learner } from './learners.ts';
export type { Member } from './members.ts';
export type { RecordingRecord } from './recordings.ts';
export type { Place, RosterPerson } from './rosters.ts';
export type { Handwork, SandboxRecord } from './sandboxes.ts';
export type { Extension, Override, Submission } from './submissions.ts';
export type Store = Awaited<ReturnType<typeof openStore>>;

/** One server at a time, where several share the database. @throws when a migration fails, with what the database said */
export async function migrate(db: Kysely<Database>): Promise<void> {
  const { error } = await new Migrator({ db, provider: { getMigrations: async () => migrations } }).migrateToLatest();
  if (error) throw error;
}

/** Brings the tables up to date first. The database is closed with the store, or when that cannot be opened. */
export async function openStore(db: Kysely<Database>) {
  try {
    await migrate(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    ...learnerQueries(db),
    ...sandboxQueries(db),
    ...attemptQueries(db),
    ...historyQueries(db),
    ...hintQueries(db),
    ...recordingQueries(db),
    ...accountQueries(db),
    ...cohortQueries(db),
    ...memberQueries(db),
    ...classroomQueries(db),
    ...rosterQueries(db),
    ...submissionQueries(db),
    ...ltiQueries(db),
    ...apiTokenQueries(db),
    close: () => db.destroy(),
  };
}
