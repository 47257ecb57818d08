/** The editor's way to a learner's files, in a real sandbox: what it may do, and what a hostile home cannot make it do. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExecResult, Sandbox } from '../../src/sandbox/engine.ts';
import { Client, startTestServer, type TestServer, until } from '../helpers/server.ts';

let server: TestServer;
let ann: Client;
let bob: Client;

/** In ann's sandbox, as she would in a terminal. */
let bash: (script: string) => Promise<ExecResult>;

const files = '/api/labs/read-only/files';
const at = (path: string) => `${files}/content?path=${encodeURIComponent(path)}`;

beforeAll(async () => {
  server = await startTestServer('files', { poolLimit: 2, storageMiB: 64 });
  ann = await Client.learner(server.url);
  bob = await Client.learner(server.url, 'ja');
  const terminal = ann.terminal();
  await until(() => terminal.frame('ready'), Boolean);
  await terminal.leave();
  const [record] = await server.withStore((store) => store.openSandboxes());
  bash = (script) =>
    server.withSandboxes(async (sandboxes) => {
      const own = sandboxes.find(({ handle }) => handle.id === record!.id) as Sandbox;
      const result = await own.run({ command: ['/bin/bash', '-c', script], timeoutMs: 30_000 });
      expect([script, result.exitCode, result.stderr]).toEqual([script, 0, '']);
      return result;
    });
});
afterAll(() => server.dispose());

