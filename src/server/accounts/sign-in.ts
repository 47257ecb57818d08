/** Ways in: a password, or a link that can be used once. */
import type { Context } from 'hono';
import {
  linkViewSchema,
  loginSchema,
  lookSchema,
  newPasswordSchema,
  personNameSchema,
  redeemSchema,
  signInSchema,
  waysSchema,
} from '../../protocol/accounts.ts';
import { type Account, LoginTaken } from '../../store/account-rows.ts';
import { type AppParts, type Env, refuse, sent } from '../http.ts';
import { isSecure } from '../session.ts';
import type { Routes } from './access.ts';
import { addressOf } from './address.ts';
import { accountCookie } from './cookie.ts';
import { openLimits, refuseFor } from './limits.ts';
import { accountView } from './views.ts';

export function signInRoutes({ store, passwords, oidc, log }: AppParts): Routes {
  const limits = openLimits();

  async function welcome(c: Context<Env>, token: string) {
    const account = await store.findAccountSession(token);
    // Disabled in the meantime.
    if (!account) return refuse(c, 'wrong-login');
    c.header('Set-Cookie', accountCookie(token, isSecure(c.req.header('x-forwarded-proto'))));
    log.info({ account: account.id }, 'signed in');
    return c.json(accountView(account));
  }

  return {
    'GET /ways': (c) => c.json(waysSchema.parse({ oidc: oidc !== undefined })),

    'POST /sign-in': async (c) => {
      const body = await sent(c, signInSchema);
      if (!body) return refuse(c, 'bad-request');
      const address = addressOf(c);
      const login = loginSchema.safeParse(body.login).data;
      const wait = limits.signIn(login ?? '', address);
      if (wait > 0) return refuseFor(c, wait);
      const account = login === undefined ? undefined : await store.findAccountByLogin(login);
      const { right, rehash } = await passwords.verify(body.password, account?.passwordHash ?? null);
      const token = right && account ? await enter(account, body.password, rehash, address) : undefined;
      if (token === undefined || login === undefined) {
        // An unknown login is not kept: people type passwords there.
        const object = account?.id ?? null;
        const why = account === undefined ? 'unknown' : account.disabledAt !== null && right ? 'disabled' : 'password';
        await store.audit({ by: null, action: 'sign-in-failed', object, detail: { address, why } });
        return refuse(c, 'wrong-login');
      }
      limits.succeeded(login, address);
      return welcome(c, token);
    },

    'POST /links/look': async (c) => {
      const wait = limits.link(addressOf(c));
      if (wait > 0) return refuseFor(c, wait);
      const body = await sent(c, lookSchema);
      const found = body && (await store.findLink(body.token));
      if (!found) return refuse(c, 'bad-link');
      return c.json(linkViewSchema.parse({ purpose: found.link.purpose, login: found.account?.login ?? null }));
    },

    'POST /links/redeem': async (c) => {
      const address = addressOf(c);
      const wait = limits.link(address);
      if (wait > 0) return refuseFor(c, wait);
      const body = await sent(c, redeemSchema);
      const found = body && (await store.findLink(body.token));
      if (!found) return refuse(c, 'bad-link');
      const { purpose, accountId } = found.link;
      const name = accountId === null ? personNameSchema.safeParse(body.name).data : undefined;
      if (accountId === null && name === undefined) return refuse(c, 'bad-person-name');
      const login = accountId === null ? loginSchema.safeParse(body.login).data : undefined;
      if (accountId === null && login === undefined) return refuse(c, 'bad-login');
      const password = purpose === 'sign-in' ? undefined : newPasswordSchema.safeParse(body.password).data;
      if (purpose !== 'sign-in' && password === undefined) return refuse(c, 'bad-password');
      const passwordHash = password === undefined ? undefined : await passwords.hash(password);
      try {
        const token = await store.redeemLink(body.token, { name, login, passwordHash, address });
        return token === undefined ? refuse(c, 'bad-link') : welcome(c, token);
      } catch (error) {
        if (error instanceof LoginTaken) return refuse(c, 'login-taken');
        throw error;
      }
    },
  };

  async function enter(account: Account, password: string, rehash: boolean, address: string) {
    const entry = { by: account.id, action: 'sign-in', object: account.id, detail: { address, by: 'password' } };
    return store.signIn(account, entry, rehash ? await passwords.hash(password) : undefined);
  }
}
