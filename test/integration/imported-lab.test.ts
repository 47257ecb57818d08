/** An imported lab in a real sandbox: set up as the learner, judged by its own scripts, which run inside and count for no more. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importLab } from '../../src/cli/labs/import.ts';
import { openWorkbench, type Workbench } from '../../src/cli/workbench.ts';
import { assess } from '../../src/exercise/assess.ts';
import { type Exercise, loadExercise } from '../../src/exercise/catalogue.ts';
import { seed } from '../../src/exercise/seed.ts';
import { labReport } from '../../src/grading/report/report.ts';
import type { Sandbox } from '../../src/sandbox/engine.ts';
import { checkout } from '../../src/setup/paths.ts';

let root: string;
let bench: Workbench;
let exercise: Exercise;
let sandbox: Sandbox;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'toride-imported-test-'));
  await importLab([
    'killercoda',
    join(checkout, 'test/fixtures/killercoda/every-field'),
    '--to',
    root,
    '--id',
    'shelf',
  ]);
  // Besides what came with it: who runs a script, and one that never ends.
  const scripts = join(root, 'graders/shelf/scripts');
  writeFileSync(
    join(scripts, 'step-2.sh'),
    '#!/bin/bash\nid -u; id -un; pwd; [ -e ~/hang ] && sleep 1000; [ -e ~/forged ]\n',
  );
  exercise = await loadExercise(root, 'shelf');
  bench = await openWorkbench();
  sandbox = await bench.engine.start(bench.options);
  await seed(sandbox, { root, lab: 'shelf', parameters: {} });
});
afterAll(async () => {
  await sandbox?.stop();
  await bench?.[Symbol.asyncDispose]();
  rmSync(root, { recursive: true, force: true });
});

const run = async (script: string) =>
  (await sandbox.run({ command: ['/bin/bash', '-c', script], timeoutMs: 5000 })).stdout.trim();
async function graded(grader = exercise.grader) {
  const { grading, snapshot } = await assess(bench.probe, grader, sandbox, {}, bench.cgroupLimits, bench.trials);
  const report = labReport({ ...exercise, grading, parameters: {}, language: 'en', seed: null, notes: [] });
  return { report, snapshot };
}

test('assets are laid and the scripts of the beginning have run, as the learner', async () => {
  expect(await run('stat -c "%U %a" shelf/notes.txt; cat lab/setup/intro-foreground.sh.log; ls -A shelf')).toBe(
    'learner 600\nready\n.ready\nnotes.txt',
  );
});

test('the start fails, by scripts that ran as the learner, and leaves nothing', async () => {
  const { report, snapshot } = await graded();
  expect(report).toMatchObject({ status: 'failed', score: 0, notTamperProof: { got: 0, of: 100 } });
  expect(report.checks[0]).toMatchObject({
    tamperProof: false,
    evidence: [{ actual: 'exit 1: there is no note about bread' }],
  });
  expect(snapshot.scripts).toMatchObject({ value: { 'verify.step-2': { said: '1000\nlearner\n/home/learner\n' } } });
  expect(await run('ls /tmp')).toBe('');
});

test('the solution passes; and so does a forgery, which is why each is marked', async () => {
  await run('echo buy bread > shelf/note.txt; touch forged');
  expect((await graded()).report).toMatchObject({
    status: 'passed',
    score: 100,
    notTamperProof: { got: 100, of: 100 },
  });
});

test('one that does not end has failed, and holds nobody up', async () => {
  await run('touch hang');
  const scripts = Object.fromEntries(
    Object.entries(exercise.grader.scripts!).map(([id, plan]) => [id, { ...plan, limitMs: 1000 }]),
  );
  const { report } = await graded({ ...exercise.grader, scripts });
  expect(report.checks[1]).toMatchObject({ status: 'failed', evidence: [{ actual: 'not finished after 15 s' }] });
});
