/**
 * `toride grade LAB --submission DIR`: one sandbox, one run of run.sh, one report; `--all`: the whole course. The same seed and
 * submission give the same report: what is drawn comes from the seed, and no time is told.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Exercise, loadCatalogue, loadExercise } from '../../exercise/catalogue.ts';
import { render } from '../../grading/report/render.ts';
import {
  courseReport,
  exitCodeOf,
  type LabReport,
  labReport,
  type Report,
  withoutGrading,
} from '../../grading/report/report.ts';
import { type ExecResult, SandboxFault, SandboxRefused } from '../../sandbox/engine.ts';
import { checkout } from '../../setup/paths.ts';
import { UserError } from '../../setup/user-error.ts';
import { type GradeArguments, parseGrade } from '../grade/arguments.ts';
import { packSubmissions, takeSubmissions } from '../grade/hand-over.ts';
import { gradeToFiles } from '../grade/outputs.ts';
import { chooseParameters, seedFor } from '../grade/parameters.ts';
import { gradeOnce, openWorkbench, type Workbench } from '../workbench.ts';

/** Of a course: a sandbox a core, as `labs verify` has them. */
const AT_ONCE = 2;

/** @throws UserError for what is not there. @returns the environment by which `grade` finds the archives */
export async function packSubmission(args: string[]): Promise<NodeJS.ProcessEnv> {
  const { lab, submission } = parseGrade(args);
  return packSubmissions(lab, submission);
}

/** The caller's side. */
export async function gradeOutside(args: string[]): Promise<NodeJS.ProcessEnv | number> {
  const parsed = parseGrade(args);
  if (parsed.outputs.some(({ file }) => file !== undefined)) return gradeToFiles(args, parsed);
  return packSubmission(args);
}

export async function grade(args: string[]): Promise<number> {
  const submissions = takeSubmissions();
  const parsed = parseGrade(args);
  const report = await (parsed.lab === undefined
    ? gradeCourse(submissions, parsed)
    : gradeLab(parsed.lab, submissions.get(parsed.lab), parsed));
  process.stdout.write(render(parsed.outputs[0]!.format, report));
  return exitCodeOf(report);
}

interface Draw {
  readonly seed: string;
  /** Told in the report where nobody else knows it. */
  readonly told: string | null;
}

function drawFrom(seed: string | undefined): Draw {
  if (seed !== undefined) return { seed, told: null };
  const drawn = randomBytes(32).toString('hex');
  return { seed: drawn, told: drawn };
}

const openBench = ({ seed }: Draw) => openWorkbench((lab) => seedFor(seed, 'trials', lab));

async function gradeLab(id: string, submission: Buffer | undefined, parsed: GradeArguments): Promise<Report> {
  if (!existsSync(join(checkout, 'labs', id, 'lab.yaml'))) throw new UserError('usage', `there is no lab '${id}'`);
  const exercise = await loadExercise(checkout, id);
  const draw = drawFrom(parsed.seed);
  const parameters = chooseParameters(exercise.lab, parsed.given, draw.seed);
  await using bench = await openBench(draw);
  // Awaited here: the bench is put away when this function ends.
  return await gradeOne(bench, exercise, { ...parsed, submission, parameters, seed: draw.told });
}

async function gradeCourse(submissions: ReadonlyMap<string, Buffer>, parsed: GradeArguments): Promise<Report> {
  const { language } = parsed;
  const exercises = [...(await loadCatalogue(checkout)).values()];
  const draw = drawFrom(parsed.seed);
  const reports = new Map<string, LabReport>();
  await using bench = await openBench(draw);
  const next = exercises.values();
  const worker = async () => {
    for (const exercise of next) {
      const { lab } = exercise;
      const submission = submissions.get(lab.id);
      const parameters = chooseParameters(lab, {}, draw.seed);
      const report = submission
        ? gradeOne(bench, exercise, { ...parsed, submission, parameters, seed: null }).catch((error) =>
            // One sandbox that could not be had is no reason to lose the grades of the others.
            withoutGrading(lab, 'ungraded', fault(error), language),
          )
        : withoutGrading(lab, 'notSubmitted', `there is no ${lab.id}/run.sh in the submission`, language);
      reports.set(lab.id, await report);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return courseReport(
    exercises.map(({ lab }) => reports.get(lab.id)!),
    draw.told,
    language,
  );
}

function fault(error: unknown): string {
  if (error instanceof SandboxFault || error instanceof SandboxRefused) return `no sandbox: ${error.message}`;
  throw error;
}

interface Wanted extends Pick<GradeArguments, 'limitMs' | 'language'> {
  readonly submission: Buffer | undefined;
  readonly parameters: Record<string, string>;
  readonly seed: string | null;
}

async function gradeOne(
  bench: Workbench,
  exercise: Exercise,
  { submission, parameters, seed, limitMs, language }: Wanted,
): Promise<LabReport> {
  const { grading, script, administration } = await gradeOnce(bench, exercise, {
    parameters,
    submission,
    timeoutMs: limitMs,
  });
  const notes = [...howEnded('run.sh', script, limitMs), ...howEnded('administrator.sh', administration, limitMs)];
  return labReport({ ...exercise, grading, parameters, language, seed, notes });
}

/** In a sentence for the report, with what the script complained of for whoever looks; none where it ended well. */
function howEnded(name: string, result: ExecResult | undefined, limitMs: number): string[] {
  if (!result || (result.exitCode === 0 && !result.timedOut)) return [];
  if (result.timedOut) {
    const note = `${name} did not end within ${limitMs / 1000} s and was cut off; what it had started was graded`;
    console.error(note);
    return [note];
  }
  const note = `${name} ended with ${result.exitCode}`;
  console.error(`${note}:\n${result.stderr.slice(-2000)}`);
  return [note];
}
