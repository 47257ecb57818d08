/** Registered platforms, and the one-time links by which one registers itself. */
import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import { hashToken, newToken } from './account-sessions.ts';
import { type AuditEntry, addAudit } from './audit-log.ts';
import type { Database } from './schema.ts';
import type { LtiPlatformsTable } from './schema-lti.ts';

export interface LtiPlatform {
  readonly id: string;
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly authUrl: string;
  readonly tokenUrl: string;
  readonly jwksUrl: string;
  readonly tokenAudience: string | null;
  readonly pageOrigin: string;
  /** None: all of this client. */
  readonly deployments: readonly string[];
  readonly createdAt: string;
}
export type LtiPlatformPlan = Omit<LtiPlatform, 'id' | 'createdAt'>;

/** Issuer and client are registered already. */
export class PlatformTaken extends Error {}

export interface LtiRegistration {
  readonly id: string;
  readonly accountId: string;
  readonly expiresAt: string;
}

/** Time enough to send it to whoever runs the platform. */
const REGISTRATION_MS = 7 * 24 * 3_600_000;
const iso = (ms = Date.now()) => new Date(ms).toISOString();

export const platformOf = (row: LtiPlatformsTable): LtiPlatform => ({
  id: row.id,
  name: row.name,
  issuer: row.issuer,
  clientId: row.client_id,
  authUrl: row.auth_url,
  tokenUrl: row.token_url,
  jwksUrl: row.jwks_url,
  tokenAudience: row.token_audience,
  pageOrigin: row.page_origin,
  deployments: JSON.parse(row.deployments),
  createdAt: row.created_at,
});

const columns = (plan: LtiPlatformPlan) => ({
  name: plan.name,
  issuer: plan.issuer,
  client_id: plan.clientId,
  auth_url: plan.authUrl,
  token_url: plan.tokenUrl,
  jwks_url: plan.jwksUrl,
  token_audience: plan.tokenAudience,
  page_origin: plan.pageOrigin,
  deployments: JSON.stringify(plan.deployments),
});

/** Within a transaction; one that was removed comes back with its links. @throws PlatformTaken */
async function add(db: Kysely<Database>, plan: LtiPlatformPlan, accountId: string): Promise<LtiPlatform> {
  const times = { created_at: iso(), removed_at: null };
  const row = { ...columns(plan), ...times, id: randomUUID(), account_id: accountId };
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('lti_platforms')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows === 1n) return platformOf(row);
  const { numUpdatedRows } = await db
    .updateTable('lti_platforms')
    .set({ ...columns(plan), account_id: accountId, removed_at: null })
    .where('issuer', '=', plan.issuer)
    .where('client_id', '=', plan.clientId)
    .where('removed_at', 'is not', null)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows !== 1n) throw new PlatformTaken();
  const back = db.selectFrom('lti_platforms').selectAll().where('issuer', '=', plan.issuer);
  return platformOf(await back.where('client_id', '=', plan.clientId).executeTakeFirstOrThrow());
}

export const ltiPlatformQueries = (db: Kysely<Database>) => ({
  /** @throws PlatformTaken */
  async addLtiPlatform(plan: LtiPlatformPlan, accountId: string, entry: AuditEntry): Promise<LtiPlatform> {
    return db.transaction().execute(async (trx) => {
      const platform = await add(trx, plan, accountId);
      await addAudit(trx, { ...entry, object: platform.id });
      return platform;
    });
  },

  /** @returns false when there is none. @throws PlatformTaken */
  async changeLtiPlatform(id: string, plan: LtiPlatformPlan, entry: AuditEntry): Promise<boolean> {
    return db.transaction().execute(async (trx) => {
      const same = trx.selectFrom('lti_platforms').select('id').where('issuer', '=', plan.issuer);
      if (await same.where('client_id', '=', plan.clientId).where('id', '<>', id).executeTakeFirst())
        throw new PlatformTaken();
      const { numUpdatedRows } = await trx
        .updateTable('lti_platforms')
        .set(columns(plan))
        .where('id', '=', id)
        .where('removed_at', 'is', null)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows !== 1n) return false;
      await addAudit(trx, entry);
      return true;
    });
  },

  /** Its sessions end with it; what its learners did stays. @returns false when there is none */
  async removeLtiPlatform(id: string, entry: AuditEntry): Promise<boolean> {
    return db.transaction().execute(async (trx) => {
      const { numUpdatedRows } = await trx
        .updateTable('lti_platforms')
        .set({ removed_at: iso() })
        .where('id', '=', id)
        .where('removed_at', 'is', null)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows !== 1n) return false;
      const users = trx.selectFrom('lti_users').select('id').where('platform_id', '=', id);
      await trx.deleteFrom('lti_sessions').where('user_id', 'in', users).execute();
      await addAudit(trx, entry);
      return true;
    });
  },

  /** By name. */
  async ltiPlatforms(): Promise<LtiPlatform[]> {
    const rows = db.selectFrom('lti_platforms').selectAll().where('removed_at', 'is', null);
    return (await rows.orderBy('name').orderBy('id').execute()).map(platformOf);
  },

  async findLtiPlatform(id: string): Promise<LtiPlatform | undefined> {
    const found = db.selectFrom('lti_platforms').selectAll().where('id', '=', id).where('removed_at', 'is', null);
    const row = await found.executeTakeFirst();
    return row && platformOf(row);
  },

  /** All clients of this issuer: which one is meant the platform may say or not. */
  async ltiPlatformsOf(issuer: string): Promise<LtiPlatform[]> {
    const rows = db.selectFrom('lti_platforms').selectAll().where('issuer', '=', issuer);
    return (await rows.where('removed_at', 'is', null).execute()).map(platformOf);
  },

  async makeLtiRegistration(accountId: string, entry: AuditEntry): Promise<{ token: string; expiresAt: string }> {
    return db.transaction().execute(async (trx) => {
      const token = newToken();
      const expiresAt = iso(Date.now() + REGISTRATION_MS);
      const row = { id: randomUUID(), account_id: accountId, created_at: iso(), expires_at: expiresAt, used_at: null };
      await trx
        .insertInto('lti_registrations')
        .values({ ...row, token_hash: hashToken(token) })
        .execute();
      await addAudit(trx, { ...entry, object: row.id });
      return { token, expiresAt };
    });
  },

  /** Uses the link up; of many at once one gets it. @returns nothing when it was used or has expired */
  async takeLtiRegistration(token: string): Promise<LtiRegistration | undefined> {
    const now = iso();
    const { numUpdatedRows } = await db
      .updateTable('lti_registrations')
      .set({ used_at: now })
      .where('token_hash', '=', hashToken(token))
      .where('used_at', 'is', null)
      .where('expires_at', '>', now)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows !== 1n) return undefined;
    const row = await db
      .selectFrom('lti_registrations')
      .selectAll()
      .where('token_hash', '=', hashToken(token))
      .executeTakeFirstOrThrow();
    return { id: row.id, accountId: row.account_id, expiresAt: row.expires_at };
  },

  /** It led to nothing, and can be used again. */
  async giveLtiRegistrationBack(id: string): Promise<void> {
    await db.updateTable('lti_registrations').set({ used_at: null }).where('id', '=', id).execute();
  },
});
