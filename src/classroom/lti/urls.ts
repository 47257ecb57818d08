/**
 * Which addresses of a platform are believed. A registration, made or allowed by the owner, names hosts; whatever a launch
 * names later (line items, members, where a choice is returned) must be on one of them. So a platform in one's own network
 * works, and no launch leads the server to any other place.
 */
import { isPlatformUrl } from '../../protocol/lti.ts';
import type { LtiPlatform } from '../../store/lti-platforms.ts';

type Addresses = Pick<LtiPlatform, 'issuer' | 'authUrl' | 'tokenUrl' | 'jwksUrl' | 'pageOrigin'>;

/** With the port: another port may be another's. */
const hostsOf = ({ issuer, authUrl, tokenUrl, jwksUrl, pageOrigin }: Addresses): Set<string> =>
  new Set([issuer, authUrl, tokenUrl, jwksUrl, pageOrigin].filter(isPlatformUrl).map((value) => new URL(value).origin));

export const isOfPlatform = (platform: Addresses, value: string): boolean =>
  isPlatformUrl(value) && hostsOf(platform).has(new URL(value).origin);

/** A line item's address may have a query (Moodle's `?type_id=1`), which stays: `/scores` belongs to the path. */
export function scoresUrl(lineItem: string): string {
  const url = new URL(lineItem);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/scores`;
  return url.href;
}

/** Adds to the query that is there. */
export function withQuery(address: string, more: Readonly<Record<string, string>>): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(more)) url.searchParams.set(name, value);
  return url.href;
}
