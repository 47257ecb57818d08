/**
 * The keep: one sleeping process that holds the namespaces in which server and sandboxes live, so that a restarted
 * server finds its sandboxes again, below its own user namespace and with their mounts in view.
 *
 * An ordinary user makes it with no root at all: a user namespace of the user's own sub-ids; a mount and a cgroup
 * namespace with cgroup2 over /sys/fs/cgroup, since crun refuses hybrid hosts. The host's own mounts are not touched.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type SubIdRange, subIds } from './host.ts';
import { ownCgroup, sessionEnvironment } from './limits.ts';
import { statePaths } from './paths.ts';
import { UserError } from './user-error.ts';

export interface Keep {
  pid: number;
  /** Field 22 of /proc/PID/stat: tells the keep from a later process with its number. */
  startTime: number;
}

/** Clock ticks since boot, or undefined when there is no such process. */
export function processStart(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

export function findKeep(state: string): Keep | undefined {
  const file = statePaths(state).keep;
  if (!existsSync(file)) return undefined;
  const keep = JSON.parse(readFileSync(file, 'utf8')) as Keep;
  return processStart(keep.pid) === keep.startTime ? keep : undefined;
}

/** `--map-users` words: the user itself becomes 0, its sub-ids follow from 1 on. */
export const mappingArguments = (flag: string, own: number, { first, count }: SubIdRange): string[] => [
  `${flag}=0:${own}:1`,
  `${flag}=1:${first}:${count}`,
];

/**
 * /dev/fuse and the rest stay the host's; only the cgroup view is new. Where the cgroup that the keep was started in is the
 * user's own, the keep moves into a leaf of it and hands its controllers down, so that sandboxes can be limited beside it.
 * exec, so that the pid is the keep's own.
 */
const KEEP_SCRIPT = `
mount -t cgroup2 cgroup2 /sys/fs/cgroup 2>/dev/null
if mkdir -p /sys/fs/cgroup/keep 2>/dev/null && echo $$ > /sys/fs/cgroup/keep/cgroup.procs; then
  for controller in cpu memory pids; do echo +$controller > /sys/fs/cgroup/cgroup.subtree_control; done
fi 2>/dev/null
echo ready
exec sleep infinity`;

/** @throws UserError when the kernel or newuidmap refuses, with their words. */
export async function makeKeep(state: string): Promise<Keep> {
  const { username, uid, gid } = userInfo();
  const file = statePaths(state).keep;
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const uids = subIds('uid', username, uid);
  const gids = subIds('gid', username, uid);
  holdIds(state, JSON.stringify({ uid, gid, uids, gids }));
  rmSync(file, { force: true });
  const log = `${file}.log`;
  const output = openSync(log, 'w', 0o600);
  const [command, ...args] = [
    ...ownCgroup(),
    ...['unshare', '--user'],
    ...mappingArguments('--map-users', uid, uids),
    ...mappingArguments('--map-groups', gid, gids),
    ...['--setuid=0', '--setgid=0', '--mount', '--cgroup', '--', 'sh', '-c', KEEP_SCRIPT],
  ];
  const child = spawn(command!, args, {
    detached: true,
    stdio: ['ignore', output, output],
    cwd: '/',
    env: { PATH: process.env.PATH, ...sessionEnvironment() },
  });
  child.unref();
  const said = () => readFileSync(log, 'utf8');
  for (let tries = 0; tries < 100 && child.exitCode === null; tries++) {
    if (said().includes('ready')) break;
    await sleep(20);
  }
  const startTime = child.pid === undefined ? undefined : processStart(child.pid);
  if (!said().includes('ready') || startTime === undefined) {
    throw new UserError(
      'keep',
      `the namespaces for the sandboxes could not be made: ${said().trim() || 'no answer'}. Run 'npx toride doctor' for what this host lacks.`,
    );
  }
  const keep = { pid: child.pid!, startTime };
  writeFileSync(file, JSON.stringify(keep), { mode: 0o600 });
  return keep;
}

/** Images belong to the ids they were built with: with others they would be somebody else's files. */
function holdIds(state: string, ids: string): void {
  const file = statePaths(state).ids;
  if (!existsSync(file)) writeFileSync(file, ids, { mode: 0o600 });
  else if (readFileSync(file, 'utf8') !== ids) {
    throw new UserError(
      'keep',
      `the sub-ids of this user in /etc/subuid or /etc/subgid are not those that the images in ${state} were built with. Give the user the old ones back, or remove that folder (as root) and start again.`,
    );
  }
}

/**
 * The words that bring a command into the keep's own cgroup, where it has one; to be done before its namespaces are
 * entered, since nothing moves across the border of a cgroup namespace. Podman looks for controllers where it runs itself.
 */
export function besideKeep(keep: Keep): string[] {
  const scope = ownCgroup();
  const cgroup = /^0::(.*\/keep)$/m.exec(readFileSync(`/proc/${keep.pid}/cgroup`, 'utf8'))?.[1];
  if (scope.length === 0 || cgroup === undefined) return [];
  return [...scope, 'sh', '-c', 'echo $$ > "$0/cgroup.procs"; exec "$@"', `/sys/fs/cgroup${cgroup}`];
}

/** The words that run a command inside the keep, as its root. */
export const insideKeep = (keep: Keep, folder: string): string[] => [
  'nsenter',
  `--target=${keep.pid}`,
  '--user',
  '--mount',
  '--cgroup',
  '--setuid=0',
  '--setgid=0',
  `--wdns=${folder}`,
  '--',
];

/** Ends the keep; the sandboxes in it must be gone before. */
export async function endKeep(state: string): Promise<void> {
  const keep = findKeep(state);
  if (keep) {
    process.kill(keep.pid, 'SIGKILL');
    for (let tries = 0; tries < 100 && processStart(keep.pid) === keep.startTime; tries++) await sleep(10);
  }
  rmSync(statePaths(state).keep, { force: true });
}
