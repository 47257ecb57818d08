/** How often one may try: by address, and by login and address. Made once for a server. */
import type { Context } from 'hono';
import { refuse } from '../http.ts';
import { openLimiter } from './limiter.ts';

export interface SignInLimits {
  /** @returns seconds to wait, 0 for none */
  signIn(login: string, address: string): number;
  /** It was the right password: from here this login is not in the way of others' tries any more. */
  succeeded(login: string, address: string): void;
  link(address: string): number;
  password(accountId: string): number;
}

export function openLimits(): SignInLimits {
  // A class of instructors may sit behind one address.
  const byAddress = openLimiter(30, 4_000);
  const links = openLimiter(30, 4_000);
  /** Of all addresses together, but those from which this login has succeeded: they have a bucket of their own. */
  const byLogin = openLimiter(10, 30_000);
  const passwords = openLimiter(10, 30_000);
  const known = new Map<string, true>();
  const pair = (login: string, address: string) => `${address} ${login}`;
  const key = (login: string, address: string) => (known.has(pair(login, address)) ? pair(login, address) : login);
  return {
    signIn: (login, address) => byAddress.take(address) || byLogin.take(key(login, address)),
    succeeded(login, address) {
      known.delete(pair(login, address));
      known.set(pair(login, address), true);
      const [oldest] = known.size > 5_000 ? known.keys() : [];
      if (oldest !== undefined) known.delete(oldest);
      byLogin.refill(pair(login, address));
    },
    link: (address) => links.take(address),
    password: (accountId) => passwords.take(accountId),
  };
}

export function refuseFor(c: Context, seconds: number) {
  c.header('Retry-After', String(seconds));
  return refuse(c, 'too-many-tries');
}
