/** Learners of workshops and assignments. */
import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import { hashToken, newToken } from './account-sessions.ts';
import { type AuditEntry, addAudit } from './audit-log.ts';
import { type Cohort, cohortQueries } from './cohorts.ts';
import type { Database, MembersTable } from './schema.ts';

export interface Member {
  readonly id: string;
  readonly cohortId: string;
  /** null: on the roster, has not come yet. */
  readonly learnerId: string | null;
  readonly name: string;
  readonly email: string | null;
  readonly externalId: string | null;
  readonly status: MembersTable['status'];
  readonly createdAt: string;
  readonly joinedAt: string | null;
  readonly seenAt: string | null;
  readonly handAt: string | null;
}

export interface Newcomer {
  readonly name: string;
  readonly email: string | null;
}

export type Joining =
  | { readonly was: 'new' | 'there'; readonly member: Member; readonly link: string | undefined }
  | { readonly was: 'removed' | 'closed' };

const now = () => new Date().toISOString();

const memberOf = (row: MembersTable): Member => ({
  id: row.id,
  cohortId: row.cohort_id,
  learnerId: row.learner_id,
  name: row.name,
  email: row.email,
  externalId: row.external_id,
  status: row.status,
  createdAt: row.created_at,
  joinedAt: row.joined_at,
  seenAt: row.seen_at,
  handAt: row.hand_at,
});

/**
 * Until the transaction ends, whoever else would give a place away waits: an update locks the row in every database.
 *
 * @returns places; Infinity where there is no limit; nothing when the cohort is closed
 */
async function freePlaces(trx: Kysely<Database>, cohortId: string): Promise<number | undefined> {
  await trx.updateTable('cohorts').set({ id: cohortId }).where('id', '=', cohortId).execute();
  const cohort = trx.selectFrom('cohorts').select('capacity').where('id', '=', cohortId).where('closed_at', 'is', null);
  const open = await cohort.executeTakeFirst();
  if (!open) return undefined;
  if (open.capacity === null) return Number.POSITIVE_INFINITY;
  const { taken } = await trx
    .selectFrom('members')
    .select(({ fn }) => fn.countAll().as('taken'))
    .where('cohort_id', '=', cohortId)
    .where('status', '=', 'in')
    .executeTakeFirstOrThrow();
  return open.capacity - Number(taken);
}

/** Those who have waited longest come in, as far as there are places. @returns who */
async function letIn(trx: Kysely<Database>, cohortId: string): Promise<string[]> {
  const free = (await freePlaces(trx, cohortId)) ?? 0;
  if (free <= 0) return [];
  const waiting = await trx
    .selectFrom('members')
    .select(['id', 'created_at'])
    .where('cohort_id', '=', cohortId)
    .where('status', '=', 'waiting')
    .orderBy('created_at')
    .execute();
  const next = waiting.slice(0, Math.min(free, waiting.length)).map(({ id }) => id);
  if (next.length > 0)
    await trx.updateTable('members').set({ status: 'in', joined_at: now() }).where('id', 'in', next).execute();
  return next;
}