const send = (who: Client, method: string, path: string, body: unknown) =>
  fetch(server.url + path, {
    method,
    headers: { cookie: who.cookie, origin: server.url, 'x-toride': '1', 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  }).then(async (response) => ({ status: response.status, json: await response.json() }));
const save = (path: string, text: string, base: string | null) =>
  send(ann, 'PUT', `${files}/content`, { path, text, base });
const code = ({ status, json }: { status: number; json: { error?: { code: string } } }) => [status, json.error?.code];
const hasCode = async (path: string) => code(await ann.ask('GET', at(path)));
async function list(path: string) {
  const { json } = await ann.ask('GET', `${files}?path=${encodeURIComponent(path)}`);
  return json.folders[0].entries as { name: string; kind: string; mode: string; size: number }[] | null;
}

describe('an honest learner', () => {
  test('sees the home, reads, saves, and the shell sees the same', async () => {
    const { json } = await ann.ask('GET', `${files}?path=&path=lab&path=gone`);
    expect(
      json.folders.map(({ path, entries }: { path: string; entries: unknown }) => [path, entries !== null]),
    ).toEqual([
      ['', true],
      ['lab', true],
      ['gone', false],
    ]);
    expect((await list(''))!.find(({ name }) => name === '.bashrc')).toMatchObject({ kind: 'file', mode: '0644' });

    const made = await save('lab/note.txt', 'one\nzwei\n三\n', null);
    expect(made.status).toBe(200);
    expect((await bash('cat lab/note.txt; stat -c "%U:%G %a" lab/note.txt')).stdout).toBe(
      'one\nzwei\n三\nlearner:learner 644\n',
    );
    const read = await ann.ask('GET', at('lab/note.txt'));
    expect(read.json).toEqual({
      path: 'lab/note.txt',
      mode: '0644',
      text: 'one\nzwei\n三\n',
      version: made.json.version,
    });
    expect((await bash('sha256sum lab/note.txt')).stdout.split(' ')[0]).toBe(made.json.version);
  });

  test.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 100_000, 1024 * 1024])(
    'a version is SHA-256: %i bytes',
    async (size) => {
      const { json } = await save(`sum-${size}`, 'x'.repeat(size), null);
      expect((await bash(`sha256sum sum-${size}; rm sum-${size}`)).stdout.split(' ')[0]).toBe(json.version);
    },
  );

  test('a saved file keeps its mode, and its links where it has several', async () => {
    await bash('printf a > run.sh; chmod 750 run.sh; printf b > one; ln one two; ln -s one three');
    const version = async (path: string) => (await ann.ask('GET', at(path))).json.version;
    expect((await save('run.sh', 'A', await version('run.sh'))).status).toBe(200);
    expect((await save('two', 'B, longer', await version('two'))).status).toBe(200);
    expect((await bash('stat -c %a run.sh; cat run.sh one; stat -c %h one')).stdout).toBe('750\nAB, longer2\n');
    expect((await save('three', 'C', await version('three'))).status).toBe(200);
    expect((await bash('cat one; readlink three')).stdout).toBe('Cone\n');
  });

  test('makes, renames and removes, never over something', async () => {
    expect(code(await send(ann, 'POST', `${files}/folder`, { path: 'box' }))).toEqual([200, undefined]);
    expect(code(await send(ann, 'POST', `${files}/folder`, { path: 'box' }))).toEqual([409, 'file-exists']);
    await save('box/a', 'a', null);
    await save('b', 'b', null);
    expect(code(await send(ann, 'POST', `${files}/rename`, { path: 'box/a', to: 'b' }))).toEqual([409, 'file-exists']);
    expect(code(await send(ann, 'POST', `${files}/rename`, { path: 'box/a', to: 'box/c' }))).toEqual([200, undefined]);
    expect(code(await send(ann, 'POST', `${files}/remove`, { path: 'box', tree: false }))).toEqual([
      409,
      'file-not-empty',
    ]);
    expect(code(await send(ann, 'POST', `${files}/remove`, { path: 'box', tree: true }))).toEqual([200, undefined]);
    expect(code(await send(ann, 'POST', `${files}/remove`, { path: '-b', tree: false }))).toEqual([
      404,
      'file-not-found',
    ]);
    expect(await list('box')).toBeNull();
    expect((await bash('cat b')).stdout).toBe('b');
  });

  test('a change underneath is not written over', async () => {
    const { json } = await save('shared', 'first', null);
    await bash('echo theirs > shared');
    expect(code(await save('shared', 'mine', json.version))).toEqual([409, 'file-changed']);
    expect(code(await save('shared', 'mine', null))).toEqual([409, 'file-changed']);
    expect((await bash('cat shared; rm shared')).stdout).toBe('theirs\n');
    expect(code(await save('shared', 'mine', json.version))).toEqual([409, 'file-changed']);
    expect((await bash('ls -A | grep -c "^.toride" || true')).stdout).toBe('0\n');
  });

  test('nothing is lost between two who save without a pause', async () => {
    await bash('echo 0 > race');
    const shell = bash('for i in $(seq 300); do echo "$i" > race.$i; mv race.$i race; done; echo end > race');
    let saved = 0;
    let refused = 0;
    for (let i = 0; i < 25; i++) {
      const { json } = await ann.ask('GET', at('race'));
      const { status } = await save('race', `editor ${i}`, json.version);
      if (status === 200) saved++;
      else refused++;
    }
    await shell;
    expect(saved + refused).toBe(25);
    // The shell's last word is there, or what was saved by somebody who had read it.
    const after = await ann.ask('GET', at('race'));
    expect(after.json.text).toMatch(/^(end\n|editor \d+)$/);
    expect((await bash('ls -A | grep -c "^.toride" || true')).stdout).toBe('0\n');
  });
});

