/** Learners: known by the token in their cookie. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';

export interface Learner {
  readonly id: string;
}

const hash = (token: string) => createHash('sha256').update(token).digest('hex');
const now = () => new Date().toISOString();

export const learnerQueries = (db: Kysely<Database>) => ({
  /** A new learner and the token that stands for them; it is not kept and cannot be shown again. */
  async createLearner(language: 'en' | 'ja'): Promise<{ learner: Learner; token: string }> {
    const id = randomUUID();
    const token = randomBytes(32).toString('base64url');
    await db
      .insertInto('learners')
      .values({ id, token_hash: hash(token), language, created_at: now(), seen_at: now(), record_name: null })
      .execute();
    return { learner: { id }, token };
  },

  async findLearner(token: string): Promise<Learner | undefined> {
    const own = await db.selectFrom('learners').select('id').where('token_hash', '=', hash(token)).executeTakeFirst();
    if (own) return own;
    const other = db.selectFrom('learner_sessions').select('learner_id as id').where('token_hash', '=', hash(token));
    return other.executeTakeFirst();
  },

  /** The same learner in another browser. @returns the token that stands for them there; it is not kept */
  async addLearnerSession(learnerId: string): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    const row = { token_hash: hash(token), learner_id: learnerId, created_at: now() };
    await db.insertInto('learner_sessions').values(row).execute();
    return token;
  },

  async recordName(learnerId: string): Promise<string | null> {
    const row = await db.selectFrom('learners').select('record_name').where('id', '=', learnerId).executeTakeFirst();
    return row?.record_name ?? null;
  },

  /** @param name null forgets it */
  async setRecordName(learnerId: string, name: string | null): Promise<void> {
    await db.updateTable('learners').set({ record_name: name }).where('id', '=', learnerId).execute();
  },
});
