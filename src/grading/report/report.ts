/** What a grading is told as: one shape for every format, for one lab and for a course. Pure. */
import { z } from 'zod';
import type { Lab } from '../../protocol/lab.ts';
import type { Grader } from '../check.ts';
import { feedback } from '../feedback.ts';
import type { Grading } from '../runner.ts';
import { maxScore } from '../score.ts';

export const formats = ['json', 'junit', 'results', 'markdown'] as const;
export type Format = (typeof formats)[number];

const evidence = z.strictObject({ source: z.string(), expected: z.string(), actual: z.string() });

const reportedCheck = z.strictObject({
  id: z.string(),
  status: z.enum(['passed', 'failed', 'error', 'notApplicable']),
  /** Points; those of a lab sum to 100. */
  weight: z.number(),
  title: z.string(),
  evidence: z.array(evidence),
  /** Set for error and notApplicable. */
  reason: z.string().nullable(),
  /** Only where it is false: a script in the learner's own sandbox judged this one. */
  tamperProof: z.literal(false).optional(),
});
export type ReportedCheck = z.infer<typeof reportedCheck>;

const labReportSchema = z.strictObject({
  lab: z.string(),
  /** ungraded: something could not be verified, repeat it. notSubmitted: nothing was handed in, which counts 0. */
  status: z.enum(['passed', 'failed', 'ungraded', 'notSubmitted']),
  score: z.number(),
  maxScore: z.literal(maxScore),
  parameters: z.record(z.string(), z.string()),
  checks: z.array(reportedCheck),
  title: z.string(),
  language: z.enum(['en', 'ja']),
  /** By which this grading can be repeated; null where whoever asked for it gave one and so has it. */
  seed: z.string().nullable(),
  /** How the submission's scripts ended, where that was not well; why there is no grade. */
  notes: z.array(z.string()),
  /** Only in a lab with checks that are not tamper-proof: what of the score they are, of how many points. */
  notTamperProof: z.strictObject({ got: z.number(), of: z.number() }).optional(),
});
export type LabReport = z.infer<typeof labReportSchema>;

const courseReportSchema = z.strictObject({
  /** ungraded where any lab is; passed where all are. */
  status: z.enum(['passed', 'failed', 'ungraded']),
  score: z.number(),
  /** 100 for every lab of the course, handed in or not. */
  maxScore: z.number(),
  seed: z.string().nullable(),
  language: z.enum(['en', 'ja']),
  /** In the order of the course. */
  labs: z.array(labReportSchema),
});
export type CourseReport = z.infer<typeof courseReportSchema>;

export const reportSchema = z.union([labReportSchema, courseReportSchema]);
export type Report = LabReport | CourseReport;

export const labsOf = (report: Report): readonly LabReport[] => ('labs' in report ? report.labs : [report]);

interface Graded {
  readonly lab: Lab;
  readonly grader: Grader;
  readonly grading: Grading;
  readonly parameters: Readonly<Record<string, string>>;
  readonly language: 'en' | 'ja';
  readonly seed: string | null;
  readonly notes: readonly string[];
}

export function labReport({ lab, grader, grading, parameters, language, seed, notes }: Graded): LabReport {
  const checks = feedback(grader, grading.results, language).map(
    ({ id, status, weight, title, evidence, reason, tamperProof }): ReportedCheck => ({
      id,
      status,
      weight,
      title,
      evidence,
      reason,
      ...(tamperProof === false && { tamperProof }),
    }),
  );
  const scripts = checks.filter(({ tamperProof }) => tamperProof === false);
  const points = (some: readonly ReportedCheck[]) => some.reduce((sum, { weight }) => sum + weight, 0);
  return {
    lab: lab.id,
    status: grading.status,
    score: grading.score,
    maxScore,
    parameters,
    checks,
    title: lab.title[language],
    language,
    seed,
    notes: [...notes],
    ...(scripts.length > 0 && {
      notTamperProof: { got: points(scripts.filter(({ status }) => status === 'passed')), of: points(scripts) },
    }),
  };
}

/** A lab without a grading, and why in a sentence. */
export function withoutGrading(
  { id, title }: Pick<Lab, 'id' | 'title'>,
  status: 'ungraded' | 'notSubmitted',
  note: string,
  language: 'en' | 'ja',
): LabReport {
  return {
    lab: id,
    status,
    score: 0,
    maxScore,
    parameters: {},
    checks: [],
    title: title[language],
    language,
    seed: null,
    notes: [note],
  };
}

export function courseReport(
  labs: readonly LabReport[],
  seed: string | null,
  language: CourseReport['language'],
): CourseReport {
  const status = labs.some((lab) => lab.status === 'ungraded')
    ? 'ungraded'
    : labs.every((lab) => lab.status === 'passed')
      ? 'passed'
      : 'failed';
  const score = labs.reduce((sum, lab) => sum + lab.score, 0);
  return { status, score, maxScore: maxScore * labs.length, seed, language, labs: [...labs] };
}

/** What a command that graded ends with: 0 all passed, 1 something did not, 2 something could not be graded. */
export const exitCodeOf = ({ status }: Report): number =>
  ({ passed: 0, failed: 1, notSubmitted: 1, ungraded: 2 })[status];
