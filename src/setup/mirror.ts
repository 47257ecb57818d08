/**
 * Started as root, the service user may not even see the checkout (it lies under /root, say), and must not be able to
 * change the code that it runs. So root keeps a copy that is its own and that everyone may read.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { checkout } from './paths.ts';
import { step } from './step.ts';
import { UserError } from './user-error.ts';

const MIRRORS = '/opt/toride';
const copied = ['package.json', 'package-lock.json', 'astro.config.mjs', 'tsconfig.json', 'vitest.config.ts', 'biome.json', 'knip.json', '.dependency-cruiser.mjs', 'README.md', 'src', 'labs', 'graders', 'containers', 'test', 'docs', 'dist', '.astro', '.gitignore'];

/** @returns the folder of the copy, made or brought up to date. */
export async function mirrorCheckout(): Promise<string> {
  const name = createHash('sha256').update(checkout).digest('hex').slice(0, 12);
  const target = join(MIRRORS, name);
  mkdirSync(target, { recursive: true, mode: 0o755 });
  const lock = readFileSync(join(checkout, 'node_modules', '.toride-lock'), 'utf8');
  const stamp = join(target, '.toride-lock');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
    await step('copy of the dependencies for the service user', async () => copyModules(target));
    writeFileSync(stamp, lock);
  }
  for (const entry of copied) {
    const from = join(checkout, entry);
    const to = join(target, entry);
    rmSync(to, { recursive: true, force: true });
    if (existsSync(from)) cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  }
  makeReadable(copied.map((entry) => join(target, entry)).filter(existsSync));
  return target;
}

function copyModules(target: string): void {
  const fresh = join(target, 'node_modules.new');
  const current = join(target, 'node_modules');
  rmSync(fresh, { recursive: true, force: true });
  const { status, stderr } = spawnSync('cp', ['-a', '--reflink=auto', join(checkout, 'node_modules'), fresh], { encoding: 'utf8' });
  if (status !== 0) throw new UserError('mirror', `could not copy node_modules to ${target}: ${stderr}`);
  makeReadable([fresh]);
  rmSync(current, { recursive: true, force: true });
  renameSync(fresh, current);
}

const makeReadable = (paths: string[]) => {
  spawnSync('chmod', ['-R', '--', 'u=rwX,go=rX', ...paths]);
  spawnSync('chown', ['-R', '--', 'root:root', ...paths]);
};
