/** One-time links: the first for the owner, invitations, and ways back in. Only the hash of a token is kept. */
import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import { type Account, accountOf, addAccount } from './account-rows.ts';
import { addSession, endSessions, hashToken, newToken } from './account-sessions.ts';
import { type AuditEntry, addAudit } from './audit-log.ts';
import type { AccountLinksTable, Database } from './schema.ts';

export type LinkPurpose = AccountLinksTable['purpose'];

export interface AccountLink {
  readonly id: string;
  readonly purpose: LinkPurpose;
  readonly accountId: string | null;
  readonly note: string;
  readonly createdAt: string;
  readonly expiresAt: string;
}

/** What its reader typed: name and login where an account is made, a hash wherever a password is set. */
export interface Redeemer {
  readonly name?: string;
  readonly login?: string;
  readonly passwordHash?: string;
  readonly address: string;
}

const HOUR_MS = 3_600_000;
const LIFE_MS: Record<LinkPurpose, number> = {
  owner: 24 * HOUR_MS,
  invite: 7 * 24 * HOUR_MS,
  'sign-in': 24 * HOUR_MS,
  reset: 24 * HOUR_MS,
};
const iso = (ms = Date.now()) => new Date(ms).toISOString();

const linkOf = (row: AccountLinksTable): AccountLink => ({
  id: row.id,
  purpose: row.purpose,
  accountId: row.account_id,
  note: row.note,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
});

/** All that were made to let this account in and were not used. */
export async function endLinks(db: Kysely<Database>, accountId: string): Promise<void> {
  await db.deleteFrom('account_links').where('account_id', '=', accountId).where('used_at', 'is', null).execute();
}

const usable = (db: Kysely<Database>, now: string) =>
  db.selectFrom('account_links').selectAll().where('used_at', 'is', null).where('expires_at', '>', now);

type NewLink = Pick<AccountLinksTable, 'purpose' | 'account_id' | 'role' | 'note' | 'created_by'>;

async function addLink(db: Kysely<Database>, made: NewLink): Promise<{ token: string; link: AccountLink }> {
  const token = newToken();
  const now = Date.now();
  const times = { created_at: iso(now), expires_at: iso(now + LIFE_MS[made.purpose]), used_at: null };
  const row = { ...made, ...times, id: randomUUID(), token_hash: hashToken(token) };
  await db.insertInto('account_links').values(row).execute();
  return { token, link: linkOf(row) };
}

export const accountLinkQueries = (db: Kysely<Database>) => ({
  /**
   * Makes the owner, or lets the one there is set a new password. The ones made before end.
   *
   * @param first only when there is no owner yet
   */
  async makeOwnerLink(first: boolean): Promise<string | undefined> {
    return db.transaction().execute(async (trx) => {
      const owner = await trx.selectFrom('accounts').select('id').where('role', '=', 'owner').executeTakeFirst();
      if (first && owner) return undefined;
      await trx.deleteFrom('account_links').where('purpose', '=', 'owner').where('used_at', 'is', null).execute();
      const account_id = owner?.id ?? null;
      const { token } = await addLink(trx, { purpose: 'owner', account_id, role: 'owner', note: '', created_by: null });
      await addAudit(trx, { by: null, action: 'owner-link', object: account_id });
      return token;
    });
  },

  async makeInvitation(by: Account, note: string, detail: AuditEntry['detail']) {
    return db.transaction().execute(async (trx) => {
      const made = { purpose: 'invite', account_id: null, role: 'instructor', note, created_by: by.id } as const;
      const { token, link } = await addLink(trx, made);
      await addAudit(trx, { by: by.id, action: 'invited', object: link.id, detail: { ...detail, for: note } });
      return { token, link };
    });
  },

  /** Ends the ones of that account made before. @returns nothing when no such account may be let in */
  async makeLinkFor(accountId: string, purpose: 'sign-in' | 'reset', by: Account, detail: AuditEntry['detail']) {
    return db.transaction().execute(async (trx) => {
      const account = await trx
        .selectFrom('accounts')
        .select('id')
        .where('id', '=', accountId)
        .where('disabled_at', 'is', null)
        .executeTakeFirst();
      if (!account) return undefined;
      await endLinks(trx, accountId);
      const made = { purpose, account_id: accountId, role: null, note: '', created_by: by.id };
      const { token, link } = await addLink(trx, made);
      await addAudit(trx, { by: by.id, action: `link-${purpose}`, object: accountId, detail });
      return { token, link };
    });
  },

  /** Not yet used, newest first. */
  async invitations(): Promise<AccountLink[]> {
    const rows = await usable(db, iso()).where('purpose', '=', 'invite').orderBy('created_at', 'desc').execute();
    return rows.map(linkOf);
  },

  async revokeInvitation(id: string, entry: AuditEntry): Promise<boolean> {
    return db.transaction().execute(async (trx) => {
      const { numDeletedRows } = await trx
        .deleteFrom('account_links')
        .where('id', '=', id)
        .where('purpose', '=', 'invite')
        .where('used_at', 'is', null)
        .executeTakeFirstOrThrow();
      if (numDeletedRows !== 1n) return false;
      await addAudit(trx, entry);
      return true;
    });
  },

  /** A link that can still be used, and the account it is for. */
  async findLink(token: string): Promise<{ link: AccountLink; account: Account | undefined } | undefined> {
    const row = await usable(db, iso()).where('token_hash', '=', hashToken(token)).executeTakeFirst();
    if (!row) return undefined;
    const account = row.account_id
      ? await db.selectFrom('accounts').selectAll().where('id', '=', row.account_id).executeTakeFirst()
      : undefined;
    return { link: linkOf(row), account: account && accountOf(account) };
  },

  /**
   * Uses the link up, does what it is for, and signs in; all or nothing, and of many at once only one.
   *
   * @returns nothing when it was used, has expired, or lets nobody in any more
   * @throws LoginTaken, and the link can be used again
   */
  async redeemLink(token: string, { name, login, passwordHash, address }: Redeemer) {
    return db.transaction().execute(async (trx) => {
      const tokenHash = hashToken(token);
      const now = iso();
      const { numUpdatedRows } = await trx
        .updateTable('account_links')
        .set({ used_at: now })
        .where('token_hash', '=', tokenHash)
        .where('used_at', 'is', null)
        .where('expires_at', '>', now)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows !== 1n) return undefined;
      const link = await trx
        .selectFrom('account_links')
        .selectAll()
        .where('token_hash', '=', tokenHash)
        .executeTakeFirstOrThrow();
      let id = link.account_id;
      if (id === null) {
        const made = { role: link.role!, name: name!, login: login!, passwordHash: passwordHash!, oidcSubject: null };
        ({ id } = await addAccount(trx, made));
        await addAudit(trx, { by: id, action: 'account-made', object: id, detail: { address, by: link.purpose } });
      } else {
        const { numUpdatedRows: open } = await trx
          .updateTable('accounts')
          .set(link.purpose === 'sign-in' ? { id } : { password_hash: passwordHash! })
          .where('id', '=', id)
          .where('disabled_at', 'is', null)
          .executeTakeFirstOrThrow();
        if (open !== 1n) return undefined;
        if (link.purpose !== 'sign-in') {
          await endSessions(trx, id);
          await endLinks(trx, id);
          await addAudit(trx, { by: id, action: 'password-set', object: id, detail: { address, by: link.purpose } });
        }
      }
      await addAudit(trx, { by: id, action: 'sign-in', object: id, detail: { address, by: 'link' } });
      return addSession(trx, id);
    });
  },
});
