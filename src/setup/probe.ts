/** Builds the probe, a static C program, once for each content of containers/probe. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkout, statePaths } from './paths.ts';
import { run, step } from './step.ts';

const sources = join(checkout, 'containers', 'probe');

export async function ensureProbe(state: string): Promise<void> {
  const { probe, relay } = statePaths(state);
  if (existsSync(probe) && existsSync(relay)) return;
  await step('probe', async () => {
    const build = `${probe}.build`;
    mkdirSync(dirname(probe), { recursive: true });
    await run('make', ['-s', '-C', sources, `OUT=${build}`], { log: `${probe}.log` });
    renameSync(join(build, 'toride-relay'), relay);
    renameSync(join(build, 'toride-probe'), probe);
    rmSync(build, { recursive: true, force: true });
  });
}
