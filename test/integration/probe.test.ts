/** The probe, on namespaces of `unshare`'s making: what it tells of them, and what it does with what is in its way. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  actor,
  actors,
  container,
  errorOf,
  folder,
  named,
  observe,
  probesLeft,
  python,
  run,
  running,
  snapshot,
} from '../helpers/probe.ts';

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
