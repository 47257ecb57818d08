/**
 * Started as root, the service user may not even see the checkout (it lies under /root, say), and must not be able to
 * change the code that it runs. So root keeps copies that are its own and that everyone may read: one a version, never
 * changed once made, since a server may be running from it.
 *
 *   /opt/toride/<checkout>/<version>/               src, labs, graders, …, node_modules → ../modules-<lock>/node_modules
 *   /opt/toride/<checkout>/modules-<lock>/node_modules
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { hashFiles } from './folder-hash.ts';
import { checkout } from './paths.ts';
import { step } from './step.ts';
import { UserError } from './user-error.ts';

export const MIRRORS = '/opt/toride';
const KEPT_VERSIONS = 3;
const copied = [
  'package.json',
  'package-lock.json',
  'astro.config.mjs',
  'tsconfig.json',
  'vitest.config.ts',
  'biome.json',
  'knip.json',
  '.dependency-cruiser.mjs',
  '.gitignore',
  'README.md',
  'src',
  'labs',
  'graders',
  'containers',
  'test',
  'docs',
  'dist',
  '.astro',
];

/** @returns the folder of this version's copy, made if it is not there. */
export async function mirrorCheckout(): Promise<string> {
  const folder = join(MIRRORS, createHash('sha256').update(checkout).digest('hex').slice(0, 12));
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const lock = readFileSync(join(checkout, 'node_modules', '.toride-lock'), 'utf8').slice(0, 12);
  const modules = join(folder, `modules-${lock}`);
  if (!existsSync(modules)) {
    await step('copy of the dependencies for the service user', async () =>
      make(modules, (fresh) => {
        mkdirSync(fresh);
        copyTree(join(checkout, 'node_modules'), join(fresh, 'node_modules'));
      }),
    );
  }
  const version = join(folder, hashFiles(checkout, copied, lock).slice(0, 12));
  if (!existsSync(version)) {
    make(version, (fresh) => {
      mkdirSync(fresh);
      for (const name of copied.filter((entry) => existsSync(join(checkout, entry)))) {
        cpSync(join(checkout, name), join(fresh, name), { recursive: true, verbatimSymlinks: true });
      }
      symlinkSync(join('..', `modules-${lock}`, 'node_modules'), join(fresh, 'node_modules'));
    });
    removeOld(folder, [version, modules]);
  }
  return version;
}

/** Under another name until it is whole: a copy that was interrupted is never taken for one. */
function make(target: string, fill: (fresh: string) => void): void {
  const fresh = `${target}.${process.pid}.new`;
  fill(fresh);
  spawnSync('chown', ['-R', '--no-dereference', 'root:root', fresh]);
  spawnSync('chmod', ['-R', 'u=rwX,go=rX', fresh]);
  renameSync(fresh, target);
}

function copyTree(from: string, to: string): void {
  const { status, stderr } = spawnSync('cp', ['-a', '--reflink=auto', from, to], { encoding: 'utf8' });
  if (status !== 0) throw new UserError('mirror', `could not copy ${from} to ${to}: ${stderr}`);
}

/** Removes all but the newest versions, and none that a process runs from. */
function removeOld(folder: string, current: readonly string[]): void {
  const inUse = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(commandLine)
    .join('\n');
  const paths = readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => !current.includes(path) && !inUse.includes(path));
  const byAge = paths.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const path of byAge.slice(KEPT_VERSIONS)) rmSync(path, { recursive: true, force: true });
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it ended while the list was read
  }
}
