/** Who came by a launch: the learner behind a platform's user, and what the browser may until it ends. */
import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import { hashToken, newToken } from './account-sessions.ts';
import { type LtiPlatform, platformOf } from './lti-platforms.ts';
import type { Database } from './schema.ts';
import type { LtiSessionsTable, LtiUsersTable } from './schema-lti.ts';

export type LtiRole = LtiSessionsTable['role'];

export interface LtiUser {
  readonly id: string;
  readonly platformId: string;
  readonly sub: string;
  readonly learnerId: string;
  readonly name: string | null;
  readonly email: string | null;
}

export interface LtiSession {
  readonly user: LtiUser;
  readonly platform: LtiPlatform;
  readonly role: LtiRole;
  readonly linkId: string | null;
  /** As classroom/lti reads it. */
  readonly choosing: unknown;
}

/** A day of a course; the next launch begins another. */
export const LTI_SESSION_MS = 12 * 3_600_000;
const iso = (ms = Date.now()) => new Date(ms).toISOString();

export const userOf = (row: LtiUsersTable): LtiUser => ({
  id: row.id,
  platformId: row.platform_id,
  sub: row.sub,
  learnerId: row.learner_id,
  name: row.name,
  email: row.email,
});

export const ltiSessionQueries = (db: Kysely<Database>) => ({
  /** @returns false when it was used before */
  async useLtiNonce(nonce: string, until: Date): Promise<boolean> {
    await db.deleteFrom('lti_nonces').where('expires_at', '<=', iso()).execute();
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('lti_nonces')
      .values({ nonce_hash: hashToken(nonce), expires_at: until.toISOString() })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow();
    return numInsertedOrUpdatedRows === 1n;
  },

  /** The platform's user, with what is newly known of them; a learner is made for who is new. */
  async ltiUser(
    platformId: string,
    { sub, name, email }: Pick<LtiUser, 'sub' | 'name' | 'email'>,
    language: 'en' | 'ja',
  ): Promise<LtiUser> {
    return db.transaction().execute(async (trx) => {
      const found = () =>
        trx
          .selectFrom('lti_users')
          .selectAll()
          .where('platform_id', '=', platformId)
          .where('sub', '=', sub)
          .executeTakeFirst();
      // What a platform does not say this time, it has not taken back.
      const said = { ...(name !== null && { name }), ...(email !== null && { email }), seen_at: iso() };
      let row = await found();
      if (!row) {
        const learner = { id: randomUUID(), language, created_at: iso(), seen_at: iso(), record_name: null };
        // Nobody has this token: such a learner comes by launches only.
        await trx
          .insertInto('learners')
          .values({ ...learner, token_hash: hashToken(newToken()) })
          .execute();
        const made = { id: randomUUID(), platform_id: platformId, sub, learner_id: learner.id, created_at: iso() };
        await trx
          .insertInto('lti_users')
          .values({ ...made, name, email, seen_at: iso() })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        row = (await found())!;
        if (row.learner_id !== learner.id) await trx.deleteFrom('learners').where('id', '=', learner.id).execute();
      }
      await trx.updateTable('lti_users').set(said).where('id', '=', row.id).execute();
      return userOf({ ...row, ...said });
    });
  },

  /** A new token at each launch. @returns it; it is not kept */
  async startLtiSession(made: {
    userId: string;
    linkId: string | null;
    role: LtiRole;
    choosing?: object;
  }): Promise<string> {
    const token = newToken();
    await db.deleteFrom('lti_sessions').where('expires_at', '<=', iso()).execute();
    await db
      .insertInto('lti_sessions')
      .values({
        token_hash: hashToken(token),
        user_id: made.userId,
        link_id: made.linkId,
        role: made.role,
        choosing: made.choosing ? JSON.stringify(made.choosing) : null,
        created_at: iso(),
        expires_at: iso(Date.now() + LTI_SESSION_MS),
      })
      .execute();
    return token;
  },

  /** Nothing when it has ended, or its platform was removed. */
  async findLtiSession(token: string): Promise<LtiSession | undefined> {
    const session = await db
      .selectFrom('lti_sessions')
      .selectAll()
      .where('token_hash', '=', hashToken(token))
      .where('expires_at', '>', iso())
      .executeTakeFirst();
    if (!session) return undefined;
    const user = await db
      .selectFrom('lti_users')
      .selectAll()
      .where('id', '=', session.user_id)
      .executeTakeFirstOrThrow();
    const platform = await db
      .selectFrom('lti_platforms')
      .selectAll()
      .where('id', '=', user.platform_id)
      .where('removed_at', 'is', null)
      .executeTakeFirst();
    if (!platform) return undefined;
    const { role, link_id: linkId, choosing } = session;
    return {
      user: userOf(user),
      platform: platformOf(platform),
      role,
      linkId,
      choosing: choosing === null ? null : JSON.parse(choosing),
    };
  },
});
