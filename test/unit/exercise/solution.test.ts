import { expect, test } from 'vitest';
import { loadCatalogue } from '../../../src/exercise/catalogue.ts';
import { loadSolution } from '../../../src/exercise/solution.ts';
import { drawParameters } from '../../../src/grading/parameters.ts';
import { checkout } from '../../../src/setup/paths.ts';

const catalogue = await loadCatalogue(checkout);

test.each([...catalogue.keys()])('%s has a solution that can be pasted, with the values it names', async (id) => {
  const exercise = catalogue.get(id)!;
  const { files, values } = await loadSolution(checkout, exercise, drawParameters(exercise.lab.parameters, 'a seed'));
  expect(files.at(-1)?.runAs).toBe('learner');
  expect(files.some(({ runAs }) => runAs === 'administrator')).toBe(exercise.lab.administrator);
  expect(Object.keys(values)).toHaveLength(Object.keys(exercise.lab.parameters).length);
  for (const { text } of files) {
    // In a learner's own shell these would end it, and files of the grader are not there.
    expect(text).not.toMatch(/^(#!|set -e)/);
    expect(text).not.toMatch(/cases\/|graders\//);
    for (const [name] of text.matchAll(/TORIDE_[A-Z_]+/g)) expect(Object.keys(values)).toContain(name);
  }
});
