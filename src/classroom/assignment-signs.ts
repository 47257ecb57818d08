/** What is worth a look, for an instructor to look at. Never a verdict, and in no score. Pure. */
import type { Sign } from '../protocol/assignments.ts';
import type { Lab } from '../protocol/lab.ts';
import type { Handwork } from '../store/store.ts';
import type { Traces } from './assignment-traces.ts';

/** From so many others on, their times say what is fast; before, what the lab states does. */
const OTHERS_LEAST = 10;
/** A pass in less than half of the time of the fastest decile of the others, … */
const SHARE_OF_DECILE = 0.5;
/** … or in less than a tenth of the time that the lab states. */
const SHARE_OF_STATED = 0.1;
/** One answer may be another's by chance (a number of ids); two are worth a look. */
const ANSWERS_LEAST = 2;

export interface LearnersWork {
  readonly member: string;
  /** As drawn for this learner in this lab. */
  readonly parameters: Readonly<Record<string, string>>;
  /** That were graded, oldest first. */
  readonly submissions: readonly { readonly id: string; readonly points: number; readonly traces: Traces }[];
  /** Milliseconds from the first sandbox of this lab to the first pass; null: no pass yet. */
  readonly took: number | null;
  /** Of all sandboxes of this lab together; null: of one it is not known. */
  readonly handwork: Handwork | null;
}

export function signsOf(lab: Lab, works: readonly LearnersWork[]): Sign[] {
  const tokens = Object.entries(lab.parameters).flatMap(([name, spec]) => (spec.kind === 'token' ? name : []));
  return works.flatMap((work) => {
    const others = works.filter(({ member }) => member !== work.member);
    return [...sameAnswers(lab, tokens, work, others), ...fast(lab, work, others), ...nothingTyped(lab, work)];
  });
}

/** Of several submissions with the same sign the latest is shown. */
function sameAnswers(lab: Lab, tokens: readonly string[], work: LearnersWork, others: readonly LearnersWork[]): Sign[] {
  return others.flatMap((other) => {
    const foreign = tokens
      .map((name) => other.parameters[name])
      .filter((value): value is string => value !== undefined && !Object.values(work.parameters).includes(value));
    const right = new Map(
      other.submissions.flatMap(({ traces }) =>
        traces.answers.flatMap(({ check, given, right }) => (right ? [[check, given] as const] : [])),
      ),
    );
    const found = work.submissions.map(({ id, traces }) => ({
      id,
      values: foreign.filter((value) => traces.words.includes(value)),
      answers: traces.answers.filter(({ check, given, right: own }) => !own && right.get(check) === given),
    }));
    const last = found.findLast(({ values, answers }) => values.length > 0 || answers.length >= ANSWERS_LEAST);
    if (!last) return [];
    const answers = last.answers.map(({ check, given }) => ({ check, given }));
    const who = { lab: lab.id, member: work.member, submission: last.id, other: other.member };
    return [{ kind: 'same-answers' as const, ...who, answers, values: last.values }];
  });
}

/** The time by which a tenth have passed. */
function decile(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length / 10) - 1]!;
}

function fast(lab: Lab, { member, took }: LearnersWork, others: readonly LearnersWork[]): Sign[] {
  if (took === null) return [];
  const times = others.flatMap((other) => other.took ?? []);
  const from = times.length >= OTHERS_LEAST ? ('others' as const) : ('stated' as const);
  const bound = from === 'others' ? decile(times) * SHARE_OF_DECILE : lab.minutes * 60_000 * SHARE_OF_STATED;
  if (took >= bound) return [];
  const seconds = { took: Math.round(took / 1000), bound: Math.round(bound / 1000) };
  return [{ kind: 'fast', lab: lab.id, member, ...seconds, from, others: times.length }];
}

/** Points without a line typed into a terminal or a file saved in the editor: the work was done in some other way. */
function nothingTyped(lab: Lab, { member, submissions, handwork }: LearnersWork): Sign[] {
  const best = submissions.reduce<(typeof submissions)[number] | undefined>(
    (found, one) => (found === undefined || one.points > found.points ? one : found),
    undefined,
  );
  if (!best || best.points === 0 || handwork === null || handwork.lines > 0 || handwork.saves > 0) return [];
  return [{ kind: 'nothing-typed', lab: lab.id, member, submission: best.id, points: best.points }];
}
