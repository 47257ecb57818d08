/** `toride labs lint [lab] [--fast]`: reads everything; then, without --fast, proves in sandboxes that the start fails and the solution passes. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadExercise } from '../../exercise/catalogue.ts';
import { lintLab } from '../../exercise/lint-lab.ts';
import { loadSuite } from '../../grading/suites.ts';
import { checkout } from '../../setup/paths.ts';
import { UserError } from '../../setup/user-error.ts';
import { openWorkbench } from '../workbench.ts';
import { type Job, verifyCases } from './verify-cases.ts';

function labIds(only: string | undefined): string[] {
  const ids = readdirSync(join(checkout, 'labs'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  if (only === undefined) return ids;
  if (!ids.includes(only)) throw new UserError('usage', `labs lint: there is no lab '${only}'`);
  return [only];
}

/** @returns 0 when nothing is wrong, 1 when something is */
export async function lint(only: string | undefined, fast: boolean): Promise<number> {
  const ids = labIds(only);
  const inOrder: string[] = [];
  for (const id of ids) {
    const findings = await lintLab(checkout, id);
    if (findings.length === 0) inOrder.push(id);
    else console.log([`✗ ${id}`, ...findings.map((finding) => `    ${finding}`)].join('\n'));
  }
  // What cannot be read need not be run.
  const surprises = fast ? 0 : await prove(inOrder);
  console.log(
    `${inOrder.length} of ${ids.length} labs are written as they must be${fast ? '' : `; ${surprises} of their cases came out otherwise`}`,
  );
  return inOrder.length === ids.length && surprises === 0 ? 0 : 1;
}

async function prove(ids: readonly string[]): Promise<number> {
  const jobs: Job[] = [];
  for (const id of ids) {
    const exercise = await loadExercise(checkout, id);
    const { cases } = await loadSuite(checkout, exercise.grader);
    jobs.push(...cases.filter(({ kind }) => kind === 'start' || kind === 'solve').map((one) => ({ exercise, one })));
  }
  if (jobs.length === 0) return 0;
  await using bench = await openWorkbench();
  // Awaited here: the bench is put away when this function ends.
  return await verifyCases(bench, jobs);
}
