import { describe, expect, test } from 'vitest';
import { originRules } from '../../../src/server/origin.ts';
import { frameSource, previewPlace } from '../../../src/server/preview/address.ts';
import { requestHeaders, responseHeaders } from '../../../src/server/preview/headers.ts';
import { previewLabel, previewNames, previewToken } from '../../../src/server/preview/label.ts';

const token = previewToken('secret', 'sandbox');
const label = previewLabel(8080, token);

describe('labels', () => {
  test('hold 128 bits, are the same after a restart and another for every sandbox and instance', () => {
    expect(token).toMatch(/^[a-z2-7]{26}$/);
    expect(previewToken('secret', 'sandbox')).toBe(token);
    const others = [
      previewToken('secret', 'other'),
      previewToken('other', 'sandbox'),
      previewToken('secret', 'sandbox '),
    ];
    expect(new Set([token, ...others]).size).toBe(4);
    const many = Array.from({ length: 2000 }, (_, i) => previewToken('secret', String(i)));
    // Every letter at every place but the last, which has three bits.
    for (let place = 0; place < 25; place++) expect(new Set(many.map((text) => text[place])).size).toBe(32);
    expect(new Set(many.map((text) => text[25])).size).toBe(8);
    expect(label.length).toBeLessThanOrEqual(63);
  });

  const read = previewNames('preview.example.org');
  test.each([
    [`${label}.localhost`, 'localhost'],
    [`${label}.localhost:4321`, 'localhost:4321'],
    [`${label.toUpperCase()}.LOCALHOST:4321`, 'localhost:4321'],
    [`${label}.preview.example.org`, 'preview.example.org'],
  ])('%s is one', (host, rest) => {
    expect(read(host)).toEqual({ port: 8080, token, rest });
  });
  test.each([
    undefined,
    '',
    'localhost:4321',
    '127.0.0.1:4321',
    label,
    `${label}.example.org`,
    `${label}.localhost.evil.example`,
    `${label}.evil.localhost`,
    `x.${label}.localhost`,
    `${label}x.localhost`,
    `${label.slice(0, -1)}.localhost`,
    `p0-${token}.localhost`,
    `p08080-${token}.localhost`,
    `p65536-${token}.localhost`,
    `p-1-${token}.localhost`,
    `p80-80-${token}.localhost`,
    `${label}.localhost:`,
    `${label}.localhost:4321:1`,
    `${label}.localhost `,
    `${label}.localhost.`,
    `${label}@localhost`,
    `127.0.0.1/${label}.localhost`,
  ])('%s is none', (host) => {
    expect(read(host)).toBeUndefined();
  });
  test('of the operator’s domain only where there is one, and never the site’s', () => {
    expect(previewNames(undefined)(`${label}.preview.example.org`)).toBeUndefined();
    const rules = originRules(['labs.example.org']);
    for (const host of [
      `${label}.localhost:4321`,
      `${label}.labs.example.org`,
      'x.localhost',
      `${label}.preview.example.org`,
    ]) {
      expect([host, rules.host(host), rules.origin(`http://${host}`, host)]).toEqual([host, false, false]);
      expect(rules.origin(`http://${host}`, 'localhost:4321')).toBe(false);
    }
  });
});

test.each([
  ['localhost:4321', false, undefined, 'http://*.localhost:4321'],
  ['127.0.0.1:4321', false, 'p.example', 'http://*.localhost:4321'],
  ['[::1]:80', false, undefined, 'http://*.localhost:80'],
  ['LOCALHOST', true, undefined, 'https://*.localhost'],
  ['labs.example.org', true, 'p.example', 'https://*.p.example'],
  ['labs.example.org:8443', true, 'p.example', 'https://*.p.example:8443'],
  ['labs.example.org', false, undefined, null],
  ['192.168.1.5:4321', false, undefined, null],
])('a visitor of %s (TLS: %s, domain %s) may frame %s', (host, secure, domain, source) => {
  const place = previewPlace(host, secure, domain);
  expect(place && frameSource(place)).toBe(source);
});

const name = { port: 8080, token, rest: 'localhost:4321' };
const own = `http://${label}.localhost:4321`;

