/** The cookie by which a learner is known. */

import type { Language } from '../grading/check.ts';
import { languageSchema } from '../protocol/api.ts';

const NAME = 'toride';
const YEAR_S = 365 * 24 * 3600;

/** The session token in a Cookie header, if it has the form of one. */
export function sessionToken(cookies: string | undefined): string | undefined {
  const found = (cookies ?? '')
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${NAME}=`));
  const token = found?.slice(NAME.length + 1);
  return token && /^[A-Za-z0-9_-]{43}$/.test(token) ? token : undefined;
}

export const sessionCookie = (token: string, secure: boolean): string =>
  `${NAME}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${YEAR_S}${secure ? '; Secure' : ''}`;

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
