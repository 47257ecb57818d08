/** graders/<id>/checks.ts: server-side only, never part of a page or of a learner's image. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Lab } from '../protocol/lab.ts';
import type { Grader } from './check.ts';
import { FileError } from './file-error.ts';
import { maxScore } from './score.ts';
import { loadScriptChecks, scriptsPath } from './script-checks.ts';

/** Loads the grader of a lab and holds it against that lab; a grader that could mis-score is refused. */
export async function loadGrader(root: string, lab: Lab): Promise<Grader> {
  const scripts = await loadScriptChecks(root, lab.id);
  const own =
    scripts && !existsSync(join(root, 'graders', lab.id, 'checks.ts')) ? undefined : await loadChecks(root, lab);
  const grader: Grader = {
    lab: lab.id,
    observe: () => ({}),
    ...own,
    checks: [...(own?.checks ?? []), ...(scripts?.checks ?? [])],
    ...(scripts && { scripts: scripts.scripts }),
  };
  const path = own ? join(root, 'graders', lab.id, 'checks.ts') : scriptsPath(root, lab.id);
  const problems = graderProblems(grader, lab);
  if (problems.length > 0) throw new FileError(path, problems);
  return grader;
}

async function loadChecks(root: string, lab: Lab): Promise<Grader> {
  const path = join(root, 'graders', lab.id, 'checks.ts');
  let module: { default?: unknown };
  try {
    module = await import(pathToFileURL(path).href);
  } catch (error) {
    throw new FileError(path, [
      `: expected a module, found: ${error instanceof Error ? error.message : String(error)}`,
    ]);
  }
  const grader = module.default as Grader | undefined;
  if (typeof grader?.observe !== 'function' || !Array.isArray(grader.checks)) {
    throw new FileError(path, [': expected a default export of type Grader, found something else']);
  }
  return grader;
}

/** What is wrong with a grader for this lab, a line each; none when it may grade. */
export function graderProblems(grader: Grader, lab: Lab): string[] {
  const problems: string[] = [];
  const expected = (what: string, wanted: unknown, found: unknown) => {
    problems.push(`: ${what}: expected ${wanted}, found ${found}`);
  };
  if (grader.lab !== lab.id) expected('lab', lab.id, grader.lab);
  const ids = grader.checks.map(({ id }) => id);
  const total = grader.checks.reduce((sum, { weight }) => sum + weight, 0);
  if (total !== maxScore) expected('weights', `a sum of ${maxScore}`, total);
  for (const [index, { id, weight, dependsOn = [] }] of grader.checks.entries()) {
    if (ids.indexOf(id) !== index) expected(`check ${id}`, 'every id once', 'it again');
    if (!Number.isInteger(weight) || weight < 1) expected(`check ${id}`, 'a whole weight of 1 or more', weight);
    for (const other of dependsOn) {
      // Earlier ones only: one pass judges all, and no circle is possible.
      if (!ids.slice(0, index).includes(other)) expected(`check ${id}`, 'dependsOn to name earlier checks', other);
    }
    const tasks = lab.tasks.filter(({ checks }) => checks.includes(id)).map((task) => task.id);
    if (tasks.length !== 1) expected(`check ${id}`, 'exactly one task of lab.yaml', tasks.join(', ') || 'none');
  }
  // The page is made from lab.yaml alone, and must say it.
  const scripted = grader.checks.filter(({ tamperProof }) => tamperProof === false).map(({ id }) => id);
  const list = (names: readonly string[]) => [...names].sort().join(', ') || 'none';
  if (list(scripted) !== list(lab.notTamperProof))
    expected('notTamperProof of lab.yaml', list(scripted), list(lab.notTamperProof));
  for (const task of lab.tasks) {
    for (const id of task.checks) {
      if (!ids.includes(id)) expected(`task ${task.id} of lab.yaml`, 'checks the grader has', id);
    }
  }
  return problems;
}
