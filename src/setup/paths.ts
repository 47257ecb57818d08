/** Where things are. The checkout is only read; everything written goes below the state folder. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const checkout = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const nodeBinary = process.execPath;

/** Shared by all instances of one user: images take a minute to build, the keep holds the namespaces. */
export function statePaths(state: string) {
  return {
    state,
    keep: join(state, 'keep.json'),
    ids: join(state, 'ids.json'),
    config: join(state, 'config'),
    containersConf: join(state, 'config', 'containers.conf'),
    storageConf: join(state, 'config', 'storage.conf'),
    policy: join(state, 'config', 'policy.json'),
    storage: join(state, 'storage'),
    run: join(state, 'run'),
    rootfs: join(state, 'rootfs'),
    probe: join(state, 'bin', 'toride-probe'),
    relay: join(state, 'bin', 'toride-relay'),
  };
}

/** One server, or one test run. */
export function instancePaths(state: string, instance: string) {
  const folder = join(state, 'instances', instance);
  return {
    folder,
    database: join(folder, 'toride.db'),
    socket: join(folder, 'podman.sock'),
    log: join(folder, 'toride.log'),
  };
}
