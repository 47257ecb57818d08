/** `toride doctor`: what this host can and cannot enforce, what it lacks, and what to do about it. Changes nothing. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { freemem, totalmem, userInfo } from 'node:os';
import { IDS_PER_SANDBOX } from '../../sandbox/options.ts';
import { lockedDevices, missingPackages, SERVICE_HOME, SERVICE_USER, subIds } from '../../setup/host.ts';
import { findKeep } from '../../setup/keep.ts';
import { delegatesCgroups, ownCgroup } from '../../setup/limits.ts';
import { loadSettings, stateFolder } from '../../setup/settings.ts';
import { UserError } from '../../setup/user-error.ts';
import { shownPlace } from '../../store/database-url.ts';

/** ok: as it should be. limited: works, with less enforced. missing: sandboxes cannot run. */
type State = 'ok' | 'limited' | 'missing';
interface Finding {
  id: string;
  state: State;
  found: string;
  /** What to do; absent where nothing is to be done. */
  advice?: string;
}

const GiB = 1024 ** 3;
const version = (command: string) =>
  spawnSync(command, ['--version'], { encoding: 'utf8' }).stdout?.split('\n')[0]?.trim() ?? '';

function examine(): Finding[] {
  const root = process.getuid?.() === 0;
  const user = root ? SERVICE_USER : userInfo().username;
  const uid = root
    ? Number(spawnSync('id', ['-u', user], { encoding: 'utf8' }).stdout.trim() || Number.NaN)
    : userInfo().uid;
  const state = process.env.TORIDE_STATE ?? (root ? `${SERVICE_HOME}/state` : stateFolder());
  return [
    packages(),
    serviceUser(user, uid, root),
    ids(user, uid),
    devices(uid),
    namespaces(),
    cgroups(),
    limits(state),
    seccomp(),
    selinux(),
    memory(),
    disk(state),
    keep(state),
    store(),
  ];
}

function packages(): Finding {
  const missing = missingPackages(['serve']);
  if (missing.length === 0) return { id: 'packages', state: 'ok', found: `${version('podman')}, ${version('crun')}` };
  return {
    id: 'packages',
    state: 'missing',
    found: `without ${missing.join(', ')}`,
    advice: `apt-get install --no-install-recommends ${missing.join(' ')}`,
  };
}

function serviceUser(user: string, uid: number, root: boolean): Finding {
  if (!Number.isNaN(uid))
    return { id: 'user', state: 'ok', found: `${user} (${uid})${root ? ', to which root gives way' : ''}` };
  return { id: 'user', state: 'missing', found: `no user ${user}`, advice: "'npm start' as root creates it" };
}

function ids(user: string, uid: number): Finding {
  const total = (kind: 'uid' | 'gid') => subIds(kind, user, uid).count;
  const places = Math.floor(Math.min(total('uid'), total('gid')) / IDS_PER_SANDBOX);
  const found = `${total('uid')} sub-uids, ${total('gid')} sub-gids: ${places} sandboxes with ids of their own`;
  if (places >= 8) return { id: 'sub-ids', state: 'ok', found };
  return {
    id: 'sub-ids',
    state: places > 0 ? 'limited' : 'missing',
    found,
    advice: `usermod --add-subuids FIRST-LAST --add-subgids FIRST-LAST ${user}, ${IDS_PER_SANDBOX} a sandbox; 'npm start' does it as root or by sudo`,
  };
}

function devices(uid: number): Finding {
  const locked = lockedDevices(uid);
  if (locked.length === 0) return { id: 'devices', state: 'ok', found: '/dev/fuse and /dev/net/tun can be opened' };
  return {
    id: 'devices',
    state: 'missing',
    found: `${locked.join(', ')} cannot be opened by an ordinary user`,
    advice: `chmod 0666 ${locked.join(' ')}`,
  };
}

function namespaces(): Finding {
  const limit = Number(readFileSync('/proc/sys/user/max_user_namespaces', 'utf8'));
  const apparmor = '/proc/sys/kernel/apparmor_restrict_unprivileged_userns';
  if (existsSync(apparmor) && readFileSync(apparmor, 'utf8').trim() === '1') {
    return {
      id: 'user-namespaces',
      state: 'missing',
      found: 'AppArmor keeps ordinary users from user namespaces',
      advice: 'sysctl kernel.apparmor_restrict_unprivileged_userns=0',
    };
  }
  if (limit >= 100) return { id: 'user-namespaces', state: 'ok', found: `up to ${limit}` };
  return {
    id: 'user-namespaces',
    state: 'missing',
    found: `at most ${limit}`,
    advice: 'sysctl user.max_user_namespaces=28633',
  };
}

