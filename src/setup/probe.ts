/** Builds the probe, a static C program, once for each content of containers/probe. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hashFiles } from './folder-hash.ts';
import { checkout, statePaths } from './paths.ts';
import { run, step } from './step.ts';

const sources = join(checkout, 'containers', 'probe');

export async function ensureProbe(state: string): Promise<void> {
  const { probe, relay } = statePaths(state);
  const stamp = `${probe}.hash`;
  const hash = hashFiles(checkout, ['containers/probe']);
  if (existsSync(probe) && existsSync(relay) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  await step('probe', async () => {
    const build = `${probe}.build`;
    mkdirSync(dirname(probe), { recursive: true });
    await run('make', ['-s', '-C', sources, `OUT=${build}`], { log: `${probe}.log` });
    renameSync(join(build, 'toride-probe'), probe);
    renameSync(join(build, 'toride-relay'), relay);
    rmSync(build, { recursive: true, force: true });
    writeFileSync(stamp, hash);
  });
}
