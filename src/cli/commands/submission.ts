/**
 * `toride submission check LAB --submission DIR`, or `--all` for DIR/LAB: the form of what is handed in, before any container
 * is started. Needs no set-up.
 */
import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type FormProblem, formProblems } from '../../exercise/submission-form.ts';
import { loadLab } from '../../grading/labs.ts';
import { checkout } from '../../setup/paths.ts';
import { UserError } from '../../setup/user-error.ts';

const options = {
  submission: { type: 'string' },
  all: { type: 'boolean', default: false },
  format: { type: 'string', default: 'text' },
} as const;

interface Checked {
  readonly lab: string;
  readonly problems: readonly FormProblem[];
}

function readArguments(args: string[]) {
  try {
    return parseArgs({ args, allowPositionals: true, strict: true, options });
  } catch (error) {
    throw new UserError('usage', `submission: ${(error as Error).message}`);
  }
}

const isLab = (name: string) => /^[a-z0-9-]+$/.test(name) && existsSync(join(checkout, 'labs', name, 'lab.yaml'));

async function check(lab: string, folder: string): Promise<Checked> {
  if (!isLab(lab)) return { lab, problems: [{ path: '.', code: 'no-lab', message: `no lab is called ${lab}` }] };
  return { lab, problems: formProblems(folder, await loadLab(checkout, lab)) };
}

/** Every folder is for a lab; files beside them, and what begins with a dot, are the author's own. */
function folders(submission: string): string[] {
  if (!lstatSync(submission, { throwIfNoEntry: false })?.isDirectory())
    throw new UserError('submission', `${submission}: expected a folder with one for each lab, found none`);
  const names = readdirSync(submission, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name);
  if (names.length === 0)
    throw new UserError('submission', `${submission}: expected a folder for each lab, found none`);
  return names.sort();
}

function text(checked: readonly Checked[]): string {
  return checked
    .flatMap(({ lab, problems }) => [
      `${problems.length === 0 ? '✓' : '✗'} ${lab}`,
      ...problems.map(({ path, code, message }) => `    ${path}: ${message} [${code}]`),
    ])
    .join('\n');
}

interface SubmissionArguments {
  /** undefined: a folder for each lab. */
  readonly lab: string | undefined;
  readonly folder: string;
  readonly format: 'text' | 'json';
}

/** @throws UserError that says what is missing or not understood */
export function parseSubmission(args: string[]): SubmissionArguments {
  const { values, positionals } = readArguments(args);
  const [verb, lab, more] = positionals;
  if (verb !== 'check' || more !== undefined || values.all === (lab !== undefined))
    throw new UserError('usage', 'submission: expected check LAB --submission DIR, or check --all --submission DIR');
  if (!values.submission) throw new UserError('usage', 'submission: --submission DIR is missing');
  if (values.format !== 'text' && values.format !== 'json')
    throw new UserError('usage', `submission: --format: expected text or json, found ${values.format}`);
  return { lab, folder: resolve(values.submission), format: values.format };
}

/** @returns 0 when all may be handed in, 1 when something is not as it must be. @throws UserError, which ends with 2 */
export async function submission(args: string[]): Promise<number> {
  const { lab, folder, format } = parseSubmission(args);
  const checked = await Promise.all(
    lab === undefined ? folders(folder).map((name) => check(name, join(folder, name))) : [check(lab, folder)],
  );
  const ok = checked.every(({ problems }) => problems.length === 0);
  console.log(format === 'json' ? JSON.stringify({ ok, labs: checked }) : text(checked));
  return ok ? 0 : 1;
}