describe('a hostile home', () => {
  test('no link leads out of it, by whatever way', async () => {
    await bash(`mkdir -p evil; cd evil
      ln -s /etc/passwd absolute; ln -s ../../../etc/passwd dots; ln -s /proc/self/root root; ln -s /proc/1/root/etc init
      ln -s /tmp tmp; ln -s loop loop; ln -s ../lab inside; ln -s . self`);
    for (const path of ['absolute', 'dots', 'root/etc/passwd', 'init/passwd', 'loop', 'tmp/x'])
      expect([path, ...(await hasCode(`evil/${path}`))]).toEqual([path, 403, 'file-outside']);
    expect(await list('evil/tmp')).toBeNull();
    expect(await list('evil/root')).toBeNull();
    expect(await list('evil/inside')).not.toBeNull();
    expect(await list('evil/self/self/self')).not.toBeNull();
    for (const path of ['evil/absolute', 'evil/tmp/x', 'evil/dots']) {
      const made = await save(path, 'x', null);
      expect([path, made.status]).toEqual([path, path.includes('tmp') ? 403 : 409]);
    }
    expect(code(await send(ann, 'POST', `${files}/rename`, { path: 'evil/inside', to: 'evil/tmp/inside' }))).toEqual([
      403,
      'file-outside',
    ]);
    expect(code(await send(ann, 'POST', `${files}/remove`, { path: 'evil/root/tmp', tree: true }))).toEqual([
      403,
      'file-outside',
    ]);
    // A link itself is only a name; what it points at stays.
    await bash('mkdir -p keep evil/deep; touch keep/me; ln -s ../../keep evil/deep/link; ln -s /etc evil/deep/etc');
    expect(code(await send(ann, 'POST', `${files}/remove`, { path: 'evil/deep', tree: true }))).toEqual([
      200,
      undefined,
    ]);
    expect((await bash('ls keep; ls /etc/passwd')).stdout).toBe('me\n/etc/passwd\n');
  });

  test.each(['/etc/passwd', '../x', 'a/../../x', './a', 'a//b', 'a/', '..', 'a\0b', 'long'.repeat(300)])(
    'a path that is none is not understood: %.20j',
    async (path) => {
      expect(await hasCode(path)).toEqual([400, 'bad-request']);
      expect(code(await save(path, 'x', null))).toEqual([400, 'bad-request']);
      expect(code(await send(ann, 'POST', `${files}/rename`, { path: '.bashrc', to: path }))).toEqual([
        400,
        'bad-request',
      ]);
    },
  );

  test('what is no file is neither opened nor waited for', async () => {
    await bash('mkfifo pipe; mkdir -p folder');
    const start = Date.now();
    expect(await hasCode('pipe')).toEqual([409, 'file-no-file']);
    expect(await hasCode('folder')).toEqual([409, 'file-no-file']);
    expect(code(await save('pipe', 'x', 'a'.repeat(64)))).toEqual([409, 'file-no-file']);
    expect(code(await save('pipe', 'x', null))).toEqual([409, 'file-changed']);
    expect(Date.now() - start).toBeLessThan(3000);
    expect((await list(''))!.find(({ name }) => name === 'pipe')!.kind).toBe('fifo');
  });

  test('large, binary and closed files', async () => {
    await bash(`truncate -s 100G huge; head -c 1048577 /dev/zero > over; head -c 100 /dev/urandom > bin; printf '\\0' >> bin
      printf '\\377\\376x' > latin; printf closed > closed; chmod 000 closed; printf ro > ro; chmod 444 ro`);
    expect(await hasCode('huge')).toEqual([413, 'file-too-large']);
    expect(await hasCode('over')).toEqual([413, 'file-too-large']);
    for (const path of ['bin', 'latin']) expect((await ann.ask('GET', at(path))).json.text).toBeNull();
    expect(await hasCode('closed')).toEqual([403, 'file-not-permitted']);
    const { json } = await ann.ask('GET', at('ro'));
    expect(code(await save('ro', 'x', json.version))).toEqual([403, 'file-not-permitted']);
    expect((await bash('cat ro')).stdout).toBe('ro');
    expect(code(await save('big', 'x'.repeat(1024 * 1024 + 1), null))).toEqual([400, 'bad-request']);
    expect(code(await save('big', '三'.repeat(400_000), null))).toEqual([400, 'bad-request']);
    const flood = await send(ann, 'PUT', `${files}/content`, `{"path":"${'x'.repeat(8 * 1024 * 1024)}"}`);
    expect(code(flood)).toEqual([413, 'file-too-large']);
  });

  test('what belongs to another user in the home is as closed as to the shell, and stays theirs', async () => {
    await bash(`echo theirs > foreign; echo open > open; echo hidden > hidden
      podman unshare sh -c 'chown 5:5 foreign open hidden; chmod 644 foreign; chmod 666 open; chmod 600 hidden'`);
    expect(await hasCode('hidden')).toEqual([403, 'file-not-permitted']);
    const version = async (path: string) => (await ann.ask('GET', at(path))).json.version;
    expect(code(await save('foreign', 'mine', await version('foreign')))).toEqual([403, 'file-not-permitted']);
    expect((await save('open', 'mine', await version('open'))).status).toBe(200);
    expect((await bash('cat foreign open; stat -c "%u %a" foreign open')).stdout).toBe(
      'theirs\nmine100004 644\n100004 666\n',
    );
  });

  test('a full disk: the old file is whole, the reason is told', async () => {
    const old = await save('precious', 'old content', null);
    await save('linked', 'old content', null);
    await bash('ln linked linked-too; head -c 100M /dev/zero > filler 2>/dev/null || true');
    expect(code(await save('precious', 'y'.repeat(200_000), old.json.version))).toEqual([507, 'file-no-space']);
    expect(code(await save('linked', 'y'.repeat(200_000), old.json.version))).toEqual([507, 'file-no-space']);
    expect(code(await save('fresh', 'y'.repeat(200_000), null))).toEqual([507, 'file-no-space']);
    expect(
      (await bash('cat precious linked; ls fresh 2>/dev/null || true; ls -A | grep "^.toride" || true; rm filler'))
        .stdout,
    ).toBe('old contentold content');
    expect((await save('precious', 'new', old.json.version)).status).toBe(200);
  });

  test('a folder that changes under a removal takes nothing else with it', async () => {
    await bash('mkdir -p victim; echo v > victim/v; mkdir -p many; for i in $(seq 1100); do : > many/$i; done');
    expect(code(await send(ann, 'POST', `${files}/remove`, { path: 'many', tree: true }))).toEqual([
      409,
      'file-too-many',
    ]);
    expect((await list('many'))!.length).toBe(1100);
    const shell = bash(`rm -rf many swap; mkdir -p swap/in; for i in $(seq 200); do
      mkdir -p swap/in 2>/dev/null; rm -rf swap/in 2>/dev/null; ln -s ../victim swap/in 2>/dev/null; rm -rf swap/in 2>/dev/null; done; true`);
    for (let i = 0; i < 20; i++) await send(ann, 'POST', `${files}/remove`, { path: 'swap', tree: true });
    await shell;
    expect((await bash('cat victim/v')).stdout).toBe('v\n');
  });
});

