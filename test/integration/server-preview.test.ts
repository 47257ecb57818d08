/** Previews through the real server into a real sandbox: what passes, what is held back, and what nobody can reach. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { statePaths } from '../../src/setup/paths.ts';
import { Client, startTestServer, type TestServer, until } from '../helpers/server.ts';

const PORT = 8080;
const program = readFileSync(join(import.meta.dirname, '../helpers/preview-server.pl'));
let server: TestServer;
let ann: Client;
let bob: Client;
/** The Host header of a preview of ann's, bob's. */
let annHost: (port?: number) => string;
let bobHost: (port?: number) => string;

async function hostOf(who: Client) {
  const { status, json } = await who.ask('GET', '/api/labs/read-only/preview');
  expect(status).toBe(200);
  expect(json.port).toBeGreaterThanOrEqual(8100);
  expect(json.origin).toMatch(/^http:\/\/p\{port\}-[a-z2-7]{26}\.localhost:\d+$/);
  return (port = PORT) => new URL(json.origin.replace('{port}', port)).host;
}

beforeAll(async () => {
  server = await startTestServer('preview');
  [ann, bob] = [await Client.learner(server.url), await Client.learner(server.url)];
  for (const who of [ann, bob]) {
    const terminal = who.terminal();
    await until(() => terminal.frame('ready'), Boolean);
    await terminal.leave();
  }
  [annHost, bobHost] = [await hostOf(ann), await hostOf(bob)];
  const [record] = await server.withStore((store) => store.openSandboxes());
  await server.withSandboxes(async (sandboxes) => {
    const own = sandboxes.find(({ handle }) => handle.id === record!.id)!;
    const start = `cat > server.pl; setsid perl server.pl ${PORT} >/dev/null 2>&1 & sleep 0.5`;
    await own.run({ command: ['/bin/bash', '-c', start], input: program, timeoutMs: 10_000 });
  });
  await until(
    async () => (await get('/echo')).status,
    (status) => status === 200,
  );
});
afterAll(() => server.dispose());

interface Got {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  cut: boolean;
}

function get(
  path: string,
  { host = annHost(), method = 'GET', headers = {}, body = [] as Buffer[] } = {},
): Promise<Got> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers: { host, ...headers }, agent: false }, (response) => {
      const parts: Buffer[] = [];
      const end = (cut: boolean) =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(parts).toString('latin1'),
          cut,
        });
      response.on('data', (part) => parts.push(part));
      response.on('end', () => end(false));
      response.on('error', () => end(true));
    });
    asked.on('error', reject);
    for (const part of body) asked.write(part);
    asked.end();
  });
}

