/** What learners of assignments handed in, and the points that an instructor gave instead. */
import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { TaskPoints } from '../grading/hint-cost.ts';
import { type AuditEntry, addAudit, auditId } from './audit-log.ts';
import type { Database, OverridesTable, SubmissionsTable } from './schema.ts';

export interface Submission {
  readonly id: string;
  readonly cohortId: string;
  readonly memberId: string;
  readonly lab: string;
  readonly sandboxId: string;
  /** ISO 8601, by the server's clock: decides whether it is late. */
  readonly askedAt: string;
  readonly state: SubmissionsTable['state'];
  readonly attemptId: string | null;
  /** Without what hints cost, before any late deduction; null unless graded. */
  readonly points: number | null;
  readonly tasks: readonly TaskPoints[];
}

/** How a submission ends. */
export interface SubmissionEnd extends Pick<Submission, 'state' | 'attemptId' | 'points' | 'tasks'> {
  /** As classroom/ reads it. */
  readonly traces: unknown;
}

export interface Override {
  readonly id: string;
  readonly memberId: string;
  readonly lab: string;
  /** null: of the lab as a whole. */
  readonly submissionId: string | null;
  readonly points: number;
  readonly reason: string;
  readonly madeAt: string;
  readonly by: string;
  readonly revertedAt: string | null;
}

export interface Extension {
  readonly memberId: string;
  readonly dueAt: string;
  readonly reason: string;
}

export type Reservation =
  | { readonly was: 'taken'; readonly submission: Submission }
  /** busy: with that one, which is not graded yet. */
  | { readonly was: 'busy'; readonly submission: Submission }
  | { readonly was: 'none-left' | 'closed' };

const now = () => new Date().toISOString();

/** All but the traces, which only looking for signs needs. */
const COLUMNS = [
  ...(['id', 'cohort_id', 'member_id', 'lab', 'sandbox_id', 'asked_at', 'state'] as const),
  ...(['attempt_id', 'points', 'tasks'] as const),
] as const;

const submissionOf = (row: Pick<SubmissionsTable, (typeof COLUMNS)[number]>): Submission => ({
  id: row.id,
  cohortId: row.cohort_id,
  memberId: row.member_id,
  lab: row.lab,
  sandboxId: row.sandbox_id,
  askedAt: row.asked_at,
  state: row.state,
  attemptId: row.attempt_id,
  points: row.points,
  tasks: row.tasks === null ? [] : JSON.parse(row.tasks),
});

export type NewSubmission = Pick<Submission, 'cohortId' | 'memberId' | 'lab' | 'sandboxId' | 'askedAt'>;

