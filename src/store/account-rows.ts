/** One account as a row and as a record. */
import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { AccountsTable, Database } from './schema.ts';

export type Role = AccountsTable['role'];

export interface Account {
  readonly id: string;
  readonly role: Role;
  readonly name: string;
  readonly login: string;
  readonly passwordHash: string | null;
  readonly oidcSubject: string | null;
  readonly createdAt: string;
  readonly disabledAt: string | null;
}

/** Someone has this login name already. */
export class LoginTaken extends Error {}

export const accountOf = (row: AccountsTable): Account => ({
  id: row.id,
  role: row.role,
  name: row.name,
  login: row.login,
  passwordHash: row.password_hash,
  oidcSubject: row.oidc_subject,
  createdAt: row.created_at,
  disabledAt: row.disabled_at,
});

type NewAccount = Pick<Account, 'role' | 'name' | 'login' | 'passwordHash' | 'oidcSubject'>;

/** Within a transaction. @throws LoginTaken */
export async function addAccount(db: Kysely<Database>, made: NewAccount): Promise<Account> {
  const account: Account = { ...made, id: randomUUID(), createdAt: new Date().toISOString(), disabledAt: null };
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('accounts')
    .values({
      id: account.id,
      role: account.role,
      name: account.name,
      login: account.login,
      password_hash: account.passwordHash,
      oidc_subject: account.oidcSubject,
      created_at: account.createdAt,
      disabled_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows !== 1n) throw new LoginTaken();
  return account;
}
