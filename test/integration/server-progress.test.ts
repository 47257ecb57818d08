/** Hints, history, solution, progress and receipts over HTTP: what is kept, and what another person is told. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkout } from '../../src/setup/paths.ts';
import { Client, rawRequest, startTestServer, type TestServer } from '../helpers/server.ts';

let server: TestServer;
let ann: Client;
let ben: Client;
let folder: string;
const lab = '/api/labs/read-only';
const solved = async (client: Client) => {
  const terminal = await client.terminal().ready();
  const { json } = await client.ask('GET', `${lab}/solution`);
  const text: string = json.files.at(-1).text;
  await terminal.run(`base64 -d <<< ${Buffer.from(text).toString('base64')} > s.sh; bash -eu s.sh`, 40_000);
  await terminal.leave();
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'toride-progress-'));
  server = await startTestServer('progress');
  [ann, ben] = await Promise.all([Client.learner(server.url), Client.learner(server.url, 'ja')]);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.dispose();
});

describe('hints', () => {
  const take = (client: Client, task: string, step: string) =>
    client.ask('POST', `${lab}/tasks/${task}/hints/${step}?language=en`);

  test('before they are taken only their cost is told, nowhere their text', async () => {
    const { json } = await ann.ask('GET', lab);
    expect(json.hints.serve).toEqual({
      points: 10,
      steps: [
        { cost: 1, text: null },
        { cost: 1, text: null },
      ],
    });
    const { text } = await ann.ask('GET', '/en/labs/read-only/');
    expect(text.includes('data-hint')).toBe(true);
    expect(text.includes('Nothing but your token needs to be in the page')).toBe(false);
  });

  test('only in their order, and only those that are', async () => {
    expect(await take(ann, 'serve', '2')).toMatchObject({ status: 409, json: { error: { code: 'hint-order' } } });
    for (const [task, step] of [
      ['serve', '3'],
      ['serve', '0'],
      ['serve', '-1'],
      ['serve', '1.0'],
      ['serve', '1e0'],
      ['serve', '999999999999'],
      ['serve', '%00'],
      ['nothing', '1'],
      ['constructor', '1'],
      ['..%2f..%2flock', '1'],
    ] as const)
      expect([task, step, (await take(ann, task, step)).status]).toEqual([task, step, 404]);
    expect((await ann.ask('GET', lab)).json.hints.serve.steps[0].text).toBeNull();
  });

  test('taken twice is taken once; it is on disk, in both languages, and nobody else’s', async () => {
    const [first, again] = await Promise.all([take(ann, 'serve', '1'), take(ann, 'serve', '1')]);
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(first.json.serve.steps[0]).toEqual({ cost: 1, text: expect.stringContaining('~/lab/site') });
    expect(again.json).toEqual(first.json);
    const learner = (store: Parameters<Parameters<TestServer['withStore']>[0]>[0]) =>
      store.findLearner(ann.cookie.split('=')[1]!);
    expect(await server.withStore(async (store) => store.hintsTaken((await learner(store))!.id))).toHaveLength(1);
    expect((await ann.ask('GET', `${lab}?language=ja`)).json.hints.serve.steps[0].text).toContain('フォルダー');
    expect((await ben.ask('GET', lab)).json.hints.serve.steps[0].text).toBeNull();
  });

  test('another site cannot take one, nor someone without a session', async () => {
    const path = `${lab}/tasks/lock/hints/1`;
    expect((await ann.ask('POST', path, { origin: 'http://evil.example' })).status).toBe(403);
    expect((await ann.ask('POST', path, { 'x-toride': '0' })).status).toBe(403);
    expect((await new Client(server.url).ask('POST', path)).status).toBe(401);
    expect((await ann.ask('GET', path)).status).toBe(404);
  });
});

test('the solution is refused until the lab is passed', async () => {
  expect(await ann.ask('GET', `${lab}/solution`)).toMatchObject({
    status: 403,
    json: { error: { code: 'solution-locked', message: expect.stringMatching(/once all tasks/) } },
  });
  expect((await ann.ask('GET', lab)).json.solutionOpen).toBe(false);
});

test('where the operator opens solutions, the one given is what its suite proves', async () => {
  const open = await startTestServer('solutions', { solutions: 'always' });
  try {
    const cleo = await Client.learner(open.url);
    const { json } = await cleo.ask('GET', '/api/labs/rootless-setup/solution');
    expect(json.files.map(({ runAs }: { runAs: string }) => runAs)).toEqual(['administrator', 'learner']);
    expect(json.files[1].text).not.toMatch(/^#!|^set -eu/);
    await solved(cleo);
    const { json: attempt } = await cleo.ask('POST', `${lab}/check`);
    expect(attempt).toMatchObject({ status: 'passed', score: 100, counted: 100 });
    const { json: solution } = await cleo.ask('GET', `${lab}/solution`);
    const { json: state } = await cleo.ask('GET', lab);
    expect(solution.values).toMatchObject({
      TORIDE_PORT: state.sandbox.parameters.port,
      TORIDE_TOKEN: state.sandbox.parameters.token,
    });
    expect(Object.keys(solution.values)).toHaveLength(2);
  } finally {
    await open.dispose();
  }
});

describe('from a failed check to a receipt', () => {
  let failed: string;
  let passed: string;

  test('a pass counts less what the hints before it cost; one after it is free', async () => {
    await ann.terminal().ready();
    const { json: nothing } = await ann.ask('POST', `${lab}/check`);
    failed = nothing.id;
    expect(nothing).toMatchObject({ score: 0, counted: 0 });
    expect(nothing.tasks[0]).toEqual({ id: 'serve', passed: false, got: 0, of: 10, hints: 0 });
    const waiting = nothing.checks.find(({ id }: { id: string }) => id === 'rootfs.read-only');
    expect(waiting.waitsFor).toBe(nothing.checks[0].title);

    const terminal = await ann.terminal().ready();
    const source = readFileSync(join(checkout, 'graders/read-only/cases/solve.sh'));
    await terminal.run(`base64 -d <<< ${source.toString('base64')} > s.sh; bash s.sh`, 40_000);
    await terminal.leave();
    const { json: full } = await ann.ask('POST', `${lab}/check`);
    passed = full.id;
    expect(full).toMatchObject({ status: 'passed', score: 100, counted: 99 });
    expect(full.tasks[0]).toEqual({ id: 'serve', passed: true, got: 10, of: 10, hints: 1 });

    const { json: hints } = await ann.ask('POST', `${lab}/tasks/lock/hints/1`);
    expect(hints.lock.steps.map(({ cost }: { cost: number }) => cost)).toEqual([0, 0]);
    expect(hints.serve.steps.map(({ cost }: { cost: number }) => cost)).toEqual([1, 0]);
    expect((await ann.ask('GET', lab)).json.attempt).toMatchObject({ id: passed, counted: 99 });
    expect((await ann.ask('GET', `${lab}/solution`)).status).toBe(200);
    expect((await ben.ask('GET', `${lab}/solution`)).status).toBe(403);
  });

  test('the history is newest first and opens each as it was, for its learner only', async () => {
    const { json } = await ann.ask('GET', `${lab}/attempts`);
    expect(json.more).toBe(false);
    expect(json.attempts.map(({ id }: { id: string }) => id)).toEqual([passed, failed]);
    expect(json.attempts[0]).toMatchObject({ status: 'passed', score: 100, counted: 99 });
    expect(json.attempts[0]).not.toHaveProperty('checks');
    const { json: older } = await ann.ask('GET', `${lab}/attempts?before=${passed}`);
    expect(older.attempts.map(({ id }: { id: string }) => id)).toEqual([failed]);
    const { json: opened } = await ann.ask('GET', `${lab}/attempts/${failed}?language=ja`);
    expect(opened).toMatchObject({ id: failed, score: 0 });
    expect(opened.checks[0].title).toMatch(/^自分のページ/);
    for (const [client, path, status] of [
      [ben, `${lab}/attempts/${failed}`, 404],
      [ben, `${lab}/attempts?before=${failed}`, 404],
      [ann, `/api/labs/seccomp/attempts/${failed}`, 404],
      [ann, `${lab}/attempts/00000000-0000-4000-8000-000000000000`, 404],
      [ann, `${lab}/attempts/1`, 400],
      [ann, `${lab}/attempts/%27%20or%201=1`, 400],
      [ann, `${lab}/attempts/..%2f..%2fprogress`, 400],
      [ann, `${lab}/attempts?before=newest`, 400],
      [new Client(server.url), `${lab}/attempts`, 401],
    ] as const)
      expect([path, (await client.ask('GET', path)).status]).toEqual([path, status]);
    expect((await ben.ask('GET', `${lab}/attempts`)).json).toEqual({ attempts: [], more: false });
  });

  test('progress: the score that counts, when it was passed, hints, where they last were', async () => {
    const { json } = await ann.ask('GET', '/api/progress');
    expect(json).toEqual({
      labs: [
        {
          lab: 'read-only',
          best: 99,
          maxScore: 100,
          passed: true,
          attempts: 2,
          firstPassedAt: expect.stringMatching(/^\d{4}-.*Z$/),
          hints: 2,
        },
      ],
      last: 'read-only',
      name: null,
    });
    expect((await ben.ask('GET', '/api/progress')).json).toEqual({ labs: [], last: null, name: null });
  });

  test('a name: kept when it may be, refused clearly when not', async () => {
    const put = (body: string, client = ann) =>
      client.ask('PUT', '/api/progress/name', { 'content-type': 'application/json' }, body);
    expect(await put('{"name":" <b>Ann</b>  Lee "}')).toMatchObject({ status: 200, json: { name: '<b>Ann</b> Lee' } });
    for (const body of [
      '',
      '{',
      '[]',
      '{"name":1}',
      '{"name":"a\\nb"}',
      '{"name":"a","id":"x"}',
      `{"name":"${'x'.repeat(90)}"}`,
    ])
      expect(await put(body)).toMatchObject({ status: 400, json: { error: { code: 'bad-name' } } });
    expect((await put(`{"name":"${'x'.repeat(100_000)}"}`)).status).toBe(413);
    expect((await ann.ask('GET', '/api/progress')).json.name).toBe('<b>Ann</b> Lee');
    expect((await ben.ask('GET', '/api/progress')).json.name).toBeNull();
  });

  describe('receipts', () => {
    let receipt: string;
    const verify = async (body: string) =>
      (await (await fetch(`${server.url}/api/receipts/verify`, { method: 'POST', body })).json()) as {
        valid: boolean;
        reason: string | null;
        receipt: { name: string; labs: { id: string; score: number }[] } | null;
      };

    test('one who passed nothing has none; one who did may take theirs away', async () => {
      expect(await ben.ask('GET', '/api/receipt')).toMatchObject({
        status: 409,
        json: { error: { code: 'nothing-passed' } },
      });
      expect((await new Client(server.url).ask('GET', '/api/receipt')).status).toBe(401);
      const answer = await ann.ask('GET', '/api/receipt');
      receipt = answer.text;
      expect(answer.headers.get('content-disposition')).toContain('toride-receipt.jws');
      expect(answer.text).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    });

    test('anyone can have it verified, without a session', async () => {
      const verdict = await verify(receipt);
      expect(verdict).toMatchObject({
        valid: true,
        receipt: { name: '<b>Ann</b> Lee', labs: [{ id: 'read-only', score: 99, max: 100, hints: 2 }] },
      });
      expect(JSON.stringify(verdict)).not.toContain(ann.cookie.split('=')[1]!);
    });

    test('altered, another’s or none: said plainly, with nothing of what it claims', async () => {
      const [header, payload, signature] = receipt.trim().split('.') as [string, string, string];
      const better = Buffer.from(Buffer.from(payload, 'base64url').toString().replace('"score":99', '"score":100'));
      expect(await verify([header, better.toString('base64url'), signature].join('.'))).toMatchObject({
        valid: false,
        reason: 'altered',
        receipt: null,
      });
      const none = Buffer.from('{"alg":"none"}').toString('base64url');
      expect(await verify(`${none}.${payload}.`)).toMatchObject({ valid: false, reason: 'algorithm' });
      expect(await verify('')).toMatchObject({ valid: false, reason: 'not-a-receipt' });
      const large = await fetch(`${server.url}/api/receipts/verify`, { method: 'POST', body: 'x'.repeat(70_000) });
      expect([large.status, ((await large.json()) as { error: { code: string } }).error.code]).toEqual([
        413,
        'too-large',
      ]);
      // Without a length that could be believed.
      const endless = new ReadableStream({ pull: (stream) => stream.enqueue(Buffer.alloc(8192, 'x')) });
      const chunked = await fetch(`${server.url}/api/receipts/verify`, {
        method: 'POST',
        body: endless,
        duplex: 'half',
      } as RequestInit).then(
        ({ status }) => status,
        () => 'cut off',
      );
      expect([413, 'cut off']).toContain(chunked);
      expect((await verify('still there')).reason).toBe('not-a-receipt');
      const foreign = await rawRequest(server.url, '/.well-known/jwks.json', { host: 'evil.example' });
      expect(foreign.status).toBe(421);
    });

    test('on the command line, by the public key alone', async () => {
      const jwks = await (await fetch(`${server.url}/.well-known/jwks.json`)).text();
      expect(JSON.parse(jwks).keys[0]).not.toHaveProperty('d');
      const path = (name: string, text: string) => {
        writeFileSync(join(folder, name), text);
        return join(folder, name);
      };
      const run = (...args: string[]) => {
        const { status, stdout, stderr } = spawnSync(
          process.execPath,
          [join(checkout, 'src/cli/main.ts'), 'receipt', ...args],
          { encoding: 'utf8', env: { ...process.env, TORIDE_STATE: folder } },
        );
        return { status, said: stdout + stderr };
      };
      const file = path('receipt.jws', receipt);
      const key = path('jwks.json', jwks);
      const good = run('verify', file, '--key', key);
      expect(good).toMatchObject({
        status: 0,
        said: expect.stringMatching(/^valid\n[\s\S]*<b>Ann<\/b> Lee[\s\S]*99 \/ 100/),
      });
      const bent = path(
        'bent.jws',
        receipt.replace(/.(?=\n$)/, (last) => (last === 'A' ? 'Q' : 'A')),
      );
      expect(run('verify', bent, '--key', key)).toMatchObject({ status: 1, said: expect.stringMatching(/altered/) });
      const empty = path('empty.json', '{"keys":[]}');
      expect(run('verify', file, '--key', empty)).toMatchObject({
        status: 1,
        said: expect.stringMatching(/another key/),
      });
      for (const args of [
        ['verify'],
        ['sign', file],
        ['verify', join(folder, 'nowhere')],
        ['verify', file, '--key', file],
        ['verify', path('large.jws', 'x'.repeat(70_000)), '--key', key],
        ['verify', file],
      ])
        expect([args, run(...args).status]).toEqual([args, 2]);
    });

    test('the key outlives a restart: what was signed before verifies after', async () => {
      await server.restart('end');
      expect((await verify(receipt)).valid).toBe(true);
      expect((await ann.ask('GET', '/api/progress')).json.labs[0].best).toBe(99);
    });
  });
});
