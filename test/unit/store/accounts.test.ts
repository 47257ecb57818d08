/** Accounts, sessions, one-time links and the audit log in a real database. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LoginTaken } from '../../../src/store/account-rows.ts';
import { auditId } from '../../../src/store/audit-log.ts';
import { openSqlite } from '../../../src/store/sqlite.ts';
import { openStore, type Store } from '../../../src/store/store.ts';

let folder: string;
let store: Store;
const path = () => join(folder, 'toride.db');
const open = () => openStore(openSqlite(path()));
const address = '192.0.2.1';
const HOUR = 3_600_000;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'toride-accounts-'));
  store = await open();
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const made = (name: string) => ({ name, login: `${name}@example.org`, passwordHash: `hash of ${name}`, address });

async function owner() {
  const token = await store.redeemLink((await store.makeOwnerLink(true))!, made('olga'));
  return (await store.findAccountSession(token!))!;
}
async function instructor(name = 'ivo') {
  const by = (await store.findAccountByLogin('olga@example.org')) ?? (await owner());
  const { token } = await store.makeInvitation(by, name, {});
  const session = (await store.redeemLink(token, made(name)))!;
  return { by, session, account: (await store.findAccountSession(session))! };
}
const actions = async () => (await store.auditLog(100)).map(({ action }) => action);

test('the owner’s link makes the owner, once, and only the newest one does', async () => {
  const older = (await store.makeOwnerLink(true))!;
  const token = (await store.makeOwnerLink(true))!;
  expect(await store.redeemLink(older, made('eve'))).toBeUndefined();
  const session = (await store.redeemLink(token, made('olga')))!;
  expect(await store.findAccountSession(session)).toMatchObject({ role: 'owner', name: 'olga', disabledAt: null });
  expect(await store.redeemLink(token, made('eve'))).toBeUndefined();
  expect(await store.makeOwnerLink(true)).toBeUndefined();
  expect(await actions()).toEqual(['sign-in', 'account-made', 'owner-link', 'owner-link']);
});

test('with an owner, the link is the way back in: a new password, the old sessions end', async () => {
  const olga = await owner();
  const session = (await store.signIn(olga, { by: olga.id, action: 'sign-in' }))!;
  const back = (await store.makeOwnerLink(false))!;
  const fresh = (await store.redeemLink(back, { passwordHash: 'another', address }))!;
  expect(await store.findAccountSession(session)).toBeUndefined();
  expect(await store.findAccountSession(fresh)).toMatchObject({ id: olga.id, passwordHash: 'another' });
});

test('of many that use one link at once one gets in', async () => {
  const by = await owner();
  const { token } = await store.makeInvitation(by, 'ivo', {});
  const all = await Promise.all(Array.from({ length: 20 }, (_, index) => store.redeemLink(token, made(`ivo${index}`))));
  expect(all.filter(Boolean)).toHaveLength(1);
  expect(await store.accounts()).toHaveLength(2);
});

test('a login that is taken leaves the link as it was', async () => {
  const by = await owner();
  const { token } = await store.makeInvitation(by, 'ivo', {});
  await expect(store.redeemLink(token, made('olga'))).rejects.toBeInstanceOf(LoginTaken);
  expect(await store.redeemLink(token, made('ivo'))).toBeDefined();
});

test('a session ends by its time, by idleness, and not while it is used', async () => {
  const { session } = await instructor();
  const now = Date.now();
  expect(await store.findAccountSession(session, now + 11 * HOUR)).toBeDefined();
  expect(await store.findAccountSession(session, now + 22 * HOUR)).toBeDefined();
  expect(await store.findAccountSession(session, now + 35 * HOUR)).toBeUndefined();
  for (let hour = 30; hour < 168; hour += 6)
    expect([hour, Boolean(await store.findAccountSession(session, now + hour * HOUR))]).toEqual([hour, true]);
  expect(await store.findAccountSession(session, now + 168 * HOUR + 60_000)).toBeUndefined();
});

test('a disabled account: its session, its links and its password end at once; enabled again, only the password is back', async () => {
  const { by, account, session } = await instructor();
  const { token } = (await store.makeLinkFor(account.id, 'sign-in', by, {}))!;
  expect(await store.setDisabled(account.id, true, { by: by.id, action: 'disabled', object: account.id })).toBe(true);
  expect(await store.findAccountSession(session)).toBeUndefined();
  expect(await store.signIn(account, { by: account.id, action: 'sign-in' })).toBeUndefined();
  expect(await store.redeemLink(token, { address })).toBeUndefined();
  expect(await store.makeLinkFor(account.id, 'reset', by, {})).toBeUndefined();
  await store.setDisabled(account.id, false, { by: by.id, action: 'enabled', object: account.id });
  expect(await store.findAccountSession(session)).toBeUndefined();
  expect(await store.redeemLink(token, { address })).toBeUndefined();
  expect(await store.signIn(account, { by: account.id, action: 'sign-in' })).toBeDefined();
});

test('the owner cannot be disabled', async () => {
  const olga = await owner();
  expect(await store.setDisabled(olga.id, true, { by: olga.id, action: 'disabled' })).toBe(false);
});

test('a new password ends the other sessions and unused links; a hash that was replaced meanwhile lets nobody in', async () => {
  const { by, account, session } = await instructor();
  const other = (await store.signIn(account, { by: account.id, action: 'sign-in' }))!;
  const { token } = (await store.makeLinkFor(account.id, 'reset', by, {}))!;
  const entry = { by: account.id, action: 'password-changed' };
  expect(await store.changePassword(account, 'new hash', session, entry)).toBe(true);
  expect(await store.findAccountSession(session)).toBeDefined();
  expect(await store.findAccountSession(other)).toBeUndefined();
  expect(await store.redeemLink(token, { passwordHash: 'x', address })).toBeUndefined();
  expect(await store.changePassword(account, 'a third', session, entry)).toBe(false);
  expect(await store.signIn(account, { by: account.id, action: 'sign-in' })).toBeUndefined();
});

test('a password is hashed anew where its parameters were raised, and only over the hash that was compared', async () => {
  const { account } = await instructor();
  const entry = { by: account.id, action: 'sign-in' };
  expect(await store.signIn(account, entry, 'raised')).toBeDefined();
  expect((await store.findAccountByLogin('ivo@example.org'))?.passwordHash).toBe('raised');
  expect(await store.signIn(account, entry, 'late')).toBeUndefined();
  expect((await store.findAccountByLogin('ivo@example.org'))?.passwordHash).toBe('raised');
});

test('sign-out everywhere ends all of one account and nothing of another', async () => {
  const { by, account, session } = await instructor();
  const other = (await store.signIn(account, { by: account.id, action: 'sign-in' }))!;
  const owners = (await store.signIn(by, { by: by.id, action: 'sign-in' }))!;
  await store.endAllSessions(account.id, { by: account.id, action: 'sign-out-everywhere' });
  for (const token of [session, other]) expect(await store.findAccountSession(token)).toBeUndefined();
  expect(await store.findAccountSession(owners)).toBeDefined();
});

test('an invitation that was revoked, or used, is gone', async () => {
  const by = await owner();
  const { token, link } = await store.makeInvitation(by, 'ivo', {});
  expect(await store.invitations()).toEqual([link]);
  expect(await store.revokeInvitation(link.id, { by: by.id, action: 'invitation-revoked' })).toBe(true);
  expect(await store.revokeInvitation(link.id, { by: by.id, action: 'invitation-revoked' })).toBe(false);
  expect(await store.redeemLink(token, made('ivo'))).toBeUndefined();
  expect(await store.invitations()).toEqual([]);
});

test('the log is read newest first, page by page, with names; a failed change leaves nothing in it', async () => {
  const { by, account } = await instructor();
  for (let n = 0; n < 30; n++) await store.audit({ by: by.id, action: `n${n}`, object: account.id });
  const first = await store.auditLog(20);
  expect(first[0]).toMatchObject({ action: 'n29', byName: 'olga', objectName: 'ivo', detail: {} });
  const rest = await store.auditLog(100, first.at(-1)!.id);
  expect([...first, ...rest].map(({ action }) => action).slice(0, 30)).toEqual(
    Array.from({ length: 30 }, (_, n) => `n${29 - n}`),
  );
  const before = await actions();
  await store.setDisabled('nobody', true, { by: by.id, action: 'disabled' });
  expect(await actions()).toEqual(before);
  const ids = Array.from({ length: 200 }, () => auditId(1_000));
  expect([...ids].sort()).toEqual(ids);
});

test('no token is in the database', async () => {
  const { session, by } = await instructor();
  const { token } = await store.makeInvitation(by, 'next', {});
  await store.close();
  const bytes = readFileSync(path()).toString('latin1');
  expect(bytes).toContain('olga@example.org');
  for (const secret of [session, token]) expect(bytes).not.toContain(secret);
  store = await open();
});
