/** What every measurement gets, and what must be gone afterwards. */
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { openTrials, type TrialRunner } from '../../src/exercise/trials.ts';
import { openProbe, type Probe } from '../../src/inspector/probe.ts';
import type { Engine } from '../../src/sandbox/engine.ts';
import { type SandboxOptions, sandboxOptions } from '../../src/sandbox/options.ts';
import { PodmanEngine } from '../../src/sandbox/podman/engine.ts';
import { sandboxImage } from '../../src/setup/images.ts';
import { delegatesCgroups } from '../../src/setup/limits.ts';
import { instancePaths, statePaths } from '../../src/setup/paths.ts';
import { podmanEnvironment } from '../../src/setup/podman.ts';
import { loadSettings, type Settings } from '../../src/setup/settings.ts';
import { closing } from './closing.ts';

/** The server that is measured, and the engine that is measured without one: two instances, so that neither adopts. */
const SERVER_INSTANCE = 'bench';
const ENGINE_INSTANCE = 'bench-engine';
/** Of containers that are baselines. */
const BASELINE_LABEL = 'toride.bench=baseline';
/** Room for outliers of a machine that others use; a command that hangs ends the run. */
const COMMAND_LIMIT_MS = 20_000;

const execute = promisify(execFile);
export const settings: Settings = loadSettings({ ...process.env, TORIDE_INSTANCE: SERVER_INSTANCE, DATABASE_URL: '' });
export const state: string = settings.state;

/** @returns what it prints. @throws when it fails */
export async function podman(...args: string[]): Promise<string> {
  const { stdout } = await execute('podman', args, {
    env: podmanEnvironment(state),
    cwd: '/',
    timeout: COMMAND_LIMIT_MS,
  });
  return stdout.trim();
}

/** A container of the sandbox's image as Podman alone starts one: own id range and no network, as a sandbox, else bare. */
export const podmanRun = (options: SandboxOptions): Promise<string> =>
  podman(
    'run',
    '--detach',
    `--label=${BASELINE_LABEL}`,
    `--userns=auto:size=${options.ids}`,
    '--network=none',
    '--read-only',
    '--entrypoint=["/usr/bin/sleep"]',
    options.image,
    'infinity',
  );

export const podmanRemove = (id: string): Promise<string> => podman('rm', '--force', '--time=0', id);

/** Ids of running sandboxes of the server that is measured. */
export async function serverSandboxes(): Promise<string[]> {
  const listed = await podman('ps', '--quiet', '--no-trunc', `--filter=label=toride.instance=${SERVER_INSTANCE}`);
  return listed.split('\n').filter(Boolean);
}

export interface EngineBench {
  readonly engine: Engine;
  readonly options: SandboxOptions;
  readonly probe: Probe;
  readonly cgroupLimits: boolean;
  readonly trials: TrialRunner;
}

/** Runs `work` with an engine of its own. */
export async function withEngine<T>(work: (bench: EngineBench) => Promise<T>): Promise<T> {
  const log = pino({ level: 'warn' }, pino.destination(2));
  const { socket } = instancePaths(state, ENGINE_INSTANCE);
  const engine = await PodmanEngine.open({ state, instance: ENGINE_INSTANCE, socket, log });
  const cgroupLimits = delegatesCgroups();
  const options = sandboxOptions(settings, sandboxImage(), cgroupLimits);
  const probe = openProbe(statePaths(state).probe);
  return closing(
    () => engine.close(),
    () => work({ engine, options, cgroupLimits, probe, trials: openTrials(engine, options) }),
  );
}

/** Removes all that this or an interrupted run started. */
export async function clear(): Promise<void> {
  const labels = [BASELINE_LABEL, ...[SERVER_INSTANCE, ENGINE_INSTANCE].map((name) => `toride.instance=${name}`)];
  for (const label of labels) {
    const left = (await podman('ps', '--all', '--quiet', '--no-trunc', `--filter=label=${label}`))
      .split('\n')
      .filter(Boolean);
    if (left.length > 0) await podman('rm', '--force', '--time=0', ...left);
  }
  for (const name of [SERVER_INSTANCE, ENGINE_INSTANCE])
    rmSync(instancePaths(state, name).folder, { recursive: true, force: true });
}
