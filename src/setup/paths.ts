/** Where things are. The checkout is only read; everything written goes below the state folder. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashFiles } from './folder-hash.ts';

export const checkout = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const nodeBinary = process.execPath;

let probeVersion: string | undefined;
/** Checkouts of different versions share a state folder, so each has a folder for its own programs. */
function programs(state: string): string {
  probeVersion ??= hashFiles(checkout, ['containers/probe']).slice(0, 16);
  return join(state, 'bin', probeVersion);
}

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
    probe: join(programs(state), 'toride-probe'),
    relay: join(programs(state), 'toride-relay'),
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
    recordings: join(folder, 'recordings'),
  };
}
