/** Cookies by which a browser is known: a learner's, and an account's (accounts/cookie.ts). */

import type { Language } from '../grading/check.ts';
import { languageSchema } from '../protocol/api.ts';

const NAME = 'toride';
/** Browsers take such a name only over TLS, for this very host and for all of its paths: no neighbour's page can set it. */
export const cookieName = (name: string, secure: boolean): string => (secure ? `__Host-${name}` : name);
const YEAR_S = 365 * 24 * 3600;

export interface Session {
  readonly token?: string;
  /**
   * Several different ones came. One was set by a page of another host below a common domain, and which cannot be
   * told: taking one could put the learner into a stranger's account.
   */
  readonly ambiguous: boolean;
}

/** From the X-Forwarded-Proto header, set by the proxy that does TLS for this server. */
export const isSecure = (forwardedProtocol: string | string[] | undefined): boolean => forwardedProtocol === 'https';

/** The token in a Cookie header, if it has the form of one. */
export function readSession(cookies: string | undefined, secure: boolean, cookie = NAME): Session {
  const name = cookieName(cookie, secure);
  const tokens = (cookies ?? '')
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part.startsWith(`${name}=`))
    .map((part) => part.slice(name.length + 1))
    .filter((value) => /^[A-Za-z0-9_-]{43}$/.test(value));
  const [token, ...others] = new Set(tokens);
  return others.length > 0 || token === undefined ? { ambiguous: others.length > 0 } : { token, ambiguous: false };
}

export const sessionCookie = (token: string, secure: boolean): string =>
  `${cookieName(NAME, secure)}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${YEAR_S}${secure ? '; Secure' : ''}`;

export const languageOf = (value: string | undefined): Language => languageSchema.catch('en').parse(value);

/** From an Accept-Language header: the first of ours that is asked for. */
export function preferredLanguage(header: string | undefined): Language {
  const wanted = (header ?? '').split(',').map((part) => {
    const [tag = '', quality] = part.trim().split(';q=');
    return { language: tag.slice(0, 2).toLowerCase(), quality: quality === undefined ? 1 : Number(quality) || 0 };
  });
  const best = wanted
    .filter(({ language }) => language === 'en' || language === 'ja')
    .sort((a, b) => b.quality - a.quality)[0];
  return best?.language === 'ja' ? 'ja' : 'en';
}
