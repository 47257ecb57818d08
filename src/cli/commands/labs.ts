/**
 * `toride labs verify [lab] [--case NAME] [--record DIR]`: every suite case in a sandbox of its own, as a matrix.
 * `toride labs try LAB SCRIPT [ADMINISTRATOR'S SCRIPT]`: one script in a fresh sandbox, what it said, and how the lab's grader sees it.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { type Exercise, loadExercise } from '../../exercise/catalogue.ts';
import { drawParameters } from '../../grading/parameters.ts';
import type { Grading } from '../../grading/runner.ts';
import { type Case, differences, loadSuite } from '../../grading/suites.ts';
import { checkout } from '../../setup/paths.ts';
import { UserError } from '../../setup/user-error.ts';
import { packScript } from '../script.ts';
import { gradeOnce, openWorkbench, type Workbench } from '../workbench.ts';

const CASE_LIMIT_MS = 90_000;
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

async function verifyCase(
  bench: Workbench,
  exercise: Exercise,
  one: Case,
  recordTo: string | undefined,
): Promise<Outcome> {
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
function notPassed(grading: Grading): string[] {
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

export async function labs(args: string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    strict: true,
    options: { case: { type: 'string' }, record: { type: 'string' } },
  });
  const [verb, only, script, administrator] = positionals;
  if (verb === 'try' && only && script)
    return tryScript(only, resolve(script), administrator && resolve(administrator));
  if (verb !== 'verify')
    throw new UserError('usage', `labs: expected 'verify' or 'try LAB SCRIPT', found '${positionals.join(' ')}'`);
  const ids = only ? [only] : readdirSync(join(checkout, 'graders')).sort();
  const jobs: { exercise: Exercise; one: Case }[] = [];
  for (const id of ids) {
    const exercise = await loadExercise(checkout, id);
    const suite = await loadSuite(checkout, exercise.grader);
    jobs.push(
      ...suite.cases.filter(({ name }) => !values.case || name === values.case).map((one) => ({ exercise, one })),
    );
  }
  if (jobs.length === 0) throw new UserError('usage', `labs verify: no case is called '${values.case}'`);

  await using bench = await openWorkbench();
  const outcomes: Outcome[] = [];
  const next = jobs.values();
  const worker = async () => {
    for (const { exercise, one } of next) {
      const outcome = await verifyCase(
        bench,
        exercise,
        one,
        values.record && join(values.record, exercise.lab.id, 'snapshots'),
      );
      outcomes.push(outcome);
      console.log(line(outcome));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const surprises = outcomes.filter((outcome) => outcome.surprises.length > 0).length;
  console.log(`${outcomes.length - surprises} of ${outcomes.length} cases as expected`);
  return surprises === 0 ? 0 : 1;
}

/** For authors: the parameters are the same at each try. @returns 0 when the script itself ended well */
async function tryScript(id: string, path: string, administrator?: string): Promise<number> {
  const exercise = await loadExercise(checkout, id);
  await using bench = await openWorkbench();
  const { grading, script, administration } = await gradeOnce(bench, exercise, {
    parameters: drawParameters(exercise.lab.parameters, `try/${id}`),
    submission: await packScript(path, administrator),
    timeoutMs: CASE_LIMIT_MS,
  });
  for (const ran of [administration, script]) process.stdout.write(`${ran?.stdout ?? ''}${ran?.stderr ?? ''}`);
  console.log([`score ${grading.score}, ${grading.status}`, ...notPassed(grading)].join('\n'));
  return script?.exitCode ?? 1;
}
