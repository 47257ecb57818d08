/** What a process can write to, from its mountinfo. */
import type { Mount, Process, ProcessTable } from '../../inspector/snapshot.ts';
import { CannotVerify } from '../check.ts';

/** The mounts as a process sees them; without them nothing can be said about it. */
export function mountsOf(table: ProcessTable, process: Process): readonly Mount[] {
  const mounts = process.mountTable === null ? undefined : table.mountTables[process.mountTable];
  if (!mounts || mounts.length === 0) throw new CannotVerify(`the mounts of ${process.name} could not be read`);
  return mounts;
}

/**
 * Both must say rw: the mount (what --read-only changes) and the file system below it. One that has a single inode, its
 * root, can hold nothing: crun covers /sys/fs/cgroup with such a tmpfs where it makes no cgroup.
 */
export function writable({ options, superOptions }: Mount): boolean {
  return options.includes('rw') && superOptions.includes('rw') && !superOptions.includes('nr_inodes=1');
}

/** A fresh file system in memory; a bind of a folder that happens to lie on a tmpfs has another root. */
export function isTmpfs({ fsType, root }: Mount): boolean {
  return (fsType === 'tmpfs' || fsType === 'ramfs') && root === '/';
}

const kernelFileSystems: ReadonlySet<string> = new Set(['proc', 'devpts', 'mqueue']);
const podmanFiles: ReadonlyMap<string, string> = new Map([
  ['/etc/hosts', '/hosts'],
  ['/etc/hostname', '/hostname'],
  ['/etc/resolv.conf', '/resolv.conf'],
  ['/etc/localtime', '/localtime'],
  ['/run/.containerenv', '/.containerenv'],
]);

/**
 * What every container of Podman 5.4 has mounted writable and no image or learner asked for: the kernel's own file
 * systems, single device nodes bound into /dev (or over a masked file of /proc), and a few files of Podman's.
 */
export function isPodmansOwn({ fsType, root, mountPoint }: Mount): boolean {
  if (kernelFileSystems.has(fsType)) return mountPoint.startsWith(fsType === 'proc' ? '/proc' : '/dev/');
  const node = /^\/[a-z]+$/.test(root) && /^\/(dev|proc)\//.test(mountPoint);
  if (node && (fsType === 'devtmpfs' || /^\/dev\/(null|zero|full|tty|random|urandom)$/.test(mountPoint))) return true;
  const file = podmanFiles.get(mountPoint);
  return file !== undefined && root.endsWith(file);
}

/** 'ro,relatime overlay /': as a line of mountinfo, shortened to what is judged. */
export function describeMount({ mountPoint, options, fsType }: Mount): string {
  return `${mountPoint} ${fsType} ${options.join(',')}`;
}
