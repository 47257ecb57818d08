/** Snapshots for tests: a sandbox with containers as Podman 5.4 makes them, each test changes what it is about. */
import type { Mount, Process, RequestObservation, Snapshot, Socket } from '../../../src/inspector/snapshot.ts';
import { notAsked } from '../../../src/inspector/snapshot.ts';

const empty = '0'.repeat(16);
let nextInode = 5000;

export function mount(mountPoint: string, options: string, more: Partial<Mount> = {}): Mount {
  const id = nextInode++;
  return {
    id,
    parent: 1,
    device: `0:${id}`,
    root: '/',
    mountPoint,
    options: options.split(','),
    optionalFields: [],
    fsType: 'tmpfs',
    source: 'tmpfs',
    superOptions: ['rw'],
    ...more,
  };
}

/** What is in every container, as mountinfo showed it. */
export function podmanMounts(root: 'ro' | 'rw', dev: 'ro' | 'rw' = root): Mount[] {
  return [
    mount('/', `${root},relatime`, { fsType: 'overlay' }),
    mount('/proc', 'rw,nosuid,nodev,noexec', { fsType: 'proc' }),
    mount('/dev', `${dev},nosuid`),
    mount('/dev/pts', 'rw,nosuid,noexec', { fsType: 'devpts' }),
    mount('/dev/mqueue', 'rw,nosuid,nodev,noexec', { fsType: 'mqueue' }),
    mount('/dev/shm', `${dev},nosuid,nodev,noexec`),
    mount('/dev/null', 'rw,nosuid,noexec', { fsType: 'devtmpfs', root: '/null' }),
    mount('/sys', 'ro,nosuid,nodev,noexec', { fsType: 'sysfs' }),
    mount('/etc/hosts', `${root},nosuid`, { fsType: 'ext4', root: '/store/userdata/hosts' }),
  ];
}

export const volume = (path: string, options = 'rw,nosuid,nodev'): Mount =>
  mount(path, options, { fsType: 'ext4', root: '/store/volumes/notes/_data' });
export const scratch = (path: string, options = 'rw,nosuid,nodev,noexec'): Mount => mount(path, options);

type World = { -readonly [K in keyof Snapshot]: Snapshot[K] };

/** A sandbox with its init process and the forwarder of the published port. */
export function world(lab: string): World {
  const parameters = { port: '8123', token: 'abc123def456' };
  const snapshot: World = {
    version: 1,
    lab,
    parameters,
    takenAt: '2026-11-24T12:00:00.000Z',
    host: { selinux: false, labels: false, cgroupLimits: false },
    sandbox: { initPid: 100, seccompFilters: 1 },
    processes: {
      ok: true,
      value: {
        version: 1,
        arch: 'x86_64',
        clockTicks: 100,
        takenAt: 0,
        init: { pid: 100, startTime: 1 },
        truncated: false,
        vanished: 0,
        processes: [],
        mountTables: [[mount('/', 'ro', { device: '0:99', fsType: 'overlay' })]],
        netTables: [{ netns: 1, sockets: [{ protocol: 'tcp', state: 'LISTEN', localPort: 8123, inode: 4000 }] }],
      },
    },
    requests: { ok: true, value: {} },
    syscalls: { ok: true, value: [] },
    containers: { ok: true, value: [] },
    images: { ok: true, value: [] },
    files: { ok: true, value: {} },
    trust: notAsked,
    containerFiles: { ok: true, value: {} },
    attributes: { ok: true, value: {} },
    servingImage: { ok: true, value: null },
    trials: { ok: true, value: null },
    scripts: { ok: true, value: {} },
  };
  const image = { device: '0:62', inode: 1 };
  addProcess(snapshot, { pid: 100, name: 'catatonit', exe: '/usr/bin/catatonit', exeFile: image });
  // In a pid namespace of its own, with nothing but an empty root, as pasta isolates itself.
  table(snapshot).mountTables.push([mount('/', 'ro,nosuid,nodev,noexec', { superOptions: ['ro', 'nr_inodes=2'] })]);
  addProcess(snapshot, {
    pid: 150,
    name: 'pasta.avx2',
    exe: '/usr/bin/pasta.avx2',
    exeFile: image,
    pidNsDepth: 1,
    namespaces: { user: 2, pid: 150, mnt: 150, net: 1, uts: 1, ipc: 1, cgroup: 1 },
    mountTable: 1,
    seccompFilters: 2,
    sockets: [4000],
  });
  return snapshot;
}

export function addProcess(snapshot: World, more: Partial<Process>): Process {
  const process: Process = {
    pid: 1,
    startTime: 1,
    ppid: 1,
    nsPids: [more.pid ?? 1, 1],
    state: 'S',
    name: 'nginx',
    exe: '/usr/sbin/nginx',
    exeFile: { device: '0:75', inode: 2 },
    cmdline: [],
    uid: [0, 0, 0, 0],
    gid: [0, 0, 0, 0],
    groups: [],
    capInh: empty,
    capPrm: empty,
    capEff: empty,
    capBnd: empty,
    capAmb: empty,
    noNewPrivs: 0,
    seccomp: 2,
    seccompFilters: 1,
    tracerPid: 0,
    threads: 1,
    threadsUniform: true,
    namespaces: { user: 1, pid: 1, mnt: 1, net: 1, uts: 1, ipc: 1, cgroup: 1 },
    pidNsDepth: 0,
    uidMap: [],
    gidMap: [],
    oomScoreAdj: 0,
    label: null,
    limits: { nproc: null, nofile: null, fsize: null, core: null, as: null },
    cgroup: null,
    mountTable: 0,
    netTable: 0,
    sockets: [],
    ...more,
  };
  table(snapshot).processes.push(process);
  return process;
}

/** A container of two processes, master and worker, that listens on port 80. */
export function addContainer(snapshot: World, pid: number, mounts: Mount[], more: Partial<Process> = {}): Process[] {
  const { mountTables, netTables } = table(snapshot);
  const socket: Socket = { protocol: 'tcp', state: 'LISTEN', localPort: 80, inode: nextInode++ };
  const common: Partial<Process> = {
    mountTable: mountTables.push(mounts) - 1,
    netTable: netTables.push({ netns: pid, sockets: [socket] }) - 1,
    namespaces: { user: 2, pid, mnt: pid, net: pid, uts: pid, ipc: pid, cgroup: 1 },
    pidNsDepth: 1,
    seccompFilters: 2,
    sockets: [socket.inode],
    ...more,
  };
  return [pid, pid + 1].map((one) =>
    addProcess(snapshot, { pid: one, nsPids: [one, one - 50, one - pid + 1], ...common }),
  );
}

export function answer(
  by: readonly Process[],
  more: Partial<RequestObservation> & { text?: string } = {},
): RequestObservation {
  const { text, ...rest } = more;
  const all = [{ pid: 150, startTime: 1, pidNsDepth: 1 }, ...by];
  return {
    connected: true,
    status: 200,
    headers: { date: 'Tue, 24 Nov 2026 12:00:00 GMT', 'last-modified': 'Tue, 24 Nov 2026 11:59:59 GMT' },
    body: Buffer.from(text ?? '').toString('base64'),
    servedBy: all.map(({ pid, startTime, pidNsDepth }) => ({ pid, startTime, pidNsDepth, netns: 1, localPort: 8123 })),
    ...rest,
  };
}

export function table(snapshot: World) {
  if (!snapshot.processes.ok) throw new Error('no processes');
  return snapshot.processes.value;
}
