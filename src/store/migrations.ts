/** Every change of the tables, in order, never edited once released. Plain Kysely, so that each database can run them. */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { bytes, counting } from './dialect.ts';
import { lti } from './migration-lti.ts';
import { apiTokens, assignments } from './migrations-assignments.ts';

const first: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('learners')
      .addColumn('id', 'varchar(64)', (c) => c.primaryKey())
      .addColumn('token_hash', 'varchar(64)', (c) => c.notNull().unique())
      .addColumn('language', 'varchar(8)', (c) => c.notNull())
      .addColumn('created_at', 'varchar(32)', (c) => c.notNull())
      .addColumn('seen_at', 'varchar(32)', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('sandboxes')
      .addColumn('id', 'varchar(128)', (c) => c.primaryKey())
      .addColumn('engine', 'varchar(32)', (c) => c.notNull())
      .addColumn('learner_id', 'varchar(64)', (c) => c.notNull().references('learners.id'))
      .addColumn('lab', 'varchar(64)', (c) => c.notNull())
      .addColumn('parameters', 'text', (c) => c.notNull())
      .addColumn('created_at', 'varchar(32)', (c) => c.notNull())
      .addColumn('ended_at', 'varchar(32)')
      .execute();
    await db.schema.createIndex('sandboxes_by_learner').on('sandboxes').columns(['learner_id', 'lab']).execute();
    const { type, increment } = counting(db);
    await db.schema
      .createTable('attempts')
      .addColumn('number', type, (c) => (increment ? c.primaryKey().autoIncrement() : c.primaryKey()))
      .addColumn('id', 'varchar(64)', (c) => c.notNull().unique())
      .addColumn('learner_id', 'varchar(64)', (c) => c.notNull().references('learners.id'))
      .addColumn('lab', 'varchar(64)', (c) => c.notNull())
      .addColumn('sandbox_id', 'varchar(128)', (c) => c.notNull().references('sandboxes.id'))
      .addColumn('status', 'varchar(16)', (c) => c.notNull())
      .addColumn('score', 'integer', (c) => c.notNull())
      .addColumn('max_score', 'integer', (c) => c.notNull())
      .addColumn('results', 'text', (c) => c.notNull())
      .addColumn('snapshot', bytes(db), (c) => c.notNull())
      .addColumn('graded_at', 'varchar(32)', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('attempts_by_learner').on('attempts').columns(['learner_id', 'lab']).execute();
  },
};

const hints: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('hints')
      .addColumn('learner_id', 'varchar(64)', (c) => c.notNull().references('learners.id'))
      .addColumn('lab', 'varchar(64)', (c) => c.notNull())
      .addColumn('task', 'varchar(64)', (c) => c.notNull())
      .addColumn('step', 'integer', (c) => c.notNull())
      .addColumn('taken_at', 'varchar(32)', (c) => c.notNull())
      .addPrimaryKeyConstraint('hints_once', ['learner_id', 'lab', 'task', 'step'])
      .execute();
  },
};

const recordName: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('learners').addColumn('record_name', 'text').execute();
  },
};

const live: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('sandboxes').addColumn('expires_at', 'varchar(32)').execute();
    await db.schema
      .alterTable('attempts')
      .addColumn('trigger', 'varchar(16)', (c) => c.notNull().defaultTo('asked'))
      .execute();
  },
};

const recordings: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('recordings')
      .addColumn('id', 'varchar(64)', (c) => c.primaryKey())
      .addColumn('learner_id', 'varchar(64)', (c) => c.notNull().references('learners.id'))
      .addColumn('lab', 'varchar(64)', (c) => c.notNull())
      .addColumn('terminal', 'varchar(32)', (c) => c.notNull())
      .addColumn('started_at', 'varchar(32)', (c) => c.notNull())
      .addColumn('ended_at', 'varchar(32)')
      .addColumn('bytes', 'integer', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('recordings_by_learner').on('recordings').columns(['learner_id', 'lab']).execute();
  },
};

const accounts: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('accounts')
      .addColumn('id', 'varchar(64)', (c) => c.primaryKey())
      .addColumn('role', 'varchar(16)', (c) => c.notNull())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('login', 'varchar(254)', (c) => c.notNull().unique())
      .addColumn('password_hash', 'text')
      .addColumn('oidc_subject', 'varchar(512)', (c) => c.unique())
      .addColumn('created_at', 'varchar(32)', (c) => c.notNull())
      .addColumn('disabled_at', 'varchar(32)')
      .execute();
    await db.schema
      .createTable('account_sessions')
      .addColumn('token_hash', 'varchar(64)', (c) => c.primaryKey())
      .addColumn('account_id', 'varchar(64)', (c) => c.notNull().references('accounts.id'))
      .addColumn('created_at', 'varchar(32)', (c) => c.notNull())
      .addColumn('seen_at', 'varchar(32)', (c) => c.notNull())
      .addColumn('expires_at', 'varchar(32)', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('account_sessions_by_account').on('account_sessions').column('account_id').execute();
    await db.schema
      .createTable('account_links')
      .addColumn('token_hash', 'varchar(64)', (c) => c.primaryKey())
      .addColumn('id', 'varchar(64)', (c) => c.notNull().unique())
      .addColumn('purpose', 'varchar(16)', (c) => c.notNull())
      .addColumn('account_id', 'varchar(64)', (c) => c.references('accounts.id'))
      .addColumn('role', 'varchar(16)')
      .addColumn('note', 'text', (c) => c.notNull())
      .addColumn('created_by', 'varchar(64)', (c) => c.references('accounts.id'))
      .addColumn('created_at', 'varchar(32)', (c) => c.notNull())
      .addColumn('expires_at', 'varchar(32)', (c) => c.notNull())
      .addColumn('used_at', 'varchar(32)')
      .execute();
    await db.schema
      .createTable('audit_log')
      .addColumn('id', 'varchar(32)', (c) => c.primaryKey())
      .addColumn('at', 'varchar(32)', (c) => c.notNull())
      .addColumn('account_id', 'varchar(64)', (c) => c.references('accounts.id'))
      .addColumn('action', 'varchar(64)', (c) => c.notNull())
      .addColumn('object', 'varchar(128)')
      .addColumn('detail', 'text', (c) => c.notNull())
      .execute();
  },
};