export const memberQueries = (db: Kysely<Database>) => ({
  /**
   * By the code. Who was there before stays who they were.
   *
   * @returns the member, and the token of their personal link where it was just made: it is not kept
   */
  async join(cohortId: string, learnerId: string, { name, email }: Newcomer): Promise<Joining> {
    return db.transaction().execute(async (trx) => {
      const free = await freePlaces(trx, cohortId);
      if (free === undefined) return { was: 'closed' };
      const own = trx.selectFrom('members').selectAll().where('cohort_id', '=', cohortId);
      const there = await own.where('learner_id', '=', learnerId).executeTakeFirst();
      if (there?.status === 'removed') return { was: 'removed' };
      if (there) return { was: 'there', member: memberOf(there), link: undefined };
      const link = newToken();
      const row: MembersTable = {
        id: randomUUID(),
        cohort_id: cohortId,
        learner_id: learnerId,
        name,
        email,
        external_id: null,
        link_hash: hashToken(link),
        status: free > 0 ? 'in' : 'waiting',
        created_at: now(),
        joined_at: free > 0 ? now() : null,
        seen_at: now(),
        hand_at: null,
      };
      await trx.insertInto('members').values(row).execute();
      return { was: 'new', member: memberOf(row), link };
    });
  },

  /** A new personal link; the one before ends. @returns its token */
  async renewMemberLink(memberId: string): Promise<string> {
    const link = newToken();
    await db
      .updateTable('members')
      .set({ link_hash: hashToken(link) })
      .where('id', '=', memberId)
      .execute();
    return link;
  },

  async findMemberByLink(link: string): Promise<Member | undefined> {
    const row = await db
      .selectFrom('members')
      .selectAll()
      .where('link_hash', '=', hashToken(link))
      .where('status', '<>', 'removed')
      .executeTakeFirst();
    return row && memberOf(row);
  },

  /** In the order of joining. */
  async members(cohortId: string): Promise<Member[]> {
    const rows = db
      .selectFrom('members')
      .selectAll()
      .where('cohort_id', '=', cohortId)
      .where('status', '<>', 'removed');
    return (await rows.orderBy('created_at').execute()).map(memberOf);
  },

  async findMember(cohortId: string, id: string): Promise<Member | undefined> {
    const row = await db
      .selectFrom('members')
      .selectAll()
      .where('id', '=', id)
      .where('cohort_id', '=', cohortId)
      .where('status', '<>', 'removed')
      .executeTakeFirst();
    return row && memberOf(row);
  },

  /** Where this learner has a place or waits for one, in cohorts that are not closed. Newest first. */
  async memberships(learnerId: string, kind: Cohort['kind']): Promise<{ member: Member; cohort: Cohort }[]> {
    const rows = await db
      .selectFrom('members')
      .innerJoin('cohorts', 'cohorts.id', 'members.cohort_id')
      .selectAll('members')
      .where('learner_id', '=', learnerId)
      .where('status', 'in', ['in', 'waiting'])
      .where('cohorts.kind', '=', kind)
      .where('closed_at', 'is', null)
      .orderBy('members.created_at', 'desc')
      .execute();
    const { findCohort } = cohortQueries(db);
    const found = [];
    for (const row of rows) found.push({ member: memberOf(row), cohort: (await findCohort(row.cohort_id))! });
    return found;
  },

  /** @returns false when there is no such member any more */
  async setHand(memberId: string, raised: boolean): Promise<boolean> {
    const { numUpdatedRows } = await db
      .updateTable('members')
      .set({ hand_at: raised ? now() : null })
      .where('id', '=', memberId)
      .where('status', '<>', 'removed')
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  },

  async memberSeen(memberId: string): Promise<void> {
    await db.updateTable('members').set({ seen_at: now() }).where('id', '=', memberId).execute();
  },

  /** @returns whom their place went to; nothing when there was no such member */
  async removeMember(cohortId: string, memberId: string, entry: AuditEntry): Promise<string[] | undefined> {
    return db.transaction().execute(async (trx) => {
      const { numUpdatedRows } = await trx
        .updateTable('members')
        .set({ status: 'removed', link_hash: null, hand_at: null })
        .where('id', '=', memberId)
        .where('cohort_id', '=', cohortId)
        .where('status', '<>', 'removed')
        .executeTakeFirstOrThrow();
      if (numUpdatedRows !== 1n) return undefined;
      await addAudit(trx, entry);
      return letIn(trx, cohortId);
    });
  },

  /** By themselves: they may come again, as somebody new. @returns whom their place went to */
  async leave(cohortId: string, memberId: string): Promise<string[]> {
    return db.transaction().execute(async (trx) => {
      const gone = { status: 'removed', learner_id: null, link_hash: null, hand_at: null } as const;
      await trx.updateTable('members').set(gone).where('id', '=', memberId).execute();
      return letIn(trx, cohortId);
    });
  },

  /** After the capacity was changed. @returns who came in */
  letWaitingIn: (cohortId: string): Promise<string[]> => db.transaction().execute((trx) => letIn(trx, cohortId)),
});
