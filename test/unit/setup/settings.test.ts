import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadSettings } from '../../../src/setup/settings.ts';

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'toride-settings-'));
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

test('defaults serve on this machine only', () => {
  expect(loadSettings({ TORIDE_STATE: state })).toMatchObject({
    address: '127.0.0.1',
    port: 4321,
    state,
    instance: 'default',
  });
});

test('the environment overrides the file', () => {
  writeFileSync(join(state, 'toride.yaml'), 'port: 5000\npoolLimit: 9\n');
  expect(loadSettings({ TORIDE_STATE: state, TORIDE_PORT: '6000' })).toMatchObject({ port: 6000, poolLimit: 9 });
});

test('names of the environment are those of docs/settings.md', () => {
  const env = {
    TORIDE_STATE: state,
    TORIDE_STORAGE_MIB: '300',
    TORIDE_IDLE_MINUTES: '7',
    TORIDE_HOSTNAMES: 'a.example,b.example',
    TORIDE_PREVIEW_DOMAIN: 'preview.example',
  };
  expect(loadSettings(env)).toMatchObject({
    storageMiB: 300,
    idleMinutes: 7,
    hostnames: ['a.example', 'b.example'],
    previewDomain: 'preview.example',
  });
});

test.each([
  [{ TORIDE_PORT: 'http' }, '', /^TORIDE_PORT: .*found "http"/],
  [{}, 'port: 70000', /toride\.yaml: port: .*found 70000/],
  [{}, 'prot: 4321', /toride\.yaml: .*prot/],
  [{ TORIDE_INSTANCE: '../x' }, '', /^TORIDE_INSTANCE: expected .*found \.\.\/x/],
  [{ TORIDE_PREVIEW_DOMAIN: '*.example.org' }, '', /^TORIDE_PREVIEW_DOMAIN: expected a domain/],
  [{ TORIDE_PREVIEW_DOMAIN: 'example.org', TORIDE_HOSTNAMES: 'labs.example.org' }, '', /the site itself is not in/],
  [{ TORIDE_OIDC_ISSUER: 'http://id.example.org' }, '', /^TORIDE_OIDC_ISSUER: expected https/],
  [{ TORIDE_OIDC_ISSUER: 'https://id.example.org' }, '', /oidcClientId and oidcClientSecret/],
  [
    { TORIDE_OIDC_ISSUER: 'https://id.example.org', TORIDE_OIDC_CLIENT_ID: 'a', TORIDE_OIDC_CLIENT_SECRET: 'b' },
    '',
    /oidcDomains or oidcClaim/,
  ],
  [{ TORIDE_OIDC_CLAIM: 'teachers' }, '', /^TORIDE_OIDC_CLAIM: expected name=value/],
  [{}, 'just text', /expected a mapping/],
])('says where and what: %j %s', (env, file, message) => {
  writeFileSync(join(state, 'toride.yaml'), file);
  expect(() => loadSettings({ TORIDE_STATE: state, ...env })).toThrow(message);
});

test('a database is named as everyone names it, or in the file; an empty name is none', () => {
  const url = 'postgres://toride:p%40ss@db.example:5433/toride?sslmode=verify-full';
  expect(loadSettings({ TORIDE_STATE: state }).databaseUrl).toBeUndefined();
  expect(loadSettings({ TORIDE_STATE: state, DATABASE_URL: url }).databaseUrl).toBe(url);
  writeFileSync(join(state, 'toride.yaml'), `databaseUrl: ${url}\n`);
  expect(loadSettings({ TORIDE_STATE: state }).databaseUrl).toBe(url);
  expect(loadSettings({ TORIDE_STATE: state, DATABASE_URL: '' }).databaseUrl).toBeUndefined();
});

test.each([
  ['postgres//u:hunter2@h/db', /expected postgres:/],
  ['hunter2', /expected postgres:/],
  ['mysql://u:hunter2@h/db', /expected postgres:/],
  ['postgres://u:hunter2@h', /the name of a database/],
  ['postgres://u:hunter2@h/', /the name of a database/],
  ['postgres://u:hun/ter2@h/db', /expected postgres:/],
  ['postgres://u:12/hunter2@h/db', /percent-encoding/],
  ['postgres://u:12#hunter2@h/db', /percent-encoding/],
  ['postgres://u:12?hunter2@h/db', /the name of a database/],
  ['postgres://u:%zzhunter2@h/db', /%25/],
  ['postgres://u:hunter2@h:99999/db', /expected postgres:/],
  ['postgres://u:hunter2@h/db?sslmode=prefer', /sslmode: expected one of/],
  ['postgres://u:hunter2@h/db?sslmode=Require', /sslmode: expected one of/],
])('a database that cannot be is refused by where and what, and nothing of it is shown: %s', (url, message) => {
  const saying = (env: NodeJS.ProcessEnv) => {
    try {
      loadSettings({ TORIDE_STATE: state, ...env });
    } catch (error) {
      return (error as Error).message;
    }
    return 'accepted';
  };
  writeFileSync(join(state, 'toride.yaml'), `databaseUrl: "${url}"\n`);
  for (const [said, where] of [
    [saying({ DATABASE_URL: url }), /^DATABASE_URL: /],
    [saying({}), /toride\.yaml: databaseUrl: /],
  ] as const) {
    expect(said).toMatch(where);
    expect(said).toMatch(message);
    expect(said).not.toMatch(/hun|ter2/);
  }
});

test('solutions open after passing, or always, and in no other way', () => {
  expect(loadSettings({ TORIDE_STATE: state }).solutions).toBe('after-passing');
  expect(loadSettings({ TORIDE_STATE: state, TORIDE_SOLUTIONS: 'always' }).solutions).toBe('always');
  expect(() => loadSettings({ TORIDE_STATE: state, TORIDE_SOLUTIONS: 'yes' })).toThrow(/TORIDE_SOLUTIONS.*"yes"/);
});

test('an OpenID provider, from the environment; what is wrong with a secret does not show it', () => {
  const env = {
    TORIDE_STATE: state,
    TORIDE_OIDC_ISSUER: 'https://id.example.org/realm',
    TORIDE_OIDC_CLIENT_ID: 'toride',
    TORIDE_OIDC_CLIENT_SECRET: 'hidden',
    TORIDE_OIDC_DOMAINS: 'Example.org,example.com',
    TORIDE_OIDC_CLAIM: 'groups=teachers',
  };
  expect(loadSettings(env)).toMatchObject({ oidcDomains: ['example.org', 'example.com'], oidcClientSecret: 'hidden' });
  writeFileSync(join(state, 'toride.yaml'), 'oidcClientSecret: [1234567]');
  expect(() => loadSettings({ TORIDE_STATE: state })).toThrow(/oidcClientSecret: (?!.*1234567)/);
});
