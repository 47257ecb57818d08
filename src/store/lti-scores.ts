/**
 * Scores on their way to platforms. One row for each learner of a link holds the newest score; an older one that has not
 * arrived yet is not worth sending any more.
 */
import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import { type AuditEntry, addAudit } from './audit-log.ts';
import { type LtiLink, linkOf } from './lti-links.ts';
import { type LtiUser, userOf } from './lti-sessions.ts';
import type { Database } from './schema.ts';
import type { LtiScoresTable } from './schema-lti.ts';

export interface LtiScore {
  readonly id: string;
  readonly linkId: string;
  readonly userId: string;
  readonly score: number | null;
  readonly maxScore: number | null;
  readonly passed: boolean;
  readonly state: LtiScoresTable['state'];
  readonly tries: number;
  readonly nextTryAt: string | null;
  readonly lastError: string | null;
  readonly sentAt: string | null;
}
export type LtiStanding = { readonly score: number; readonly maxScore: number; readonly passed: boolean };
export type UserScore = LtiScore & { readonly user: LtiUser };

/** Platforms compare times in whole seconds (Moodle), so two of one second would be the same. */
const STAMP_STEP_MS = 1000;
const ERROR_LIMIT = 500;
const iso = (ms = Date.now()) => new Date(ms).toISOString();

const scoreOf = (row: LtiScoresTable): LtiScore => ({
  id: row.id,
  linkId: row.link_id,
  userId: row.user_id,
  score: row.score,
  maxScore: row.max_score,
  passed: row.passed === 1,
  state: row.state,
  tries: row.tries,
  nextTryAt: row.next_try_at,
  lastError: row.last_error,
  sentAt: row.sent_at,
});

