/** One grading of one sandbox: observe, then judge. Nothing is stored here. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Grader } from '../grading/check.ts';
import { type Grading, grade } from '../grading/runner.ts';
import { inspect, lookSilently } from '../inspector/inspect.ts';
import type { Probe } from '../inspector/probe.ts';
import type { Snapshot } from '../inspector/snapshot.ts';
import type { Sandbox } from '../sandbox/engine.ts';
import { learnerEnvironment } from './seed.ts';
import type { TrialRunner } from './trials.ts';
import { runScripts } from './verify-scripts.ts';

export interface Assessment {
  readonly grading: Grading;
  readonly snapshot: Snapshot;
}

/** How often something that could not be verified is looked at again before that is said. */
const TRIES = 3;
const PAUSE_MS = 400;
const SETTLE_LIMIT_MS = 2000;
const SERVER_START_MS = 200;

export async function assess(
  probe: Probe,
  grader: Grader,
  sandbox: Sandbox,
  parameters: Readonly<Record<string, string>>,
  cgroupLimits: boolean,
  trialRunner: TrialRunner,
): Promise<Assessment> {
  const subject = { lab: grader.lab, parameters, init: sandbox.init, cgroupLimits };
  const trials = await trialRunner.run(probe, grader, sandbox, parameters);
  // Kept over all tries: who answers the first request by putting things right is not right at the second.
  const silent = await lookSilently(probe, sandbox.init);
  for (let tries = 1; ; tries++) {
    const seen = await inspect(probe, subject, grader.observe(parameters), silent.ok ? silent : undefined);
    const snapshot = { ...seen, trials };
    const grading = grade(grader, snapshot);
    if (!unsure(grader, grading) || tries === TRIES) {
      if (!grader.scripts) return { grading, snapshot };
      const scripts = await runScripts(sandbox, grader.scripts, learnerEnvironment(grader.lab, parameters));
      const whole = { ...snapshot, scripts };
      return { grading: grade(grader, whole), snapshot: whole };
    }
    await sleep(PAUSE_MS);
  }
}

/** Whether looking again may tell more. Scripts have not been run yet, so what waits for them does not count. */
function unsure(grader: Grader, grading: Grading): boolean {
  if (!grader.scripts) return grading.status === 'ungraded';
  const scripted = Object.keys(grader.scripts);
  return grading.results.some(({ id, status }) => status === 'error' && !scripted.includes(id));
}

/**
 * After a script has ended: gives what it started a moment to listen on the ports that will be asked. Asks nothing
 * itself, since that would announce the grading.
 */
export async function settle(
  probe: Probe,
  grader: Grader,
  sandbox: Sandbox,
  parameters: Readonly<Record<string, string>>,
): Promise<void> {
  const ports = new Set(Object.values(grader.observe(parameters).requests ?? {}).map(({ port }) => port));
  const end = Date.now() + SETTLE_LIMIT_MS;
  while (ports.size > 0 && Date.now() < end) {
    const look = await lookSilently(probe, sandbox.init);
    const sockets = look.ok ? look.value.netTables.flatMap((table) => table.sockets) : [];
    if ([...ports].every((port) => sockets.some(({ state, localPort }) => state === 'LISTEN' && localPort === port)))
      break;
    await sleep(50);
  }
  // The forwarder listens before the server behind it does.
  await sleep(SERVER_START_MS);
}
