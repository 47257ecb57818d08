/** What this host lets an ordinary user limit. */
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';

const WANTED = ['cpu', 'memory', 'pids'];

/** True where the cgroup that we live in is ours to divide, with memory, pids and cpu in it. */
export function delegatesCgroups(root = '/sys/fs/cgroup'): boolean {
  const controllers = `${root}/cgroup.controllers`;
  if (!existsSync(controllers)) return false;
  const available = readFileSync(controllers, 'utf8').split(/\s+/);
  if (!WANTED.every((name) => available.includes(name))) return false;
  try {
    accessSync(`${root}/cgroup.subtree_control`, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
