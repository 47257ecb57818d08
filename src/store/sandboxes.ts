/** Which sandbox was given to whom: recorded before anything is put into it. */
import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';

export interface SandboxRecord {
  readonly id: string;
  readonly learnerId: string;
  readonly lab: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** ISO 8601; null: when the engine ends it. */
  readonly expiresAt: string | null;
}

/** How much was put into a sandbox by hand: numbers, never the text. */
export interface Handwork {
  readonly characters: number;
  /** How often Enter came. */
  readonly lines: number;
  /** In the page's editor. */
  readonly saves: number;
}

const now = () => new Date().toISOString();

export const sandboxQueries = (db: Kysely<Database>) => ({
  async addSandbox(record: SandboxRecord, engine: string): Promise<void> {
    const { id, learnerId, lab, parameters, expiresAt } = record;
    await db
      .insertInto('sandboxes')
      .values({
        id,
        engine,
        learner_id: learnerId,
        lab,
        parameters: JSON.stringify(parameters),
        created_at: now(),
        expires_at: expiresAt,
        ended_at: null,
        typed_characters: 0,
        typed_lines: 0,
        saved_files: 0,
      })
      .execute();
  },

  async extendSandbox(id: string, expiresAt: string): Promise<void> {
    await db.updateTable('sandboxes').set({ expires_at: expiresAt }).where('id', '=', id).execute();
  },

  /** Adds to what was counted before. */
  async addHandwork(id: string, { characters, lines, saves }: Handwork): Promise<void> {
    await db
      .updateTable('sandboxes')
      .set((e) => ({
        typed_characters: e('typed_characters', '+', characters),
        typed_lines: e('typed_lines', '+', lines),
        saved_files: e('saved_files', '+', saves),
      }))
      .where('id', '=', id)
      .execute();
  },

  async endSandbox(id: string): Promise<void> {
    await db
      .updateTable('sandboxes')
      .set({ ended_at: now() })
      .where('id', '=', id)
      .where('ended_at', 'is', null)
      .execute();
  },

  /** Sandboxes that were given to learners and have not ended, as far as is known. */
  async openSandboxes(): Promise<SandboxRecord[]> {
    const rows = await db
      .selectFrom('sandboxes')
      .select(['id', 'learner_id', 'lab', 'parameters', 'expires_at'])
      .where('ended_at', 'is', null)
      .execute();
    return rows.map((row) => ({
      id: row.id,
      learnerId: row.learner_id,
      lab: row.lab,
      parameters: JSON.parse(row.parameters),
      expiresAt: row.expires_at,
    }));
  },

  /** The lab of the sandbox that this learner was last given. */
  async lastLabGiven(learnerId: string): Promise<{ lab: string; at: string } | undefined> {
    return db
      .selectFrom('sandboxes')
      .select(['lab', 'created_at as at'])
      .where('learner_id', '=', learnerId)
      .orderBy('created_at', 'desc')
      .limit(1)
      .executeTakeFirst();
  },
});