export const ltiScoreQueries = (db: Kysely<Database>) => ({
  /** This learner came by this link: from now on scores go back by it. */
  async enterLtiLink(linkId: string, userId: string): Promise<void> {
    const row = { id: randomUUID(), link_id: linkId, user_id: userId, state: 'none' as const, changed_at: iso() };
    const nothing = { score: null, max_score: null, passed: 0 as const, attempts_seen: 0, tries: 0, stamp: null };
    await db
      .insertInto('lti_scores')
      .values({ ...row, ...nothing, next_try_at: null, last_error: null, sent_at: null })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  },

  /** Those rows of links to this lab that this learner came by. */
  async ltiScoresOf(learnerId: string, lab: string): Promise<(LtiScore & { readonly sends: boolean })[]> {
    const rows = await db
      .selectFrom('lti_scores')
      .innerJoin('lti_users', 'lti_users.id', 'lti_scores.user_id')
      .innerJoin('lti_links', 'lti_links.id', 'lti_scores.link_id')
      .selectAll('lti_scores')
      .select(['line_item_url', 'line_items_url'])
      .where('lti_users.learner_id', '=', learnerId)
      .where('lti_links.lab', '=', lab)
      .execute();
    return rows.map((row) => ({ ...scoreOf(row), sends: (row.line_item_url ?? row.line_items_url) !== null }));
  },

  /** Learners whose attempts are more than their rows were made from: a server ended between the two. */
  async ltiUnsettled(): Promise<{ learnerId: string; lab: string }[]> {
    const rows = await db
      .selectFrom('lti_scores')
      .innerJoin('lti_users', 'lti_users.id', 'lti_scores.user_id')
      .innerJoin('lti_links', 'lti_links.id', 'lti_scores.link_id')
      .innerJoin('attempts', (join) =>
        join.onRef('attempts.learner_id', '=', 'lti_users.learner_id').onRef('attempts.lab', '=', 'lti_links.lab'),
      )
      .select(['lti_users.learner_id as learnerId', 'attempts.lab as lab', 'lti_scores.id', 'attempts_seen as seen'])
      .select(({ fn }) => fn.count('attempts.id').as('count'))
      .groupBy(['lti_users.learner_id', 'attempts.lab', 'lti_scores.id', 'attempts_seen'])
      .execute();
    return rows.filter(({ count, seen }) => Number(count) !== seen).map(({ learnerId, lab }) => ({ learnerId, lab }));
  },

  /**
   * What the learner's attempts come to now; queued where that is something new. One that was ended stays so until then.
   *
   * @param standing nothing: no attempt is graded yet
   * @param sends whether the platform takes grades by its link; what it once did not take is sent when it does
   * @returns whether something is to be sent
   */
  async settleLtiScore(
    id: string,
    attemptsSeen: number,
    standing: LtiStanding | undefined,
    sends: boolean,
  ): Promise<boolean> {
    return db.transaction().execute(async (trx) => {
      // Takes the row's lock first: of two attempts that are settled at once the later count wins.
      const { numUpdatedRows } = await trx
        .updateTable('lti_scores')
        .set({ attempts_seen: attemptsSeen })
        .where('id', '=', id)
        .where('attempts_seen', '<=', attemptsSeen)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows !== 1n || !standing) return false;
      const row = await trx.selectFrom('lti_scores').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
      const { score, maxScore, passed } = standing;
      const same = row.score === score && row.max_score === maxScore && (row.passed === 1) === passed;
      if (same && !(sends && row.state === 'none')) return false;
      const values = { score, max_score: maxScore, passed: passed ? (1 as const) : (0 as const) };
      const queued = sends ? { state: 'waiting' as const, tries: 0, next_try_at: iso(), last_error: null } : {};
      await trx
        .updateTable('lti_scores')
        .set({ ...values, ...queued, changed_at: iso() })
        .where('id', '=', id)
        .execute();
      return sends;
    });
  },

  /** The longest waiting first, of platforms that are not removed. */
  async dueLtiScores(now: Date, limit: number): Promise<UserScore[]> {
    const rows = await db
      .selectFrom('lti_scores')
      .innerJoin('lti_users', 'lti_users.id', 'lti_scores.user_id')
      .innerJoin('lti_platforms', 'lti_platforms.id', 'lti_users.platform_id')
      .selectAll('lti_scores')
      .where('state', '=', 'waiting')
      .where('next_try_at', '<=', now.toISOString())
      .where('removed_at', 'is', null)
      .orderBy('next_try_at')
      .limit(limit)
      .execute();
    const users = rows.length === 0 ? [] : await usersOf(db, rows);
    return rows.map((row) => ({ ...scoreOf(row), user: users.find(({ id }) => id === row.user_id)! }));
  },

  /** When the next is due. */
  async nextLtiScore(): Promise<Date | undefined> {
    const row = await db
      .selectFrom('lti_scores')
      .innerJoin('lti_users', 'lti_users.id', 'lti_scores.user_id')
      .innerJoin('lti_platforms', 'lti_platforms.id', 'lti_users.platform_id')
      .select(({ fn }) => fn.min('next_try_at').as('at'))
      .where('state', '=', 'waiting')
      .where('removed_at', 'is', null)
      .executeTakeFirst();
    return row?.at ? new Date(row.at) : undefined;
  },

  /**
   * A time to tell the platform, later than any told before by a whole second; on disk before it is told.
   *
   * @returns when that is in the future, the time to wait for
   */
  async stampLtiScore(id: string, now = Date.now()): Promise<{ stamp: string } | { wait: Date }> {
    return db.transaction().execute(async (trx) => {
      await trx.updateTable('lti_scores').set({ id }).where('id', '=', id).execute();
      const { stamp } = await trx
        .selectFrom('lti_scores')
        .select('stamp')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      const least = stamp === null ? 0 : Date.parse(stamp) + STAMP_STEP_MS;
      if (least > now) {
        await trx
          .updateTable('lti_scores')
          .set({ next_try_at: iso(least) })
          .where('id', '=', id)
          .execute();
        return { wait: new Date(least) };
      }
      await trx
        .updateTable('lti_scores')
        .set({ stamp: iso(now) })
        .where('id', '=', id)
        .execute();
      return { stamp: iso(now) };
    });
  },

  /** It arrived. Where another has come in between, that one still waits. */
  async ltiScoreSent({ id, score, passed }: LtiScore): Promise<void> {
    await db
      .updateTable('lti_scores')
      .set({ state: 'sent', sent_at: iso(), next_try_at: null, tries: 0, last_error: null })
      .where('id', '=', id)
      .where('state', '=', 'waiting')
      .where('score', '=', score)
      .where('passed', '=', passed ? 1 : 0)
      .execute();
  },

  /** @param error in words, for who teaches there */
  async ltiScoreFailed({ id, tries }: LtiScore, error: string, next: Date): Promise<void> {
    await db
      .updateTable('lti_scores')
      .set({ tries: tries + 1, next_try_at: next.toISOString(), last_error: error.slice(0, ERROR_LIMIT) })
      .where('id', '=', id)
      .where('state', '=', 'waiting')
      .execute();
  },

  /** A person launched: what waits for this link is tried at once. */
  async hurryLtiScores(linkId: string): Promise<void> {
    await db
      .updateTable('lti_scores')
      .set({ next_try_at: iso() })
      .where('link_id', '=', linkId)
      .where('state', '=', 'waiting')
      .execute();
  },

  /** Gives one up that waits. @param linkId only of this link @returns false when there is none */
  async endLtiScore(id: string, entry: AuditEntry, linkId?: string): Promise<boolean> {
    return db.transaction().execute(async (trx) => {
      const { numUpdatedRows } = await trx
        .updateTable('lti_scores')
        .set({ state: 'ended', next_try_at: null })
        .where('id', '=', id)
        .where('state', '=', 'waiting')
        .$if(linkId !== undefined, (query) => query.where('link_id', '=', linkId!))
        .executeTakeFirstOrThrow();
      if (numUpdatedRows !== 1n) return false;
      await addAudit(trx, entry);
      return true;
    });
  },

  async ltiScoresOfLink(linkId: string): Promise<UserScore[]> {
    const rows = await db.selectFrom('lti_scores').selectAll().where('link_id', '=', linkId).execute();
    const users = rows.length === 0 ? [] : await usersOf(db, rows);
    return rows.map((row) => ({ ...scoreOf(row), user: users.find(({ id }) => id === row.user_id)! }));
  },

  /** Those that have failed at least once and wait. */
  async stuckLtiScores(limit: number): Promise<(UserScore & { readonly link: LtiLink })[]> {
    const rows = await db
      .selectFrom('lti_scores')
      .selectAll()
      .where('state', '=', 'waiting')
      .where('tries', '>', 0)
      .orderBy('changed_at')
      .limit(limit)
      .execute();
    if (rows.length === 0) return [];
    const users = await usersOf(db, rows);
    const ids = rows.map(({ link_id }) => link_id);
    const links = await db.selectFrom('lti_links').selectAll().where('id', 'in', ids).execute();
    return rows.map((row) => ({
      ...scoreOf(row),
      user: users.find(({ id }) => id === row.user_id)!,
      link: linkOf(links.find(({ id }) => id === row.link_id)!),
    }));
  },
});

async function usersOf(db: Kysely<Database>, rows: readonly { user_id: string }[]): Promise<LtiUser[]> {
  const ids = rows.map(({ user_id }) => user_id);
  return (await db.selectFrom('lti_users').selectAll().where('id', 'in', ids).execute()).map(userOf);
}
