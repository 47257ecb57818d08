/** /auth/oidc: to the provider and back. Apart from /api, since the way back comes from another site. */
import { type Context, Hono } from 'hono';
import { type Account, LoginTaken } from '../../store/account-rows.ts';
import { newToken } from '../../store/account-sessions.ts';
import { type App, type AppParts, type Env, language, refuse } from '../http.ts';
import { cookieName, isSecure, readSession } from '../session.ts';
import { addressOf } from './address.ts';
import { accountCookie } from './cookie.ts';
import { openLimits, refuseFor } from './limits.ts';
import { type Identity, NotAllowed } from './oidc.ts';

const NAME = 'toride-oidc';
const FLOW_S = 600;
/** Longer ones no provider makes. */
const CODE_LIMIT = 2048;

/** Lax: it must come along when the provider sends the browser back. */
const flowCookie = (flow: string, age: number, secure: boolean) =>
  `${cookieName(NAME, secure)}=${flow}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${age}${secure ? '; Secure' : ''}`;

const redirectOf = (c: Context, secure: boolean) =>
  // By a name that was checked: it is one the operator lets the server answer to.
  `${secure ? 'https' : 'http'}://${c.req.header('host')}/auth/oidc/callback`;

export function oidcRoutes({ oidc, store, log }: AppParts): App {
  const app = new Hono<Env>();
  if (!oidc) return app;
  const limits = openLimits();

  app.use(async (c, next) => {
    c.header('Cache-Control', 'no-store');
    const wait = limits.link(addressOf(c));
    return wait > 0 ? refuseFor(c, wait) : next();
  });

  app.get('/start', async (c) => {
    // Another site may not send a person through a sign-in that they did not ask for.
    if (!['same-origin', 'none', undefined].includes(c.req.header('sec-fetch-site')))
      return refuse(c, 'foreign-origin');
    const secure = isSecure(c.req.header('x-forwarded-proto'));
    const flow = newToken();
    try {
      const url = await oidc.start(flow, language(c), redirectOf(c, secure));
      c.header('Set-Cookie', flowCookie(flow, FLOW_S, secure));
      return c.redirect(url, 302);
    } catch (error) {
      log.error({ err: error }, 'the OpenID provider cannot be asked');
      return c.redirect(`/${language(c)}/instructor/sign-in/#oidc-failed`, 302);
    }
  });

  app.get('/callback', async (c) => {
    const secure = isSecure(c.req.header('x-forwarded-proto'));
    const { token: flow } = readSession(c.req.header('cookie'), secure, NAME);
    const lang = flow === undefined ? undefined : oidc.stateOf(flow, c.req.query('state') ?? '');
    const back = `/${lang ?? 'en'}/instructor/`;
    const address = addressOf(c);
    c.header('Set-Cookie', flowCookie('', 0, secure));
    const code = c.req.query('code') ?? '';
    try {
      if (flow === undefined || lang === undefined) throw new Error('no sign-in was begun by this browser');
      if (code === '' || code.length > CODE_LIMIT) throw new Error(`no code: ${c.req.query('error')?.slice(0, 80)}`);
      const identity = await oidc.finish(flow, code, c.req.query('iss'), redirectOf(c, secure));
      const token = await enter(identity, address);
      c.header('Set-Cookie', accountCookie(token, secure), { append: true });
      return c.redirect(back, 302);
    } catch (error) {
      const why =
        error instanceof NotAllowed
          ? 'oidc-not-allowed'
          : error instanceof LoginTaken
            ? 'oidc-login-taken'
            : 'oidc-failed';
      log.warn({ err: error }, 'a sign-in by OpenID failed');
      await store.audit({ by: null, action: 'sign-in-failed', detail: { address, by: 'oidc', why } });
      return c.redirect(`${back}sign-in/#${why}`, 302);
    }
  });

  /** @throws NotAllowed when the account is disabled */
  async function enter({ subject, login, name }: Identity, address: string): Promise<string> {
    const account: Account =
      (await store.findAccountBySubject(subject)) ??
      (await store.addOidcAccount({ login, name, oidcSubject: subject }, address));
    const detail = { address, by: 'oidc' };
    const token = await store.signIn(account, { by: account.id, action: 'sign-in', object: account.id, detail });
    if (token === undefined) throw new NotAllowed();
    return token;
  }

  return app;
}
