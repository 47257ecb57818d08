/** The cookie of who is signed in: apart from a learner's, and never sent with what another site starts. */
import { SESSION_MS } from '../../store/account-sessions.ts';
import { cookieName, readSession, type Session } from '../session.ts';

const NAME = 'toride-account';

export const readAccountCookie = (cookies: string | undefined, secure: boolean): Session =>
  readSession(cookies, secure, NAME);

const cookie = (token: string, age: number, secure: boolean) =>
  `${cookieName(NAME, secure)}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${age}${secure ? '; Secure' : ''}`;

export const accountCookie = (token: string, secure: boolean): string => cookie(token, SESSION_MS / 1000, secure);
export const noAccountCookie = (secure: boolean): string => cookie('', 0, secure);
