/** Tokens by which an account's programs ask. Only their hashes are kept; what is revoked is gone. */
import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import { type Account, accountOf } from './account-rows.ts';
import { hashToken, newToken } from './account-sessions.ts';
import { type AuditEntry, addAudit } from './audit-log.ts';
import type { ApiTokensTable, Database } from './schema.ts';

export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdAt: string;
  readonly expiresAt: string;
  /** To the minute; null: never yet. */
  readonly usedAt: string | null;
}

const MINUTE_MS = 60_000;
/** Told apart from other secrets by who looks for leaked ones. */
const PREFIX = 'toride_';
const iso = (time: number) => new Date(time).toISOString();

const tokenOf = (row: ApiTokensTable): ApiToken => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes.split(' '),
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  usedAt: row.used_at,
});

export const apiTokenQueries = (db: Kysely<Database>) => ({
  /** @returns the token itself, which is not kept */
  async makeApiToken(
    accountId: string,
    wanted: Pick<ApiToken, 'name' | 'scopes' | 'expiresAt'>,
    entry: AuditEntry,
  ): Promise<string> {
    const token = PREFIX + newToken();
    await db.transaction().execute(async (trx) => {
      const { name, scopes, expiresAt } = wanted;
      const row = { id: randomUUID(), token_hash: hashToken(token), account_id: accountId, name, used_at: null };
      await trx
        .insertInto('api_tokens')
        .values({ ...row, scopes: scopes.join(' '), created_at: iso(Date.now()), expires_at: expiresAt })
        .execute();
      await addAudit(trx, entry);
    });
    return token;
  },

  /** Of an account that is not disabled, before its end. */
  async findApiToken(
    token: string,
    now = Date.now(),
  ): Promise<{ account: Account; scopes: readonly string[] } | undefined> {
    const row = await db
      .selectFrom('api_tokens')
      .selectAll()
      .where('token_hash', '=', hashToken(token))
      .where('expires_at', '>', iso(now))
      .executeTakeFirst();
    if (!row) return undefined;
    const account = await db
      .selectFrom('accounts')
      .selectAll()
      .where('id', '=', row.account_id)
      .where('disabled_at', 'is', null)
      .executeTakeFirst();
    if (!account) return undefined;
    if (row.used_at === null || Date.parse(row.used_at) <= now - MINUTE_MS)
      await db
        .updateTable('api_tokens')
        .set({ used_at: iso(now) })
        .where('id', '=', row.id)
        .execute();
    return { account: accountOf(account), scopes: tokenOf(row).scopes };
  },

  /** Newest first, those that have ended too. */
  async apiTokens(accountId: string): Promise<ApiToken[]> {
    const rows = db.selectFrom('api_tokens').selectAll().where('account_id', '=', accountId);
    return (await rows.orderBy('created_at', 'desc').execute()).map(tokenOf);
  },

  /** @returns false when this account has none such */
  async revokeApiToken(accountId: string, id: string, entry: AuditEntry): Promise<boolean> {
    return db.transaction().execute(async (trx) => {
      const { numDeletedRows } = await trx
        .deleteFrom('api_tokens')
        .where('id', '=', id)
        .where('account_id', '=', accountId)
        .executeTakeFirstOrThrow();
      if (numDeletedRows !== 1n) return false;
      await addAudit(trx, entry);
      return true;
    });
  },
});
