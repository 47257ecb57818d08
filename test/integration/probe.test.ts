/** The probe, on namespaces of `unshare`'s making: what it tells of them, and what it does with what is in its way. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  attributesSchema,
  fileSchema,
  type ProcessTable,
  processTableSchema,
  requestSchema,
} from '../../src/inspector/snapshot.ts';

const source = join(import.meta.dirname, '../../containers/probe');
const actors = join(source, 'test/actors.py');
/** Python itself, not what starts it: names and command lines are looked at. */
const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
const containerFlags = ['--user', '--map-root-user', '--pid', '--fork', '--kill-child', '--mount-proc', '--net'];

let folder: string;
let probe: string;
const running: ChildProcess[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'toride-probe-'));
  execFileSync('make', ['-s', '-C', source, `OUT=${folder}`]);
  probe = join(folder, 'toride-probe');
});
afterEach(async () => {
  await Promise.all(
    running.splice(0).map((child) => {
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      return ended;
    }),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a container whose init runs the command; resolves when that says "ready", with what else it says. */
async function container(command: string[], flags: readonly string[] = containerFlags) {
  const child = spawn('unshare', [...flags, ...command], { stdio: ['pipe', 'pipe', 'inherit'] });
  running.push(child);
  let text = '';
  for await (const data of child.stdout.iterator({ destroyOnReturn: false })) {
    text += data;
    if (text.includes('\n')) break;
  }
  expect(text).toMatch(/^ready/);
  const init = Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8'));
  return { init, said: text.trim().split(' ').slice(1) };
}
const actor = (name: string, ...args: string[]) => container([python, actors, name, ...args]);

/** Runs the probe; the object it printed, and how it ended. */
function run(...args: string[]) {
  const result = spawnSync(probe, args, { timeout: 10_000, maxBuffer: 1 << 26 });
  expect(result.signal).toBeNull();
  const text = new TextDecoder('utf-8', { fatal: true }).decode(result.stdout);
  return { status: result.status, output: text === '' ? null : JSON.parse(text), stderr: result.stderr.toString() };
}
function observe(command: string, init: number, ...args: string[]) {
  const { status, output } = run(command, '--init', String(init), ...args);
  expect(output).not.toHaveProperty('error');
  expect(status).toBe(0);
  return output;
}
function errorOf(command: string, init: number, ...args: string[]) {
  const { status, output } = run(command, '--init', String(init), ...args);
  expect(status).toBe(1);
  expect(Object.keys(output)).toEqual(['error']);
  return output.error as { code: string; message: string };
}
const snapshot = (init: number): ProcessTable => processTableSchema.strict().parse(observe('snapshot', init));
const named = (table: ProcessTable, name: string) => table.processes.find((process) => process.name === name)!;
/** The process with this pid in the container's own pid namespace. */
const inside = (table: ProcessTable, pid: string) =>
  table.processes.find((process) => String(process.nsPids.at(-1 - process.pidNsDepth)) === pid)!;

describe('command line', () => {
  test.each([
    [[]],
    [['snapshot']],
    [['snapshot', '--init', '-1']],
    [['snapshot', '--init', '12x']],
    [['snapshot', '--init', '1', '--init-start', '']],
    [['snapshot', '--init', '1', 'more']],
    [['snapshot', '--init', '1', '--time-limit-ms']],
    [['read', '--init', '1', '--path', 'relative']],
    [['request', '--init', '1', '--port', '70000']],
    [['request', '--init', '1', '--port', '80', '--path', '/a b']],
    [['request', '--init', '1', '--port', '80', '--host', 'a\r\nb: c']],
    [['unknown', '--init', '1']],
  ])('%j is refused', (args) => {
    const { status, output, stderr } = run(...args);
    expect(output).toBeNull();
    expect(stderr).toMatch(/^toride-probe: /);
    expect(status).toBe(2);
  });

  test('a process that is not the one meant, has ended or is no container', async () => {
    const { init } = await actor('names');
    const { startTime } = snapshot(init).init;
    expect(observe('snapshot', init, '--init-start', String(startTime)).init).toEqual({ pid: init, startTime });
    for (const [command, ...rest] of [
      ['snapshot'],
      ['read', '--path', '/etc/hostname'],
      ['request', '--port', '80'],
    ] as const) {
      expect(errorOf(command, init, '--init-start', String(startTime + 1), ...rest).code).toBe('init-gone');
      expect(errorOf(command, 2 ** 22 + 1, ...rest).code).toBe('init-gone');
      expect(errorOf(command, process.pid, ...rest).code).toBe('not-a-container');
    }
  });

  test('the time limit ends the probe with all it started', async () => {
    const { init } = await actor('serve', 'silent');
    const start = performance.now();
    const patience = ['--port', '8000', '--wait-ms', '30000'];
    expect(errorOf('request', init, ...patience, '--time-limit-ms', '200').code).toBe('time-limit');
    const elapsed = performance.now() - start;
    expect(elapsed).toBeGreaterThan(200);
    expect(elapsed).toBeLessThan(800);
    await expect.poll(probesLeft, { timeout: 1000 }).toEqual([]);
  });
});

function probesLeft() {
  return readdirSync('/proc').filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/exe`) === probe;
    } catch {
      return false;
    }
  });
}

describe('snapshot', () => {
  test('agrees with the kernel about a plain process', async () => {
    const { init } = await actor('names');
    const table = snapshot(init);
    const [process] = table.processes;
    expect(table).toMatchObject({ init: { pid: init }, truncated: false, vanished: 0 });
    expect(table.processes).toHaveLength(1);
    const status = readFileSync(`/proc/${init}/status`, 'utf8');
    const line = (key: string) => new RegExp(`^${key}:\\s(.*)$`, 'm').exec(status)![1]!;
    const list = (key: string) => line(key).trim().split(/\s+/).filter(Boolean).map(Number);
    expect(process).toMatchObject({
      pid: init,
      nsPids: list('NSpid'),
      ppid: Number(line('PPid')),
      uid: list('Uid'),
      gid: list('Gid'),
      groups: list('Groups'),
      capEff: line('CapEff'),
      capBnd: line('CapBnd'),
      noNewPrivs: Number(line('NoNewPrivs')),
      seccomp: Number(line('Seccomp')),
      seccompFilters: Number(line('Seccomp_filters')),
      name: basename(python),
      exe: readlinkSync(`/proc/${init}/exe`),
      cmdline: [python, actors, 'names'],
      threads: 1,
      threadsUniform: true,
      pidNsDepth: 0,
      tracerPid: 0,
    });
    expect(process!.nsPids).toHaveLength(2);
    for (const [name, inode] of Object.entries(process!.namespaces))
      expect(readlinkSync(`/proc/${init}/ns/${name}`)).toBe(`${name}:[${inode}]`);
    expect(process!.uidMap).toEqual([readFileSync(`/proc/${init}/uid_map`, 'utf8').trim().split(/\s+/).map(Number)]);
    const nofile = /^Max open files\s+(\S+)\s+(\S+)/m.exec(readFileSync(`/proc/${init}/limits`, 'utf8'))!;
    expect(process!.limits.nofile).toEqual(
      [nofile[1], nofile[2]].map((value) => (value === 'unlimited' ? null : Number(value))),
    );
    const age = (table.takenAt - process!.startTime) / table.clockTicks;
    expect(age).toBeGreaterThanOrEqual(0);
    expect(age).toBeLessThan(30);
  });

  test('names can be any bytes', async () => {
    const names = [') S 1 (x', 'a"b\\c\nd\te', '\x01\x7f', 'ｎ名', '((('];
    const invalid = [
      [0xff, 0x41, 0xed, 0xa0, 0x80, 0xc3],
      [0xe0, 0x80, 0x80, 0xf0, 0x80, 0x80, 0x80, 0xf4, 0x90, 0x80, 0x80],
    ];
    const bytes = [...names.map((name) => Buffer.from(name)), ...invalid.map((name) => Buffer.from(name))];
    const { init } = await actor('names', ...bytes.map((name) => name.toString('hex')));
    const table = snapshot(init);
    const found = table.processes.filter(({ pid }) => pid !== init);
    expect(found.map(({ name }) => name)).toEqual([...names, '\ufffdA\ufffd\ufffd\ufffd\ufffd', '\ufffd'.repeat(11)]);
    for (const process of found) expect(process).toMatchObject({ ppid: init, state: 'S', threads: 1 });
  });

  // Not said to be truncated: nothing is judged by it, and a learner's long `bash -c` must not cost the grade.
  test('a huge command line is cut', async () => {
    const { init } = await actor('command-line', '100000');
    const table = snapshot(init);
    const { cmdline } = table.processes.find((process) => process.cmdline[0] === 'odd')!;
    expect(cmdline.slice(3, 7)).toEqual(['', '"quoted"\n\\', '\ufffd\ufffd', 'ｎ']);
    expect(cmdline[7]).toMatch(/^x{3900,4096}$/);
    expect(cmdline).toHaveLength(8);
    expect(table.truncated).toBe(false);
  });

  test('zombies and stopped processes are told of', async () => {
    const { init } = await actor('zombie');
    const states = Object.groupBy(snapshot(init).processes, ({ state }) => state);
    expect(states.Z).toHaveLength(1);
    expect(states.Z![0]).toMatchObject({
      exe: null,
      exeFile: null,
      cmdline: [],
      mountTable: null,
      netTable: null,
      sockets: [],
    });
    expect(states.Z![0]!.namespaces).toMatchObject({ mnt: null, net: null, pid: expect.any(Number) });
    expect(states.T).toHaveLength(1);
  });

  test('processes that vanish meanwhile are left out and counted', async () => {
    const { init } = await actor('vanishing');
    let vanished = 0;
    for (let i = 0; i < 150 && vanished === 0; i++) {
      const table = snapshot(init);
      vanished += table.vanished;
      for (const process of table.processes) {
        expect(process.nsPids).toHaveLength(2);
        expect(process.nsPids[0]).toBe(process.pid);
      }
    }
    expect(vanished).toBeGreaterThan(0);
  });

  test('threads that differ from their leader', async () => {
    const { init } = await actor('threads', 'privileges');
    const table = snapshot(init);
    expect(named(table, 'differ')).toMatchObject({ threads: 2, noNewPrivs: 0, threadsUniform: false });
    expect(named(table, 'alike')).toMatchObject({ threads: 2, noNewPrivs: 0, threadsUniform: true });
  });

  test('threads whose leader has exited are not vouched for', async () => {
    const { init } = await actor('threads', 'headless');
    expect(named(snapshot(init), 'headless')).toMatchObject({ state: 'Z', threads: 2, threadsUniform: false });
  });

  test('hundreds of mounts, odd ones among them', async () => {
    const place = join(folder, 'mounts');
    mkdirSync(place);
    const { init } = await actor('mounts', '400', place);
    const table = snapshot(init);
    const mounts = table.mountTables[table.processes[0]!.mountTable!]!;
    expect(mounts.filter(({ mountPoint }) => mountPoint === place)).toHaveLength(400);
    expect(mounts.at(-1)).toMatchObject({
      mountPoint: `${place}/a b\n\\c"\ufffd`,
      root: '/',
      fsType: 'tmpfs',
      source: 'odd,\\source',
      superOptions: expect.arrayContaining(['rw', 'size=4k']),
    });
    expect(mounts.findLast(({ mountPoint }) => mountPoint === '/proc')!.options).toContain('nosuid');
    expect(table.truncated).toBe(false);
  });

  test('mounts are those that the process itself sees', async () => {
    const place = join(folder, 'roots');
    mkdirSync(place);
    const { init } = await actor('roots', place);
    const table = snapshot(init);
    const rootOptions = (name: string) =>
      table.mountTables[named(table, name).mountTable!]!.map(({ mountPoint, options }) => [mountPoint, options[0]]);
    expect(rootOptions('writable')).toEqual([['/', 'rw']]);
    expect(rootOptions('readonly')).toEqual([['/', 'ro']]);
    expect(named(table, 'readonly').namespaces.mnt).toBe(named(table, 'writable').namespaces.mnt);
    expect(table.mountTables).toHaveLength(3);
  });

  test('too many mounts are cut', async () => {
    const place = join(folder, 'more-mounts');
    mkdirSync(place);
    const { init } = await actor('mounts', '1100', place);
    const table = snapshot(init);
    expect(table.mountTables.map((mounts) => mounts.length)).toEqual([1024]);
    expect(table.truncated).toBe(true);
  });

  test('pid namespaces five deep, and who is no member', async () => {
    const deeper = ['unshare', '--user', '--map-root-user', '--pid', '--fork', '--mount-proc'];
    const levels = Array.from({ length: 5 }, () => deeper).flat();
    const { init } = await container([...levels, python, actors, 'names']);
    const other = await actor('names');
    const table = snapshot(init);
    const deepest = table.processes.at(-1)!;
    expect(table.processes.map(({ pidNsDepth }) => pidNsDepth)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(table.processes.map(({ nsPids }) => nsPids.length)).toEqual([2, 3, 4, 5, 6, 7]);
    expect([deepest.nsPids[0], deepest.nsPids[6]]).toEqual([deepest.pid, 1]);
    expect(new Set(table.processes.map(({ namespaces }) => namespaces.user)).size).toBe(5);
    expect(table.processes.every(({ netTable }) => netTable === 0)).toBe(true);
    expect(table.mountTables).toHaveLength(5);
    expect(table.processes.map(({ pid }) => pid)).not.toContain(other.init);
    expect(snapshot(other.init).processes.map(({ pid }) => pid)).toEqual([other.init]);
    expect(snapshot(deepest.pid).processes).toMatchObject([{ pid: deepest.pid, pidNsDepth: 0 }]);
  });

  test('a process entered from outside is a member', async () => {
    const { init } = await actor('names');
    const entering = spawn('nsenter', [
      '--target',
      String(init),
      '--user',
      '--pid',
      '--preserve-credentials',
      'sleep',
      '1000',
    ]);
    running.push(entering);
    await expect.poll(() => snapshot(init).processes.map(({ name }) => name)).toContain('sleep');
    const { pid, ppid } = named(snapshot(init), 'sleep');
    expect(ppid).toBe(entering.pid);
    process.kill(pid, 'SIGKILL');
  });

  test('sockets, and who holds them', async () => {
    const place = join(folder, 'sockets');
    mkdirSync(place);
    const { init, said } = await actor('sockets', place);
    const table = snapshot(init);
    const [{ sockets } = { sockets: [] }] = table.netTables;
    const server = sockets.find(({ state, localPort }) => state === 'LISTEN' && localPort === 1234)!;
    expect(table.netTables).toHaveLength(1);
    expect(server).toMatchObject({ protocol: 'tcp', localAddress: '127.0.0.1', remotePort: 0, inode: Number(said[0]) });
    expect(table.processes[0]!.sockets).toContain(server.inode);
    expect(sockets).toContainEqual(
      expect.objectContaining({ protocol: 'tcp6', state: 'LISTEN', localAddress: '::1', localPort: 1235 }),
    );
    expect(sockets).toContainEqual(
      expect.objectContaining({ protocol: 'udp', localAddress: '127.0.0.1', localPort: 1236 }),
    );
    expect(sockets.filter(({ state, remotePort }) => state === 'ESTABLISHED' && remotePort === 1234)).toHaveLength(1);
    expect(
      sockets
        .filter(({ protocol }) => protocol === 'unix')
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['@abstract', 'odd ', 'plain.sock']);
  });

  test('more descriptors than are looked at', async () => {
    const { init } = await actor('many-sockets', '1100');
    const table = snapshot(init);
    expect(table.truncated).toBe(true);
    expect(table.processes[0]!.sockets.length).toBeGreaterThan(1000);
    expect(table.processes[0]!.sockets.length).toBeLessThanOrEqual(1024);
  });
});

