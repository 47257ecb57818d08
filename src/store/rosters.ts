/** Who belongs to an assignment before they have come: the roster, its personal links, and whom a link lets in as. */
import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import { hashToken, newToken } from './account-sessions.ts';
import { type AuditEntry, addAudit } from './audit-log.ts';
import { type Cohort, cohortQueries, newCode } from './cohorts.ts';
import { type Member, memberOf } from './members.ts';
import type { Database, MembersTable } from './schema.ts';

export interface RosterPerson {
  readonly name: string;
  /** In lower case. */
  readonly email: string | null;
  /** By which the institution knows them. */
  readonly externalId: string | null;
}

export interface Place {
  readonly member: Member;
  readonly cohort: Cohort;
}

/** SQLite and PostgreSQL both bound the values of one statement. */
const AT_ONCE = 500;
const now = () => new Date().toISOString();

export const rosterQueries = (db: Kysely<Database>) => ({
  /** All or none. Who is there stays: by the same id, without one by the same address, without both by name; who was removed is back. */
  async importRoster(
    cohortId: string,
    people: readonly RosterPerson[],
    entry: AuditEntry,
  ): Promise<{ added: number; known: number } | undefined> {
    return db.transaction().execute(async (trx) => {
      // Another import of the same roster waits here.
      const cohort = trx.updateTable('cohorts').set({ id: cohortId }).where('id', '=', cohortId);
      const { numUpdatedRows } = await cohort.where('closed_at', 'is', null).executeTakeFirstOrThrow();
      if (numUpdatedRows !== 1n) return undefined;
      const there = await trx.selectFrom('members').selectAll().where('cohort_id', '=', cohortId).execute();
      const byId = new Map(there.flatMap((row) => (row.external_id === null ? [] : [[row.external_id, row] as const])));
      const byEmail = new Map(there.flatMap((row) => (row.email === null ? [] : [[row.email, row] as const])));
      const byName = new Map(there.map((row) => [row.name, row]));
      const fresh: MembersTable[] = [];
      let added = 0;
      for (const { name, email, externalId } of people) {
        const known = email === null ? byName.get(name) : byEmail.get(email);
        const row = externalId === null ? known : byId.get(externalId);
        if (row?.status === 'removed') {
          const status = row.learner_id === null ? ('invited' as const) : ('in' as const);
          await trx.updateTable('members').set({ name, email, status }).where('id', '=', row.id).execute();
          added++;
        } else if (!row) {
          fresh.push({
            ...{ id: randomUUID(), cohort_id: cohortId, learner_id: null, name, email, external_id: externalId },
            ...{ link_hash: null, status: 'invited', created_at: now(), joined_at: null, seen_at: null, hand_at: null },
          });
        }
      }
      for (let from = 0; from < fresh.length; from += AT_ONCE)
        await trx
          .insertInto('members')
          .values(fresh.slice(from, from + AT_ONCE))
          .execute();
      added += fresh.length;
      await addAudit(trx, { ...entry, detail: { ...entry.detail, added: String(added) } });
      return { added, known: people.length - added };
    });
  },

  /** New personal links; those before end. @returns their tokens, which are not kept */
  async renewLinks(
    members: readonly Member[],
    entry: AuditEntry,
  ): Promise<{ readonly member: Member; readonly token: string }[]> {
    return db.transaction().execute(async (trx) => {
      const made = members.map((member) => ({ member, token: newToken() }));
      for (const { member, token } of made)
        await trx
          .updateTable('members')
          .set({ link_hash: hashToken(token) })
          .where('id', '=', member.id)
          .execute();
      await addAudit(trx, entry);
      return made;
    });
  },

  /** Makes a member of the roster this learner, where nobody has come for them yet. @returns whether it did */
  async bindMember(memberId: string, learnerId: string): Promise<boolean> {
    const { numUpdatedRows } = await db
      .updateTable('members')
      .set({ learner_id: learnerId, status: 'in', joined_at: now(), seen_at: now() })
      .where('id', '=', memberId)
      .where('learner_id', 'is', null)
      .where('status', '=', 'invited')
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  },

  /** Wherever this learner has a place, or had one. */
  async placesOf(learnerId: string): Promise<Member[]> {
    return (await db.selectFrom('members').selectAll().where('learner_id', '=', learnerId).execute()).map(memberOf);
  },

  /** This learner's assignments, closed ones too. The next deadline last. */
  async assignmentsOf(learnerId: string): Promise<Place[]> {
    const rows = await db
      .selectFrom('members')
      .innerJoin('cohorts', 'cohorts.id', 'members.cohort_id')
      .selectAll('members')
      .where('learner_id', '=', learnerId)
      .where('status', '=', 'in')
      .where('cohorts.kind', '=', 'assignment')
      .orderBy('cohorts.ends_at')
      .execute();
    const { findCohort } = cohortQueries(db);
    const found = [];
    for (const row of rows) found.push({ member: memberOf(row), cohort: (await findCohort(row.cohort_id))! });
    return found;
  },

  /** A new code to sign up by; the one before ends. @param on false: nobody can sign up by themselves */
  async setSignUp(cohortId: string, on: boolean, entry: AuditEntry): Promise<boolean> {
    return db.transaction().execute(async (trx) => {
      const { numUpdatedRows } = await trx
        .updateTable('cohorts')
        .set({ join_code: on ? newCode() : null })
        .where('id', '=', cohortId)
        .where('closed_at', 'is', null)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows !== 1n) return false;
      await addAudit(trx, entry);
      return true;
    });
  },

  /** How much was put by hand into the sandboxes that these learners had of these labs; null: of one it is not known. */
  async handworkOf(learnerIds: readonly string[], labs: readonly string[]) {
    if (learnerIds.length === 0 || labs.length === 0) return [];
    const rows = await db
      .selectFrom('sandboxes')
      .select(['learner_id', 'lab', 'created_at', 'typed_characters', 'typed_lines', 'saved_files'])
      .where('learner_id', 'in', learnerIds)
      .where('lab', 'in', labs)
      .execute();
    return rows.map((row) => ({
      learnerId: row.learner_id,
      lab: row.lab,
      at: row.created_at,
      handwork:
        row.typed_lines === null || row.typed_characters === null || row.saved_files === null
          ? null
          : { characters: row.typed_characters, lines: row.typed_lines, saves: row.saved_files },
    }));
  },

  /** When each of these learners first passed each lab. */
  async firstPassed(learnerIds: readonly string[], labs: readonly string[]) {
    if (learnerIds.length === 0 || labs.length === 0) return [];
    return db
      .selectFrom('attempts')
      .select(['learner_id as learnerId', 'lab'])
      .select(({ fn }) => fn.min('graded_at').as('at'))
      .where('learner_id', 'in', learnerIds)
      .where('lab', 'in', labs)
      .where('status', '=', 'passed')
      .groupBy(['learner_id', 'lab'])
      .execute();
  },
});
