/** `toride labs verify [lab] [--case NAME] [--record]`: every suite case in a sandbox of its own, as a matrix. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { type Exercise, loadExercise } from '../../exercise/catalogue.ts';
import { drawParameters } from '../../grading/parameters.ts';
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
    for (const result of grading.results) {
      if (result.status === 'passed') continue;
      const detail =
        'reason' in result
          ? result.reason
          : result.evidence
              .map(({ source, expected, actual }) => `${source}: expected ${expected}, found ${actual}`)
              .join(' | ');
      surprises.push(`  ${result.status} ${result.id}: ${detail.slice(0, 600)}`);
    }
    for (const ran of [administration, script]) {
      const said = `${ran?.stdout ?? ''}${ran?.stderr ?? ''}`.trim();
      if (said !== '') surprises.push(`  a script (exit ${ran?.exitCode}) said: ${said.slice(-6000)}`);
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
  const [verb, only] = positionals;
  if (verb !== 'verify') throw new UserError('usage', `labs: expected 'verify', found '${verb ?? 'nothing'}'`);
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
