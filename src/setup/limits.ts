/** What this host lets an ordinary user limit, and how to be given it. */
import { existsSync, readFileSync } from 'node:fs';

const WANTED = ['cpu', 'memory', 'pids'];
const runtimeFolder = () => `/run/user/${process.getuid?.()}`;
const hasUserManager = () => existsSync('/run/systemd/system') && existsSync(`${runtimeFolder()}/bus`);

/**
 * True where the keep could hand cpu, memory and pids down to sandboxes.
 * @param root the cgroup file system as the keep sees it
 */
export function delegatesCgroups(root = '/sys/fs/cgroup'): boolean {
  const file = `${root}/cgroup.subtree_control`;
  if (!existsSync(file)) return false;
  const handedDown = readFileSync(file, 'utf8').trim().split(/\s+/);
  return WANTED.every((name) => handedDown.includes(name));
}

/** What a program needs to find the user's systemd. */
export const sessionEnvironment = (): NodeJS.ProcessEnv =>
  hasUserManager()
    ? { XDG_RUNTIME_DIR: runtimeFolder(), DBUS_SESSION_BUS_ADDRESS: `unix:path=${runtimeFolder()}/bus` }
    : {};

/**
 * Words before a command that give it a cgroup of the user's own; none where no systemd looks after the user. Keep and
 * server each need one: a process may be moved only between cgroups that have an ancestor of the user's.
 */
export const ownCgroup = (): string[] =>
  hasUserManager() ? ['systemd-run', '--user', '--scope', '--quiet', '--property=Delegate=yes', '--'] : [];
