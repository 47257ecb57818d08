/**
 * The cookies of a launch. They must come along in a frame on the platform's page, which is another site: so they are
 * SameSite=None, and Partitioned, by which a browser keeps them for that platform's pages alone and lets them through where it
 * blocks third parties. Browsers take them over TLS, and from localhost without.
 */

import { FLOW_MS } from '../../classroom/lti/state.ts';
import { LTI_SESSION_MS, type LtiSession } from '../../store/lti-sessions.ts';
import type { Learner, Store } from '../../store/store.ts';
import { cookieName, readSession, type Session } from '../session.ts';

const SESSION = 'toride-lti';
const FLOW = 'toride-lti-flow';

const cookie = (name: string, value: string, ageMs: number, secure: boolean) =>
  `${cookieName(name, secure)}=${value}; Path=/; HttpOnly; Secure; SameSite=None; Partitioned; Max-Age=${ageMs / 1000}`;

/** The secret that binds a login to this browser; see classroom/lti/state.ts. */
export const flowCookie = (flow: string, secure: boolean): string => cookie(FLOW, flow, FLOW_MS, secure);
export const readFlow = (cookies: string | undefined, secure: boolean): Session => readSession(cookies, secure, FLOW);
export const ltiCookie = (token: string, secure: boolean): string => cookie(SESSION, token, LTI_SESSION_MS, secure);

/** Of either cookie, where it comes in a form. */
export const isToken = (value: string | undefined): value is string => /^[A-Za-z0-9_-]{43}$/.test(value ?? '');

export interface Asker {
  readonly learner?: Learner | undefined;
  /** Where they came by a launch. */
  readonly lti?: LtiSession | undefined;
  /** Different sessions of the same kind came: none is believed. */
  readonly ambiguous: boolean;
}

/** Whose browser this is. A launch says more of a person than a browser's own cookie, so it comes first. */
export async function whoAsks(store: Store, cookies: string | undefined, secure: boolean): Promise<Asker> {
  const launched = readSession(cookies, secure, SESSION);
  if (launched.ambiguous) return { ambiguous: true };
  const lti = launched.token === undefined ? undefined : await store.findLtiSession(launched.token);
  if (lti) return { learner: { id: lti.user.learnerId }, lti, ambiguous: false };
  const { token, ambiguous } = readSession(cookies, secure);
  return { learner: token === undefined ? undefined : await store.findLearner(token), ambiguous };
}
