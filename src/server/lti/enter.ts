/** From a frame without cookies into a window of its own: the session comes in a form of our own page's. */
import type { Context } from 'hono';
import { type AppParts, type Env, language as languageOf } from '../http.ts';
import { isSecure } from '../session.ts';
import { fieldsOf } from './address.ts';
import { showTrouble } from './html.ts';
import { isToken, ltiCookie } from './session.ts';

export function enterRoute({ store, origins }: AppParts) {
  return async (c: Context<Env>) => {
    const { session: token, language: wanted } = await fieldsOf(c);
    const language = wanted === 'ja' ? 'ja' : languageOf(c);
    // A form of another site would put a person into a stranger's session.
    const own = origins.origin(c.req.header('origin'), c.req.header('host')) && isToken(token);
    const session = own ? await store.findLtiSession(token) : undefined;
    const link = session?.linkId && (await store.findLtiLink(session.linkId));
    if (!own || !session || !link) return showTrouble(c, 'other-browser', language);
    c.header('Set-Cookie', ltiCookie(token, isSecure(c.req.header('x-forwarded-proto'))));
    c.header('Cache-Control', 'no-store');
    return c.redirect(`/${language}/${session.role === 'instructor' ? 'lti/link/' : `labs/${link.lab}/`}`, 303);
  };
}
