/** Who may come in: cookies, origins, names, paths. Nobody here ever needs a sandbox. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client, rawRequest, startTestServer, type TestServer } from '../helpers/server.ts';

let server: TestServer;
let ann: Client;

beforeAll(async () => {
  server = await startTestServer('door', { pool: 0, poolLimit: 0 });
  ann = await Client.learner(server.url);
});
afterAll(() => server.dispose());

describe('session', () => {
  test('a page gives one, out of reach of scripts and other sites, and keeps it', async () => {
    const { headers } = await fetch(`${server.url}/ja/labs/seccomp/`);
    expect(headers.get('set-cookie')).toMatch(/^toride=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/);
    expect((await ann.ask('GET', '/en/')).headers.get('set-cookie')).toBeNull();
  });

  test.each(['', 'toride=', 'toride=short', `toride=${'a'.repeat(43)}`, `toride=${'a'.repeat(43)}'--`])(
    'no session, no answer: cookie "%s"',
    async (cookie) => {
      const stranger = new Client(server.url, cookie);
      for (const [method, path] of [
        ['GET', '/api/progress'],
        ['GET', '/api/labs/read-only'],
        ['POST', '/api/labs/read-only/check'],
        ['DELETE', '/api/labs/read-only/sandbox'],
      ] as const) {
        const { status, json } = await stranger.ask(method, path);
        expect([path, status, json.error.code]).toEqual([path, 401, 'no-session']);
      }
      expect(await stranger.terminal().upgraded).toBe(401);
    },
  );
});

describe('the administrator’s terminal', () => {
  test.each(['read-only', 'rootless-basics'])('is refused in a lab without one: %s', async (lab) => {
    expect(await ann.terminal({ lab, terminal: 'administrator' }).upgraded).toBe(403);
  });

  test('is not refused where the lab has one', async () => {
    expect(await ann.terminal({ lab: 'rootless-setup', terminal: 'administrator' }).upgraded).toBe(101);
  });
});

describe('other sites', () => {
  const foreign = ['https://evil.example', 'null', 'http://127.0.0.1:1', 'http://localhost.evil.example', ''];

  test.each(foreign)('a POST from origin "%s" is refused', async (origin) => {
    const { status, json } = await ann.ask('POST', '/api/labs/read-only/check', { origin });
    expect([status, json.error.code]).toEqual([403, 'foreign-origin']);
  });

  test.each(foreign)('a WebSocket from origin "%s" is refused', async (origin) => {
    expect(await ann.terminal({}, { origin }).upgraded).toBe(403);
  });

  test('a POST without the header that forms cannot send is refused', async () => {
    for (const header of ['', '0', 'true']) {
      const { status, json } = await ann.ask('POST', '/api/labs/read-only/check', { 'x-toride': header });
      expect([status, json.error.code]).toEqual([403, 'foreign-origin']);
    }
    expect((await ann.ask('DELETE', '/api/labs/read-only/sandbox', { 'x-toride': '' })).status).toBe(403);
  });

  test('no answer gives another origin leave to read it', async () => {
    const answer = await ann.ask('GET', '/api/progress', { origin: 'https://evil.example' });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect((await ann.ask('OPTIONS', '/api/progress', { origin: 'https://evil.example' })).status).toBe(403);
  });

  test.each(['evil.example', `evil.example:4321`, '127.0.0.1.evil.example', 'localhost@evil.example', '10.0.0.1'])(
    'a name made to point here is not answered: "%s"',
    async (host) => {
      for (const path of ['/en/', '/api/progress', '/api/health', '/_astro/x.js']) {
        const { status, text } = await rawRequest(server.url, path, { host, cookie: ann.cookie });
        // A host that cannot be one is turned away before it is compared.
        expect(status).toBe(host.includes('@') ? 400 : 421);
        expect(text).not.toContain('<html');
      }
      expect(await ann.terminal({}, { host, origin: `http://${host}` }).upgraded).toBe(403);
    },
  );

  test('its own names are', async () => {
    const { port } = new URL(server.url);
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, 'LOCALHOST'])
      expect((await rawRequest(server.url, '/en/', { host })).status).toBe(200);
  });
});

describe('paths', () => {
  test.each([
    '/../package.json',
    '/../../../../../../etc/passwd',
    '/%2e%2e/package.json',
    '/..%2f..%2f..%2f..%2fetc/passwd',
    '/_astro/..%2f..%2fpackage.json',
    '/_astro/%2e%2e/%2e%2e/graders/read-only/cases/solve.sh',
    '/..%5c..%5cpackage.json',
    '/en/%00/../../package.json',
    '//etc/passwd',
    '/en/..%252f..%252fpackage.json',
    '/package.json',
    '/graders/read-only/cases/solve.sh',
    '/.hash/../../package.json',
  ])('nothing outside the pages is served: %s', async (path) => {
    const { status, text } = await rawRequest(server.url, path, { host: '127.0.0.1' });
    expect(text).not.toMatch(/root:x:|"version"|podman run/);
    expect([400, 404]).toContain(status);
  });

  test.each(['nothing', '..%2fseccomp', 'read-only%2f..', 'READ-ONLY', '__proto__', 'constructor', '%00'])(
    'there is no lab %s',
    async (lab) => {
      for (const [method, path] of [
        ['GET', ''],
        ['POST', '/check'],
        ['POST', '/reset'],
      ] as const) {
        const { status, json } = await ann.ask(method, `/api/labs/${lab}${path}`);
        expect([status, json?.error.code]).toEqual([404, expect.stringMatching(/^(no-such-lab|not-found)$/)]);
      }
    },
  );

  test.each<Record<string, string>>([
    { lab: '../seccomp' },
    { lab: 'nothing' },
    { lab: '' },
    { terminal: '../1' },
    { terminal: '' },
    { terminal: 'x'.repeat(33) },
    { columns: '0' },
    { columns: '-80' },
    { columns: '1e9' },
    { rows: '0' },
    { rows: '99999999999' },
    { columns: 'NaN' },
    { language: 'xx' },
  ])('a terminal of %o is not opened', async (query) => {
    expect(await ann.terminal(query).upgraded).toBe(400);
  });

  test('what is not there is a page that says so, in both languages', async () => {
    const answer = await ann.ask('GET', '/en/labs/nothing/');
    expect(answer.status).toBe(404);
    expect(answer.text).toContain('lang="ja"');
    expect((await ann.ask('GET', '/api/nothing')).json.error.code).toBe('not-found');
  });

  test('the start goes to the language that is asked for', async () => {
    const to = async (language: string) =>
      (await ann.ask('GET', '/', { 'accept-language': language })).headers.get('location');
    expect(await to('ja,en;q=0.8')).toBe('/ja/');
    expect(await to('en-GB,ja;q=0.5')).toBe('/en/');
    expect(await to('fr')).toBe('/en/');
  });
});

describe('headers', () => {
  const wanted = {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  };

  test.each(['/en/', '/ja/labs/read-only/', '/api/progress', '/api/nothing', '/nothing', '/api/health', '/'])(
    'every answer is guarded: %s',
    async (path) => {
      const { headers } = await ann.ask('GET', path);
      expect(Object.fromEntries(headers)).toMatchObject(wanted);
      const policy = Object.fromEntries(
        headers
          .get('content-security-policy')!
          .split('; ')
          .map((part) => [part.split(' ')[0], part.slice(part.indexOf(' ') + 1)]),
      );
      expect(policy).toMatchObject({
        'default-src': "'none'",
        'script-src': "'self'",
        'connect-src': "'self'",
        'frame-ancestors': "'none'",
        'base-uri': "'none'",
      });
    },
  );

  test('pages are asked for anew, their hashed parts are kept, answers of the API are not', async () => {
    const cache = async (path: string) => (await ann.ask('GET', path)).headers.get('cache-control');
    const page = await ann.ask('GET', '/en/labs/read-only/');
    const script = /\/_astro\/[^"]+\.js/.exec(page.text)![0];
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect(await cache(script)).toContain('immutable');
    expect(await cache('/_astro/nothing.js')).toBeNull();
    expect(await cache('/api/progress')).toBe('no-store');
  });

  test('pages hold no script of their own, which the policy would refuse', async () => {
    for (const path of ['/en/', '/ja/', '/en/labs/seccomp/', '/ja/labs/read-only/']) {
      const { text } = await ann.ask('GET', path);
      expect(text).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>\s*\S/);
      expect(text).not.toMatch(/\son\w+="/);
      expect(text).not.toMatch(/(?:src|href)="https?:/);
    }
  });
});

test('without a sandbox a check is refused with a sentence in the language of the page', async () => {
  for (const [language, word] of [
    ['en', /No sandbox is running.*Open a terminal/],
    ['ja', /サンドボックスは動いていません.*ターミナルを開いて/],
  ] as const) {
    const { status, json } = await ann.ask('POST', `/api/labs/read-only/check?language=${language}`);
    expect([status, json.error.code]).toEqual([409, 'no-sandbox']);
    expect(json.error.message).toMatch(word);
  }
});
