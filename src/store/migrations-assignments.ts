/** The tables of assignments, and of tokens for programs that read them. Part of migrations.ts. */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const assignments: Migration = {
  async up(db: Kysely<unknown>) {
    for (const column of ['typed_characters', 'typed_lines', 'saved_files'])
      await db.schema.alterTable('sandboxes').addColumn(column, 'integer').execute();
    await db.schema
      .createTable('submissions')
      .addColumn('id', 'varchar(64)', (c) => c.primaryKey())
      .addColumn('cohort_id', 'varchar(64)', (c) => c.notNull().references('cohorts.id'))
      .addColumn('member_id', 'varchar(64)', (c) => c.notNull().references('members.id'))
      .addColumn('lab', 'varchar(64)', (c) => c.notNull())
      .addColumn('sandbox_id', 'varchar(128)', (c) => c.notNull().references('sandboxes.id'))
      .addColumn('asked_at', 'varchar(32)', (c) => c.notNull())
      .addColumn('state', 'varchar(16)', (c) => c.notNull())
      .addColumn('attempt_id', 'varchar(64)', (c) => c.references('attempts.id'))
      .addColumn('points', 'integer')
      .addColumn('tasks', 'text')
      .addColumn('traces', 'text')
      .execute();
    await db.schema
      .createIndex('submissions_by_member')
      .on('submissions')
      .columns(['cohort_id', 'member_id', 'lab'])
      .execute();
    await db.schema
      .createTable('overrides')
      .addColumn('id', 'varchar(32)', (c) => c.primaryKey())
      .addColumn('cohort_id', 'varchar(64)', (c) => c.notNull().references('cohorts.id'))
      .addColumn('member_id', 'varchar(64)', (c) => c.notNull().references('members.id'))
      .addColumn('lab', 'varchar(64)', (c) => c.notNull())
      .addColumn('submission_id', 'varchar(64)', (c) => c.references('submissions.id'))
      .addColumn('points', 'integer', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('account_id', 'varchar(64)', (c) => c.notNull().references('accounts.id'))
      .addColumn('made_at', 'varchar(32)', (c) => c.notNull())
      .addColumn('reverted_at', 'varchar(32)')
      .execute();
    await db.schema.createIndex('overrides_by_cohort').on('overrides').column('cohort_id').execute();
    await db.schema
      .createTable('extensions')
      .addColumn('member_id', 'varchar(64)', (c) => c.primaryKey().references('members.id'))
      .addColumn('due_at', 'varchar(32)', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('account_id', 'varchar(64)', (c) => c.notNull().references('accounts.id'))
      .addColumn('made_at', 'varchar(32)', (c) => c.notNull())
      .execute();
  },
};

export const apiTokens: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('api_tokens')
      .addColumn('id', 'varchar(64)', (c) => c.primaryKey())
      .addColumn('token_hash', 'varchar(64)', (c) => c.notNull().unique())
      .addColumn('account_id', 'varchar(64)', (c) => c.notNull().references('accounts.id'))
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('scopes', 'text', (c) => c.notNull())
      .addColumn('created_at', 'varchar(32)', (c) => c.notNull())
      .addColumn('expires_at', 'varchar(32)', (c) => c.notNull())
      .addColumn('used_at', 'varchar(32)')
      .execute();
    await db.schema.createIndex('api_tokens_by_account').on('api_tokens').column('account_id').execute();
  },
};
