/** What every route shares: who asks, in which language, and how the server says no. */
import type { Context, Hono } from 'hono';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Exercise } from '../exercise/catalogue.ts';
import type { Language } from '../grading/check.ts';
import type { Workspace } from '../inspector/workspace.ts';
import type { ReceiptKey } from '../receipt/key.ts';
import type { Settings } from '../setup/settings.ts';
import type { Account } from '../store/account-rows.ts';
import type { LtiSession } from '../store/lti-sessions.ts';
import type { Learner, Store } from '../store/store.ts';
import type { Oidc } from './accounts/oidc.ts';
import type { Passwords } from './accounts/password.ts';
import { ASSIGNMENT_STATUS } from './classroom/assignment-messages.ts';
import type { Workshops } from './classroom/workshops.ts';
import type { Lti } from './lti/lti.ts';
import { type MessageCode, message } from './messages.ts';
import type { OriginRules } from './origin.ts';
import type { Preview } from './preview/proxy.ts';
import type { Recordings } from './recordings.ts';
import type { Rooms } from './rooms.ts';
import { languageOf } from './session.ts';

export interface AppParts {
  readonly catalogue: ReadonlyMap<string, Exercise>;
  readonly rooms: Rooms;
  readonly workshops: Workshops;
  /** Sandboxes at the same time. */
  readonly places: number;
  readonly store: Store;
  readonly recordings: Recordings;
  readonly workspace: Workspace;
  readonly origins: OriginRules;
  readonly preview: Preview;
  /** A domain whose every name leads to this server, if the operator has one. */
  readonly previewDomain: string | undefined;
  /** The built pages. */
  readonly site: string;
  /** The checkout: labs and graders. */
  readonly root: string;
  readonly solutions: Settings['solutions'];
  readonly receiptKey: ReceiptKey;
  readonly passwords: Passwords;
  /** Where the operator has set one. */
  readonly oidc: Oidc | undefined;
  readonly lti: Lti;
  readonly log: Logger;
}

/** Set before a route is reached: `learner` below /api, `exercise` below /api/labs/:lab; below /api/instructor `signedIn`. */
export type Env = {
  Variables: {
    learner: Learner;
    exercise: Exercise;
    signedIn: SignedIn;
    /** Of who came by a launch. */
    lti?: LtiSession | undefined;
    /** Instead of the site's content security policy. */
    policy?: string;
  };
};
export interface SignedIn {
  readonly account: Account;
  /** Of this session, or of the program that asks. */
  readonly token: string;
}
export type App = Hono<Env>;

const STATUS: Record<MessageCode, 400 | 401 | 403 | 404 | 409 | 413 | 429 | 500 | 503 | 507> = {
  'no-session': 401,
  'no-such-lab': 404,
  'no-sandbox': 409,
  'no-more-time': 409,
  'too-many': 429,
  'no-terminal': 409,
  'no-recording': 404,
  'recordings-full': 409,
  full: 503,
  'start-failed': 503,
  'bad-request': 400,
  'bad-attempt-id': 400,
  'no-such-attempt': 404,
  'no-such-hint': 404,
  'hint-order': 409,
  'solution-locked': 403,
  'bad-name': 400,
  'nothing-passed': 409,
  'too-large': 413,
  'foreign-origin': 403,
  'not-found': 404,
  'two-sessions': 401,
  busy: 429,
  'file-not-found': 404,
  'file-outside': 403,
  'file-no-file': 409,
  'file-too-large': 413,
  'file-not-permitted': 403,
  'file-no-space': 507,
  'file-exists': 409,
  'file-not-empty': 409,
  'file-too-many': 409,
  'file-bad-name': 400,
  'file-changed': 409,
  'store-away': 503,
  'sign-in-needed': 401,
  'role-needed': 403,
  'two-accounts': 401,
  'wrong-login': 401,
  'too-many-tries': 429,
  'bad-link': 404,
  'login-taken': 409,
  'bad-login': 400,
  'bad-person-name': 400,
  'bad-password': 400,
  'wrong-password': 403,
  'no-such-account': 404,
  'no-such-invitation': 404,
  'bad-platform': 400,
  'platform-taken': 409,
  'no-such-platform': 404,
  'no-such-score': 404,
  'lab-chosen': 409,
  'no-such-workshop': 404,
  'no-such-member': 404,
  'bad-plan': 400,
  'too-many-places': 409,
  'workshop-over': 409,
  'bad-code': 404,
  'email-needed': 400,
  'taken-out': 403,
  'bad-member-link': 404,
  'no-workshop': 404,
  'no-share': 409,
  'lab-locked': 403,
  ...ASSIGNMENT_STATUS,
  internal: 500,
};

export const language = (c: Context): Language => languageOf(c.req.query('language'));

export const refuse = (c: Context, code: MessageCode) =>
  c.json({ error: { code, message: message(code, language(c)) } }, STATUS[code]);

/** The JSON body, if there is one and it is what was expected; of what it is instead nothing more need be known. */
export async function sent<T>(c: Context, schema: z.ZodType<T>): Promise<T | undefined> {
  return schema.safeParse(await c.req.json().catch(() => undefined)).data;
}
