/** One's own account: who am I, the end of sessions, another password. */
import { newPasswordSchema, passwordChangeSchema } from '../../protocol/accounts.ts';
import { type AppParts, refuse, sent } from '../http.ts';
import { isSecure } from '../session.ts';
import type { Routes } from './access.ts';
import { addressOf } from './address.ts';
import { noAccountCookie } from './cookie.ts';
import { openLimits, refuseFor } from './limits.ts';
import { accountView } from './views.ts';

export function ownRoutes({ store, passwords }: AppParts): Routes {
  const limits = openLimits();
  return {
    'GET /account': (c) => c.json(accountView(c.get('signedIn').account)),

    'POST /sign-out': async (c) => {
      const { account, token } = c.get('signedIn');
      const detail = { address: addressOf(c) };
      await store.endSession(token, { by: account.id, action: 'sign-out', object: account.id, detail });
      c.header('Set-Cookie', noAccountCookie(isSecure(c.req.header('x-forwarded-proto'))));
      return c.json(accountView(account));
    },

    'POST /sign-out-everywhere': async (c) => {
      const { account } = c.get('signedIn');
      const entry = { by: account.id, action: 'sign-out-everywhere', object: account.id };
      await store.endAllSessions(account.id, { ...entry, detail: { address: addressOf(c) } });
      c.header('Set-Cookie', noAccountCookie(isSecure(c.req.header('x-forwarded-proto'))));
      return c.json(accountView(account));
    },

    'PUT /password': async (c) => {
      const { account, token } = c.get('signedIn');
      const body = await sent(c, passwordChangeSchema);
      if (!body) return refuse(c, 'bad-request');
      const wait = limits.password(account.id);
      if (wait > 0) return refuseFor(c, wait);
      const password = newPasswordSchema.safeParse(body.password).data;
      if (password === undefined) return refuse(c, 'bad-password');
      const detail = { address: addressOf(c) };
      const { right } = await passwords.verify(body.current, account.passwordHash);
      const hash = right ? await passwords.hash(password) : undefined;
      const entry = { by: account.id, object: account.id, detail };
      const done = hash && (await store.changePassword(account, hash, token, { ...entry, action: 'password-changed' }));
      if (!done) {
        await store.audit({ ...entry, action: 'password-change-failed' });
        return refuse(c, 'wrong-password');
      }
      return c.json(accountView(account));
    },
  };
}
