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
    return db.selectFrom('learners').select('id').where('token_hash', '=', hash(token)).executeTakeFirst();
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
