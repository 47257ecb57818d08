/** What sign-in stands on: hashes, limits, addresses. */
import { describe, expect, test } from 'vitest';
import { loginSchema, newPasswordSchema } from '../../../src/protocol/accounts.ts';
import { clientAddress } from '../../../src/server/accounts/address.ts';
import { openLimiter } from '../../../src/server/accounts/limiter.ts';
import { openLimits } from '../../../src/server/accounts/limits.ts';
import { openPasswords, TooBusy } from '../../../src/server/accounts/password.ts';

const cheap = { memory: 64, passes: 1, parallelism: 1 };

describe('passwords', () => {
  test('a hash says how it was made, is salted, and knows its password in every form of Unicode', async () => {
    const passwords = openPasswords();
    const [one, other] = await Promise.all([passwords.hash('Schlüssel für alle 砦'), passwords.hash('x'.repeat(256))]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(await passwords.hash('x'.repeat(256))).not.toBe(other);
    const typed = 'Schlüssel für alle 砦'.normalize('NFD');
    expect(await passwords.verify(typed, one)).toEqual({ right: true, rehash: false });
    expect(await passwords.verify('schlüssel für alle 砦', one)).toEqual({ right: false, rehash: false });
    expect(await passwords.verify('', one)).toEqual({ right: false, rehash: false });
  });

  test('where there is no hash one is computed all the same, and nothing is right', async () => {
    const passwords = openPasswords(cheap);
    for (const typed of ['', 'x', 'a long enough password'])
      expect(await passwords.verify(typed, null)).toEqual({ right: false, rehash: false });
    expect(passwords.computed).toBe(3);
  });

  test('the parameters can be raised: old hashes still count, and ask to be made again', async () => {
    const old = await openPasswords(cheap).hash('a long enough password');
    const today = openPasswords({ ...cheap, passes: 2 });
    expect(await today.verify('a long enough password', old)).toEqual({ right: true, rehash: true });
    expect(await today.verify('another long password', old)).toEqual({ right: false, rehash: false });
  });

  test('what is no hash of ours, or would eat the machine, is refused', async () => {
    const passwords = openPasswords(cheap);
    for (const bad of [
      '',
      'plain',
      '$argon2id$v=19$m=9999999999,t=1,p=1$AAAA$AAAA',
      '$argon2d$v=19$m=64,t=1,p=1$AA$AA',
    ])
      await expect(passwords.verify('x', bad)).rejects.toThrow(/password hash/);
  });

  test('of a flood most are turned away, and it ends', async () => {
    const passwords = openPasswords(cheap);
    const all = await Promise.allSettled(Array.from({ length: 200 }, () => passwords.verify('x', null)));
    const refused = all.filter((one) => one.status === 'rejected' && one.reason instanceof TooBusy).length;
    expect(refused).toBe(158);
    expect(passwords.computed).toBe(42);
    expect((await passwords.verify('x', null)).right).toBe(false);
  });

  test('12 to 256 characters, whatever they are', () => {
    for (const good of ['a'.repeat(12), '砦'.repeat(256), '🔑'.repeat(12), ' '.repeat(12)])
      expect(newPasswordSchema.safeParse(good).success).toBe(true);
    for (const bad of ['', 'a'.repeat(11), '🔑'.repeat(11), 'a'.repeat(257), 7, null])
      expect(newPasswordSchema.safeParse(bad).success).toBe(false);
  });

  test('a login is of plain letters, so that none looks like another', () => {
    expect(loginSchema.parse('  Ann@Example.ORG ')).toBe('ann@example.org');
    for (const bad of ['', '@', 'a@', 'a b', 'аnn', 'ann\u0000', 'a@b@c', `${'a'.repeat(65)}`, 'ann\n'.repeat(90)])
      expect([bad, loginSchema.safeParse(bad).success]).toEqual([bad, false]);
  });
});

describe('limits', () => {
  test('so many at once, then one by one; keys do not know each other', () => {
    const limiter = openLimiter(3, 10_000);
    const now = 1_000_000;
    expect([1, 2, 3, 4].map(() => limiter.take('a', now))).toEqual([0, 0, 0, 10]);
    expect(limiter.take('b', now)).toBe(0);
    expect(limiter.take('a', now + 4_000)).toBe(6);
    expect(limiter.take('a', now + 10_000)).toBe(0);
    expect(limiter.take('a', now + 10_000)).toBe(10);
    expect([1, 2, 3, 4].map(() => limiter.take('a', now + 60_000))).toEqual([0, 0, 0, 10]);
    limiter.refill('a');
    expect(limiter.take('a', now + 60_000)).toBe(0);
  });

  test('a flood of keys takes no more memory than is set, and does not forget who came last', () => {
    const limiter = openLimiter(1, 60_000, 100);
    for (let key = 0; key < 5_000; key++) limiter.take(String(key), 1_000_000);
    expect(limiter.size).toBe(100);
    expect(limiter.take('4999', 1_000_000)).toBe(60);
  });

  test('many addresses against one login are slowed; who signed in from home before is not', () => {
    const limits = openLimits();
    expect(limits.signIn('ann', 'home')).toBe(0);
    limits.succeeded('ann', 'home');
    const waits = Array.from({ length: 40 }, (_, index) => limits.signIn('ann', `evil-${index}`));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(9);
    expect(limits.signIn('ann', 'home')).toBe(0);
    expect(limits.signIn('ben', 'evil-1')).toBe(0);
  });
});

test('an address is what the socket says, or what a proxy on this machine saw; never what a client claims', () => {
  expect(clientAddress('192.0.2.1', '10.9.9.9')).toBe('192.0.2.1');
  expect(clientAddress('127.0.0.1', undefined)).toBe('127.0.0.1');
  expect(clientAddress('::1', '10.9.9.9, 192.0.2.7')).toBe('192.0.2.7');
  expect(clientAddress('::ffff:127.0.0.1', 'nonsense<script>')).toBe('127.0.0.1');
  expect(clientAddress('::ffff:192.0.2.1', undefined)).toBe('192.0.2.1');
  expect(clientAddress('2001:db8:1:2:3:4:5:6', undefined)).toBe(clientAddress('2001:db8:1:2::9', undefined));
  expect(clientAddress('2001:db8::1', undefined)).toBe('2001:db8:0:0::/64');
});
