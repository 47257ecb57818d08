/** What a host must have before an ordinary user can run sandboxes: packages, a user, sub-ids, two devices. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { step } from './step.ts';
import { UserError } from './user-error.ts';

export const SERVICE_USER = 'toride';
export const SERVICE_HOME = '/var/lib/toride';
/** About two hundred sandboxes, each with a range of its own (IDS_PER_SANDBOX). */
const SUBID_COUNT = 33_554_432;
/** Below this not even a few sandboxes have ids of their own. */
const SUBID_LEAST = 1_500_000;

const packages = {
  serve: [
    'podman',
    'crun',
    'uidmap',
    'fuse-overlayfs',
    'passt',
    'catatonit',
    'mmdebstrap',
    'gcc',
    'libc6-dev',
    'make',
    'golang-github-containers-common',
  ],
  test: ['chromium', 'fonts-noto-cjk', 'fonts-noto-color-emoji'],
} as const;
export type Purpose = keyof typeof packages;

/** Ids of the service user, where this process is root and will give way to it. */
export function serviceIds(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0 || process.env.TORIDE_PLACE === 'keep') return undefined;
  const [, , uid, gid] = spawnSync('getent', ['passwd', SERVICE_USER], { encoding: 'utf8' }).stdout.split(':');
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
}

export interface SubIdRange {
  first: number;
  count: number;
}

/** The ranges of a user in /etc/subuid or /etc/subgid, as `name:first:count` lines give them. */
export function parseSubIds(text: string, user: string, uid: number): SubIdRange[] {
  return text.split('\n').flatMap((line) => {
    const [name, first, count] = line.trim().split(':');
    if (name !== user && name !== String(uid)) return [];
    const range = { first: Number(first), count: Number(count) };
    return Number.isSafeInteger(range.first) && Number.isSafeInteger(range.count) && range.count > 0 ? [range] : [];
  });
}

/**
 * The largest range of a user. One is enough, and more would not do: the ids of a sandbox must come from one range, since
 * the kernel maps no range across two of the parent's.
 */
export function subIds(kind: 'uid' | 'gid', user: string, uid: number): SubIdRange {
  const file = `/etc/sub${kind}`;
  const ranges = existsSync(file) ? parseSubIds(readFileSync(file, 'utf8'), user, uid) : [];
  return ranges.reduce((largest, range) => (range.count > largest.count ? range : largest), { first: 0, count: 0 });
}

/** The first free place for `count` ids, at 1,000,000 or above. */
export function freeSubIds(texts: readonly string[], count: number): number {
  const taken = texts
    .flatMap((text) => text.split('\n'))
    .map((line) => line.trim().split(':').slice(1).map(Number) as [number, number])
    .filter(([first, size]) => Number.isSafeInteger(first) && Number.isSafeInteger(size))
    .sort(([a], [b]) => a - b);
  let first = 1_000_000;
  for (const [start, size] of taken) if (start < first + count && start + size > first) first = start + size;
  return first;
}

export function missingPackages(purposes: readonly Purpose[]): string[] {
  const wanted = purposes.flatMap((purpose) => [...packages[purpose]]);
  const { stdout } = spawnSync('dpkg-query', ['-W', `-f=\${db:Status-Status} \${Package}\n`, ...wanted], {
    encoding: 'utf8',
  });
  const installed = new Set(
    (stdout ?? '')
      .split('\n')
      .filter((l) => l.startsWith('installed '))
      .map((l) => l.slice(10)),
  );
  return wanted.filter((name) => !installed.has(name));
}

const readWrite = (path: string, uid: number): boolean => {
  if (!existsSync(path)) return false;
  if (uid !== 0 && uid === process.getuid?.()) {
    try {
      accessSync(path, constants.R_OK | constants.W_OK);
      return true;
    } catch {
      return false;
    }
  }
  return (statSync(path).mode & 0o006) === 0o006;
};

/** The devices that a rootless sandbox needs; usual hosts have them 0666. */
export const lockedDevices = (uid: number): string[] =>
  ['/dev/fuse', '/dev/net/tun'].filter((device) => !readWrite(device, uid));

/** Commands, each a list of words, that bring the host to what `purposes` need for `user`. Empty: all is there. */
function missingSetup(user: string, purposes: readonly Purpose[]): string[][] {
  const commands: string[][] = [];
  const missing = missingPackages(purposes);
  if (missing.length > 0) {
    commands.push(['apt-get', 'update'], ['apt-get', 'install', '-y', '--no-install-recommends', ...missing]);
  }
  const entry = spawnSync('getent', ['passwd', user], { encoding: 'utf8' }).stdout.split(':');
  const uid = Number(entry[2] ?? Number.NaN);
  if (!entry[2]) {
    commands.push([
      'useradd',
      '--system',
      '--user-group',
      '--create-home',
      '--home-dir',
      SERVICE_HOME,
      '--shell',
      '/usr/sbin/nologin',
      user,
    ]);
  }
  const read = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  const texts = [read('/etc/subuid'), read('/etc/subgid')];
  const first = freeSubIds(texts, SUBID_COUNT);
  for (const kind of ['uid', 'gid'] as const) {
    if (subIds(kind, user, uid).count < SUBID_LEAST)
      commands.push(['usermod', `--add-sub${kind}s`, `${first}-${first + SUBID_COUNT - 1}`, user]);
  }
  // A service user has a systemd of its own only when it lingers; it can give sandboxes limits of memory and CPU.
  if (user === SERVICE_USER && existsSync('/run/systemd/system') && !existsSync(`/var/lib/systemd/linger/${user}`)) {
    commands.push(['loginctl', 'enable-linger', user]);
  }
  const locked = lockedDevices(uid);
  if (locked.length > 0) commands.push(['chmod', '0666', ...locked]);
  return commands;
}

/** Brings the host up to what is needed: as root at once, else by sudo; without sudo says what an administrator must run. */
export async function ensureHost(purposes: readonly Purpose[]): Promise<void> {
  const root = process.getuid?.() === 0;
  const user = root ? SERVICE_USER : userInfo().username;
  const commands = missingSetup(user, purposes);
  if (commands.length === 0) return;
  if (!root && spawnSync('sudo', ['--version']).status !== 0) throw administratorNeeded('there is no sudo', commands);
  for (const [index, words] of commands.entries()) {
    await step(words.slice(0, 3).join(' '), async () => {
      const [command, ...args] = root ? words : ['sudo', ...words];
      const { status } = spawnSync(command!, args, {
        stdio: ['inherit', 'ignore', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
      if (status !== 0) throw administratorNeeded(`'${words.join(' ')}' failed`, commands.slice(index));
    });
  }
}

function administratorNeeded(why: string, commands: readonly string[][]): UserError {
  const lines = commands.map((words) => `  ${words.join(' ')}`).join('\n');
  return new UserError(
    'host',
    `This host lacks something, and ${why}. Ask an administrator to run, then start again:\n${lines}`,
  );
}
