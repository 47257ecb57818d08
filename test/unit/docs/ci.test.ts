/** docs/ci.md: what its examples run is there, with these options, and makes the files that they take away. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseSubmission } from '../../../src/cli/commands/submission.ts';
import { commands } from '../../../src/cli/commands.ts';
import { parseGrade } from '../../../src/cli/grade/arguments.ts';
import { FORM_LIMITS } from '../../../src/exercise/submission-form.ts';
import { formats } from '../../../src/grading/report/report.ts';
import { checkout } from '../../../src/setup/paths.ts';

const text = readFileSync(join(checkout, 'docs', 'ci.md'), 'utf8');
const [github, gitlab] = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml]) => parse(yaml!));

/** Words as a shell makes them, for what stands here: double quotes and continued lines. */
const words = (line: string) => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!);

/** Every call of ours in some lines of shell, without `node` and the path. */
function calls(script: readonly string[]): string[][] {
  return script
    .flatMap((part) => part.replace(/\\\n\s*/g, '').split('\n'))
    .map(words)
    .filter(([program]) => program === 'node')
    .map(([, path, ...rest]) => {
      expect(existsSync(join(checkout, path!.replace(/^toride\//, ''))), path).toBe(true);
      return rest;
    });
}

function expectUnderstood(call: readonly string[]): void {
  const [name, ...args] = call;
  expect(Object.keys(commands)).toContain(name);
  if (name === 'grade') parseGrade(args);
  else if (name === 'submission') parseSubmission(args);
  else expect({ name, args }).toEqual({ name: 'prepare', args: [] });
}

const step = z.object({ run: z.string().optional(), with: z.record(z.string(), z.string()).optional() });
const workflow = z.object({ jobs: z.record(z.string(), z.object({ 'runs-on': z.unknown(), steps: z.array(step) })) });

test('GitHub Actions', () => {
  const { jobs } = workflow.parse(github);
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  const found = calls(steps.flatMap(({ run }) => run ?? []));
  expect(found.map(([name]) => name)).toEqual(['submission', 'prepare', 'grade']);
  for (const call of found) expectUnderstood(call);
  const files = parseGrade(found[2]!.slice(1)).outputs.map(({ file }) => file?.split('/').at(-1));
  expect(files).toEqual(['report.xml', 'summary.md']);
  expect(steps.at(-1)?.with?.path).toBe('report.xml');
});

test('GitLab CI', () => {
  const job = z.object({ stage: z.string(), script: z.array(z.string()) });
  const { form, grade } = z.object({ form: job, grade: job.extend({ artifacts: z.unknown() }) }).parse(gitlab);
  const found = calls([...form.script, ...grade.script]);
  expect(found.map(([name]) => name)).toEqual(['submission', 'prepare', 'grade']);
  for (const call of found) expectUnderstood(call);
  const files = parseGrade(found[2]!.slice(1)).outputs.map(({ file }) => file?.split('/').at(-1));
  expect(grade.artifacts).toMatchObject({ paths: files, reports: { junit: files[0] } });
});

describe('the words around them', () => {
  test('every format is described, and no other', () => {
    const described = [...text.matchAll(/^\| `([a-z]+)` \|/gm)].map(([, name]) => name);
    expect(described.sort()).toEqual([...formats].sort());
  });

  test('the commands in the text are understood', () => {
    const lines = [...text.matchAll(/^ {4}npx toride (.*?) {2,}#/gm)].map(([, line]) => words(line!));
    expect(lines.length).toBe(2);
    for (const call of lines) expectUnderstood(call);
  });

  test('limits are those of the code', () => {
    expect(text).toContain(`${FORM_LIMITS.files} files and ${FORM_LIMITS.bytes / 1024 / 1024} MiB`);
    expect(text).toContain(`a plain file of at most ${FORM_LIMITS.scriptBytes / 1024 / 1024} MiB`);
  });
});
