/** Assignment and Grade Services 2.0: the line item of a link, found or made once, and scores for it. */
import { z } from 'zod';
import { isPlatformUrl } from '../../protocol/lti.ts';
import type { LtiLink } from '../../store/lti-links.ts';
import type { LtiPlatform } from '../../store/lti-platforms.ts';
import type { LtiStanding } from '../../store/lti-scores.ts';
import { SCOPE } from './claims.ts';
import { PlatformFailed } from './fetch.ts';
import { allPages } from './pages.ts';
import type { PlatformServices } from './services.ts';
import { scoresUrl, withQuery } from './urls.ts';

const LINE_ITEM = 'application/vnd.ims.lis.v2.lineitem+json';
const LINE_ITEMS = 'application/vnd.ims.lis.v2.lineitemcontainer+json';
const SCORE = 'application/vnd.ims.lis.v1.score+json';

/** Text; a number from platforms whose own ids are. */
const knownSchema = z.union([z.string(), z.number().transform(String)]).nullish();

const lineItemSchema = z.looseObject({
  id: z.string().refine(isPlatformUrl),
  resourceLinkId: knownSchema,
  resourceId: knownSchema,
});
const PER_PAGE = '100';

/** By which line items of a lab are known again. */
export const resourceIdOf = (lab: string): string => `toride/${lab}`;

/**
 * The line item of this link: one that the platform coupled with it, or one that was made here before. Where there is none one
 * is made; an answer that is lost on the way is found by the next look, so that there are never two.
 *
 * @throws PlatformFailed
 */
export async function lineItemFor(
  services: PlatformServices,
  platform: LtiPlatform,
  link: LtiLink,
  lab: { readonly id: string; readonly title: string; readonly maxScore: number },
): Promise<string> {
  if (link.lineItemsUrl === null) throw new PlatformFailed('the platform lets no grades in by this link');
  const resourceId = resourceIdOf(lab.id);
  const wanted = withQuery(link.lineItemsUrl, { resource_link_id: link.resourceLinkId, limit: PER_PAGE });
  const accept = { headers: { accept: LINE_ITEMS } };
  let coupled: string | undefined;
  for await (const items of allPages(wanted, (url) =>
    services.ask(platform, SCOPE.lineItem, z.array(lineItemSchema), url, accept),
  )) {
    // A platform need not know the filter.
    const own = items.filter(({ resourceLinkId }) => resourceLinkId === link.resourceLinkId);
    const made = own.find((item) => item.resourceId === resourceId);
    if (made) return made.id;
    coupled ??= own[0]?.id;
  }
  if (coupled !== undefined) return coupled;
  const { body } = await services.ask(platform, SCOPE.lineItem, lineItemSchema, link.lineItemsUrl, {
    method: 'POST',
    headers: { accept: LINE_ITEM, 'content-type': LINE_ITEM },
    body: JSON.stringify({
      scoreMaximum: lab.maxScore,
      label: lab.title,
      resourceId,
      resourceLinkId: link.resourceLinkId,
      tag: 'grade',
    }),
  });
  return body.id;
}

export interface Score extends LtiStanding {
  /** The user's id at the platform. */
  readonly sub: string;
  /** ISO 8601, later than the one before. */
  readonly timestamp: string;
}

/** @throws PlatformFailed */
export async function sendScore(
  services: PlatformServices,
  platform: LtiPlatform,
  lineItem: string,
  { sub, score, maxScore, passed, timestamp }: Score,
): Promise<void> {
  await services.ask(platform, SCOPE.score, z.unknown(), scoresUrl(lineItem), {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': SCORE },
    body: JSON.stringify({
      userId: sub,
      scoreGiven: score,
      scoreMaximum: maxScore,
      activityProgress: passed ? 'Completed' : 'InProgress',
      gradingProgress: 'FullyGraded',
      timestamp,
    }),
  });
}