/** Bytes as they are, and all that comes back. */
function raw(bytes: string): Promise<string> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let text = '';
    socket.on('data', (data) => {
      text += data;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
}

/** Processes of the probe's that carry lines, with what the kernel says of their rights. */
function carriers(): string[] {
  const { probe } = statePaths(server.settings.state);
  return readdirSync('/proc').flatMap((pid) => {
    try {
      if (
        readlinkSync(`/proc/${pid}/exe`) !== probe ||
        !readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('\0connect\0')
      )
        return [];
      return [readFileSync(`/proc/${pid}/status`, 'utf8')];
    } catch {
      return [];
    }
  });
}

describe('a program of the learner’s', () => {
  test('is reached as localhost, with what the browser sent and without the session', async () => {
    const { status, text, headers } = await get('/echo', {
      headers: {
        cookie: `a=1; ${ann.cookie}`,
        accept: 'x/y',
        origin: `http://${annHost()}`,
        'x-forwarded-for': '1.2.3.4',
      },
    });
    expect(status).toBe(200);
    expect(text).toMatch(/^GET \/echo HTTP\/1\.1\r\nHost: localhost:8080\r\naccept: x\/y\r\n/);
    expect(text).toMatch(/^Cookie: a=1\r$/m);
    expect(text).toMatch(/^Origin: http:\/\/localhost:8080\r$/m);
    expect(text).toMatch(/^Connection: close\r$/m);
    expect(text).not.toMatch(/toride|p8080-|forwarded/i);
    expect(headers).toMatchObject({ 'referrer-policy': 'no-referrer', 'cross-origin-resource-policy': 'same-origin' });
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  test('takes bodies of known and unknown length, and gives large ones whole', async () => {
    const part = Buffer.alloc(300_000, 'y');
    expect(
      (await get('/length', { method: 'POST', body: [part, part], headers: { 'content-length': '600000' } })).text,
    ).toBe('600000');
    expect((await get('/length', { method: 'PUT', body: [part, part, part] })).text).toBe('900000');
    const large = await get('/bytes/20000000');
    expect([large.text.length, large.cut]).toEqual([20_000_000, false]);
    expect((await get('/anything?a=b&c=%20%2f..', { method: 'HEAD' })).text).toBe('');
    expect((await get('/anything?a=b&c=%20%2f..')).text).toBe('GET /anything?a=b&c=%20%2f..');
  });

  test('is heard piece by piece', async () => {
    const { hostname, port } = new URL(server.url);
    const times: number[] = [];
    const text = await new Promise<string>((resolve) =>
      request({ hostname, port, path: '/drip', headers: { host: annHost() } }, (response) => {
        let all = '';
        response.on('data', (data) => {
          times.push(Date.now());
          all += data;
        });
        response.on('end', () => resolve(all));
      }).end(),
    );
    expect(text).toBe('1;2;3;');
    expect(times.at(-1)! - times[0]!).toBeGreaterThan(500);
  });

  test('cannot set what reaches beyond its origin', async () => {
    const { headers } = await get('/headers');
    expect(headers['set-cookie']).toEqual(['app=1; Path=/']);
    expect(headers['x-app']).toBe('yes');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    for (const gone of ['clear-site-data', 'strict-transport-security', 'alt-svc', 'x-hop'])
      expect([gone, headers[gone]]).toEqual([gone, undefined]);
    expect((await get('/redirect')).headers.location).toBe(`http://${annHost()}/there?x`);
  });

  test('speaks WebSocket', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/socket`, {
      headers: { host: annHost(), origin: `http://${annHost()}`, cookie: ann.cookie },
      perMessageDeflate: false,
    });
    const said: string[] = [];
    socket.on('message', (data) => said.push(String(data)));
    await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
    const [status] = carriers();
    // Who carries has no right, no way to one, and is nobody in the sandbox.
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapAmb'])
      expect(status).toMatch(new RegExp(`^${set}:\t0{16}$`, 'm'));
    const [uid] = /^Uid:\t(\d+)/m.exec(status!)!.slice(1);
    expect(Number(uid)).not.toBe(process.getuid!());
    expect(status).toMatch(/^Groups:\t\s*$/m);
    socket.send('one');
    socket.send('two');
    await until(
      () => said.length,
      (count) => count === 2,
    );
    expect(said).toEqual(['echo one', 'echo two']);
    socket.close();
    await until(
      () => carriers().length,
      (count) => count === 0,
    );
  });
});

test('while the sandbox is graded every request is answered, each of many', async () => {
  let over = false;
  const checks = (async () => {
    while (!over) await ann.ask('POST', '/api/labs/read-only/check');
  })();
  const statuses: number[] = [];
  const ask = async () => {
    while (statuses.length < 300) statuses.push((await get('/echo')).status);
  };
  await Promise.all([ask(), ask(), ask()]);
  over = true;
  await checks;
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
});