describe('read', () => {
  const read = (init: number, path: string, ...args: string[]) => observe('read', init, '--path', path, ...args);
  const refusal = (init: number, path: string, ...args: string[]) => {
    const { code, message } = errorOf('read', init, '--path', path, ...args);
    return `${code}: ${message}`;
  };
  async function prepared(name: string, kind = 'root') {
    const place = join(folder, name);
    mkdirSync(place);
    return (await actor(kind, place)).init;
  }

  test('gives a file whole, and follows links only inside the root', async () => {
    const init = await prepared('root-plain');
    const file = read(init, '/etc/plain');
    expect(fileSchema.parse(file)).toMatchObject({
      path: '/etc/plain',
      size: 8,
      mode: '0640',
      uid: process.getuid!(),
      gid: process.getgid!(),
      base64: Buffer.from('inside\x00\xff', 'latin1').toString('base64'),
    });
    expect(Math.abs(file.mtime - Date.now() / 1000)).toBeLessThan(60);
    for (const path of ['/etc/link', '/etc/absolute', '/etc/dots', '/../../etc/plain'])
      expect(read(init, path)).toEqual({ ...file, path });
    expect(read(init, '/etc/plain', '--max', '8').size).toBe(8);
  });

  test('refuses all else', async () => {
    const init = await prepared('root-odd');
    expect(refusal(init, '/etc/outside')).toBe('not-found: /etc/outside does not exist');
    expect(refusal(init, '/etc/absent')).toMatch(/^not-found: /);
    expect(refusal(init, '/etc/plain/below')).toMatch(/^not-found: /);
    expect(refusal(init, '/etc/magic')).toMatch(/^(too-many-links|not-found): /);
    expect(refusal(init, '/etc/magic-init')).toMatch(/^too-many-links: /);
    expect(refusal(init, '/etc/loop')).toMatch(/^too-many-links: /);
    expect(refusal(init, '/etc/fifo')).toBe('not-a-file: /etc/fifo is a fifo');
    expect(refusal(init, '/etc/socket')).toBe('not-a-file: /etc/socket is a socket');
    expect(refusal(init, '/etc')).toBe('not-a-file: /etc is a directory');
    expect(refusal(init, '/etc/large')).toMatch(/^too-large: .* 1099511627776 bytes/);
    expect(refusal(init, '/etc/plain', '--max', '7')).toMatch(/^too-large: /);
    expect(refusal(init, '/proc/kallsyms', '--max', '100')).toMatch(/^too-large: .* more than 100 bytes/);
    expect(refusal(init, `/${'x'.repeat(5000)}`)).toMatch(/^unreadable: /);
  });

  test('a device', async () => {
    const init = await prepared('root-device', 'device');
    expect(refusal(init, '/dev/null')).toBe('not-a-file: /dev/null is a device');
  });

  test('lists a directory', async () => {
    const init = await prepared('root-list');
    const { entries, truncated } = read(init, '/etc', '--list');
    expect(truncated).toBe(false);
    expect(Object.fromEntries(entries.map(({ name, type }: Record<string, string>) => [name, type]))).toMatchObject({
      plain: 'file',
      fifo: 'fifo',
      link: 'symlink',
      socket: 'socket',
      deep: 'directory',
    });
    expect(entries.find(({ name }: { name: string }) => name === 'plain')).toMatchObject({ size: 8, mode: '0640' });
    expect(read(init, '/etc/deep', '--list').entries).toMatchObject([{ name: 'odd\n"\ufffd', type: 'file', size: 1 }]);
    const crowd = read(init, '/etc/crowded', '--list');
    expect(crowd.entries).toHaveLength(4096);
    expect(crowd.truncated).toBe(true);
    expect(refusal(init, '/etc/fifo', '--list')).toBe('not-a-directory: /etc/fifo is a fifo');
    expect(refusal(init, '/etc/absent', '--list')).toMatch(/^not-found: /);
  });

  test('tells owner, mode and kind of whatever is there, and opens none of it', async () => {
    const init = await prepared('root-attributes');
    const attributes = (path: string) => attributesSchema.parse(read(init, path, '--attributes'));
    const [uid, gid] = [process.getuid!(), process.getgid!()];
    expect(attributes('/etc/plain')).toMatchObject({ path: '/etc/plain', type: 'file', mode: '0640', uid, gid });
    expect(attributes('/etc')).toMatchObject({ type: 'directory', uid, gid });
    expect(attributes('/etc/fifo')).toMatchObject({ type: 'fifo' });
    expect(attributes('/etc/link')).toMatchObject({ type: 'file' });
    expect(refusal(init, '/etc/absent', '--attributes')).toMatch(/^not-found: /);
    expect(refusal(init, '/etc/outside', '--attributes')).toMatch(/^not-found: /);
  });
});

