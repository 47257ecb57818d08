/** One grade of two labs, each with its reference solution running in a sandbox. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packScript } from '../../src/cli/script.ts';
import { assess, settle } from '../../src/exercise/assess.ts';
import { type Exercise, loadExercise } from '../../src/exercise/catalogue.ts';
import { learnerEnvironment, seed } from '../../src/exercise/seed.ts';
import { drawParameters } from '../../src/grading/parameters.ts';
import type { Probe } from '../../src/inspector/probe.ts';
import { checkout } from '../../src/setup/paths.ts';
import { type EngineBench, withEngine } from './bench.ts';
import { type Measurement, measurement, progress } from './report.ts';
import { summarise, time } from './statistics.ts';

/** One of plain observation, one whose filter is tried call by call. */
const LABS = ['read-only', 'seccomp'];
const TIMES = 12;
const LIMIT_MS = 500;
const SOLVE_LIMIT_MS = 60_000;

export const grade = (): Promise<Measurement[]> =>
  withEngine(async (bench) => {
    const measurements: Measurement[] = [];
    for (const id of LABS) measurements.push(await gradeLab(bench, await loadExercise(checkout, id)));
    return measurements;
  });

async function gradeLab(
  { engine, options, probe, cgroupLimits }: EngineBench,
  { lab, grader }: Exercise,
): Promise<Measurement> {
  const parameters = drawParameters(lab.parameters, `bench/${lab.id}`);
  const submission = await packScript(join(checkout, 'graders', lab.id, 'cases', 'solve.sh'));
  const sandbox = await engine.start(options);
  try {
    progress(`  ${lab.id}: solving`);
    await seed(sandbox, { root: checkout, lab: lab.id, parameters, submission });
    await sandbox.run({
      command: ['/bin/bash', 'submission/run.sh'],
      environment: learnerEnvironment(lab.id, parameters),
      timeoutMs: SOLVE_LIMIT_MS,
    });
    await settle(probe, grader, sandbox, parameters);
    progress(`  ${lab.id}: grading`);
    const ours: number[] = [];
    const bares: number[] = [];
    const calls = new Map<string, number[]>();
    const counted = timed(probe, calls);
    for (let round = 0; round <= TIMES; round++) {
      if (round === 1) calls.clear();
      const began = performance.now();
      const { grading } = await assess(counted, grader, sandbox, parameters, cgroupLimits);
      const ms = performance.now() - began;
      if (grading.status !== 'passed' || grading.score !== 100)
        throw new Error(
          `${lab.id}: the reference solution is ${grading.status} with ${grading.score}: ${JSON.stringify(grading.results)}`,
        );
      const spawns = [...calls.values()].flat().length / Math.max(round, 1);
      const bare = await time(async () => {
        for (let spawn = 0; spawn < spawns; spawn++) await promisify(execFile)('/bin/true');
      });
      if (round === 0) continue;
      ours.push(ms);
      bares.push(bare);
    }
    const spawns = [...calls.values()].flat().length / TIMES;
    return measurement({
      name: `grade ${lab.id}`,
      unit: 'ms',
      toride: summarise(ours),
      baseline: { name: `/bin/true started ${spawns} times, as often as the probe`, ...summarise(bares) },
      limit: LIMIT_MS,
      parts: Object.fromEntries(
        [...calls].map(([name, times]) => [`probe ${name}, ${times.length / TIMES} × each`, summarise(times)]),
      ),
    });
  } finally {
    await sandbox.stop();
  }
}

/** The same probe, its calls timed by name. */
function timed(probe: Probe, calls: Map<string, number[]>): Probe {
  const note = async <T>(name: keyof Probe, work: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    try {
      return await work();
    } finally {
      calls.set(name, [...(calls.get(name) ?? []), performance.now() - began]);
    }
  };
  return {
    processes: (...args) => note('processes', () => probe.processes(...args)),
    request: (...args) => note('request', () => probe.request(...args)),
    syscalls: (...args) => note('syscalls', () => probe.syscalls(...args)),
    file: (...args) => note('file', () => probe.file(...args)),
    attributes: (...args) => note('attributes', () => probe.attributes(...args)),
    list: (...args) => note('list', () => probe.list(...args)),
    tree: (...args) => note('tree', () => probe.tree(...args)),
  };
}
