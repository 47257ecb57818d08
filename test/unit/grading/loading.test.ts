import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check, type Grader } from '../../../src/grading/check.ts';
import { graderProblems } from '../../../src/grading/graders.ts';
import { loadLab } from '../../../src/grading/labs.ts';
import { differences, suiteProblems, suiteSchema } from '../../../src/grading/suites.ts';
import { labSchema } from '../../../src/protocol/lab.ts';

const good = `id: demo
chapter: 8.5.1
order: 1
minutes: 10
title: { en: Demo, ja: デモ }
summary: { en: Demo, ja: デモ }
tasks:
  - id: first
    title: { en: First, ja: 最初 }
    checks: [a, b]
`;
let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'toride-loading-'));
});
afterAll(() => rm(root, { recursive: true }));

async function load(text: string | undefined) {
  await rm(join(root, 'labs'), { recursive: true, force: true });
  await mkdir(join(root, 'labs/demo'), { recursive: true });
  if (text !== undefined) await writeFile(join(root, 'labs/demo/lab.yaml'), text);
  return loadLab(root, 'demo').then(
    () => 'loaded',
    (error: Error) => error.message.replaceAll(`${root}/`, ''),
  );
}

describe('loadLab says path, place, expected and found', () => {
  it.each([
    ['a good file', good, 'loaded'],
    ['no file', undefined, 'labs/demo/lab.yaml: expected a readable file, found: ENOENT'],
    ['broken YAML', `${good}  - id: [`, /^labs\/demo\/lab\.yaml:11:10: expected YAML, found: /],
    [
      'a wrong type',
      good.replace('minutes: 10', 'minutes: soon'),
      'labs/demo/lab.yaml:4:10: minutes: expected number, found "soon"',
    ],
    ['a missing key', good.replace('order: 1\n', ''), 'labs/demo/lab.yaml:1:1: order: expected number, found nothing'],
    ['an unknown key', `${good}extra: 1\n`, 'labs/demo/lab.yaml:1:1: expected only known keys, found extra'],
    [
      'a deep place',
      good.replace('[a, b]', '[a, 7]'),
      'labs/demo/lab.yaml:10:17: tasks[0].checks[1]: expected string, found 7',
    ],
    [
      'another folder',
      good.replace('id: demo', 'id: other'),
      'labs/demo/lab.yaml: id: expected demo as the folder is called, found other',
    ],
    [
      'a check twice',
      good.replace('[a, b]', '[a, a]'),
      'labs/demo/lab.yaml: checks: expected every id once, found a again',
    ],
  ])('%s', async (_, text, message) => {
    const found = await load(text);
    if (typeof message === 'string') expect(found).toBe(message);
    else expect(found).toMatch(message);
  });
});

const words = { en: 'en', ja: 'ja' };
const lab = labSchema.parse({
  id: 'demo',
  chapter: '8.5.1',
  order: 1,
  minutes: 10,
  title: words,
  summary: words,
  tasks: [{ id: 'first', title: words, checks: ['a', 'b'] }],
});
const part = (id: string, weight: number, dependsOn: string[] = []) =>
  check({
    id,
    weight,
    dependsOn,
    title: words,
    rationale: words,
    remediation: words,
    severity: 'low',
    needs: [],
    evaluate: () => {
      throw new Error('unused');
    },
  });
const grader = (...checks: Grader['checks']): Grader => ({ lab: 'demo', observe: () => ({}), checks });

describe('graderProblems', () => {
  it('finds none in a sound grader', () => {
    expect(graderProblems(grader(part('a', 60), part('b', 40, ['a'])), lab)).toEqual([]);
  });
  it.each([
    ['weights', grader(part('a', 60), part('b', 50)), ': weights: expected a sum of 100, found 110'],
    [
      'a fraction',
      grader(part('a', 60.5), part('b', 39.5)),
      ': check a: expected a whole weight of 1 or more, found 60.5',
    ],
    ['an id twice', grader(part('a', 50), part('a', 50)), ': check a: expected every id once, found it again'],
    [
      'a later dependency',
      grader(part('a', 50, ['b']), part('b', 50)),
      ': check a: expected dependsOn to name earlier checks, found b',
    ],
    ['no task', grader(part('a', 50), part('c', 50)), ': check c: expected exactly one task of lab.yaml, found none'],
    ['no check', grader(part('a', 100)), ': task first of lab.yaml: expected checks the grader has, found b'],
  ])('%s', (_, wrong, problem) => {
    expect(graderProblems(wrong, lab)).toContain(problem);
  });
});

describe('suites', () => {
  const cases = [
    { name: 'start', kind: 'start', expect: { score: 0 }, why: 'w' },
    { name: 'solve', kind: 'solve', run: 'cases/solve.sh', expect: { all: 'passed' }, why: 'w' },
    { name: 'no-a', kind: 'partial', run: 'cases/no-a.sh', expect: { failed: ['a', 'b'] }, why: 'w' },
    { name: 'no-b', kind: 'wrong', run: 'cases/no-b.sh', expect: { failed: ['b'] }, why: 'w' },
    { name: 'forged', kind: 'forged', run: 'cases/forged.sh', expect: { status: 'ungraded' }, why: 'w' },
    ...['x', 'y', 'z'].map((name) => ({
      name,
      kind: 'variant',
      run: `cases/${name}.sh`,
      expect: { all: 'passed' },
      why: 'w',
    })),
  ];
  const sound = grader(part('a', 60), part('b', 40, ['a']));
  const problems = (change: (list: typeof cases) => unknown[]) =>
    suiteProblems(suiteSchema.parse({ lab: 'demo', cases: change(cases) }), sound);

  it('accepts a suite that proves every check', () => {
    expect(problems((list) => list)).toEqual([]);
  });
  it('demands a case that fails a check by itself, not through what it waits for', () => {
    expect(problems((list) => list.filter(({ name }) => name !== 'no-b'))).toContain(
      ': check b: expected a case that fails it alone, found none',
    );
  });
  it('demands every kind', () => {
    expect(problems((list) => list.filter(({ name }) => name !== 'x'))).toEqual([
      ': cases: expected 3 or more of kind variant, found 2',
    ]);
  });
  it('compares what came out, exactly', () => {
    const grading = {
      status: 'failed',
      score: 60,
      maxScore: 100,
      results: [
        { id: 'a', status: 'passed', evidence: [{ source: '', expected: '', actual: '' }] },
        { id: 'b', status: 'error', reason: 'r' },
      ],
    } as const;
    expect(differences({ failed: ['a'] }, grading)).toEqual([
      'failed: expected a, found none',
      'errors: expected none, found b',
    ]);
    expect(differences({ score: 60, errors: ['b'] }, grading)).toEqual([]);
    expect(differences({ all: 'passed' }, grading)).toContain('status: expected passed, found failed');
  });
});