describe('request', () => {
  const request = (init: number, port: number, ...args: string[]) =>
    requestSchema.strict().parse(observe('request', init, '--port', String(port), ...args));
  const bodyOf = (answer: { body?: string }) => Buffer.from(answer.body!, 'base64').toString('latin1');
  const behaviours = [
    'echo',
    'silent',
    'endless',
    'endless-head',
    'dribble',
    'chunked',
    'cut-chunk',
    'bad-chunk',
    'headers',
    'many-headers',
    'long-header',
    'fat-headers',
    'length-lies',
    'interim',
    'garbage',
    'nothing',
    'half',
    'closing',
  ] as const;
  const port = (behaviour: (typeof behaviours)[number]) => 8000 + behaviours.indexOf(behaviour);

  test('answers of all kinds', async () => {
    const { init } = await actor('serve', ...behaviours);
    const ask = (behaviour: (typeof behaviours)[number], ...args: string[]) => request(init, port(behaviour), ...args);

    const echo = ask('echo', '--path', '/x?y', '--host', 'a.example', '--method', 'POST');
    expect(echo).toMatchObject({ connected: true, status: 200, truncated: false, chunked: false });
    expect(bodyOf(echo)).toBe(
      'POST /x?y HTTP/1.1\r\nHost: a.example\r\nAccept: */*\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
    );
    expect(echo.elapsedMs).toBeLessThan(300);
    const headless = ask('echo', '--method', 'HEAD');
    expect(headless).toMatchObject({ status: 200, body: '', truncated: false });
    expect(Number(headless.headers!['content-length'])).toBeGreaterThan(50);

    expect(bodyOf(ask('chunked'))).toBe('hello, world');
    expect(ask('chunked')).toMatchObject({ chunked: true, truncated: false });
    expect(ask('cut-chunk')).toMatchObject({ chunked: true, truncated: true, body: btoa('hello') });
    expect(ask('bad-chunk')).toMatchObject({ chunked: true, truncated: true, body: btoa('abc') });

    const { headers } = ask('headers');
    expect(Object.entries(headers!)).toEqual([
      ['x-two', 'a, b'],
      ['content-type', 'Text/Plain'],
      ['x-odd', '"\ufffd\x01'],
    ]);
    expect(Object.keys(ask('many-headers').headers!)).toHaveLength(64);
    expect(bodyOf(ask('length-lies'))).toBe('short');
    expect(ask('interim')).toMatchObject({ status: 404, body: btoa('late') });

    const endless = ask('endless', '--max', '1000');
    expect(endless).toMatchObject({ connected: true, truncated: true });
    expect(bodyOf(endless)).toBe('z'.repeat(1000));
    const dribble = ask('dribble', '--wait-ms', '100');
    expect(dribble).toMatchObject({ status: 200, truncated: true });
    expect(bodyOf(dribble)).toMatch(/^\.{2,20}$/);

    const failure = (...args: Parameters<typeof ask>) => {
      const { connected, reason } = ask(...args);
      return connected ? 'connected' : reason;
    };
    expect(failure('endless-head')).toBe('not-http');
    expect(failure('long-header')).toBe('not-http');
    expect(failure('fat-headers')).toBe('not-http');
    expect(failure('garbage')).toBe('not-http');
    expect(failure('nothing')).toBe('closed');
    expect(failure('half')).toBe('closed');
    expect(failure('closing')).toMatch(/^(closed|reset)$/);
    expect(failure('silent', '--wait-ms', '50')).toBe('timeout');
    expect(request(init, 7999, '--wait-ms', '50')).toMatchObject({ connected: false, reason: 'timeout', servedBy: [] });
    expect(request(init, 9)).toMatchObject({ connected: false, reason: 'refused' });
  });

  test('a server of the container itself', async () => {
    const { init } = await actor('serve', 'chunked');
    const [{ startTime, namespaces } = { startTime: 0, namespaces: { net: 0 } }] = snapshot(init).processes;
    expect(request(init, 8000).servedBy).toEqual([
      { pid: init, startTime, pidNsDepth: 0, netns: namespaces.net, localPort: 8000 },
    ]);
  });

  test('a nested server in the network of the container', async () => {
    const { init, said } = await actor('host-network');
    const answer = request(init, 8080);
    const { pid, startTime, namespaces } = inside(snapshot(init), said[0]!);
    expect(answer.servedBy).toEqual([{ pid, startTime, pidNsDepth: 1, netns: namespaces.net, localPort: 8080 }]);
    expect(probesLeft()).toEqual([]);
  });

  test('the process that has the connection, not the one that has others at the same port', async () => {
    const { init } = await actor('handed-over');
    const answer = request(init, 8080);
    const handler = named(snapshot(init), 'handler');
    expect(bodyOf(answer)).toBe('body');
    expect(answer.servedBy.map(({ pid }) => pid)).toEqual([handler.pid]);
  });

  test('a nested server behind a forwarder, not the decoy that is busy meanwhile', async () => {
    const { init, said } = await actor('published');
    const answer = request(init, 8080);
    const table = snapshot(init);
    const forwarder = named(table, 'forwarder');
    const server = inside(table, said[1]!);
    expect(bodyOf(answer)).toBe('body');
    expect(inside(table, said[0]!).name).toBe('decoy');
    expect(server).toMatchObject({ name: 'server', pidNsDepth: 1 });
    expect(answer.servedBy).toEqual([
      {
        pid: forwarder.pid,
        startTime: forwarder.startTime,
        pidNsDepth: 0,
        netns: forwarder.namespaces.net,
        localPort: 8080,
      },
      { pid: server.pid, startTime: server.startTime, pidNsDepth: 1, netns: server.namespaces.net, localPort: 80 },
    ]);
    expect(server.namespaces.net).not.toBe(forwarder.namespaces.net);
  });

  test('a nested server that accepts too late is not replaced by the decoy', async () => {
    const { init } = await actor('published', '0.6');
    const answer = request(init, 8080, '--wait-ms', '2000');
    expect(answer).toMatchObject({ connected: true, status: 200 });
    expect(answer.servedBy.map(({ localPort }) => localPort)).toEqual([8080]);
  });
});
