/**
 * A learner's script put to the test: run in sandboxes of its own, made for it, filled by the grader's plan, thrown away.
 * Nothing is ever run in the learner's sandbox, and what is expected never enters any.
 */
import { randomBytes } from 'node:crypto';
import type { Grader, TrialPlan, TrialRun } from '../grading/check.ts';
import { type InitProcess, ObservationError, type Probe } from '../inspector/probe.ts';
import type { Snapshot, TrialObservation, Trials } from '../inspector/snapshot.ts';
import { type Engine, type Sandbox, SandboxFault, SandboxRefused } from '../sandbox/engine.ts';
import { type SandboxOptions, trialOptions } from '../sandbox/options.ts';

const SCRIPT_LIMIT = 64 * 1024;
const OUTPUT_LIMIT = 48 * 1024;
const COMPLAINT_LIMIT = 2000;
const PREPARE_LIMIT_MS = 30_000;
/** For one run of the script. */
const RUN_LIMIT_MS = 12_000;
/** All of the above, and a machine that is busy. */
const LIFETIME_MS = 120_000;
/** Beyond the places of learners: one more for each that is graded at the same time, up to this, … */
const AT_ONCE = 2;
/** … and whoever cannot have one within this time is told to try again. */
const WAIT_LIMIT_MS = 20_000;

export interface TrialRunner {
  /** @returns the section `trials` of the snapshot; `null` for a grader that asks for none */
  run(
    probe: Probe,
    grader: Grader,
    sandbox: Sandbox,
    parameters: Readonly<Record<string, string>>,
  ): Promise<Snapshot['trials']>;
}

const anew = () => randomBytes(16).toString('hex');

/** @param draw the seed of what the script is tried on, for each attempt at the lab */
export function openTrials(engine: Engine, options: SandboxOptions, draw: (lab: string) => string = anew): TrialRunner {
  const places = new Places(AT_ONCE);
  return {
    run: async (probe, grader, sandbox, parameters) => {
      const plan = grader.trials?.(parameters, draw(grader.lab));
      if (!plan) return { ok: true, value: null };
      try {
        const script = await readScript(probe, sandbox.init, plan.script);
        if ('refused' in script) return { ok: true, value: { refused: script.refused, runs: {} } };
        if (!(await places.take(WAIT_LIMIT_MS)))
          return { ok: false, code: 'busy', message: 'other scripts are being tried; try again in a minute' };
        try {
          return { ok: true, value: await runAll(engine, trialOptions(options, LIFETIME_MS), plan, script.content) };
        } finally {
          places.leave();
        }
      } catch (error) {
        if (error instanceof ObservationError) return { ok: false, code: error.code, message: error.message };
        if (error instanceof SandboxFault || error instanceof SandboxRefused)
          return { ok: false, code: 'no-trial', message: `the script could not be tried: ${error.message}` };
        throw error;
      }
    },
  };
}

async function readScript(
  probe: Probe,
  init: InitProcess,
  path: string,
): Promise<{ content: Buffer } | { refused: string }> {
  const file = await probe.file(init, path, SCRIPT_LIMIT);
  if (file === null) return { refused: 'no such file' };
  return 'refused' in file ? { refused: file.refused } : { content: Buffer.from(file.base64, 'base64') };
}

async function runAll(engine: Engine, options: SandboxOptions, plan: TrialPlan, script: Buffer): Promise<Trials> {
  const runs: Record<string, TrialObservation> = {};
  for (const [name, run] of Object.entries(plan.runs)) {
    const sandbox = await engine.start(options);
    try {
      runs[name] = await runOnce(sandbox, plan.script, script, run);
    } finally {
      await sandbox.stop();
    }
    // It will not be quicker next time, and somebody waits.
    if (runs[name].timedOut) break;
  }
  return { refused: null, runs };
}

async function runOnce(sandbox: Sandbox, path: string, script: Buffer, run: TrialRun): Promise<TrialObservation> {
  // By standard input: neither a file nor a command line of it is left for the script to find.
  const prepare = { command: ['/bin/bash', '-s'], input: Buffer.from(run.prepare), timeoutMs: PREPARE_LIMIT_MS };
  const prepared = await sandbox.run(prepare);
  if (prepared.exitCode !== 0) throw new SandboxFault(`it could not be prepared: ${prepared.stderr.slice(-500)}`);
  const copy = 'mkdir -p "$(dirname "$0")" && cat > "$0" && chmod 755 "$0"';
  const copied = await sandbox.run({ command: ['/bin/sh', '-c', copy, path], input: script, timeoutMs: 5000 });
  if (copied.exitCode !== 0) throw new SandboxFault(`the script could not be copied: ${copied.stderr.slice(-500)}`);
  const began = performance.now();
  // One that floods is cut off, and ends by the signal for it.
  const limited = `cd "$(dirname "$0")" && "$0" < /dev/null | head -c ${OUTPUT_LIMIT + 1}; exit "\${PIPESTATUS[0]}"`;
  const result = await sandbox.run({ command: ['/bin/bash', '-c', limited, path], timeoutMs: RUN_LIMIT_MS });
  return {
    exitCode: result.exitCode,
    timedOut: result.timedOut,
    flooded: Buffer.byteLength(result.stdout) > OUTPUT_LIMIT,
    stdout: result.stdout.slice(0, OUTPUT_LIMIT),
    stderr: result.stderr.slice(-COMPLAINT_LIMIT),
    elapsedMs: Math.round(performance.now() - began),
    expected: run.expected,
  };
}

/** So many at once; the next waits for one to leave, first come first served. */
export class Places {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** @returns false when none came free in time */
  take(limitMs: number): Promise<boolean> {
    if (this.#free > 0) {
      this.#free--;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const admit = () => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(admit), 1);
        resolve(false);
      }, limitMs);
      this.#waiting.push(admit);
    });
  }

  /** The place goes to whoever has waited longest. */
  leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }
}