describe('what goes in', () => {
  const pass = (headers: string[], upgrade = false) => requestHeaders(headers, name, upgrade);
  test('is asked as localhost, without the label, without the session', () => {
    expect(
      pass([
        ...['Host', `${label}.localhost:4321`, 'Accept', '*/*', 'Accept', 'text/html', 'Origin', own],
        ...[
          'Referer',
          `${own}/a?b`,
          'Cookie',
          'a=1; toride=x; b="2;3"',
          'X-Forwarded-For',
          '1.2.3.4',
          'Expect',
          '100-continue',
        ],
      ]),
    ).toEqual([
      ...['Host', 'localhost:8080', 'Accept', '*/*', 'Accept', 'text/html'],
      ...['Cookie', 'a=1; b="2;3"', 'Origin', 'http://localhost:8080', 'Referer', 'http://localhost:8080/a?b'],
    ]);
  });
  test.each([
    '__Host-toride-lti=x',
    'toride-lti-flow=x',
    'toride=x',
    '__Host-toride=x',
    '__secure-TORIDE=x',
    ' toride =x',
    'toride',
    '; ;toride=x;',
  ])('no session by any name: %s', (cookie) => {
    expect(pass(['cookie', cookie]).join()).not.toMatch(/toride/i);
    expect(pass(['cookie', `${cookie}; keep=1`, 'Cookie', cookie]).join()).toMatch(/keep=1/);
  });
  test('no header of the connection, nor one that Connection names', () => {
    const given = ['Connection', 'close, X-Mine', 'X-Mine', '1', 'Keep-Alive', '5', 'TE', 'trailers', 'Upgrade', 'h2c'];
    expect(pass([...given, 'Proxy-Authorization', 'x', 'HTTP2-Settings', 'y'])).toEqual([
      ...['Host', 'localhost:8080', 'HTTP2-Settings', 'y'],
    ]);
    expect(pass(['Transfer-Encoding', 'gzip, chunked'])).toEqual([
      'Host',
      'localhost:8080',
      'Transfer-Encoding',
      'chunked',
    ]);
    expect(pass(given, true).slice(-4)).toEqual(['Connection', 'Upgrade', 'Upgrade', 'websocket']);
  });
  test('another site’s origin stays what it is, its address stays out', () => {
    const passed = pass([
      'Origin',
      'https://evil.example',
      'Referer',
      'https://labs.example.org/x',
      'Origin',
      `${own}.evil`,
    ]);
    expect(passed.slice(2)).toEqual(['Origin', 'https://evil.example', 'Origin', `${own}.evil`]);
  });
});

describe('what comes out', () => {
  const pass = (...headers: string[]) => responseHeaders(headers, name, 'http');
  const policies = [
    'Referrer-Policy',
    'no-referrer',
    'Cross-Origin-Resource-Policy',
    'same-origin',
    'Origin-Agent-Cluster',
    '?1',
  ];
  test('cookies stay on the host, and none is the site’s', () => {
    expect(
      pass(
        ...[
          'Set-Cookie',
          'a=1; Domain=localhost; Path=/; HttpOnly',
          'Set-Cookie',
          'b=2;domain=.example.org;DOMAIN;SameSite=Lax',
        ],
        ...[
          'Set-Cookie',
          'toride=x',
          'set-cookie',
          '__Host-toride=x; Secure',
          'Set-Cookie',
          ' Toride=1',
          'Set-Cookie2',
          'x=1',
        ],
      ),
    ).toEqual(['Set-Cookie', 'a=1; Path=/; HttpOnly', 'Set-Cookie', 'b=2;SameSite=Lax', ...policies]);
  });
  test('nothing reaches beyond its origin, no policy is laxer than ours', () => {
    expect(
      pass(
        ...['Clear-Site-Data', '"cookies"', 'Strict-Transport-Security', 'max-age=1', 'Alt-Svc', 'h2=":1"'],
        ...[
          'Referrer-Policy',
          'unsafe-url',
          'Cross-Origin-Resource-Policy',
          'cross-origin',
          'Connection',
          'x-y',
          'X-Y',
          '1',
        ],
        ...['Content-Type', 'text/html', 'Transfer-Encoding', 'chunked', 'Trailer', 'x'],
      ),
    ).toEqual(['Content-Type', 'text/html', ...policies]);
  });
  test.each([
    ['/there', '/there'],
    ['http://localhost:8080/x?y#z', `${own}/x?y#z`],
    ['http://127.0.0.1:8080', own],
    ['http://localhost/', `http://p80-${token}.localhost:4321/`],
    ['http://localhost:9000/', `http://p9000-${token}.localhost:4321/`],
    ['http://localhost:99999/', 'http://localhost:99999/'],
    ['http://localhost.evil.example/', 'http://localhost.evil.example/'],
    ['http://localhost:8080@evil.example/', 'http://localhost:8080@evil.example/'],
    ['https://docs.podman.io/', 'https://docs.podman.io/'],
  ])('sent on to %s: %s', (location, seen) => {
    expect(pass('Location', location).slice(0, 2)).toEqual(['Location', seen]);
  });
});
