/** The host's Podman: its own configuration and storage below the state folder, apart from the user's Podman. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** What Podman remembers of running containers is void after a reboot, and it refuses to start until it is gone. */
function forgetOtherBoot(folder: string): void {
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
  const file = join(folder, 'boot-id');
  if (existsSync(file) && readFileSync(file, 'utf8') === boot) return;
  // Before this file was kept, or on a first start, there is nothing or what this boot has made.
  if (existsSync(file)) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(file, boot);
}

/** Writes the configuration anew at each start: it is ours, not the operator's. */
export function configurePodman(state: string): void {
  const paths = statePaths(state);
  forgetOtherBoot(paths.run);
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
