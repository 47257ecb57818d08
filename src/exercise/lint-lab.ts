/**
 * What is wrong with a lab as it is written, without a container: lab.yaml, both lessons, grader and suite, every script. The
 * rest, that the start fails and the solution passes, needs sandboxes: `toride labs lint` without --fast.
 */
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { cannotFail } from '../grading/cannot-fail.ts';
import type { Grader } from '../grading/check.ts';
import { FileError } from '../grading/file-error.ts';
import { loadGrader } from '../grading/graders.ts';
import { loadLab } from '../grading/labs.ts';
import { type Case, loadSuite, readSuite } from '../grading/suites.ts';
import { languageSchema } from '../protocol/api.ts';
import { syntaxError } from './parses.ts';

const SHELL = /^#!.*\b(ba|da)?sh\b/;

/** @param root holds labs/ and graders/. @returns a line for each finding, with the file; none for a lab that is in order */
export async function lintLab(root: string, id: string): Promise<string[]> {
  const findings = [...(await lessons(root, id)), ...(await scripts(root, id))];
  const lab = await collect(findings, () => loadLab(root, id));
  const grader = lab && (await collect(findings, () => loadGrader(root, lab)));
  if (!grader) return findings;
  findings.push(...passesAnyway(id, grader));
  // What is wrong with the cases themselves is told even where some are missing.
  const written = await collect(findings, () => readSuite(root, grader));
  if (!written) return findings;
  await collect(findings, () => loadSuite(root, grader));
  return [...findings, ...written.cases.flatMap((one) => expectsTooLittle(id, one))];
}

async function collect<T>(findings: string[], load: () => Promise<T>): Promise<T | undefined> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    findings.push(...error.message.split('\n'));
    return undefined;
  }
}

async function lessons(root: string, id: string): Promise<string[]> {
  const found = await Promise.all(
    languageSchema.options.map(async (language) => {
      const path = join('labs', id, `lesson.${language}.mdx`);
      const there = await lstat(join(root, path)).catch(unlessThere);
      return there?.isFile() && there.size > 0 ? [] : [`${path}: expected the lesson, found nothing`];
    }),
  );
  return found.flat();
}

function unlessThere(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
  return undefined;
}

/** Every .sh of the lab that a shell is to read must be readable by one. */
async function scripts(root: string, id: string): Promise<string[]> {
  const findings: string[] = [];
  for (const folder of [join('labs', id), join('graders', id)]) {
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(
      (error) => unlessThere(error) ?? [],
    );
    for (const entry of entries.filter((one) => one.isFile() && one.name.endsWith('.sh'))) {
      const path = join(entry.parentPath, entry.name);
      const text = await readFile(path);
      const head = text.subarray(0, 200).toString('utf8');
      const wrong = head.startsWith('#!') && !SHELL.test(head.split('\n')[0]!) ? undefined : syntaxError(text);
      if (wrong !== undefined) findings.push(`${relative(root, path)}: does not parse: ${wrong}`);
    }
  }
  return findings;
}

function passesAnyway(id: string, { scripts: plan = {} }: Grader): string[] {
  return Object.entries(plan).flatMap(([check, { text }]) => {
    const reason = cannotFail(text);
    return reason === undefined ? [] : [`graders/${id}: ${check} cannot fail: ${reason}`];
  });
}

/** Most of it is the schema's; this is what a case of its kind must say besides. */
function expectsTooLittle(id: string, { name, kind, expect }: Case): string[] {
  const where = `graders/${id}/suite.yaml: case ${name}`;
  const passes = expect.all === 'passed' || expect.score === 100;
  if (kind === 'solve' || kind === 'variant')
    return passes ? [] : [`${where}: a ${kind} proves something only with all: passed or score: 100`];
  return passes ? [`${where}: expected something that does not pass, since it is of kind ${kind}`] : [];
}
