/** Builds the probe, a static C program, once for each content of containers/probe. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkout, statePaths } from './paths.ts';
import { run, step } from './step.ts';

const sources = join(checkout, 'containers', 'probe');

function sourceHash(): string {
  const hash = createHash('sha256');
  const files = readdirSync(sources, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && /\.[ch]$|^Makefile$/.test(entry.name));
  for (const path of files.map((entry) => join(entry.parentPath, entry.name)).sort()) hash.update(path.slice(sources.length)).update(readFileSync(path));
  return hash.digest('hex');
}

export async function ensureProbe(state: string): Promise<void> {
  const { probe } = statePaths(state);
  const stamp = `${probe}.hash`;
  const hash = sourceHash();
  if (existsSync(probe) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  await step('probe', async () => {
    const build = `${probe}.build`;
    mkdirSync(dirname(probe), { recursive: true });
    await run('make', ['-s', '-C', sources, `OUT=${build}`], { log: `${probe}.log` });
    renameSync(join(build, 'toride-probe'), probe);
    rmSync(build, { recursive: true, force: true });
    writeFileSync(stamp, hash);
  });
}
