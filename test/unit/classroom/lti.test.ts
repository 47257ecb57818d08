/** The parts of LTI that need no platform: whom a role makes, which addresses are believed, what binds a login to its browser. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readLaunch } from '../../../src/classroom/lti/claims.ts';
import { askJson } from '../../../src/classroom/lti/fetch.ts';
import { nameOf } from '../../../src/classroom/lti/members.ts';
import { nextLink } from '../../../src/classroom/lti/pages.ts';
import { roleOf } from '../../../src/classroom/lti/roles.ts';
import { openServices } from '../../../src/classroom/lti/services.ts';
import { begin, begunBy, claimedPlatform, FLOW_MS } from '../../../src/classroom/lti/state.ts';
import { isOfPlatform, scoresUrl, withQuery } from '../../../src/classroom/lti/urls.ts';
import { isPlatformUrl } from '../../../src/protocol/lti.ts';
import { retryAfter } from '../../../src/server/lti/scores.ts';

describe('roles', () => {
  const MEMBERSHIP = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
  const INSTITUTION = 'http://purl.imsglobal.org/vocab/lis/v2/institution/person';

  test.each([
    [[`${MEMBERSHIP}#Instructor`], 'instructor'],
    [[`${MEMBERSHIP}/Instructor#TeachingAssistant`], 'instructor'],
    [[`${MEMBERSHIP}#Learner`, `${MEMBERSHIP}#Instructor`], 'instructor'],
    [[`${MEMBERSHIP}#Learner`], 'learner'],
    [[`${MEMBERSHIP}#Learner`, `${INSTITUTION}#Instructor`], 'learner'],
    [[`${INSTITUTION}#Administrator`], 'visitor'],
    [[`${MEMBERSHIP}#Mentor`], 'visitor'],
    [[], 'visitor'],
  ] as const)('%j is %s', (roles, role) => {
    expect(roleOf(roles)).toBe(role);
  });

  test.each([
    'Instructor',
    `${MEMBERSHIP}#Instructor `,
    `${MEMBERSHIP}#instructor`,
    `${MEMBERSHIP}#InstructorX`,
    `${MEMBERSHIP}#Learner#Instructor`,
    `https://evil.example/?${MEMBERSHIP}#Instructor`,
    `${MEMBERSHIP.replace('http:', 'https:')}#Instructor`,
    'urn:lti:role:ims/lis/Instructor',
  ])('%s only looks so', (role) => {
    expect(roleOf([role])).toBe('visitor');
  });
});

describe('addresses', () => {
  test('https, and without TLS this machine only', () => {
    for (const good of [
      'https://moodle.example.org/mod/lti/auth.php?x=1',
      'http://localhost:8080/',
      'http://127.0.0.1/a',
    ])
      expect([good, isPlatformUrl(good)]).toEqual([good, true]);
    for (const bad of [
      'http://moodle.example.org/',
      'http://localhost.example.org/',
      'http://127.0.0.1.example.org/',
      'https://user@moodle.example.org/',
      'https://moodle.example.org/#x',
      'ftp://moodle.example.org/',
      'javascript:alert(1)',
      'moodle.example.org',
      `https://moodle.example.org/${'x'.repeat(2000)}`,
      '',
    ])
      expect([bad, isPlatformUrl(bad)]).toEqual([bad, false]);
  });

  test('what a launch names is on a host of the registration, port and all', () => {
    const platform = {
      issuer: 'https://canvas.instructure.com',
      authUrl: 'https://sso.canvaslms.com/api/lti/authorize_redirect',
      tokenUrl: 'https://sso.canvaslms.com/login/oauth2/token',
      jwksUrl: 'https://sso.canvaslms.com/api/lti/security/jwks',
      pageOrigin: 'https://school.instructure.com',
    };
    for (const good of ['https://school.instructure.com/api/lti/courses/1/line_items', 'https://sso.canvaslms.com/x'])
      expect([good, isOfPlatform(platform, good)]).toEqual([good, true]);
    for (const bad of [
      'https://evil.instructure.com/',
      'https://school.instructure.com:8443/',
      'http://school.instructure.com/',
      'https://school.instructure.com.evil.example/',
      'https://school.instructure.com@evil.example/',
      'http://127.0.0.1/',
      'https://169.254.169.254/',
    ])
      expect([bad, isOfPlatform(platform, bad)]).toEqual([bad, false]);
  });

  test('/scores goes before the query, which stays', () => {
    expect(scoresUrl('https://m.example/lineitems/21/lineitem?type_id=1&x=%2F')).toBe(
      'https://m.example/lineitems/21/lineitem/scores?type_id=1&x=%2F',
    );
    expect(scoresUrl('https://c.example/line_items/7')).toBe('https://c.example/line_items/7/scores');
    expect(scoresUrl('https://c.example/line_items/7/')).toBe('https://c.example/line_items/7/scores');
    expect(withQuery('https://m.example/items?type_id=1', { limit: '9' })).toBe(
      'https://m.example/items?type_id=1&limit=9',
    );
  });

  test('the next page, among other links', () => {
    expect(nextLink('<https://m.example/?page=2>; rel="next"')).toBe('https://m.example/?page=2');
    expect(nextLink('<https://m.example/?a=1,2>; rel=next')).toBe('https://m.example/?a=1,2');
    expect(nextLink('<https://a.example>; rel="first", <https://b.example>; title="x"; rel="prev next"')).toBe(
      'https://b.example',
    );
    for (const none of [null, '', '<https://m.example>; rel="nextish"', '<https://m.example>; title="next"'])
      expect([none, nextLink(none)]).toEqual([none, undefined]);
  });
});

describe('state', () => {
  const now = 1_800_000_000_000;
  const [mine, theirs] = ['a'.repeat(43), 'b'.repeat(43)];

  test('is known to the browser that began it, for its time, and to no other', () => {
    const { state, nonce } = begin(mine, 'platform', undefined, now);
    expect(begunBy(mine, state, now + FLOW_MS)).toMatchObject({ platformId: 'platform', nonce });
    expect(claimedPlatform(state)).toBe('platform');
    expect(begunBy(theirs, state, now)).toBeUndefined();
    expect(begunBy(mine, state, now + FLOW_MS + 1)).toBeUndefined();
    expect(begunBy(mine, state, now - 1)).toBeUndefined();
    expect(`${state} ${nonce}`).not.toContain(mine);
  });

  test('no part of it can be changed, and none is made twice', () => {
    const { state, nonce } = begin(mine, 'platform', 'deployment', now);
    const parts = state.split('.');
    for (const index of parts.keys()) {
      const changed = parts.with(index, `${parts[index]}x`).join('.');
      expect([changed, begunBy(mine, changed, now)]).toEqual([changed, undefined]);
    }
    for (const wrong of ['', '....', `${state}.`, parts.slice(1).join('.')])
      expect([wrong, begunBy(mine, wrong, now)]).toEqual([wrong, undefined]);
    const other = begin(mine, 'platform', 'deployment', now);
    expect([other.state === state, other.nonce === nonce]).toEqual([false, false]);
  });

  test('a deployment that was named at login is the one of the launch; where none was named any is', () => {
    const named = begunBy(mine, begin(mine, 'p', 'one', now).state, now)!;
    expect([named.isFor('one'), named.isFor('two')]).toEqual([true, false]);
    expect(begunBy(mine, begin(mine, 'p', undefined, now).state, now)!.isFor('two')).toBe(true);
  });
});

describe('asking a platform', () => {
  async function serving<T>(listener: RequestListener, use: (url: string) => Promise<T>): Promise<T> {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/place?secret=x`);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }
  const schema = z.object({ good: z.boolean() });
  const failing = (listener: RequestListener, words: RegExp) =>
    serving(listener, (url) =>
      expect(askJson(schema, url)).rejects.toMatchObject({
        name: 'Error',
        message: expect.stringMatching(words),
      }),
    );

  test('what was expected comes through; all else is a failure in words, without the query', async () => {
    const answer =
      (text: string, status = 200): RequestListener =>
      (_, response) =>
        response.writeHead(status).end(text);
    expect((await serving(answer('{"good":true}'), (url) => askJson(schema, url))).body).toEqual({ good: true });
    await failing(answer('{"good":1}'), /^http:\/\/127\.0\.0\.1:\d+\/place answered something else/);
    await failing(answer('<html>'), /\/place did not answer in JSON$/);
    await failing(answer('no\n\nway', 403), /^GET http:\S+\/place answered 403: no way$/);
    await failing((request) => request.socket.destroy(), /^GET http:\S+\/place: \w+/);
  });

  test('a redirect is not followed, and an answer without end is not read to its end', async () => {
    const seen: string[] = [];
    await failing((request, response) => {
      seen.push(request.url ?? '');
      response.writeHead(302, { location: '/elsewhere' }).end();
    }, /answered 302/);
    expect(seen).toEqual(['/place?secret=x']);
    await failing((_, response) => {
      const piece = Buffer.alloc(256 * 1024, ' ');
      const write = () => {
        while (!response.destroyed && response.write(piece));
      };
      response.on('drain', write);
      write();
    }, /answered more than \d+ bytes/);
  });
});

test('what a launch does not need does not spoil it, and what it needs does', () => {
  const claim = (name: string) => `https://purl.imsglobal.org/spec/lti/claim/${name}`;
  const good = {
    ...{ sub: '7', exp: 1, name: null, [claim('message_type')]: 'LtiResourceLinkRequest', [claim('version')]: '1.3.0' },
    ...{ [claim('deployment_id')]: '1', [claim('target_link_uri')]: 'x', [claim('resource_link')]: { id: 'r' } },
    ...{ [claim('custom')]: [], [claim('context')]: [], [claim('launch_presentation')]: [], [claim('roles')]: null },
    'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': 'nonsense',
  };
  expect(readLaunch(good)).toMatchObject({ kind: 'resource', claims: { sub: '7', [claim('custom')]: null } });
  for (const name of ['message_type', 'version', 'deployment_id', 'target_link_uri', 'resource_link'])
    expect(() => readLaunch({ ...good, [claim(name)]: undefined })).toThrow();
});

test('a token is asked for, and sent, for hosts of the registration only', async () => {
  const nobody = 'https://moodle.example.org';
  const platform = {
    ...{ id: 'p', name: 'School', issuer: nobody, clientId: 'c', authUrl: nobody, tokenUrl: nobody, jwksUrl: nobody },
    ...{ tokenAudience: null, pageOrigin: nobody, deployments: [], createdAt: '' },
  };
  let signed = 0;
  const key = async () => {
    signed++;
    throw new Error('not to be asked for');
  };
  const services = openServices(key, new AbortController().signal);
  await expect(services.ask(platform, 'scope', z.unknown(), 'https://evil.example/next')).rejects.toThrow(
    'https://evil.example is none of the hosts that School is registered with',
  );
  expect(signed).toBe(0);
});

test('a name is what the platform tells, or nothing', () => {
  expect(nameOf({ name: ' Ada Lovelace ' })).toBe('Ada Lovelace');
  expect(nameOf({ given_name: 'Ada', family_name: 'Lovelace', name: null })).toBe('Ada Lovelace');
  expect(nameOf({ family_name: '紫式部' })).toBe('紫式部');
  expect(nameOf({ name: '  ' })).toBeNull();
});

test('the time between tries grows to some hours and no further', () => {
  const waits = Array.from({ length: 40 }, (_, tries) => retryAfter(tries));
  expect(waits[0]).toBeLessThan(3000);
  expect(waits.every((wait, tries) => wait >= Math.min(1600 * 3 ** tries, 6 * 3_600_000 * 0.8))).toBe(true);
  expect(Math.max(...waits)).toBeLessThanOrEqual(6 * 3_600_000 * 1.2);
});
