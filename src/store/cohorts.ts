/** Workshops and assignments: when, which labs, whose. Their learners are in members.ts. */
import { randomInt, randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import { type AuditEntry, addAudit } from './audit-log.ts';
import type { CohortsTable, Database } from './schema.ts';

export type CohortKind = CohortsTable['kind'];

export interface CohortLab {
  readonly lab: string;
  readonly locked: boolean;
}

export interface Cohort {
  readonly id: string;
  readonly kind: CohortKind;
  readonly accountId: string;
  readonly title: string;
  readonly language: 'en' | 'ja';
  readonly startsAt: string;
  readonly endsAt: string;
  readonly capacity: number | null;
  readonly asksEmail: boolean;
  readonly joinCode: string | null;
  /** As classroom/ reads it. */
  readonly rules: unknown;
  readonly closedAt: string | null;
  /** In their order. */
  readonly labs: readonly CohortLab[];
}

/** What an instructor sets. */
export type CohortPlan = Pick<
  Cohort,
  'title' | 'language' | 'startsAt' | 'endsAt' | 'capacity' | 'asksEmail' | 'rules' | 'labs'
>;

/** Without those that are taken for others. Eight of 31 letters: 8.5 × 10¹¹ codes, and a limit on tries. */
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ2345678';
export const newCode = (): string => Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)]).join('');

const now = () => new Date().toISOString();

const columns = (plan: CohortPlan) => ({
  title: plan.title,
  language: plan.language,
  starts_at: plan.startsAt,
  ends_at: plan.endsAt,
  capacity: plan.capacity,
  asks_email: plan.asksEmail ? (1 as const) : (0 as const),
  rules: JSON.stringify(plan.rules),
});

const cohortOf = (row: CohortsTable, labs: readonly CohortLab[]): Cohort => ({
  id: row.id,
  kind: row.kind,
  accountId: row.account_id,
  title: row.title,
  language: row.language,
  startsAt: row.starts_at,
  endsAt: row.ends_at,
  capacity: row.capacity,
  asksEmail: row.asks_email === 1,
  joinCode: row.join_code,
  rules: JSON.parse(row.rules),
  closedAt: row.closed_at,
  labs,
});

async function withLabs(db: Kysely<Database>, rows: readonly CohortsTable[]): Promise<Cohort[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const found = await db.selectFrom('cohort_labs').selectAll().where('cohort_id', 'in', ids).execute();
  const byCohort = Map.groupBy(
    found.toSorted((a, b) => a.position - b.position),
    ({ cohort_id }) => cohort_id,
  );
  const labsOf = (id: string) =>
    (byCohort.get(id) ?? []).map(({ lab, locked }): CohortLab => ({ lab, locked: locked === 1 }));
  return rows.map((row) => cohortOf(row, labsOf(row.id)));
}

async function setLabs(db: Kysely<Database>, cohortId: string, labs: readonly CohortLab[]): Promise<void> {
  await db.deleteFrom('cohort_labs').where('cohort_id', '=', cohortId).execute();
  if (labs.length === 0) return;
  const rows = labs.map(({ lab, locked }, position) => {
    return { cohort_id: cohortId, lab, position, locked: locked ? (1 as const) : (0 as const) };
  });
  await db.insertInto('cohort_labs').values(rows).execute();
}

export const cohortQueries = (db: Kysely<Database>) => ({
  /** @param signUp whether learners can sign up by a code */
  async addCohort(kind: CohortKind, accountId: string, plan: CohortPlan, signUp: boolean, entry: AuditEntry) {
    return db.transaction().execute(async (trx) => {
      const id = randomUUID();
      const own = { id, kind, account_id: accountId, join_code: signUp ? newCode() : null };
      const row = { ...columns(plan), ...own, created_at: now(), closed_at: null };
      await trx.insertInto('cohorts').values(row).execute();
      await setLabs(trx, id, plan.labs);
      await addAudit(trx, { ...entry, object: id });
      return cohortOf(row, plan.labs);
    });
  },

  /** @returns false when there is none, or it is closed */
  async changeCohort(id: string, plan: CohortPlan, entry: AuditEntry): Promise<boolean> {
    return db.transaction().execute(async (trx) => {
      const { numUpdatedRows } = await trx
        .updateTable('cohorts')
        .set(columns(plan))
        .where('id', '=', id)
        .where('closed_at', 'is', null)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows !== 1n) return false;
      await setLabs(trx, id, plan.labs);
      await addAudit(trx, entry);
      return true;
    });
  },

  /** @returns false when it has no such lab */
  async lockLab(id: string, lab: string, locked: boolean, entry: AuditEntry): Promise<boolean> {
    return db.transaction().execute(async (trx) => {
      const { numUpdatedRows } = await trx
        .updateTable('cohort_labs')
        .set({ locked: locked ? 1 : 0 })
        .where('cohort_id', '=', id)
        .where('lab', '=', lab)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows !== 1n) return false;
      await addAudit(trx, entry);
      return true;
    });
  },

  /** Nobody can join any more. @returns false when it was closed before */
  async closeCohort(id: string, entry: AuditEntry): Promise<boolean> {
    return db.transaction().execute(async (trx) => {
      const { numUpdatedRows } = await trx
        .updateTable('cohorts')
        .set({ closed_at: now() })
        .where('id', '=', id)
        .where('closed_at', 'is', null)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows !== 1n) return false;
      await addAudit(trx, entry);
      return true;
    });
  },

  async findCohort(id: string): Promise<Cohort | undefined> {
    const rows = await db.selectFrom('cohorts').selectAll().where('id', '=', id).execute();
    return (await withLabs(db, rows))[0];
  },

  /** One that can be joined. */
  async findCohortByCode(code: string): Promise<Cohort | undefined> {
    const open = db.selectFrom('cohorts').selectAll().where('join_code', '=', code).where('closed_at', 'is', null);
    return (await withLabs(db, await open.execute()))[0];
  },

  /** Newest first. @param accountId whose; all, where none is given */
  async cohorts(kind: CohortKind, accountId?: string): Promise<Cohort[]> {
    const rows = await db
      .selectFrom('cohorts')
      .selectAll()
      .where('kind', '=', kind)
      .$if(accountId !== undefined, (query) => query.where('account_id', '=', accountId!))
      .orderBy('created_at', 'desc')
      .execute();
    return withLabs(db, rows);
  },

  async openCohorts(kind: CohortKind): Promise<Cohort[]> {
    const rows = db.selectFrom('cohorts').selectAll().where('kind', '=', kind).where('closed_at', 'is', null);
    return withLabs(db, await rows.execute());
  },
});
