/** What a container sees of the machine around it, from its mounts. */
import { sandboxInit } from '../../src/grading/observe/first-process.ts';
import { isPodmansOwn, isTmpfs, mountsOf } from '../../src/grading/observe/mounts.ts';
import type { Mount, ProcessTable } from '../../src/inspector/snapshot.ts';

const kernel: ReadonlySet<string> = new Set(['proc', 'sysfs', 'cgroup', 'cgroup2', 'devpts', 'mqueue', 'devtmpfs']);
const volume = /\/storage\/volumes\/[^/]+\/_data(\/|$)/;
const harmless = '/home/learner/lab/';

/** Paths of the sandbox that are mounted and should not be, as 'PATH at PLACE, rw'; folders of ~/lab may be, read-only. */
export function hostPaths(table: ProcessTable, mounts: readonly Mount[]): string[] {
  const outside = mountsOf(table, sandboxInit(table));
  // Whoever can reach one talks to what listens there, read-only or not.
  const sockets = table.netTables.flatMap((net) => net.sockets.flatMap(({ path }) => path ?? []));
  const open = mounts.filter((mount) => {
    if (mount.mountPoint === '/' || kernel.has(mount.fsType) || isPodmansOwn(mount) || volume.test(mount.root))
      return false;
    // Memory of its own; the sandbox's home is a tmpfs as well.
    if (isTmpfs(mount) && !outside.some(({ device }) => device === mount.device)) return false;
    const path = pathOutside(outside, mount);
    return (
      !mount.options.includes('ro') || !path?.startsWith(harmless) || sockets.some((socket) => below(socket, path))
    );
  });
  const places = open.map(({ mountPoint }) => mountPoint);
  return open
    .filter(({ mountPoint }) => !places.some((place) => mountPoint.startsWith(`${place}/`)))
    .map((mount) => {
      const path = pathOutside(outside, mount) ?? mount.root;
      return `${path} at ${mount.mountPoint}, ${mount.options.includes('ro') ? 'ro' : 'rw'}`;
    });
}

/** A mount says where in its file system it begins; the sandbox's own mounts say where that file system is. */
function pathOutside(outside: readonly Mount[], { device, root }: Mount): string | undefined {
  const candidates = outside.filter((mount) => mount.device === device && below(root, mount.root));
  const nearest = candidates.sort((a, b) => b.root.length - a.root.length)[0];
  if (!nearest) return undefined;
  return `${nearest.mountPoint}/${root.slice(nearest.root.length)}`.replaceAll(/\/+/g, '/').replace(/(?<=.)\/$/, '');
}

const below = (path: string, folder: string): boolean =>
  folder === '/' || path === folder || path.startsWith(`${folder}/`);
