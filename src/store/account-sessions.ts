/** Who is signed in. A new token at each sign-in; only its hash is kept. */
import { createHash, randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import { type Account, accountOf } from './account-rows.ts';
import { type AuditEntry, addAudit } from './audit-log.ts';
import type { Database } from './schema.ts';

const HOUR_MS = 3_600_000;
/** A course's days; whoever is away for half a day signs in again. */
export const SESSION_MS = 7 * 24 * HOUR_MS;
const IDLE_MS = 12 * HOUR_MS;
/** `seen_at` is written at most so often. */
const SEEN_MS = 60_000;

export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');
/** 256 bits, 43 characters. */
export const newToken = (): string => randomBytes(32).toString('base64url');
const at = (ms: number) => new Date(ms).toISOString();

/** Within a transaction. @returns the token, which is not kept */
export async function addSession(db: Kysely<Database>, accountId: string, now = Date.now()): Promise<string> {
  const token = newToken();
  const row = { account_id: accountId, created_at: at(now), seen_at: at(now), expires_at: at(now + SESSION_MS) };
  await db.deleteFrom('account_sessions').where('expires_at', '<=', at(now)).execute();
  await db
    .insertInto('account_sessions')
    .values({ token_hash: hashToken(token), ...row })
    .execute();
  return token;
}

/** @param except the token of the one that stays */
export async function endSessions(db: Kysely<Database>, accountId: string, except?: string): Promise<void> {
  await db
    .deleteFrom('account_sessions')
    .where('account_id', '=', accountId)
    .$if(except !== undefined, (query) => query.where('token_hash', '<>', hashToken(except!)))
    .execute();
}

export const accountSessionQueries = (db: Kysely<Database>) => ({
  /** Nothing when it has ended, was idle for too long, or its account is disabled. */
  async findAccountSession(token: string, now = Date.now()): Promise<Account | undefined> {
    const row = await db
      .selectFrom('account_sessions')
      .innerJoin('accounts', 'accounts.id', 'account_sessions.account_id')
      .selectAll('accounts')
      .select('account_sessions.seen_at')
      .where('token_hash', '=', hashToken(token))
      .where('expires_at', '>', at(now))
      .where('seen_at', '>', at(now - IDLE_MS))
      .where('disabled_at', 'is', null)
      .executeTakeFirst();
    if (!row) return undefined;
    if (row.seen_at < at(now - SEEN_MS)) {
      const own = db.updateTable('account_sessions').where('token_hash', '=', hashToken(token));
      await own.set({ seen_at: at(now) }).execute();
    }
    return accountOf(row);
  },

  /**
   * @param rehashed a hash of the same password by newer parameters, to be kept; only while the old one still stands
   * @returns the token; nothing when the account was disabled, or its password changed, meanwhile
   */
  async signIn(account: Account, entry: AuditEntry, rehashed?: string): Promise<string | undefined> {
    return db.transaction().execute(async (trx) => {
      const own = await trx
        .selectFrom('accounts')
        .select('id')
        .where('id', '=', account.id)
        .where('disabled_at', 'is', null)
        .where('password_hash', account.passwordHash === null ? 'is' : '=', account.passwordHash)
        .executeTakeFirst();
      if (!own) return undefined;
      if (rehashed !== undefined)
        await trx.updateTable('accounts').set({ password_hash: rehashed }).where('id', '=', account.id).execute();
      await addAudit(trx, entry);
      return addSession(trx, account.id);
    });
  },

  async endSession(token: string, entry: AuditEntry): Promise<void> {
    await db.transaction().execute(async (trx) => {
      await trx.deleteFrom('account_sessions').where('token_hash', '=', hashToken(token)).execute();
      await addAudit(trx, entry);
    });
  },

  async endAllSessions(accountId: string, entry: AuditEntry): Promise<void> {
    await db.transaction().execute(async (trx) => {
      await endSessions(trx, accountId);
      await addAudit(trx, entry);
    });
  },
});