export const submissionQueries = (db: Kysely<Database>) => ({
  /**
   * One at a time of a member in a lab, and no more than `most` that were graded.
   *
   * @param most null: as many as they like
   */
  async reserveSubmission(wanted: NewSubmission, most: number | null): Promise<Reservation> {
    return db.transaction().execute(async (trx) => {
      // An update locks the row in every database: another submission of this member waits here.
      const member = trx.updateTable('members').set({ id: wanted.memberId }).where('id', '=', wanted.memberId);
      const { numUpdatedRows } = await member.where('status', '=', 'in').executeTakeFirstOrThrow();
      const open = trx
        .selectFrom('cohorts')
        .select('id')
        .where('id', '=', wanted.cohortId)
        .where('closed_at', 'is', null);
      if (numUpdatedRows !== 1n || !(await open.executeTakeFirst())) return { was: 'closed' };
      const before = await trx
        .selectFrom('submissions')
        .selectAll()
        .where('member_id', '=', wanted.memberId)
        .where('lab', '=', wanted.lab)
        .execute();
      const under = before.find(({ state }) => state === 'grading');
      if (under) return { was: 'busy', submission: submissionOf(under) };
      if (most !== null && before.filter(({ state }) => state === 'graded').length >= most) return { was: 'none-left' };
      const row: SubmissionsTable = {
        id: randomUUID(),
        cohort_id: wanted.cohortId,
        member_id: wanted.memberId,
        lab: wanted.lab,
        sandbox_id: wanted.sandboxId,
        asked_at: wanted.askedAt,
        state: 'grading',
        attempt_id: null,
        points: null,
        tasks: null,
        traces: null,
      };
      await trx.insertInto('submissions').values(row).execute();
      return { was: 'taken', submission: submissionOf(row) };
    });
  },

  async finishSubmission(id: string, end: SubmissionEnd): Promise<void> {
    await db
      .updateTable('submissions')
      .set({
        state: end.state,
        attempt_id: end.attemptId,
        points: end.points,
        tasks: JSON.stringify(end.tasks),
        traces: JSON.stringify(end.traces),
      })
      .where('id', '=', id)
      .where('state', '=', 'grading')
      .execute();
  },

  /** Nothing was graded. */
  async loseSubmission(id: string): Promise<void> {
    const row = db.updateTable('submissions').set({ state: 'lost' }).where('id', '=', id);
    await row.where('state', '=', 'grading').execute();
  },

  /** Those that a server left when it ended. */
  async pendingSubmissions(): Promise<(Submission & { learnerId: string })[]> {
    const rows = await db
      .selectFrom('submissions')
      .innerJoin('members', 'members.id', 'submissions.member_id')
      .selectAll('submissions')
      .select('members.learner_id')
      .where('submissions.state', '=', 'grading')
      .execute();
    return rows.map((row) => ({ ...submissionOf(row), learnerId: row.learner_id! }));
  },

  /** In the order of time. */
  async submissions(cohortId: string, memberId?: string): Promise<Submission[]> {
    const rows = await db
      .selectFrom('submissions')
      .select(COLUMNS)
      .where('cohort_id', '=', cohortId)
      .$if(memberId !== undefined, (query) => query.where('member_id', '=', memberId!))
      .orderBy('asked_at')
      .orderBy('id')
      .execute();
    return rows.map(submissionOf);
  },

  /** By submission, of those that were graded. */
  async submissionTraces(cohortId: string): Promise<ReadonlyMap<string, unknown>> {
    const rows = await db
      .selectFrom('submissions')
      .select(['id', 'traces'])
      .where('cohort_id', '=', cohortId)
      .where('state', '=', 'graded')
      .execute();
    return new Map(rows.flatMap(({ id, traces }) => (traces === null ? [] : [[id, JSON.parse(traces)] as const])));
  },

  /** How many members each of these cohorts has, and how many of them have submitted something. */
  async submitters(cohortIds: readonly string[]): Promise<ReadonlyMap<string, { members: number; handedIn: number }>> {
    if (cohortIds.length === 0) return new Map();
    const rows = await db
      .selectFrom('members')
      .leftJoin('submissions', 'submissions.member_id', 'members.id')
      .select('members.cohort_id as id')
      .select(({ fn }) => [
        fn.count('members.id').distinct().as('members'),
        fn.count('submissions.member_id').distinct().as('handedIn'),
      ])
      .where('members.cohort_id', 'in', cohortIds)
      .where('members.status', '<>', 'removed')
      .groupBy('members.cohort_id')
      .execute();
    return new Map(
      rows.map(({ id, members, handedIn }) => [id, { members: Number(members), handedIn: Number(handedIn) }]),
    );
  },

  async findSubmission(cohortId: string, id: string): Promise<Submission | undefined> {
    const rows = db.selectFrom('submissions').selectAll().where('id', '=', id).where('cohort_id', '=', cohortId);
    const row = await rows.executeTakeFirst();
    return row && submissionOf(row);
  },

  /** Oldest first, the reverted ones too. */
  async overrides(cohortId: string, memberId?: string): Promise<Override[]> {
    const rows = await db
      .selectFrom('overrides')
      .innerJoin('accounts', 'accounts.id', 'overrides.account_id')
      .selectAll('overrides')
      .select('accounts.name as by')
      .where('cohort_id', '=', cohortId)
      .$if(memberId !== undefined, (query) => query.where('member_id', '=', memberId!))
      .orderBy('overrides.id')
      .execute();
    return rows.map((row) => ({
      id: row.id,
      memberId: row.member_id,
      lab: row.lab,
      submissionId: row.submission_id,
      points: row.points,
      reason: row.reason,
      madeAt: row.made_at,
      by: row.by,
      revertedAt: row.reverted_at,
    }));
  },

  /** Takes the place of the one before for the same submission or lab. @returns its id */
  async addOverride(
    wanted: Pick<
      OverridesTable,
      'cohort_id' | 'member_id' | 'lab' | 'submission_id' | 'points' | 'reason' | 'account_id'
    >,
    entry: AuditEntry,
  ): Promise<string> {
    return db.transaction().execute(async (trx) => {
      const { submission_id } = wanted;
      await trx
        .updateTable('overrides')
        .set({ reverted_at: now() })
        .where('member_id', '=', wanted.member_id)
        .where('lab', '=', wanted.lab)
        .where('submission_id', submission_id === null ? 'is' : '=', submission_id)
        .where('reverted_at', 'is', null)
        .execute();
      const own = { id: auditId(), made_at: now(), reverted_at: null };
      await trx
        .insertInto('overrides')
        .values({ ...wanted, ...own })
        .execute();
      await addAudit(trx, entry);
      return own.id;
    });
  },

  /** @returns false when there is none that counts */
  async revertOverride(cohortId: string, id: string, entry: AuditEntry): Promise<boolean> {
    return db.transaction().execute(async (trx) => {
      const { numUpdatedRows } = await trx
        .updateTable('overrides')
        .set({ reverted_at: now() })
        .where('id', '=', id)
        .where('cohort_id', '=', cohortId)
        .where('reverted_at', 'is', null)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows !== 1n) return false;
      await addAudit(trx, entry);
      return true;
    });
  },

  async extensions(cohortId: string): Promise<Extension[]> {
    const rows = await db
      .selectFrom('extensions')
      .innerJoin('members', 'members.id', 'extensions.member_id')
      .selectAll('extensions')
      .where('members.cohort_id', '=', cohortId)
      .execute();
    return rows.map((row) => ({ memberId: row.member_id, dueAt: row.due_at, reason: row.reason }));
  },

  /** @param dueAt null takes it away */
  async setExtension(
    memberId: string,
    dueAt: string | null,
    reason: string,
    accountId: string,
    entry: AuditEntry,
  ): Promise<void> {
    await db.transaction().execute(async (trx) => {
      await trx.deleteFrom('extensions').where('member_id', '=', memberId).execute();
      if (dueAt !== null) {
        const row = { member_id: memberId, due_at: dueAt, reason, account_id: accountId, made_at: now() };
        await trx.insertInto('extensions').values(row).execute();
      }
      await addAudit(trx, entry);
    });
  },
});
