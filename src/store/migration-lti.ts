/** Learning platforms: who is registered, which link leads to which lab, which scores are on their way. */
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export const lti: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('lti_platforms')
      .addColumn('id', 'varchar(64)', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('issuer', 'varchar(512)', (c) => c.notNull())
      .addColumn('client_id', 'varchar(255)', (c) => c.notNull())
      .addColumn('auth_url', 'text', (c) => c.notNull())
      .addColumn('token_url', 'text', (c) => c.notNull())
      .addColumn('jwks_url', 'text', (c) => c.notNull())
      .addColumn('token_audience', 'text')
      .addColumn('page_origin', 'text', (c) => c.notNull())
      .addColumn('deployments', 'text', (c) => c.notNull())
      .addColumn('account_id', 'varchar(64)', (c) => c.notNull().references('accounts.id'))
      .addColumn('created_at', 'varchar(32)', (c) => c.notNull())
      .addColumn('removed_at', 'varchar(32)')
      .addUniqueConstraint('lti_platforms_once', ['issuer', 'client_id'])
      .execute();
    await db.schema
      .createTable('lti_registrations')
      .addColumn('token_hash', 'varchar(64)', (c) => c.primaryKey())
      .addColumn('id', 'varchar(64)', (c) => c.notNull().unique())
      .addColumn('account_id', 'varchar(64)', (c) => c.notNull().references('accounts.id'))
      .addColumn('created_at', 'varchar(32)', (c) => c.notNull())
      .addColumn('expires_at', 'varchar(32)', (c) => c.notNull())
      .addColumn('used_at', 'varchar(32)')
      .execute();
    await db.schema
      .createTable('lti_links')
      .addColumn('id', 'varchar(64)', (c) => c.primaryKey())
      .addColumn('platform_id', 'varchar(64)', (c) => c.notNull().references('lti_platforms.id'))
      .addColumn('deployment_id', 'varchar(255)', (c) => c.notNull())
      .addColumn('resource_link_id', 'varchar(255)', (c) => c.notNull())
      .addColumn('context_id', 'varchar(255)')
      .addColumn('title', 'text', (c) => c.notNull())
      .addColumn('context_title', 'text', (c) => c.notNull())
      .addColumn('lab', 'varchar(64)')
      .addColumn('line_item_url', 'text')
      .addColumn('line_items_url', 'text')
      .addColumn('memberships_url', 'text')
      .addColumn('created_at', 'varchar(32)', (c) => c.notNull())
      .addColumn('seen_at', 'varchar(32)', (c) => c.notNull())
      .addUniqueConstraint('lti_links_once', ['platform_id', 'deployment_id', 'resource_link_id'])
      .execute();
    await db.schema
      .createTable('lti_users')
      .addColumn('id', 'varchar(64)', (c) => c.primaryKey())
      .addColumn('platform_id', 'varchar(64)', (c) => c.notNull().references('lti_platforms.id'))
      .addColumn('sub', 'varchar(255)', (c) => c.notNull())
      .addColumn('learner_id', 'varchar(64)', (c) => c.notNull().references('learners.id'))
      .addColumn('name', 'text')
      .addColumn('email', 'varchar(254)')
      .addColumn('created_at', 'varchar(32)', (c) => c.notNull())
      .addColumn('seen_at', 'varchar(32)', (c) => c.notNull())
      .addUniqueConstraint('lti_users_once', ['platform_id', 'sub'])
      .execute();
    await db.schema.createIndex('lti_users_by_learner').on('lti_users').column('learner_id').execute();
    await db.schema
      .createTable('lti_sessions')
      .addColumn('token_hash', 'varchar(64)', (c) => c.primaryKey())
      .addColumn('user_id', 'varchar(64)', (c) => c.notNull().references('lti_users.id'))
      .addColumn('link_id', 'varchar(64)', (c) => c.references('lti_links.id'))
      .addColumn('role', 'varchar(16)', (c) => c.notNull())
      .addColumn('choosing', 'text')
      .addColumn('created_at', 'varchar(32)', (c) => c.notNull())
      .addColumn('expires_at', 'varchar(32)', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('lti_nonces')
      .addColumn('nonce_hash', 'varchar(64)', (c) => c.primaryKey())
      .addColumn('expires_at', 'varchar(32)', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('lti_scores')
      .addColumn('id', 'varchar(64)', (c) => c.primaryKey())
      .addColumn('link_id', 'varchar(64)', (c) => c.notNull().references('lti_links.id'))
      .addColumn('user_id', 'varchar(64)', (c) => c.notNull().references('lti_users.id'))
      .addColumn('score', 'integer')
      .addColumn('max_score', 'integer')
      .addColumn('passed', 'integer', (c) => c.notNull())
      .addColumn('attempts_seen', 'integer', (c) => c.notNull())
      .addColumn('state', 'varchar(16)', (c) => c.notNull())
      .addColumn('tries', 'integer', (c) => c.notNull())
      .addColumn('next_try_at', 'varchar(32)')
      .addColumn('stamp', 'varchar(32)')
      .addColumn('last_error', 'text')
      .addColumn('changed_at', 'varchar(32)', (c) => c.notNull())
      .addColumn('sent_at', 'varchar(32)')
      .addUniqueConstraint('lti_scores_once', ['link_id', 'user_id'])
      .execute();
    await db.schema.createIndex('lti_scores_by_state').on('lti_scores').columns(['state', 'next_try_at']).execute();
  },
};
