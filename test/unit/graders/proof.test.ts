/** Every grader is proven both ways: its suite is complete, and recorded snapshots give the same verdicts as ever. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { loadGrader } from '../../../src/grading/graders.ts';
import { loadLabs } from '../../../src/grading/labs.ts';
import { grade } from '../../../src/grading/runner.ts';
import { differences, loadSuite } from '../../../src/grading/suites.ts';
import { snapshotSchema } from '../../../src/inspector/snapshot.ts';

const root = join(import.meta.dirname, '../../..');
const labs = await loadLabs(root);

it('has labs, each with an own place in the course', () => {
  expect(labs.length).toBeGreaterThan(0);
  expect(new Set(labs.map(({ order }) => order)).size).toBe(labs.length);
});

describe.each(labs)('lab $id', async (lab) => {
  const folder = join(root, 'graders', lab.id);
  const grader = await loadGrader(root, lab);
  // Throws with what is missing: a case of each kind, a check without one that passes it and one that fails it.
  const suite = await loadSuite(root, grader);

  it('has a lesson in both languages', () => {
    for (const language of ['en', 'ja'])
      expect(existsSync(join(root, 'labs', lab.id, `lesson.${language}.mdx`))).toBe(true);
  });

  it('says every word in both languages', () => {
    for (const { title, rationale, remediation } of grader.checks) {
      for (const words of [title, rationale, remediation]) {
        expect(words.en).not.toBe('');
        expect(words.ja).toMatch(/[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u);
      }
    }
  });

  it('has no script that no case runs', () => {
    const scripts = readdirSync(join(folder, 'cases')).map((name) => `cases/${name}`);
    const used = new Set(suite.cases.flatMap(({ run, administrator }) => [run, administrator]));
    expect(scripts.filter((script) => !used.has(script))).toEqual([]);
  });

  const snapshots = join(folder, 'snapshots');
  const recorded = existsSync(snapshots) ? readdirSync(snapshots) : [];
  it.skipIf(recorded.length === 0)('has a recorded snapshot for every case, and none besides', () => {
    expect([...recorded].sort()).toEqual(suite.cases.map(({ name }) => `${name}.json.gz`).sort());
  });

  it.for(suite.cases.filter(({ name }) => recorded.includes(`${name}.json.gz`)))(
    'judges the recorded snapshot of $name as ever',
    ({ name, expect: expected }) => {
      const text = gunzipSync(readFileSync(join(snapshots, `${name}.json.gz`))).toString('utf8');
      const snapshot = snapshotSchema.parse(JSON.parse(text));
      expect(differences(expected, grade(grader, snapshot))).toEqual([]);
    },
  );
});
