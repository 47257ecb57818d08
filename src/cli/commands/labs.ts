/**
 * `toride labs verify [lab] [--case NAME] [--record DIR]`: every suite case in a sandbox of its own, as a matrix.
 * `toride labs try LAB SCRIPT [ADMINISTRATOR'S SCRIPT]`: one script in a fresh sandbox, what it said, and how the lab's grader sees it.
 * `toride labs lint [lab] [--fast]`: what is wrong with a lab as it is written; without --fast, that start and solution do as they must.
 */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadExercise } from '../../exercise/catalogue.ts';
import { drawParameters } from '../../grading/parameters.ts';
import { loadSuite } from '../../grading/suites.ts';
import { checkout } from '../../setup/paths.ts';
import { UserError } from '../../setup/user-error.ts';
import { lint } from '../labs/lint.ts';
import { CASE_LIMIT_MS, type Job, notPassed, verifyCases } from '../labs/verify-cases.ts';
import { packScript } from '../script.ts';
import { gradeOnce, openWorkbench } from '../workbench.ts';

function readArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      strict: true,
      options: { case: { type: 'string' }, record: { type: 'string' }, fast: { type: 'boolean', default: false } },
    });
  } catch (error) {
    throw new UserError('usage', `labs: ${(error as Error).message}`);
  }
}

export async function labs(args: string[]): Promise<number> {
  if (args[0] === 'import') return (await import('../labs/import.ts')).importLab(args.slice(1));
  const { positionals, values } = readArguments(args);
  const [verb, only, script, administrator] = positionals;
  if (verb === 'try' && only && script)
    return tryScript(only, resolve(script), administrator && resolve(administrator));
  if (verb === 'lint') return lint(only, values.fast);
  if (verb !== 'verify')
    throw new UserError(
      'usage',
      `labs: expected verify, lint, import killercoda DIR or try LAB SCRIPT, found '${positionals.join(' ')}'`,
    );
  return verify(only, values.case, values.record);
}

async function verify(
  only: string | undefined,
  wanted: string | undefined,
  record: string | undefined,
): Promise<number> {
  const ids = only ? [only] : readdirSync(join(checkout, 'graders')).sort();
  const jobs: Job[] = [];
  for (const id of ids) {
    const exercise = await loadExercise(checkout, id);
    const suite = await loadSuite(checkout, exercise.grader);
    const recordTo = record && join(record, id, 'snapshots');
    jobs.push(
      ...suite.cases.filter(({ name }) => !wanted || name === wanted).map((one) => ({ exercise, one, recordTo })),
    );
  }
  if (jobs.length === 0) throw new UserError('usage', `labs verify: no case is called '${wanted}'`);
  await using bench = await openWorkbench();
  const surprises = await verifyCases(bench, jobs);
  console.log(`${jobs.length - surprises} of ${jobs.length} cases as expected`);
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
