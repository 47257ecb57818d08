/** /api/instructor, as the browser uses it. */
import type { Accounts, AccountView, Audit, LinkView, MadeLink } from '../../protocol/accounts.ts';
import { ask } from '../api.ts';
import { language } from '../page.ts';

const at = (path: string) => `/api/instructor${path}?language=${language}`;
const account = (method: 'GET' | 'POST' | 'PUT', path: string, sent?: object): Promise<AccountView> =>
  ask(({ accountSchema }) => accountSchema, method, at(path), sent);

export interface Filled {
  readonly name?: string;
  readonly login?: string;
  readonly password?: string;
}

export const readAccount = () => account('GET', '/account');
export const signIn = (login: string, password: string) => account('POST', '/sign-in', { login, password });
export const signOut = () => account('POST', '/sign-out');
export const signOutEverywhere = () => account('POST', '/sign-out-everywhere');
export const changePassword = (current: string, password: string) => account('PUT', '/password', { current, password });
export const redeemLink = (token: string, filled: Filled) => account('POST', '/links/redeem', { token, ...filled });
export const lookAtLink = (token: string): Promise<LinkView> =>
  ask(({ linkViewSchema }) => linkViewSchema, 'POST', at('/links/look'), { token });

export const readAccounts = (): Promise<Accounts> =>
  ask(({ accountsSchema }) => accountsSchema, 'GET', at('/accounts'));
export const invite = (note: string): Promise<MadeLink> =>
  ask(({ madeLinkSchema }) => madeLinkSchema, 'POST', at('/invitations'), { note });
export const revoke = (id: string) => ask(({ revokedSchema }) => revokedSchema, 'DELETE', at(`/invitations/${id}`));
export const setDisabled = (id: string, disabled: boolean) =>
  ask(({ disabledSchema }) => disabledSchema, 'PUT', at(`/accounts/${id}/disabled`), { disabled });
export const makeLink = (id: string, purpose: 'sign-in' | 'reset'): Promise<MadeLink> =>
  ask(({ madeLinkSchema }) => madeLinkSchema, 'POST', at(`/accounts/${id}/links`), { purpose });
/** @param before the id of a row: those older than it */
export const readAudit = (before?: string): Promise<Audit> =>
  ask(({ auditSchema }) => auditSchema, 'GET', at('/audit') + (before === undefined ? '' : `&before=${before}`));
export const readWays = () => ask(({ waysSchema }) => waysSchema, 'GET', at('/ways'));
