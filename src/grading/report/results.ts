/**
 * results.json as PrairieLearn reads it from an external grader (its documentation, "Grading results"). What could not be
 * graded is `gradable: false` there: no points, and no attempt lost.
 */
import { evidenceLine, inWords } from './lines.ts';
import { type LabReport, labsOf, type Report, type ReportedCheck } from './report.ts';

/** PrairieLearn takes no more than 1 MB; somewhat less, whichever a MB is. */
const FILE_LIMIT = 950_000;
/** Characters of evidence for one check; halved until everything fits. */
const OUTPUT_LIMIT = 4000;

export interface Results {
  readonly gradable: boolean;
  /** 0 to 1. Absent where it is not gradable. */
  readonly score?: number;
  readonly message: string;
  readonly format_errors?: readonly string[];
  readonly tests: readonly ResultsTest[];
}
interface ResultsTest {
  readonly name: string;
  readonly description: string;
  readonly points: number;
  readonly max_points: number;
  readonly message: string;
  readonly output: string;
}

const messages = {
  passed: 'passed',
  failed: 'not passed',
  error: 'could not be verified; try again',
  notApplicable: 'does not apply on this host',
} as const;

/** What does not apply counts neither way. */
function test(lab: LabReport, check: ReportedCheck, limit: number): ResultsTest {
  const { id, title, status, weight, reason, evidence, tamperProof } = check;
  const lines = reason === null ? evidence.map(evidenceLine) : [reason];
  return {
    name: title,
    description: `${lab.lab}: ${id}${tamperProof === false ? ' (not tamper-proof)' : ''}`,
    points: status === 'passed' ? weight : 0,
    max_points: status === 'notApplicable' ? 0 : weight,
    message: messages[status],
    output: lines.join('\n').slice(0, limit),
  };
}

function tests(lab: LabReport, limit: number): ResultsTest[] {
  if (lab.checks.length > 0) return lab.checks.map((check) => test(lab, check, limit));
  const message = lab.notes.join('; ').slice(0, limit);
  return [{ name: lab.title, description: lab.lab, points: 0, max_points: lab.maxScore, message, output: '' }];
}

const sentence = ({ lab, score, maxScore, status, notTamperProof }: LabReport): string =>
  [
    `${lab}: ${status === 'notSubmitted' ? 'not submitted' : status}, ${score} / ${maxScore}`,
    ...(notTamperProof ? [inWords(notTamperProof)] : []),
  ].join('; ');

/** Of what could not be verified, the reasons: the one place PrairieLearn shows them. */
const unclear = (lab: LabReport): string[] => {
  if (lab.status !== 'ungraded') return [];
  const reasons = lab.checks.filter(({ status }) => status === 'error').map(({ id, reason }) => `${id}: ${reason}`);
  return (reasons.length > 0 ? reasons : lab.notes).map((reason) => `${lab.lab}: ${reason}`.slice(0, 500));
};

function build(report: Report, limit: number): Results {
  const labs = labsOf(report);
  const gradable = report.status !== 'ungraded';
  return {
    gradable,
    ...(gradable && { score: report.maxScore === 0 ? 0 : report.score / report.maxScore }),
    message: labs.map(sentence).join('\n'),
    ...(!gradable && { format_errors: labs.flatMap(unclear) }),
    tests: labs.flatMap((lab) => tests(lab, limit)),
  };
}

export function results(report: Report): Results {
  for (let limit = OUTPUT_LIMIT; ; limit = Math.floor(limit / 2)) {
    const built = build(report, limit);
    if (limit === 0 || Buffer.byteLength(JSON.stringify(built, null, 2)) <= FILE_LIMIT) return built;
  }
}