describe('others', () => {
  test('bob has no room there, and reaches none', async () => {
    expect(code(await bob.ask('GET', files))).toEqual([409, 'no-sandbox']);
    expect(code(await bob.ask('GET', at('lab/note.txt')))).toEqual([409, 'no-sandbox']);
    expect(code(await send(bob, 'PUT', `${files}/content`, { path: 'b', text: '', base: null }))).toEqual([
      409,
      'no-sandbox',
    ]);
  });

  test('a stranger, another site, another lab, another method', async () => {
    expect((await new Client(server.url).ask('GET', files)).status).toBe(401);
    const { status } = await ann.ask('PUT', `${files}/content`, { origin: 'https://evil.example' });
    expect(status).toBe(403);
    expect((await ann.ask('GET', files.replace('read-only', 'nothing'))).status).toBe(404);
    expect((await ann.ask('DELETE', at('lab/note.txt'))).status).toBe(404);
    expect(code(await send(ann, 'POST', `${files}/remove`, { path: 'b', tree: false, more: 1 }))).toEqual([
      400,
      'bad-request',
    ]);
    expect(code(await send(ann, 'POST', `${files}/remove`, '{'))).toEqual([400, 'bad-request']);
  });

  test('many at once: some are told to wait, all are answered', async () => {
    // Each long enough that they meet.
    await bash('mkdir crowd; for i in $(seq 1500); do : > crowd/$i; done');
    const slow = `${files}?${'path=crowd&'.repeat(16)}`;
    const answers = await Promise.all(Array.from({ length: 40 }, () => ann.ask('GET', slow)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]));
    expect((await ann.ask('GET', files)).status).toBe(200);
  });
});
