/** What the lab threat-model tells of mounts that lead out of a container. */
import { describe, expect, it } from 'vitest';
import { hostPaths } from '../../../graders/threat-model/host-paths.ts';
import type { Mount, ProcessTable } from '../../../src/inspector/snapshot.ts';
import { mount, world } from '../grading/build.ts';

const home = { device: '0:70', fsType: 'tmpfs' };
const table = (): ProcessTable => {
  const { processes } = world('threat-model');
  if (!processes.ok) throw new Error('no processes');
  processes.value.mountTables[0] = [
    mount('/', 'ro', { device: '0:99', fsType: 'overlay' }),
    mount('/home/learner', 'rw', { ...home, root: '/' }),
    mount('/dev/shm', 'rw', { device: '0:71', fsType: 'tmpfs', root: '/' }),
  ];
  processes.value.netTables[0]!.sockets.push({
    protocol: 'unix',
    state: 'LISTEN',
    inode: 1,
    path: '/home/learner/lab/run/podman.sock',
  });
  return processes.value;
};

describe('paths of the machine', () => {
  it.each<[string, Mount, string[]]>([
    ['the root', mount('/', 'rw', { device: '0:80', fsType: 'overlay' }), []],
    ['memory of its own', mount('/dev/shm', 'rw', { device: '0:81', fsType: 'tmpfs', root: '/' }), []],
    [
      "the machine's memory",
      mount('/dev/shm', 'rw', { device: '0:71', fsType: 'tmpfs', root: '/' }),
      ['/dev/shm at /dev/shm, rw'],
    ],
    ['the home', mount('/backup', 'ro', { ...home, root: '/' }), ['/home/learner at /backup, ro']],
    ['the page', mount('/srv', 'ro', { ...home, root: '/lab/site' }), []],
    ['the page, to write', mount('/srv', 'rw', { ...home, root: '/lab/site' }), ['/home/learner/lab/site at /srv, rw']],
    [
      'a folder that begins like it',
      mount('/srv', 'ro', { ...home, root: '/laboratory' }),
      ['/home/learner/laboratory at /srv, ro'],
    ],
    [
      'a named volume',
      mount('/data', 'rw', { ...home, root: '/.local/share/containers/storage/volumes/notes/_data' }),
      [],
    ],
    [
      "a disk of the machine's",
      mount('/mnt', 'rw', { device: '8:1', fsType: 'ext4', root: '/etc' }),
      ['/etc at /mnt, rw'],
    ],
    ['a file system of the kernel', mount('/proc', 'rw', { device: '0:90', fsType: 'proc' }), []],
  ])('%s', (_, found, expected) => expect(hostPaths(table(), [found])).toEqual(expected));

  it('names a mount once, not what lies below it', () => {
    const mounts = [mount('/b', 'rw', { ...home, root: '/' }), mount('/b/c', 'rw', { ...home, root: '/x' })];
    expect(hostPaths(table(), mounts)).toEqual(['/home/learner at /b, rw']);
  });
});
