/** The host's Podman: its own configuration and storage below the state folder, apart from the user's Podman. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { delegatesCgroups } from './limits.ts';
import { checkout, statePaths } from './paths.ts';

/** Environment for podman and crun inside the keep. Nothing of the caller's environment is passed on. */
export function podmanEnvironment(state: string): NodeJS.ProcessEnv {
  const paths = statePaths(state);
  return {
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: state,
    LANG: 'C.UTF-8',
    XDG_RUNTIME_DIR: paths.run,
    CONTAINERS_CONF: paths.containersConf,
    CONTAINERS_STORAGE_CONF: paths.storageConf,
    // Podman must know that it is in a user namespace already, and whose.
    _CONTAINERS_USERNS_CONFIGURED: 'done',
    _CONTAINERS_ROOTLESS_UID: process.env.TORIDE_OUTER_UID ?? '0',
    _CONTAINERS_ROOTLESS_GID: process.env.TORIDE_OUTER_GID ?? '0',
  };
}

/** Writes the configuration anew at each start: it is ours, not the operator's. */
export function configurePodman(state: string): void {
  const paths = statePaths(state);
  for (const folder of [paths.config, paths.storage, paths.run]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(
    paths.containersConf,
    `[containers]
cgroups = "${delegatesCgroups() ? 'enabled' : 'disabled'}"
log_driver = "none"
seccomp_profile = "${join(checkout, 'containers', 'profiles', 'sandbox-seccomp.json')}"

[engine]
cgroup_manager = "cgroupfs"
events_logger = "none"
runtime = "crun"
tmp_dir = "${join(paths.run, 'libpod')}"
`,
  );
  writeFileSync(
    paths.storageConf,
    `[storage]
driver = "overlay"
graphroot = "${paths.storage}"
rootless_storage_path = "${paths.storage}"
runroot = "${join(paths.run, 'containers')}"

[storage.options.overlay]
mount_program = "/usr/bin/fuse-overlayfs"
`,
  );
}
