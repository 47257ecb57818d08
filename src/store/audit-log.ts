/** What the owner and the instructors did. Rows are added, in the transaction of what they tell of, and never changed. */
import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';

export interface AuditEntry {
  /** Who did it; null: nobody that is known, or the machine's own operator. */
  readonly by: string | null;
  readonly action: string;
  readonly object?: string | null;
  readonly detail?: Readonly<Record<string, string>>;
}

export interface AuditRecord {
  readonly id: string;
  readonly at: string;
  readonly byName: string | null;
  readonly action: string;
  /** Where the object is an account. */
  readonly objectName: string | null;
  readonly detail: Readonly<Record<string, string>>;
}

let last = 0n;

/** As a UUID of version 7: milliseconds, a count within them, chance; hex digits sort alike in every database. */
export function auditId(now = Date.now()): string {
  const next = BigInt(now) << 16n;
  last = next > last ? next : last + 1n;
  return last.toString(16).padStart(16, '0') + randomBytes(8).toString('hex');
}

export async function addAudit(db: Kysely<Database>, { by, action, object, detail }: AuditEntry): Promise<void> {
  const row = { id: auditId(), at: new Date().toISOString(), account_id: by, action, object: object ?? null };
  await db
    .insertInto('audit_log')
    .values({ ...row, detail: JSON.stringify(detail ?? {}) })
    .execute();
}

export const auditQueries = (db: Kysely<Database>) => ({
  /** For what changes nothing else. */
  audit: (entry: AuditEntry): Promise<void> => addAudit(db, entry),

  /** Newest first. @param before only those older than this row */
  async auditLog(limit: number, before?: string): Promise<AuditRecord[]> {
    const rows = await db
      .selectFrom('audit_log')
      .leftJoin('accounts as actor', 'actor.id', 'audit_log.account_id')
      .leftJoin('accounts as target', 'target.id', 'audit_log.object')
      .select(['audit_log.id', 'at', 'action', 'detail', 'actor.name as byName', 'target.name as objectName'])
      .$if(before !== undefined, (query) => query.where('audit_log.id', '<', before!))
      .orderBy('audit_log.id', 'desc')
      .limit(limit)
      .execute();
    return rows.map((row) => ({ ...row, detail: JSON.parse(row.detail) }));
  },
});
