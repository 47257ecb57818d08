import { describe, expect, test } from 'vitest';
import { originRules } from '../../../src/server/origin.ts';
import { preferredLanguage, sessionCookie, sessionToken } from '../../../src/server/session.ts';

const rules = originRules(['Labs.Example.org']);

describe('host', () => {
  test.each([
    'localhost',
    'localhost:4321',
    '127.0.0.1:4321',
    '[::1]:4321',
    'labs.example.org',
    'LABS.example.org:443',
  ])('%s is ours', (host) => {
    expect(rules.host(host)).toBe(true);
  });
  test.each([
    undefined,
    '',
    'evil.example',
    'localhost.evil.example',
    'evil.example:4321',
    'localhost:4321:1',
    'localhost@evil.example',
    '127.0.0.1.nip.io',
    'localhost:4321 ',
    '0.0.0.0:4321',
  ])('%s is not', (host) => {
    expect(rules.host(host)).toBe(false);
  });
});

describe('origin', () => {
  test('is that of the very host asked for', () => {
    expect(rules.origin('http://localhost:4321', 'localhost:4321')).toBe(true);
    expect(rules.origin('https://labs.example.org', 'labs.example.org')).toBe(true);
  });
  test.each([
    [undefined, 'localhost:4321'],
    ['null', 'localhost:4321'],
    ['http://evil.example', 'localhost:4321'],
    ['http://localhost:8080', 'localhost:4321'],
    ['http://localhost:4321.evil.example', 'localhost:4321'],
    ['http://127.0.0.1:4321', 'localhost:4321'],
    ['file://', 'localhost:4321'],
    ['http://evil.example', 'evil.example'],
    ['http://localhost:4321/', 'localhost:4321'],
  ])('%s on %s is refused', (origin, host) => {
    expect(rules.origin(origin, host)).toBe(false);
  });
});

describe('session cookie', () => {
  const token = 'a'.repeat(43);
  test('is found among others, only in its own form', () => {
    expect(sessionToken(`x=1; toride=${token}; y=2`)).toBe(token);
    expect(sessionToken(`xtoride=${token}`)).toBeUndefined();
    expect(sessionToken('toride=short')).toBeUndefined();
    expect(sessionToken(`toride=${token}' OR 1=1`)).toBeUndefined();
    expect(sessionToken(undefined)).toBeUndefined();
  });
  test('cannot be read by scripts nor sent by other sites, and stays on TLS where there is TLS', () => {
    expect(sessionCookie(token, false)).toMatch(/; HttpOnly; SameSite=Lax/);
    expect(sessionCookie(token, true)).toMatch(/; Secure$/);
  });
});

test.each([
  ['ja,en-US;q=0.7', 'ja'],
  ['en-GB,en;q=0.9,ja;q=0.8', 'en'],
  ['fr,ja;q=0.4,en;q=0.2', 'ja'],
  ['fr', 'en'],
  [undefined, 'en'],
  ['ja;q=0,en', 'en'],
  [';;,,q=x', 'en'],
])('Accept-Language %s gives %s', (header, language) => {
  expect(preferredLanguage(header)).toBe(language);
});
