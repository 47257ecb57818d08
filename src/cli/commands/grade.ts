/** `toride grade LAB --submission DIR`: one sandbox, one run of run.sh, one JSON object on standard output. */
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { packFolder } from '../../exercise/archive.ts';
import { loadExercise } from '../../exercise/catalogue.ts';
import { feedback } from '../../grading/feedback.ts';
import { drawParameters } from '../../grading/parameters.ts';
import type { Lab } from '../../protocol/lab.ts';
import { serviceIds } from '../../setup/host.ts';
import { checkout } from '../../setup/paths.ts';
import { UserError } from '../../setup/user-error.ts';
import { gradeOnce, openWorkbench } from '../workbench.ts';

/** How long run.sh may take, in seconds. */
const DEFAULT_LIMIT_S = 120;
const EXIT = { passed: 0, failed: 1, ungraded: 2 } as const;

interface Arguments {
  lab: string;
  submission: string;
  given: Record<string, string>;
  limitMs: number;
  language: 'en' | 'ja';
}

/** @throws UserError that says what is missing or not understood */
export function parseGrade(args: string[]): Arguments {
  const { positionals, values } = readArguments(args);
  const [lab, ...more] = positionals;
  if (!lab || more.length > 0)
    throw new UserError(
      'usage',
      "grade: expected one lab, as in 'toride grade read-only --submission DIR --format json'",
    );
  if (!values.submission) throw new UserError('usage', 'grade: --submission DIR is missing: the folder with run.sh');
  if (values.format !== 'json') throw new UserError('usage', `grade: --format: expected json, found ${values.format}`);
  if (values.language !== 'en' && values.language !== 'ja')
    throw new UserError('usage', `grade: --language: expected en or ja, found ${values.language}`);
  const seconds = Number(values.timeout);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 3600)
    throw new UserError('usage', `grade: --timeout: expected 1 to 3600 seconds, found ${values.timeout}`);
  const given = (values.param ?? []).map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw new UserError('usage', `grade: --param: expected name=value, found ${pair}`);
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return {
    lab,
    submission: resolve(values.submission),
    given: Object.fromEntries(given),
    limitMs: seconds * 1000,
    language: values.language,
  };
}

function readArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      strict: true,
      options: {
        submission: { type: 'string' },
        param: { type: 'string', multiple: true },
        format: { type: 'string', default: 'json' },
        timeout: { type: 'string', default: String(DEFAULT_LIMIT_S) },
        language: { type: 'string', default: 'en' },
      },
    });
  } catch (error) {
    throw new UserError('usage', `grade: ${(error as Error).message}`);
  }
}

/** Values by name: drawn, and replaced by what was given. @throws UserError for a value that the lab cannot have */
export function chooseParameters(lab: Lab, given: Record<string, string>, seed: string): Record<string, string> {
  for (const [name, value] of Object.entries(given)) {
    const spec = lab.parameters[name];
    if (!spec)
      throw new UserError(
        'usage',
        `--param ${name}: lab ${lab.id} has ${Object.keys(lab.parameters).join(', ') || 'no parameters'}`,
      );
    const fits =
      spec.kind === 'port' || spec.kind === 'id'
        ? /^\d{1,5}$/.test(value) && Number(value) >= spec.from && Number(value) <= spec.to
        : spec.kind === 'token'
          ? /^[a-z0-9]{4,64}$/.test(value)
          : spec.of.includes(value);
    const expected =
      spec.kind === 'token'
        ? '4 to 64 lower-case letters and digits'
        : spec.kind === 'choice'
          ? spec.of.join(' or ')
          : `${spec.from} to ${spec.to}`;
    if (!fits) throw new UserError('usage', `--param ${name}: expected ${expected}, found ${value}`);
  }
  return { ...drawParameters(lab.parameters, seed), ...given };
}

/**
 * The caller's side: reads the submission with the caller's own rights, since the user who grades may not see it.
 * @returns the environment by which the archive is found
 */
export async function packSubmission(args: string[]): Promise<NodeJS.ProcessEnv> {
  const { submission } = parseGrade(args);
  if (!existsSync(submission) || !statSync(submission).isDirectory())
    throw new UserError(
      'submission',
      `${submission}: expected a folder, found ${existsSync(submission) ? 'something else' : 'nothing'}`,
    );
  const script = join(submission, 'run.sh');
  if (!existsSync(script) || !statSync(script).isFile())
    throw new UserError('submission', `${script}: expected the script that is run, found nothing`);
  const archive = await packFolder(submission);
  const folder = mkdtempSync(join(tmpdir(), 'toride-submission-'));
  const path = join(folder, 'submission.tar');
  writeFileSync(path, archive, { mode: 0o600 });
  const ids = serviceIds();
  if (ids) for (const made of [folder, path]) chownSync(made, ids.uid, ids.gid);
  return { TORIDE_SUBMISSION: path };
}

function takeArchive(): Buffer {
  const path = process.env.TORIDE_SUBMISSION;
  if (!path) throw new UserError('submission', 'the submission was not handed over');
  try {
    return readFileSync(path);
  } finally {
    rmSync(dirname(path), { recursive: true, force: true });
  }
}

export async function grade(args: string[]): Promise<number> {
  const submission = takeArchive();
  const { lab: id, given, limitMs, language } = parseGrade(args);
  if (!existsSync(join(checkout, 'labs', id, 'lab.yaml'))) throw new UserError('usage', `there is no lab '${id}'`);
  const exercise = await loadExercise(checkout, id);
  const parameters = chooseParameters(exercise.lab, given, randomBytes(32).toString('hex'));
  await using bench = await openWorkbench();
  const { grading, script, administration } = await gradeOnce(bench, exercise, {
    parameters,
    submission,
    timeoutMs: limitMs,
  });
  if (script?.timedOut)
    console.error(`run.sh did not end within ${limitMs / 1000} s and was cut off; what it had started was graded`);
  else if (script && script.exitCode !== 0)
    console.error(`run.sh ended with ${script.exitCode}:\n${script.stderr.slice(-2000)}`);
  if (administration && administration.exitCode !== 0)
    console.error(`administrator.sh ended with ${administration.exitCode}:\n${administration.stderr.slice(-2000)}`);
  const checks = feedback(exercise.grader, grading.results, language).map(
    ({ id: check, status, weight, title, evidence, reason }) => ({
      id: check,
      status,
      weight,
      title,
      evidence,
      reason,
    }),
  );
  console.log(
    JSON.stringify({
      lab: id,
      status: grading.status,
      score: grading.score,
      maxScore: grading.maxScore,
      parameters,
      checks,
    }),
  );
  return EXIT[grading.status];
}
