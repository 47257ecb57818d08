import { describe, expect, test } from 'vitest';
import { originRules } from '../../../src/server/origin.ts';
import { preferredLanguage, readSession, sessionCookie } from '../../../src/server/session.ts';

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
  const other = 'b'.repeat(43);
  const read = (cookies: string | undefined, secure = false) => readSession(cookies, secure);
  test('is found among others, only in its own form', () => {
    expect(read(`x=1; toride=${token}; y=2`)).toEqual({ token, ambiguous: false });
    for (const none of [`xtoride=${token}`, 'toride=short', `toride=${token}' OR 1=1`, undefined, `Toride=${token}`])
      expect(read(none)).toEqual({ ambiguous: false });
  });
  test('is nobody’s when a neighbour has set a second one', () => {
    for (const cookies of [`toride=${other}; toride=${token}`, `toride=${token}; x=1; toride=${other}`])
      expect(read(cookies)).toEqual({ ambiguous: true });
    expect(read(`toride=${token}; toride=${token}`)).toEqual({ token, ambiguous: false });
    expect(read(`toride=junk; toride=${token}`)).toEqual({ token, ambiguous: false });
  });
  test('over TLS counts by the name that no neighbour can set', () => {
    expect(read(`toride=${other}; __Host-toride=${token}`, true)).toEqual({ token, ambiguous: false });
    expect(read(`toride=${other}`, true)).toEqual({ ambiguous: false });
    expect(read(`__Host-toride=${token}`)).toEqual({ ambiguous: false });
    expect(sessionCookie(token, true)).toMatch(/^__Host-toride=a{43}; Path=\/; /);
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