describe('a bad answer', () => {
  test.each(['/garbage', '/large', '/smuggle', '/split', '/switch'])('%s becomes a page of ours', async (path) => {
    const { status, headers, text } = await get(path);
    expect([status, headers['x-toride-preview']]).toEqual([502, 'not-http']);
    expect(headers['set-cookie']).toBeUndefined();
    expect(text).not.toContain('owned');
  });

  test('what follows an answer is nobody’s', async () => {
    const answer = await raw(`GET /more HTTP/1.1\r\nHost: ${annHost()}\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/\r\n\r\nabc$/);
    expect(answer).not.toContain('owned');
  });

  test('who gives up takes the line along', async () => {
    const { hostname, port } = new URL(server.url);
    const asked = request({ hostname, port, path: '/hold', headers: { host: annHost() } });
    asked.on('error', () => undefined);
    asked.end();
    await until(
      () => carriers().length,
      (count) => count === 1,
    );
    asked.destroy();
    await until(
      () => carriers().length,
      (count) => count === 0,
    );
  });
});

describe('nothing else is reached', () => {
  test('a closed port says so in plain words, in the reader’s language', async () => {
    const en = await get('/', { host: annHost(8081) });
    expect([en.status, en.headers['x-toride-preview']]).toEqual([502, 'nothing-listens']);
    expect(en.text).toContain('Nothing listens on port 8081');
    const ja = await get('/', { host: annHost(8081), headers: { 'accept-language': 'ja,en;q=0.5' } });
    expect(Buffer.from(ja.text, 'latin1').toString('utf8')).toContain('ポート8081では何も待ち受けていません');
  });

  test('the server’s own ports are not the sandbox’s', async () => {
    const { port } = new URL(server.url);
    expect((await get('/en/', { host: annHost(Number(port)) })).headers['x-toride-preview']).toBe('nothing-listens');
  });

  test('one learner’s port is not another’s, and a guessed label is nobody’s', async () => {
    expect((await get('/echo', { host: bobHost() })).headers['x-toride-preview']).toBe('nothing-listens');
    expect(annHost().split('-')[1]).not.toBe(bobHost().split('-')[1]);
    const guessed = `p8080-${'a'.repeat(26)}.localhost`;
    const { status, headers } = await get('/echo', { host: guessed, headers: { cookie: ann.cookie } });
    expect([status, headers['x-toride-preview']]).toEqual([404, 'no-room']);
  });

  test('the site is not served there, whatever is asked for', async () => {
    for (const path of ['/en/', '/api/health', '/api/progress', '/_astro/x.js', '//127.0.0.1/en/']) {
      const { status, text } = await get(path, { headers: { cookie: ann.cookie } });
      expect([path, status, text]).toEqual([path, 200, `GET ${path}`]);
    }
    const upgraded = ann.terminal({}, { host: annHost(), origin: `http://${annHost()}` });
    expect(await upgraded.upgraded).not.toBe(101);
  });

  test('nor does the site answer to a page of a preview', async () => {
    const origin = `http://${annHost()}`;
    expect(await ann.terminal({}, { origin }).upgraded).toBe(403);
    const change = await ann.ask('POST', '/api/labs/read-only/reset', { origin });
    expect([change.status, change.json.error.code]).toEqual([403, 'foreign-origin']);
    for (const site of ['cross-site', 'same-site']) {
      const look = await ann.ask('GET', '/api/labs/read-only', { 'sec-fetch-site': site });
      expect([look.status, look.json.error.code]).toEqual([403, 'foreign-origin']);
    }
    expect((await ann.ask('GET', '/api/labs/read-only', { 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  });

  test('requests with two meanings are not understood', async () => {
    const host = annHost();
    for (const bytes of [
      `GET http://127.0.0.1/en/ HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: ${host}\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`,
      `TRACE / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      `POST /length HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n`,
    ])
      expect([bytes, (await raw(bytes)).slice(0, 12)]).toEqual([bytes, 'HTTP/1.1 400']);
    const tunnel = await raw(`CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    expect(tunnel).not.toMatch(/^HTTP\/1\.1 2/);
    const header = await raw(
      `GET / HTTP/1.1\r\nHost: ${host}\r\nX: ${'x'.repeat(20_000)}\r\nConnection: close\r\n\r\n`,
    );
    expect(header).toMatch(/^HTTP\/1\.1 431/);
  });

  test('a room has a bounded number of lines; those of others are not touched', async () => {
    const held = Array.from({ length: 40 }, () => get('/hold').catch((error) => error));
    await until(
      () => carriers().length,
      (count) => count === 32,
    );
    const more = await get('/echo');
    expect([more.status, more.headers['x-toride-preview']]).toEqual([503, 'too-many']);
    expect((await get('/', { host: bobHost() })).headers['x-toride-preview']).toBe('nothing-listens');
    await Promise.all(held.slice(0, 0));
    await server.withSandboxes(async (sandboxes) => {
      for (const sandbox of sandboxes)
        await sandbox.run({ command: ['/bin/bash', '-c', 'pkill -f "perl server.pl" || true'], timeoutMs: 5000 });
    });
    await until(
      () => carriers().length,
      (count) => count === 0,
    );
    const codes = (await Promise.all(held)).map((got) => (got as Got).status);
    expect(new Set(codes)).toEqual(new Set([502, 503]));
  });
});

test('a label outlives the server, and ends with the sandbox', async () => {
  const host = annHost();
  await server.restart('end');
  expect((await hostOf(ann))()).toBe(host.replace(/:\d+$/, `:${new URL(server.url).port}`));
  expect((await get('/', { host })).headers['x-toride-preview']).toBe('nothing-listens');
  expect((await ann.ask('POST', '/api/labs/read-only/reset')).status).toBe(200);
  expect((await get('/', { host })).headers['x-toride-preview']).toBe('no-room');
  expect((await hostOf(ann))()).not.toBe(host);
  expect((await bob.ask('GET', '/api/labs/seccomp/preview')).json.error.code).toBe('no-sandbox');
});

test('a site visited by an address has none, and its pages may frame nothing', async () => {
  const policy = async (host: string) => {
    const { headers } = await get('/en/', { host });
    return /frame-src [^;]*/.exec(String(headers['content-security-policy']))?.[0];
  };
  expect(await policy('127.0.0.1:4321')).toBe('frame-src http://*.localhost:4321');
  expect(await policy('localhost')).toBe('frame-src http://*.localhost');
});
