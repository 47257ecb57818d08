/** The owner and the instructors. Learners have no account: they are in learners.ts. */
import type { Kysely } from 'kysely';
import { accountLinkQueries, endLinks } from './account-links.ts';
import { type Account, accountOf, addAccount } from './account-rows.ts';
import { accountSessionQueries, endSessions } from './account-sessions.ts';
import { type AuditEntry, addAudit, auditQueries } from './audit-log.ts';
import type { Database } from './schema.ts';

const find = (db: Kysely<Database>) => db.selectFrom('accounts').selectAll();

export const accountQueries = (db: Kysely<Database>) => ({
  ...accountSessionQueries(db),
  ...accountLinkQueries(db),
  ...auditQueries(db),

  /** Owner first, then by name. */
  async accounts(): Promise<Account[]> {
    const rows = await find(db).orderBy('role', 'desc').orderBy('name').orderBy('id').execute();
    return rows.map(accountOf);
  },

  async findAccountByLogin(login: string): Promise<Account | undefined> {
    const row = await find(db).where('login', '=', login).executeTakeFirst();
    return row && accountOf(row);
  },

  async findAccountBySubject(subject: string): Promise<Account | undefined> {
    const row = await find(db).where('oidc_subject', '=', subject).executeTakeFirst();
    return row && accountOf(row);
  },

  /** An instructor whom the OpenID provider vouches for. @throws LoginTaken */
  async addOidcAccount(made: { name: string; login: string; oidcSubject: string }, address: string): Promise<Account> {
    return db.transaction().execute(async (trx) => {
      const account = await addAccount(trx, { ...made, role: 'instructor', passwordHash: null });
      const detail = { address, by: 'oidc' };
      await addAudit(trx, { by: account.id, action: 'account-made', object: account.id, detail });
      return account;
    });
  },

  /** The other sessions and unused links of the account end. @returns false when the old hash no longer stands */
  async changePassword(account: Account, passwordHash: string, token: string, entry: AuditEntry): Promise<boolean> {
    return db.transaction().execute(async (trx) => {
      const { numUpdatedRows } = await trx
        .updateTable('accounts')
        .set({ password_hash: passwordHash })
        .where('id', '=', account.id)
        .where('password_hash', account.passwordHash === null ? 'is' : '=', account.passwordHash)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows !== 1n) return false;
      await endSessions(trx, account.id, token);
      await endLinks(trx, account.id);
      await addAudit(trx, entry);
      return true;
    });
  },

  /** Sessions and unused links of a disabled account end at once. @returns false when there is no such instructor */
  async setDisabled(id: string, disabled: boolean, entry: AuditEntry): Promise<boolean> {
    return db.transaction().execute(async (trx) => {
      const { numUpdatedRows } = await trx
        .updateTable('accounts')
        .set({ disabled_at: disabled ? new Date().toISOString() : null })
        .where('id', '=', id)
        .where('role', '=', 'instructor')
        .executeTakeFirstOrThrow();
      if (numUpdatedRows !== 1n) return false;
      if (disabled) {
        await endSessions(trx, id);
        await endLinks(trx, id);
      }
      await addAudit(trx, entry);
      return true;
    });
  },
});
