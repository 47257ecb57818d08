/** Recordings over HTTP: who may have one, how many, and what is left of one when the server dies. */
import { appendFileSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { instancePaths } from '../../src/setup/paths.ts';
import { Client, eventually, serverProcess, startTestServer, type TestServer } from '../helpers/server.ts';

let server: TestServer;
let ann: Client;
let folder: string;
const at = (terminal = '1', lab = 'read-only') => `/api/labs/${lab}/terminals/${terminal}/recording`;

beforeAll(async () => {
  server = await startTestServer('recordings', {}, serverProcess);
  folder = instancePaths(server.settings.state, server.settings.instance).folder;
  ann = await Client.learner(server.url);
});
afterAll(() => server.dispose());

const list = async (client: Client, query = '') => (await client.ask('GET', `/api/recordings${query}`)).json.recordings;

describe('a recording', () => {
  test('is started, seen by every window, stopped, listed, fetched and deleted', async () => {
    const [one, other] = [await ann.terminal().ready(), await ann.terminal().ready()];
    const { status, json: started } = await ann.ask('POST', at());
    expect({ status, started }).toMatchObject({
      status: 200,
      started: { lab: 'read-only', terminal: '1', endedAt: null },
    });
    for (const terminal of [one, other])
      await eventually(() => terminal.frame('recording')).toMatchObject({ since: expect.any(String), why: null });
    // Whoever comes later is told too; who asks again gets the same one.
    const later = await ann.terminal().ready();
    await eventually(() => later.frame('recording')).toMatchObject({ since: expect.any(String) });
    expect((await ann.ask('POST', at())).json.id).toBe(started.id);
    expect(await one.run('echo "re""corded 砦"')).toContain('recorded 砦');
    one.send({ type: 'input', sequence: ++one.sequence, data: 'stty -echo; read secret; stty echo\r' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    one.type('hunter2\r');
    await one.run('test "$secret" = hun""ter2 && echo it was typed');

    const running = await ann.ask('GET', `/api/recordings/${started.id}`);
    expect(running.text).toContain('recorded 砦');
    const stopped = await ann.ask('DELETE', at());
    expect(stopped.json).toMatchObject({ id: started.id, endedAt: expect.any(String) });
    await eventually(() => one.frames.at(-1)).toEqual({ type: 'recording', since: null, why: 'asked' });
    expect((await ann.ask('DELETE', at())).json.error.code).toBe('no-recording');

    const [found] = await list(ann, '?lab=read-only');
    expect(found).toEqual(stopped.json);
    const file = await ann.ask('GET', `/api/recordings/${started.id}`);
    expect(Buffer.byteLength(file.text)).toBe(found.bytes);
    expect(file.headers.get('content-type')).toBe('application/x-asciicast');
    expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="toride-read-only-[\dT-]+\.cast"$/);
    expect(file.headers.get('x-content-type-options')).toBe('nosniff');
    const lines = file.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ version: 2, width: 80, height: 24 });
    expect(file.text).not.toContain('hunter2');
    expect(await list(ann, '?lab=seccomp')).toEqual([]);

    expect((await ann.ask('DELETE', `/api/recordings/${started.id}`)).status).toBe(200);
    expect(await list(ann)).toEqual([]);
    expect((await ann.ask('GET', `/api/recordings/${started.id}`)).status).toBe(404);
    expect(readdirSync(join(folder, 'recordings'))).toEqual([]);
    await Promise.all([one.leave(), other.leave(), later.leave()]);
  });

  test('deleted while it runs, ends', async () => {
    const terminal = await ann.terminal().ready();
    const { id } = (await ann.ask('POST', at())).json;
    expect((await ann.ask('DELETE', `/api/recordings/${id}`)).status).toBe(200);
    await eventually(() => terminal.frames.at(-1)).toEqual({ type: 'recording', since: null, why: 'asked' });
    expect(await list(ann)).toEqual([]);
    await terminal.leave();
  });

  test('is its learner’s alone: for anybody else it is not there', async () => {
    const terminal = await ann.terminal().ready();
    const { id } = (await ann.ask('POST', at())).json;
    const ben = await Client.learner(server.url);
    for (const method of ['GET', 'DELETE']) {
      const { status, json } = await ben.ask(method, `/api/recordings/${id}`);
      expect([status, json.error.code]).toEqual([404, 'no-recording']);
    }
    expect(await list(ben)).toEqual([]);
    // Nor can he stop it, nor start one at her terminal: his own is not open.
    for (const method of ['POST', 'DELETE']) expect((await ben.ask(method, at())).json.error.code).toBe('no-terminal');
    expect((await ann.ask('GET', `/api/recordings/${id}`)).status).toBe(200);
    const nobody = new Client(server.url);
    expect((await nobody.ask('GET', `/api/recordings/${id}`)).status).toBe(401);
    await ann.ask('DELETE', `/api/recordings/${id}`);
    await terminal.leave();
  });

  test.each([
    'x',
    '00000000-0000-4000-8000-000000000000',
    '..%2f..%2ftoride.db',
    '..%2Fsecret',
    '%00',
    "'%20or%201=1--",
    '../secret',
  ])('guessed, is not there: %s', async (id) => {
    for (const method of ['GET', 'DELETE']) expect((await ann.ask(method, `/api/recordings/${id}`)).status).toBe(404);
  });

  test('needs a lab and a terminal that is open, and comes from our own page', async () => {
    expect((await ann.ask('POST', at('1', 'no-such-lab'))).status).toBe(404);
    for (const name of ['9', 'UPPER', '..%2f1', 'administrator'])
      expect((await ann.ask('POST', at(name))).json.error.code).toBe('no-terminal');
    expect((await ann.ask('POST', at(), { origin: 'http://evil.example' })).status).toBe(403);
    expect((await ann.ask('POST', at(), { 'x-toride': '' })).status).toBe(403);
    expect((await ann.ask('GET', '/api/recordings?lab=../x')).status).toBe(400);
    expect(await list(ann)).toEqual([]);
  });

  test('ends with its shell, and is kept', async () => {
    const terminal = await ann.terminal({ terminal: 'ends' }).ready();
    const { id } = (await ann.ask('POST', at('ends'))).json;
    terminal.type('exit\r');
    await terminal.closed;
    await eventually(async () => (await list(ann))[0]?.endedAt).toEqual(expect.any(String));
    expect((await ann.ask('GET', `/api/recordings/${id}`)).text).toContain('exit');
    await ann.ask('DELETE', `/api/recordings/${id}`);
  });
});

