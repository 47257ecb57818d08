/** graders/<id>/suite.yaml: the proof that a grader passes what is right and fails what is not. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { labIdSchema } from '../protocol/api.ts';
import type { Check, Grader } from './check.ts';
import { FileError, readYaml } from './file-error.ts';
import type { Grading } from './runner.ts';

const ids = z.array(z.string().min(1));
/** bash, in the grader's folder. */
const script = z.string().regex(/^cases\/[a-z0-9][a-z0-9-]*\.sh$/);
/** What must come out. Everything that is given must hold. */
const expectation = z
  .strictObject({
    /** Every check passed. */
    all: z.literal('passed').optional(),
    score: z.number().int().min(0).max(100).optional(),
    /** Exactly these checks fail; what waits for them (dependsOn) is named too. */
    failed: ids.min(1).optional(),
    status: z.literal('ungraded').optional(),
    /** Exactly these checks could not be verified. */
    errors: ids.min(1).optional(),
    /** None of these passes: failed or error are both right where a case races the inspector. */
    notPassed: ids.min(1).optional(),
  })
  .refine((expect) => Object.keys(expect).length > 0, 'one of all, score, failed, status, errors, notPassed')
  .refine(
    ({ all, score, failed, status, errors, notPassed }) =>
      !all || !(failed || status || errors || notPassed || (score ?? 100) < 100),
    'all: passed alone',
  );
export type Expectation = z.infer<typeof expectation>;

export const suiteSchema = z.strictObject({
  lab: labIdSchema,
  cases: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
        kind: z.enum(['start', 'solve', 'partial', 'variant', 'wrong', 'forged']),
        /** A script, run in a fresh sandbox as the learner; none for the state the learner starts from. */
        run: script.optional(),
        /** One that the sandbox's root runs before it, in a lab whose learner is the administrator too. */
        administrator: script.optional(),
        expect: expectation,
        why: z.string().min(1),
      }),
    )
    .min(1),
});
export type Suite = z.infer<typeof suiteSchema>;
export type Case = Suite['cases'][number];

const suitePath = (root: string, { lab }: Grader) => join(root, 'graders', lab, 'suite.yaml');

/** As it is written, a proof or not. */
export const readSuite = (root: string, grader: Grader): Promise<Suite> =>
  readYaml(suitePath(root, grader), suiteSchema);

/** @throws FileError for one that proves too little */
export async function loadSuite(root: string, grader: Grader): Promise<Suite> {
  const folder = join(root, 'graders', grader.lab);
  const path = suitePath(root, grader);
  const suite = await readSuite(root, grader);
  const problems = suiteProblems(suite, grader);
  // What an import leaves to its author.
  if (!suite.cases.some(({ kind }) => kind === 'solve') && grader.scripts)
    problems.push(': write the solution as cases/solve.sh and name it in a case of kind solve');
  for (const { name, run, administrator } of suite.cases) {
    for (const file of [run, administrator]) {
      if (file && !existsSync(join(folder, file)))
        problems.push(`: case ${name}: expected the file ${file}, found none`);
    }
  }
  if (problems.length > 0) throw new FileError(path, problems);
  return suite;
}

/** Nobody can be kept from forging these, so nobody has to show how they withstand it. */
const scripted = ({ tamperProof }: Check): boolean => tamperProof === false;

/** What keeps a suite from being a proof, a line each. */
export function suiteProblems(suite: Suite, grader: Grader): string[] {
  const problems: string[] = [];
  const known = grader.checks.map(({ id }) => id);
  const count = (kind: Case['kind']) => suite.cases.filter((one) => one.kind === kind).length;
  if (suite.lab !== grader.lab) problems.push(`: lab: expected ${grader.lab}, found ${suite.lab}`);
  const minimum = grader.checks.every(scripted)
    ? { start: 1, solve: 1 }
    : { start: 1, solve: 1, partial: 1, variant: 3, wrong: 1, forged: 1 };
  for (const [kind, least] of Object.entries(minimum)) {
    const found = count(kind as Case['kind']);
    if (found < least) problems.push(`: cases: expected ${least} or more of kind ${kind}, found ${found}`);
  }
  for (const [index, one] of suite.cases.entries()) {
    if (suite.cases.findIndex(({ name }) => name === one.name) !== index) {
      problems.push(`: case ${one.name}: expected every name once, found it again`);
    }
    if ((one.kind === 'start') !== (one.run === undefined)) {
      problems.push(`: case ${one.name}: expected a script for every kind but start, found ${one.run ?? 'none'}`);
    }
    for (const id of [...(one.expect.failed ?? []), ...(one.expect.errors ?? []), ...(one.expect.notPassed ?? [])]) {
      if (!known.includes(id)) problems.push(`: case ${one.name}: expected a check of the grader, found ${id}`);
    }
  }
  return [...problems, ...unproven(suite, grader)];
}

/**
 * Every check needs a case in which it passes and one that it fails by itself: one where nothing it waits for fails,
 * and not the empty start, in which everything fails.
 */
function unproven(suite: Suite, grader: Grader): string[] {
  const passes = suite.cases.some(({ expect }) => expect.all === 'passed' || expect.score === 100);
  return grader.checks.flatMap((check) => {
    const { id, dependsOn = [] } = check;
    const fails =
      scripted(check) ||
      suite.cases.some(({ kind, expect }) => {
        const failed = expect.failed ?? (expect.score === 0 ? grader.checks.map((check) => check.id) : []);
        return kind !== 'start' && failed.includes(id) && !dependsOn.some((other) => failed.includes(other));
      });
    return [
      ...(passes ? [] : [`: check ${id}: expected a case that passes it, found none`]),
      ...(fails ? [] : [`: check ${id}: expected a case that fails it alone, found none`]),
    ];
  });
}

/** How a grading differs from what a case expects, a line each; none when it is as expected. */
export function differences(expect: Expectation, grading: Grading): string[] {
  const { all, score, failed, errors, status, notPassed } = expect;
  const lines: string[] = [];
  const compare = (what: string, wanted: string, found: string) => {
    if (wanted !== found) lines.push(`${what}: expected ${wanted}, found ${found}`);
  };
  const list = (names: readonly string[]) => [...names].sort().join(', ') || 'none';
  const having = (wanted: string) =>
    list(grading.results.filter((result) => result.status === wanted).map(({ id }) => id));
  if (score !== undefined) compare('score', String(score), String(grading.score));
  // What does not apply on this host can fail on none of its kind.
  const applies = (id: string) => grading.results.some((one) => one.id === id && one.status !== 'notApplicable');
  if (failed || all) compare('failed', list((failed ?? []).filter(applies)), having('failed'));
  // Unless a case is about what cannot be verified, that is a difference too.
  if (errors || (status === undefined && !notPassed)) compare('errors', list(errors ?? []), having('error'));
  for (const { id, status: found } of grading.results) {
    if (found === 'passed' && notPassed?.includes(id)) compare(id, 'failed or error', found);
  }
  if (status || all) compare('status', status ?? 'passed', grading.status);
  return lines;
}