function cgroups(): Finding {
  const unified = existsSync('/sys/fs/cgroup/cgroup.controllers');
  if (unified) return { id: 'cgroups', state: 'ok', found: 'version 2' };
  return {
    id: 'cgroups',
    state: 'ok',
    found: 'hybrid or version 1; the keep mounts a view of version 2 of its own, the host stays as it is',
  };
}

function limits(state: string): Finding {
  const there = findKeep(state);
  if (there && delegatesCgroups(`/proc/${there.pid}/root/sys/fs/cgroup`)) {
    return { id: 'limits', state: 'ok', found: 'memory, processes and CPU by cgroup for each sandbox' };
  }
  if (!there && ownCgroup().length > 0) {
    return {
      id: 'limits',
      state: 'ok',
      found: 'by cgroup, if systemd delegates cpu, memory and pids; seen when the keep runs',
    };
  }
  return {
    id: 'limits',
    state: 'limited',
    found:
      'no cgroup is delegated to this user. Enforced: processes and open files by rlimit, storage by the size of memory file systems, lifetime, out-of-memory order. Not enforced: memory of processes, share of CPU',
    advice: 'for full limits use a host with systemd and cgroup version 2, where the user has a session or lingers',
  };
}

function seccomp(): Finding {
  const actions = '/proc/sys/kernel/seccomp/actions_avail';
  if (existsSync(actions)) return { id: 'seccomp', state: 'ok', found: readFileSync(actions, 'utf8').trim() };
  return {
    id: 'seccomp',
    state: 'missing',
    found: 'this kernel has no seccomp filters',
    advice: 'use a kernel built with CONFIG_SECCOMP_FILTER',
  };
}

function selinux(): Finding {
  if (existsSync('/sys/fs/selinux/enforce'))
    return {
      id: 'selinux',
      state: 'ok',
      found: readFileSync('/sys/fs/selinux/enforce', 'utf8').trim() === '1' ? 'enforcing' : 'permissive',
    };
  return {
    id: 'selinux',
    state: 'limited',
    found: 'not running on this host: checks of labels are not applicable here and do not count',
  };
}

function memory(): Finding {
  const settings = loadSettings();
  const places = Math.floor(freemem() / (settings.storageMiB * 1024 * 1024));
  const found = `${(totalmem() / GiB).toFixed(1)} GiB, ${(freemem() / GiB).toFixed(1)} GiB free: ${places} sandboxes may fill their storage of ${settings.storageMiB} MiB`;
  return places >= 4
    ? { id: 'memory', state: 'ok', found }
    : { id: 'memory', state: 'limited', found, advice: 'set TORIDE_STORAGE_MIB or TORIDE_SANDBOX_LIMIT lower' };
}

function disk(state: string): Finding {
  let folder = state;
  while (!existsSync(folder)) folder = folder.slice(0, folder.lastIndexOf('/')) || '/';
  const { bavail, bsize } = statfsSync(folder);
  const free = (bavail * bsize) / GiB;
  const found = `${free.toFixed(1)} GiB free for ${state}`;
  return free >= 3
    ? { id: 'disk', state: 'ok', found }
    : { id: 'disk', state: 'limited', found, advice: 'the images take about 2 GiB; free some or set TORIDE_STATE' };
}

function keep(state: string): Finding {
  const there = findKeep(state);
  return {
    id: 'keep',
    state: 'ok',
    found: there ? `runs as process ${there.pid}` : 'not running; the first command makes it',
  };
}

/** Named, not opened: whether it can be reached is said at start. */
function store(): Finding {
  const { databaseUrl, instance } = loadSettings();
  const found = databaseUrl ? `PostgreSQL at ${shownPlace(databaseUrl)}` : `SQLite, toride.db of instance ${instance}`;
  return { id: 'store', state: 'ok', found };
}

export async function doctor(args: string[]): Promise<number> {
  const json = args.includes('--format') && args[args.indexOf('--format') + 1] === 'json';
  if (args.length > 0 && !json)
    throw new UserError('usage', `doctor: expected nothing or --format json, found ${args.join(' ')}`);
  const findings = examine();
  if (json) console.log(JSON.stringify({ findings }, null, 2));
  else {
    const mark: Record<State, string> = { ok: '✓', limited: '◐', missing: '✗' };
    for (const { id, state, found, advice } of findings) {
      console.log(`${mark[state]} ${id.padEnd(16)} ${found}`);
      if (advice) console.log(`  ${' '.repeat(16)} → ${advice}`);
    }
  }
  return findings.some(({ state }) => state === 'missing') ? 1 : 0;
}
