/** What an instructor says and opens, and what a group's learners have achieved. */
import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import { ATTEMPT_COLUMNS, type AttemptRecord, recordOf } from './attempts.ts';
import { type AuditEntry, addAudit, auditId } from './audit-log.ts';
import type { Database, GrantsTable, MessagesTable } from './schema.ts';

export interface Message {
  readonly id: string;
  readonly memberId: string | null;
  readonly text: string;
  readonly sentAt: string;
  /** The instructor's name. */
  readonly from: string;
}

export interface Grant {
  readonly memberId: string | null;
  readonly lab: string;
  readonly task: string | null;
  readonly step: number | null;
  readonly grantedAt: string;
}

export type LearnersAttempt = AttemptRecord & { readonly learnerId: string };

const now = () => new Date().toISOString();
const grantOf = (row: GrantsTable): Grant => ({
  memberId: row.member_id,
  lab: row.lab,
  task: row.task,
  step: row.step,
  grantedAt: row.granted_at,
});

export const classroomQueries = (db: Kysely<Database>) => ({
  async addMessage(
    message: Pick<MessagesTable, 'cohort_id' | 'member_id' | 'account_id' | 'text'>,
    entry: AuditEntry,
  ): Promise<Pick<Message, 'id' | 'sentAt'>> {
    return db.transaction().execute(async (trx) => {
      const own = { id: auditId(), sent_at: now() };
      await trx
        .insertInto('messages')
        .values({ ...message, ...own })
        .execute();
      await addAudit(trx, entry);
      return { id: own.id, sentAt: own.sent_at };
    });
  },

  /** To all and to this member, oldest first; without a member: all of the cohort. */
  async messages(cohortId: string, memberId?: string): Promise<Message[]> {
    const rows = await db
      .selectFrom('messages')
      .innerJoin('accounts', 'accounts.id', 'messages.account_id')
      .select(['messages.id', 'member_id', 'text', 'sent_at', 'accounts.name as from'])
      .where('cohort_id', '=', cohortId)
      .$if(memberId !== undefined, (query) =>
        query.where((e) => e.or([e('member_id', 'is', null), e('member_id', '=', memberId!)])),
      )
      .orderBy('messages.id')
      .execute();
    return rows.map((row) => ({
      id: row.id,
      memberId: row.member_id,
      text: row.text,
      sentAt: row.sent_at,
      from: row.from,
    }));
  },

  async addGrant(cohortId: string, grant: Omit<Grant, 'grantedAt'>, entry: AuditEntry): Promise<void> {
    await db.transaction().execute(async (trx) => {
      const { memberId, lab, task, step } = grant;
      const row = { id: randomUUID(), cohort_id: cohortId, member_id: memberId, lab, task, step, granted_at: now() };
      await trx.insertInto('grants').values(row).execute();
      await addAudit(trx, entry);
    });
  },

  async grants(cohortId: string): Promise<Grant[]> {
    return (await db.selectFrom('grants').selectAll().where('cohort_id', '=', cohortId).execute()).map(grantOf);
  },

  /** What is open to this learner in a lab, by all cohorts that they have a place in. */
  async grantsFor(learnerId: string, lab: string): Promise<Grant[]> {
    const rows = await db
      .selectFrom('grants')
      .innerJoin('members', 'members.cohort_id', 'grants.cohort_id')
      .selectAll('grants')
      .where('members.learner_id', '=', learnerId)
      .where('members.status', '=', 'in')
      .where('grants.lab', '=', lab)
      .where((e) => e.or([e('grants.member_id', 'is', null), e('grants.member_id', '=', e.ref('members.id'))]))
      .execute();
    return rows.map(grantOf);
  },

  /** All of these learners in these labs, oldest first, without snapshots. */
  async attemptsOfMany(learnerIds: readonly string[], labs: readonly string[]): Promise<LearnersAttempt[]> {
    if (learnerIds.length === 0 || labs.length === 0) return [];
    const rows = await db
      .selectFrom('attempts')
      .select(ATTEMPT_COLUMNS)
      .select('learner_id')
      .where('learner_id', 'in', learnerIds)
      .where('lab', 'in', labs)
      .orderBy('number')
      .execute();
    return rows.map((row) => ({ ...recordOf(row), learnerId: row.learner_id }));
  },

  /** When each of these learners was first given a sandbox of each lab. */
  async firstGiven(learnerIds: readonly string[]): Promise<{ learnerId: string; lab: string; at: string }[]> {
    if (learnerIds.length === 0) return [];
    return db
      .selectFrom('sandboxes')
      .select(['learner_id as learnerId', 'lab'])
      .select(({ fn }) => fn.min('created_at').as('at'))
      .where('learner_id', 'in', learnerIds)
      .groupBy(['learner_id', 'lab'])
      .execute();
  },
});
