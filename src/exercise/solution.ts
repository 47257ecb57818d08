/** A lab's reference solution: the very scripts by which its suite proves that 100 points can be had. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSuite } from '../grading/suites.ts';
import type { Solution } from '../protocol/api.ts';
import type { Exercise } from './catalogue.ts';
import { learnerEnvironment, type Parameters } from './seed.ts';

/** Shebang and `set -eu`: pasted into a terminal, they would end the learner's shell at the first error. */
const forScripts = /^(#!.*\n)?(set -eu\n)?/;

/** @throws FileError when the suite is not as it should be */
export async function loadSolution(root: string, { lab, grader }: Exercise, parameters: Parameters): Promise<Solution> {
  const suite = await readSuite(root, grader);
  // An imported lab may have none.
  const { administrator, run } = suite.cases.find(({ kind }) => kind === 'solve') ?? {};
  const read = async (runAs: Solution['files'][number]['runAs'], script: string | undefined) =>
    script === undefined
      ? []
      : [{ runAs, text: (await readFile(join(root, 'graders', lab.id, script), 'utf8')).replace(forScripts, '') }];
  const { TORIDE_LAB, ...values } = learnerEnvironment(lab.id, parameters);
  return { files: [...(await read('administrator', administrator)), ...(await read('learner', run))], values };
}
