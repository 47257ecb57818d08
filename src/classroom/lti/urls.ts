/**
 * Which addresses of a platform are believed. A registration, made or allowed by the owner, names hosts; whatever a launch
 * names later (line items, members, where a choice is returned) must be on one of them. So a platform in one's own network
 * works, and no launch leads the server to any other place.
 */
import { z } from 'zod';
import type { LtiPlatform } from '../../store/lti-platforms.ts';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
const LONGEST = 2000;

/** https; without TLS on this machine only. Neither a password nor a fragment. */
export function isPlatformUrl(value: string): boolean {
  if (value.length > LONGEST || !URL.canParse(value)) return false;
  const { protocol, hostname, username, password, hash } = new URL(value);
  if (username !== '' || password !== '' || hash !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname));
}

export const platformUrlSchema = z.string().refine(isPlatformUrl);
/** 'https://moodle.example.org': no path. */
export const originSchema = platformUrlSchema.refine((value) => new URL(value).origin === value);

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