const cohorts: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('cohorts')
      .addColumn('id', 'varchar(64)', (c) => c.primaryKey())
      .addColumn('kind', 'varchar(16)', (c) => c.notNull())
      .addColumn('account_id', 'varchar(64)', (c) => c.notNull().references('accounts.id'))
      .addColumn('title', 'text', (c) => c.notNull())
      .addColumn('language', 'varchar(8)', (c) => c.notNull())
      .addColumn('starts_at', 'varchar(32)', (c) => c.notNull())
      .addColumn('ends_at', 'varchar(32)', (c) => c.notNull())
      .addColumn('capacity', 'integer')
      .addColumn('asks_email', 'integer', (c) => c.notNull())
      .addColumn('join_code', 'varchar(32)', (c) => c.unique())
      .addColumn('rules', 'text', (c) => c.notNull())
      .addColumn('created_at', 'varchar(32)', (c) => c.notNull())
      .addColumn('closed_at', 'varchar(32)')
      .execute();
    await db.schema.createIndex('cohorts_by_account').on('cohorts').column('account_id').execute();
    await db.schema
      .createTable('cohort_labs')
      .addColumn('cohort_id', 'varchar(64)', (c) => c.notNull().references('cohorts.id'))
      .addColumn('lab', 'varchar(64)', (c) => c.notNull())
      .addColumn('position', 'integer', (c) => c.notNull())
      .addColumn('locked', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('cohort_labs_once', ['cohort_id', 'lab'])
      .execute();
    await db.schema
      .createTable('members')
      .addColumn('id', 'varchar(64)', (c) => c.primaryKey())
      .addColumn('cohort_id', 'varchar(64)', (c) => c.notNull().references('cohorts.id'))
      .addColumn('learner_id', 'varchar(64)', (c) => c.references('learners.id'))
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('email', 'varchar(254)')
      .addColumn('external_id', 'varchar(255)')
      .addColumn('link_hash', 'varchar(64)', (c) => c.unique())
      .addColumn('status', 'varchar(16)', (c) => c.notNull())
      .addColumn('created_at', 'varchar(32)', (c) => c.notNull())
      .addColumn('joined_at', 'varchar(32)')
      .addColumn('seen_at', 'varchar(32)')
      .addColumn('hand_at', 'varchar(32)')
      .addUniqueConstraint('members_once', ['cohort_id', 'learner_id'])
      .addUniqueConstraint('members_known_once', ['cohort_id', 'external_id'])
      .execute();
    await db.schema.createIndex('members_by_learner').on('members').column('learner_id').execute();
    await db.schema
      .createTable('messages')
      .addColumn('id', 'varchar(32)', (c) => c.primaryKey())
      .addColumn('cohort_id', 'varchar(64)', (c) => c.notNull().references('cohorts.id'))
      .addColumn('member_id', 'varchar(64)', (c) => c.references('members.id'))
      .addColumn('account_id', 'varchar(64)', (c) => c.notNull().references('accounts.id'))
      .addColumn('text', 'text', (c) => c.notNull())
      .addColumn('sent_at', 'varchar(32)', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('messages_by_cohort').on('messages').column('cohort_id').execute();
    await db.schema
      .createTable('grants')
      .addColumn('id', 'varchar(64)', (c) => c.primaryKey())
      .addColumn('cohort_id', 'varchar(64)', (c) => c.notNull().references('cohorts.id'))
      .addColumn('member_id', 'varchar(64)', (c) => c.references('members.id'))
      .addColumn('lab', 'varchar(64)', (c) => c.notNull())
      .addColumn('task', 'varchar(64)')
      .addColumn('step', 'integer')
      .addColumn('granted_at', 'varchar(32)', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('grants_by_cohort').on('grants').column('cohort_id').execute();
    await db.schema
      .createTable('learner_sessions')
      .addColumn('token_hash', 'varchar(64)', (c) => c.primaryKey())
      .addColumn('learner_id', 'varchar(64)', (c) => c.notNull().references('learners.id'))
      .addColumn('created_at', 'varchar(32)', (c) => c.notNull())
      .execute();
  },
};

export const migrations: Record<string, Migration> = {
  '0001-first': first,
  '0002-hints': hints,
  '0002-record-name': recordName,
  '0003-recordings': recordings,
  '0004-live': live,
  '0005-accounts': accounts,
  '0006-cohorts': cohorts,
  '0007-assignments': assignments,
  '0008-lti': lti,
  '0009-api-tokens': apiTokens,
};
