/** What commands that grade without a server share: an engine, the probe, one sandbox from start to end. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { pino } from 'pino';
import { type Assessment, assess, settle } from '../exercise/assess.ts';
import type { Exercise } from '../exercise/catalogue.ts';
import { learnerEnvironment, type Parameters, seed } from '../exercise/seed.ts';
import { openTrials, type TrialRunner } from '../exercise/trials.ts';
import { openProbe, type Probe } from '../inspector/probe.ts';
import type { Engine, ExecResult, Sandbox } from '../sandbox/engine.ts';
import { ADMINISTRATOR, type SandboxOptions, sandboxOptions } from '../sandbox/options.ts';
import { PodmanEngine } from '../sandbox/podman/engine.ts';
import { sandboxImage } from '../setup/images.ts';
import { delegatesCgroups } from '../setup/limits.ts';
import { checkout, instancePaths, statePaths } from '../setup/paths.ts';
import { loadSettings } from '../setup/settings.ts';

/** Longer than any submission may run; what an interrupted command leaves ends by itself. */
const LIFETIME_MS = 75 * 60_000;

export interface Workbench extends AsyncDisposable {
  readonly engine: Engine;
  readonly probe: Probe;
  readonly options: SandboxOptions;
  readonly cgroupLimits: boolean;
  readonly trials: TrialRunner;
}

/**
 * An instance of its own, so that no server takes its sandboxes for orphans; its folder goes with it.
 * @param draw the seed of what a learner's script is tried on; without it, drawn anew each time
 */
export async function openWorkbench(draw?: (lab: string) => string): Promise<Workbench> {
  const settings = loadSettings();
  const instance = `cli-${randomBytes(4).toString('hex')}`;
  const log = pino({ level: process.env.TORIDE_LOG_LEVEL ?? 'warn' }, pino.destination(2));
  const engine = await PodmanEngine.open({
    state: settings.state,
    instance,
    socket: instancePaths(settings.state, instance).socket,
    log,
  });
  const cgroupLimits = delegatesCgroups();
  const options = { ...sandboxOptions(settings, sandboxImage(), cgroupLimits), lifetimeMs: LIFETIME_MS };
  return {
    engine,
    probe: openProbe(statePaths(settings.state).probe),
    options,
    cgroupLimits,
    trials: openTrials(engine, options, draw),
    [Symbol.asyncDispose]: async () => {
      await engine.close();
      rmSync(instancePaths(settings.state, instance).folder, { recursive: true, force: true });
    },
  };
}

export interface Run {
  readonly parameters: Parameters;
  /** A tar archive; its run.sh is run, and before it, where the lab has one, the administrator's administrator.sh. */
  readonly submission?: Buffer;
  readonly timeoutMs: number;
}

/** The learner's home is closed to a root without capabilities: the script is handed over as its input. */
async function administrate(
  sandbox: Sandbox,
  environment: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<ExecResult | undefined> {
  const script = 'submission/administrator.sh';
  const { exitCode, stdout } = await sandbox.run({ command: ['/bin/cat', script], timeoutMs });
  if (exitCode !== 0) return undefined;
  return sandbox.run({
    command: ['/bin/bash', '-s'],
    input: Buffer.from(stdout),
    environment,
    timeoutMs,
    ...ADMINISTRATOR,
  });
}

/** Starts a sandbox, runs the submission in it, grades while what it started still runs, removes the sandbox. */
export async function gradeOnce(
  bench: Workbench,
  { lab, grader }: Exercise,
  run: Run,
): Promise<Assessment & { script: ExecResult | undefined; administration: ExecResult | undefined }> {
  const sandbox = await bench.engine.start(bench.options);
  try {
    await seed(sandbox, { root: checkout, lab: lab.id, parameters: run.parameters, submission: run.submission });
    const environment = learnerEnvironment(lab.id, run.parameters);
    const administration =
      run.submission && lab.administrator ? await administrate(sandbox, environment, run.timeoutMs) : undefined;
    const script =
      run.submission &&
      (await sandbox.run({
        command: ['/bin/bash', 'submission/run.sh'],
        environment,
        timeoutMs: run.timeoutMs,
        workingDirectory: '/home/learner',
      }));
    await settle(bench.probe, grader, sandbox, run.parameters);
    return {
      ...(await assess(bench.probe, grader, sandbox, run.parameters, bench.cgroupLimits, bench.trials)),
      script,
      administration,
    };
  } finally {
    await sandbox.stop();
  }
}
