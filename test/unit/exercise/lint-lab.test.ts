/** What lint says of labs with a mistake in them; that the course has none is part of `npm run check`. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lintLab } from '../../../src/exercise/lint-lab.ts';
import { checkout } from '../../../src/setup/paths.ts';

const id = 'read-only';
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'toride-lint-test-'));
  for (const part of ['labs', 'graders']) cpSync(join(checkout, part, id), join(root, part, id), { recursive: true });
  // Its grader imports from the checkout.
  const checks = join(root, 'graders', id, 'checks.ts');
  writeFileSync(checks, readFileSync(checks, 'utf8').replaceAll("'../../src/", `'${checkout}/src/`));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function change(path: string, from: string | RegExp, to: string): void {
  const file = join(root, path);
  const text = readFileSync(file, 'utf8');
  expect(text).toMatch(from);
  writeFileSync(file, text.replace(from, to));
}
const lint = async () => (await lintLab(root, id)).join('\n');

test('nothing, of a lab that is in order', async () => {
  expect(await lint()).toBe('');
});

test.each([
  ['a lesson is missing', () => rmSync(join(root, `labs/${id}/lesson.ja.mdx`)), /lesson\.ja\.mdx: expected the lesson/],
  ['a lesson is empty', () => writeFileSync(join(root, `labs/${id}/lesson.en.mdx`), ''), /lesson\.en\.mdx: expected/],
  [
    'a key is not known',
    () => change(`labs/${id}/lab.yaml`, 'minutes: 30', 'minuets: 30'),
    /lab\.yaml:\d+:\d+:.*minuets/,
  ],
  ['no suite', () => rmSync(join(root, `graders/${id}/suite.yaml`)), /suite\.yaml: expected a readable file/],
  [
    'a script does not parse',
    () => writeFileSync(join(root, `graders/${id}/cases/decoy.sh`), 'if\n'),
    /decoy\.sh: does not parse: line/,
  ],
  [
    'a case expects nothing',
    () => change(`graders/${id}/suite.yaml`, '{ score: 0 }', '{}'),
    /one of all, score, failed/,
  ],
  [
    'a start that passes',
    () => change(`graders/${id}/suite.yaml`, '{ score: 0 }', '{ all: passed }'),
    /case start: expected something that does not pass/,
  ],
  [
    'a solution that need not pass',
    () => change(`graders/${id}/suite.yaml`, '{ all: passed, score: 100 }', '{ score: 90 }'),
    /case solve: a solve proves something only with all: passed/,
  ],
])('%s', async (_, spoil, message) => {
  spoil();
  expect(await lint()).toMatch(message);
});

test('a lab that is nothing but a folder', async () => {
  mkdirSync(join(root, 'labs/empty'));
  expect((await lintLab(root, 'empty')).length).toBe(3);
});
