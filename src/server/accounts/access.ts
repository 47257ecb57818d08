/** Who may ask for what below /api/instructor: the whole of it, in one place. What is not here is not there. */
import type { Handler, MiddlewareHandler } from 'hono';
import type { Scope } from '../../protocol/api-tokens.ts';
import type { Account } from '../../store/account-rows.ts';
import type { Store } from '../../store/store.ts';
import { ASSIGNMENT_ACCESS } from '../classroom/assignment-access.ts';
import { WORKSHOP_ACCESS } from '../classroom/workshop-access.ts';
import { type Env, refuse } from '../http.ts';
import { isSecure } from '../session.ts';
import { readAccountCookie } from './cookie.ts';

/** instructor: the owner too. */
export type Access = 'anyone' | 'instructor' | 'owner';

export const ACCESS = {
  'GET /ways': 'anyone',
  'POST /sign-in': 'anyone',
  'POST /links/look': 'anyone',
  'POST /links/redeem': 'anyone',
  'GET /account': 'instructor',
  'POST /sign-out': 'instructor',
  'POST /sign-out-everywhere': 'instructor',
  'PUT /password': 'instructor',
  'GET /tokens': 'instructor',
  'POST /tokens': 'instructor',
  'DELETE /tokens/:id': 'instructor',
  'GET /accounts': 'owner',
  'PUT /accounts/:id/disabled': 'owner',
  'POST /accounts/:id/links': 'owner',
  'POST /invitations': 'owner',
  'DELETE /invitations/:id': 'owner',
  'GET /audit': 'owner',
  'GET /lti': 'owner',
  'POST /lti/platforms': 'owner',
  'PUT /lti/platforms/:id': 'owner',
  'DELETE /lti/platforms/:id': 'owner',
  'POST /lti/registrations': 'owner',
  'DELETE /lti/scores/:id': 'owner',
  ...WORKSHOP_ACCESS,
  ...ASSIGNMENT_ACCESS,
} as const satisfies Record<string, Access>;

/** The token of a request that brings one, also an empty or broken one. Other schemes are a proxy's business. */
export function bearerOf(authorization: string | undefined): string | undefined {
  const [scheme = '', token = ''] = (authorization ?? '').trim().split(/\s+/);
  return scheme.toLowerCase() === 'bearer' ? token : undefined;
}

export type RouteName = keyof typeof ACCESS;
export type Routes = Partial<Record<RouteName, Handler<Env>>>;

const may = (account: Account, access: Exclude<Access, 'anyone'>): boolean =>
  account.role === 'owner' || (account.role === 'instructor' && access === 'instructor');

/** Typing at a learner's terminal is between two people. */
const PERSONS_ONLY: RouteName = 'POST /workshops/:id/share';

/** What a token must be allowed for this route; undefined: no token opens it. */
export function scopeOf(route: RouteName): Scope | undefined {
  const part = Object.hasOwn(ASSIGNMENT_ACCESS, route)
    ? 'assignments'
    : Object.hasOwn(WORKSHOP_ACCESS, route) && route !== PERSONS_ONLY
      ? 'workshops'
      : undefined;
  return part && `${part}:${route.startsWith('GET ') ? 'read' : 'write'}`;
}

/** Looks at session or token anew for every request: what ended, ends at once. */
export function requireRole(store: Store, route: RouteName): MiddlewareHandler<Env> {
  const access: Access = ACCESS[route];
  const scope = scopeOf(route);
  return async (c, next) => {
    const bearer = bearerOf(c.req.header('authorization'));
    if (bearer !== undefined) {
      // Who comes by a token comes by that alone, whatever cookies there are.
      const found = await store.findApiToken(bearer);
      if (!found) return refuse(c, 'bad-token');
      if (scope === undefined || !found.scopes.includes(scope)) return refuse(c, 'scope-needed');
      if (access !== 'anyone' && !may(found.account, access)) return refuse(c, 'role-needed');
      c.set('signedIn', { account: found.account, token: bearer });
      return next();
    }
    if (access === 'anyone') return next();
    const secure = isSecure(c.req.header('x-forwarded-proto'));
    const { token, ambiguous } = readAccountCookie(c.req.header('cookie'), secure);
    if (ambiguous) return refuse(c, 'two-accounts');
    const account = token && (await store.findAccountSession(token));
    if (!account) return refuse(c, 'sign-in-needed');
    if (!may(account, access)) return refuse(c, 'role-needed');
    c.set('signedIn', { account, token });
    return next();
  };
}
