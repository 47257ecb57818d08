/** Links in the courses of platforms: which lab each leads to, and where its scores go. */
import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';
import type { LtiLinksTable } from './schema-lti.ts';

export interface LtiLink {
  readonly id: string;
  readonly platformId: string;
  readonly deploymentId: string;
  readonly resourceLinkId: string;
  readonly contextId: string | null;
  readonly title: string;
  readonly contextTitle: string;
  readonly lab: string | null;
  readonly lineItemUrl: string | null;
  readonly lineItemsUrl: string | null;
  readonly membershipsUrl: string | null;
  readonly seenAt: string;
}

/** What a launch says of its link. null: it says nothing, and what was known stays. */
export type LtiLinkSeen = Omit<LtiLink, 'id' | 'seenAt'>;

const iso = () => new Date().toISOString();

export const linkOf = (row: LtiLinksTable): LtiLink => ({
  id: row.id,
  platformId: row.platform_id,
  deploymentId: row.deployment_id,
  resourceLinkId: row.resource_link_id,
  contextId: row.context_id,
  title: row.title,
  contextTitle: row.context_title,
  lab: row.lab,
  lineItemUrl: row.line_item_url,
  lineItemsUrl: row.line_items_url,
  membershipsUrl: row.memberships_url,
  seenAt: row.seen_at,
});

export const ltiLinkQueries = (db: Kysely<Database>) => ({
  /** The link of a launch, with what is newly known of it. */
  async ltiLink(seen: LtiLinkSeen): Promise<LtiLink> {
    return db.transaction().execute(async (trx) => {
      const key = {
        platform_id: seen.platformId,
        deployment_id: seen.deploymentId,
        resource_link_id: seen.resourceLinkId,
      };
      const known = { context_id: seen.contextId, title: seen.title, context_title: seen.contextTitle };
      const services = {
        lab: seen.lab,
        line_item_url: seen.lineItemUrl,
        line_items_url: seen.lineItemsUrl,
        memberships_url: seen.membershipsUrl,
      };
      await trx
        .insertInto('lti_links')
        .values({ id: randomUUID(), ...key, ...known, ...services, created_at: iso(), seen_at: iso() })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const said = Object.fromEntries(Object.entries(services).filter(([, value]) => value !== null));
      await trx
        .updateTable('lti_links')
        .set({ ...known, ...said, seen_at: iso() })
        .where('platform_id', '=', key.platform_id)
        .where('deployment_id', '=', key.deployment_id)
        .where('resource_link_id', '=', key.resource_link_id)
        .execute();
      const row = await trx
        .selectFrom('lti_links')
        .selectAll()
        .where('platform_id', '=', key.platform_id)
        .where('deployment_id', '=', key.deployment_id)
        .where('resource_link_id', '=', key.resource_link_id)
        .executeTakeFirstOrThrow();
      return linkOf(row);
    });
  },

  async findLtiLink(id: string): Promise<LtiLink | undefined> {
    const row = await db.selectFrom('lti_links').selectAll().where('id', '=', id).executeTakeFirst();
    return row && linkOf(row);
  },

  /** Only where none is set: a link that learners work behind keeps its lab. @returns false when it had one */
  async chooseLtiLab(linkId: string, lab: string): Promise<boolean> {
    const { numUpdatedRows } = await db
      .updateTable('lti_links')
      .set({ lab })
      .where('id', '=', linkId)
      .where('lab', 'is', null)
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  },

  async setLtiLineItem(linkId: string, url: string): Promise<void> {
    await db.updateTable('lti_links').set({ line_item_url: url }).where('id', '=', linkId).execute();
  },

  /** The latest first, of platforms that are not removed. */
  async ltiLinks(limit: number): Promise<(LtiLink & { readonly platformName: string })[]> {
    const rows = await db
      .selectFrom('lti_links')
      .innerJoin('lti_platforms', 'lti_platforms.id', 'lti_links.platform_id')
      .selectAll('lti_links')
      .select('lti_platforms.name as platformName')
      .where('removed_at', 'is', null)
      .orderBy('seen_at', 'desc')
      .limit(limit)
      .execute();
    return rows.map((row) => ({ ...linkOf(row), platformName: row.platformName }));
  },
});
