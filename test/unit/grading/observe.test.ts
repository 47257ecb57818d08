import { describe, expect, it } from 'vitest';
import { CannotVerify } from '../../../src/grading/check.ts';
import { listening, servedOutside, serving } from '../../../src/grading/observe/containers.ts';
import { isPodmansOwn, isTmpfs, writable } from '../../../src/grading/observe/mounts.ts';
import { rootMount } from '../../../src/inspector/root-mount.ts';
import type { Facts } from '../../../src/inspector/snapshot.ts';
import { capabilityNames } from '../../../src/policy/capabilities.ts';
import { addContainer, addProcess, answer, mount, podmanMounts, scratch, table, volume, world } from './build.ts';

function facts(snapshot: ReturnType<typeof world>): Facts<'processes' | 'requests'> {
  if (!snapshot.requests.ok) throw new Error('no requests');
  return { ...snapshot, processes: table(snapshot), requests: snapshot.requests.value };
}

describe('containers', () => {
  it('are found by what answered, with every process of their namespace', () => {
    const snapshot = world('lab');
    const [master, worker] = addContainer(snapshot, 200, podmanMounts('ro'));
    addContainer(snapshot, 300, podmanMounts('rw'), { sockets: [] });
    snapshot.requests = { ok: true, value: { page: answer([worker!]) } };
    expect(serving(facts(snapshot), 'page')).toEqual([master, worker]);
    expect(servedOutside(facts(snapshot), 'page')).toEqual([]);
  });

  it('include what entered their mounts or their pid namespace from elsewhere', () => {
    const snapshot = world('lab');
    const [master, worker] = addContainer(snapshot, 200, podmanMounts('ro'));
    const guest = addProcess(snapshot, { pid: 400, pidNsDepth: 1, namespaces: { ...master!.namespaces, mnt: 77 } });
    snapshot.requests = { ok: true, value: { page: answer([worker!]) } };
    expect(serving(facts(snapshot), 'page')).toContain(guest);
  });

  it('cannot be told when the one that answered is gone or its pid was given away', () => {
    const snapshot = world('lab');
    const [master] = addContainer(snapshot, 200, podmanMounts('ro'));
    snapshot.requests = { ok: true, value: { page: answer([{ ...master!, startTime: 2 }]) } };
    expect(() => serving(facts(snapshot), 'page')).toThrow(CannotVerify);
  });

  it('count as listening by socket, whatever their name and pid namespace', () => {
    const snapshot = world('lab');
    const both = addContainer(snapshot, 200, podmanMounts('rw'), { name: 'pasta' });
    const hostPid = addContainer(snapshot, 300, podmanMounts('rw'), { pidNsDepth: 0 });
    addContainer(snapshot, 400, podmanMounts('rw'), { sockets: [] });
    expect(listening(facts(snapshot))).toEqual([...both, ...hostPid]);
  });

  it('take for a forwarder only what runs from the sandbox’s own image', () => {
    const snapshot = world('lab');
    const [server] = addContainer(snapshot, 200, podmanMounts('ro'), { name: 'pasta', exe: '/usr/bin/pasta' });
    snapshot.requests = { ok: true, value: { page: answer([server!]) } };
    expect(serving(facts(snapshot), 'page').map(({ pid }) => pid)).toEqual([200, 201]);
  });

  it('are told apart from a server of the sandbox that has already ended', () => {
    const snapshot = world('lab');
    snapshot.requests = { ok: true, value: { page: answer([]) } };
    const page = facts(snapshot).requests.page!;
    page.servedBy.push({ pid: 777, startTime: 1, pidNsDepth: 0, netns: 1, localPort: 8123 });
    expect(servedOutside(facts(snapshot), 'page')).toEqual(['a process of the sandbox that has ended']);
  });

  it('do not include a program of the sandbox itself', () => {
    const snapshot = world('lab');
    const program = addProcess(snapshot, { pid: 500, name: 'busybox', exe: '/usr/bin/busybox' });
    snapshot.requests = { ok: true, value: { page: answer([program]) } };
    expect(serving(facts(snapshot), 'page')).toEqual([]);
    expect(servedOutside(facts(snapshot), 'page')).toEqual(['busybox (pid 1 of the sandbox)']);
  });
});

describe('mounts', () => {
  it('are writable only where mount and file system both are', () => {
    expect(writable(mount('/x', 'rw'))).toBe(true);
    expect(writable(mount('/x', 'ro'))).toBe(false);
    expect(writable(mount('/x', 'rw', { superOptions: ['ro'] }))).toBe(false);
    expect(writable(mount('/sys/fs/cgroup', 'rw', { superOptions: ['rw', 'size=4k', 'nr_inodes=1'] }))).toBe(false);
  });

  it('tell memory from a folder that lies on a tmpfs', () => {
    expect(isTmpfs(scratch('/run'))).toBe(true);
    expect(isTmpfs(mount('/data', 'rw', { root: '/learner/data' }))).toBe(false);
  });

  it('know what Podman mounts itself, and nothing more', () => {
    const writableOnes = podmanMounts('rw').filter((one) => writable(one) && !isPodmansOwn(one));
    expect(writableOnes.map(({ mountPoint }) => mountPoint)).toEqual(['/', '/dev', '/dev/shm']);
    expect(isPodmansOwn(volume('/data'))).toBe(false);
    expect(isPodmansOwn(volume('/etc/hosts'))).toBe(false);
    expect(isPodmansOwn(mount('/dev', 'rw', { fsType: 'devtmpfs' }))).toBe(false);
    expect(isPodmansOwn(mount('/data', 'rw', { fsType: 'proc' }))).toBe(false);
  });

  it('take the topmost of several roots', () => {
    const snapshot = world('lab');
    const below = mount('/', 'ro', { fsType: 'overlay' });
    const above = mount('/', 'rw', { fsType: 'tmpfs', parent: below.id });
    const [process] = addContainer(snapshot, 200, [above, below]);
    expect(rootMount(table(snapshot), process!)).toBe(above);
  });
});

it('names capabilities', () => {
  expect(capabilityNames('0000000000000401')).toEqual(['CHOWN', 'NET_BIND_SERVICE']);
  expect(capabilityNames('8000000000000000')).toEqual(['CAP_63']);
});
