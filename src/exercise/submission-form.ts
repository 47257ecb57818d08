/**
 * The form of a submission, without a container and in milliseconds: what would keep it from being graded, or graded as it
 * is meant. Nothing here tells whether it is right, and nothing of it is run.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Lab } from '../protocol/lab.ts';
import { syntaxError } from './parses.ts';

/** What a submission of scripts and small files needs is far below. */
export const FORM_LIMITS = { files: 2000, bytes: 64 * 1024 * 1024, scriptBytes: 1024 * 1024, depth: 32 } as const;

export interface FormProblem {
  /** Relative to the submission; '.' for all of it. */
  readonly path: string;
  /** Stable: 'missing', 'syntax', 'link-out', … */
  readonly code: string;
  readonly message: string;
}

/** @param lab what is submitted for. @returns every problem; none for a folder that can be graded */
export function formProblems(folder: string, { id, administrator }: Pick<Lab, 'id' | 'administrator'>): FormProblem[] {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (!found) return [{ path: '.', code: 'missing', message: `${folder}: expected a folder, found nothing` }];
  if (!found.isDirectory())
    return [{ path: '.', code: 'no-folder', message: `${folder}: expected a folder, found ${kindOf(found)}` }];
  return [
    ...scriptProblems(folder, 'run.sh', true),
    ...scriptProblems(folder, 'administrator.sh', false),
    ...(lstatSync(join(folder, 'administrator.sh'), { throwIfNoEntry: false }) && !administrator
      ? [
          {
            path: 'administrator.sh',
            code: 'no-administrator',
            message: `lab ${id} has no administrator: it is never run`,
          },
        ]
      : []),
    ...contentProblems(folder),
  ];
}

type Kind = Pick<
  ReturnType<typeof lstatSync> & object,
  'isDirectory' | 'isFIFO' | 'isSocket' | 'isSymbolicLink' | 'isFile'
>;
function kindOf(found: Kind): string {
  if (found.isFile()) return 'a file';
  if (found.isDirectory()) return 'a folder';
  if (found.isSymbolicLink()) return 'a symbolic link';
  if (found.isFIFO()) return 'a named pipe';
  return found.isSocket() ? 'a socket' : 'a device';
}

function scriptProblems(folder: string, path: string, required: boolean): FormProblem[] {
  const problem = (code: string, message: string): FormProblem[] => [{ path, code, message }];
  const found = lstatSync(join(folder, path), { throwIfNoEntry: false });
  if (!found) return required ? problem('missing', 'expected the script that is run, found nothing') : [];
  if (!found.isFile()) return problem('no-file', `expected a plain file, found ${kindOf(found)}`);
  if (found.size > FORM_LIMITS.scriptBytes)
    return problem('too-large', `expected at most ${FORM_LIMITS.scriptBytes} bytes, found ${found.size}`);
  const text = readPlain(join(folder, path));
  if (text === undefined) return problem('unreadable', 'it could not be read as a plain file');
  const lines = text.toString('utf8').split('\n');
  if (text.includes(0)) return problem('binary', 'expected text, found a NUL byte');
  if (lines.every((line) => /^\s*(#|$)/.test(line))) return problem('empty', 'it has no command');
  if (text.includes('\r\n'))
    return problem('crlf', 'lines end in CRLF as on Windows: bash takes the CR for part of the word; save it with LF');
  const wrong = syntaxError(text);
  return wrong === undefined ? [] : problem('syntax', `bash cannot read it: ${wrong}`);
}

/** Without following a link, and without waiting at a pipe that took the file's place. */
function readPlain(path: string): Buffer | undefined {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      return fstatSync(file).isFile() ? readFileSync(file) : undefined;
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (['EACCES', 'ELOOP', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

function contentProblems(folder: string): FormProblem[] {
  const problems: FormProblem[] = [];
  let files = 0;
  let bytes = 0;
  const visit = (inner: string, depth: number) => {
    if (depth > FORM_LIMITS.depth) {
      problems.push({
        path: inner,
        code: 'too-deep',
        message: `folders are nested more than ${FORM_LIMITS.depth} deep`,
      });
      return;
    }
    for (const { name } of readdirSync(join(folder, inner), { withFileTypes: true })) {
      const path = join(inner, name);
      const found = lstatSync(join(folder, path), { throwIfNoEntry: false });
      if (!found || files > FORM_LIMITS.files) continue;
      files++;
      if (found.isDirectory()) visit(path, depth + 1);
      else if (found.isSymbolicLink()) problems.push(...linkProblems(folder, path));
      else if (found.isFile()) bytes += found.size;
      else problems.push({ path, code: 'special-file', message: `expected files and folders, found ${kindOf(found)}` });
    }
  };
  visit('.', 0);
  if (files > FORM_LIMITS.files)
    problems.push({ path: '.', code: 'too-many', message: `expected at most ${FORM_LIMITS.files} files` });
  if (bytes > FORM_LIMITS.bytes)
    problems.push({
      path: '.',
      code: 'too-large',
      message: `expected at most ${FORM_LIMITS.bytes} bytes, found ${bytes}`,
    });
  return problems;
}

/** A link is kept as a link: outside of the folder it means something else in the sandbox than here. */
function linkProblems(folder: string, path: string): FormProblem[] {
  const target = readlinkSync(join(folder, path));
  const meant = relative(folder, resolve(join(folder, path), '..', target));
  const out = target.startsWith('/') || meant === '..' || meant.startsWith('../');
  return out
    ? [
        {
          path,
          code: 'link-out',
          message: `the link leads out of the submission, to ${target}: hand in the file itself`,
        },
      ]
    : [];
}
