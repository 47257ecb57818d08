/** One suite case in a sandbox of its own, and how that is told. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Exercise } from '../../exercise/catalogue.ts';
import { drawParameters } from '../../grading/parameters.ts';
import type { Grading } from '../../grading/runner.ts';
import { type Case, differences } from '../../grading/suites.ts';
import { checkout } from '../../setup/paths.ts';
import { packScript } from '../script.ts';
import { gradeOnce, type Workbench } from '../workbench.ts';

export const CASE_LIMIT_MS = 90_000;
/** One sandbox a core: cases are mostly the learner's own Podman at work. */
const AT_ONCE = 2;

interface Outcome {
  lab: string;
  name: string;
  kind: Case['kind'];
  score: number;
  seconds: number;
  surprises: string[];
}

async function verifyCase(bench: Workbench, exercise: Exercise, one: Case, recordTo?: string): Promise<Outcome> {
  const began = performance.now();
  const id = exercise.lab.id;
  const parameters = drawParameters(exercise.lab.parameters, `suite/${id}/${one.name}`);
  const scriptOf = (name: string) => join(checkout, 'graders', id, name);
  const submission = one.run && (await packScript(scriptOf(one.run), one.administrator && scriptOf(one.administrator)));
  const { grading, snapshot, script, administration } = await gradeOnce(bench, exercise, {
    parameters,
    submission: submission || undefined,
    timeoutMs: CASE_LIMIT_MS,
  });
  const surprises = differences(one.expect, grading);
  if (script?.timedOut) surprises.push(`${one.run} did not end within ${CASE_LIMIT_MS / 1000} s`);
  if (surprises.length > 0) {
    surprises.push(...notPassed(grading));
    for (const ran of [administration, script]) {
      const said = `${ran?.stdout ?? ''}${ran?.stderr ?? ''}`.trim();
      if (said !== '') surprises.push(`  a script (exit ${ran?.exitCode}) said: ${said.slice(-800)}`);
    }
  } else if (recordTo) {
    mkdirSync(recordTo, { recursive: true });
    writeFileSync(join(recordTo, `${one.name}.json.gz`), gzipSync(JSON.stringify(snapshot), { level: 9 }));
  }
  return {
    lab: id,
    name: one.name,
    kind: one.kind,
    score: grading.score,
    seconds: (performance.now() - began) / 1000,
    surprises,
  };
}

/** What did not pass and why, a line each. */
export function notPassed(grading: Grading): string[] {
  return grading.results.flatMap((result) => {
    if (result.status === 'passed') return [];
    const detail =
      'reason' in result
        ? result.reason
        : result.evidence
            .map(({ source, expected, actual }) => `${source}: expected ${expected}, found ${actual}`)
            .join(' | ');
    return `  ${result.status} ${result.id}: ${detail.slice(0, 600)}`;
  });
}

function line({ lab, name, kind, score, seconds, surprises }: Outcome): string {
  const mark = surprises.length === 0 ? '✓' : '✗';
  const rows = surprises.map((surprise) => `      ${surprise}`);
  return [
    `${mark} ${lab.padEnd(18)} ${kind.padEnd(8)} ${name.padEnd(26)} ${String(score).padStart(3)}  ${seconds.toFixed(1).padStart(5)} s`,
    ...rows,
  ].join('\n');
}

export interface Job {
  readonly exercise: Exercise;
  readonly one: Case;
  /** Where the snapshot is kept, if it is. */
  readonly recordTo?: string | undefined;
}

/** Prints a line for each case as it ends. @returns how many were not as expected */
export async function verifyCases(bench: Workbench, jobs: readonly Job[]): Promise<number> {
  const next = jobs.values();
  let surprises = 0;
  const worker = async () => {
    for (const { exercise, one, recordTo } of next) {
      const outcome = await verifyCase(bench, exercise, one, recordTo);
      if (outcome.surprises.length > 0) surprises++;
      console.log(line(outcome));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return surprises;
}