test('a flood fills it to its limit, which is said; the shell goes on', async () => {
  const terminal = await ann.terminal({ terminal: 'fills' }).ready();
  terminal.socket.on('message', (data: Buffer, binary) => {
    if (binary) terminal.send({ type: 'acknowledge', bytes: data.length });
  });
  const { id } = (await ann.ask('POST', at('fills'))).json;
  expect(await terminal.run('head -c 6000000 /dev/zero | base64; echo "go""es on"', 40_000)).toContain('goes on');
  await eventually(() => terminal.frames.at(-1)).toEqual({ type: 'recording', since: null, why: 'size' });
  expect(statSync(join(folder, 'recordings', `${id}.cast`)).size).toBeLessThanOrEqual(5 * 1024 * 1024);
  await ann.ask('DELETE', `/api/recordings/${id}`);
  await terminal.leave();
});

test('a learner has room for twenty; then one has to go', async () => {
  const cat = await Client.learner(server.url);
  const terminal = await cat.terminal().ready();
  for (let number = 0; number < 20; number++) {
    expect((await cat.ask('POST', at())).status).toBe(200);
    await cat.ask('DELETE', at());
  }
  const refused = await cat.ask('POST', at());
  expect([refused.status, refused.json.error.code]).toEqual([409, 'recordings-full']);
  const [oldest] = await list(cat);
  await cat.ask('DELETE', `/api/recordings/${oldest.id}`);
  expect((await cat.ask('POST', at())).status).toBe(200);
  await terminal.leave();
});

test.each(['crash', 'end'] as const)('what was recorded survives the server: %s', async (how) => {
  const terminal = await ann.terminal({ terminal: 'survives' }).ready();
  const { id } = (await ann.ask('POST', at('survives'))).json;
  await terminal.run(`echo "be""fore the ${how}"`);
  const path = join(folder, 'recordings', `${id}.cast`);
  await eventually(() => readFileSync(path, 'utf8')).toContain(`before the ${how}`);
  await server.restart(how);
  const again = new Client(server.url, ann.cookie);
  const found = (await list(again)).find((recording: { id: string }) => recording.id === id);
  expect(found).toMatchObject({ endedAt: expect.any(String), bytes: statSync(path).size });
  expect((await again.ask('GET', `/api/recordings/${id}`)).text).toContain(`before the ${how}`);
  // What a crash in the middle of a line leaves is not handed out.
  appendFileSync(path, '[9,"o","half');
  expect((await again.ask('GET', `/api/recordings/${id}`)).text).toMatch(/\]\n$/);
  await again.ask('DELETE', `/api/recordings/${id}`);
});
