/** What is worth a look, for an instructor to look at. Never a verdict, and in no score. Pure. */
import type { Sign } from '../protocol/assignments.ts';
import type { Lab } from '../protocol/lab.ts';
import type { Handwork } from '../store/store.ts';
import type { Traces } from './assignment-traces.ts';

/** From so many others on, their times say what is fast; before, what the lab states does. */
const OTHERS_LEAST = 10;
/** A pass in less than half of the time of the fastest decile of the others, … */
const SHARE_OF_DECILE = 0.5;
/** … or in less than a tenth of the time that the lab states, where there are few others. */
const SHARE_OF_STATED = 0.1;
/** Others who were away for days do not make an honest hour fast: never more than this of what the lab states. */
const MOST_OF_STATED = 1 / 3;
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

/** Everyone's at once: two thousand learners are compared by what they have in common, not each with each. */
export function signsOf(lab: Lab, works: readonly LearnersWork[]): Sign[] {
  const tokens = Object.entries(lab.parameters).flatMap(([name, spec]) => (spec.kind === 'token' ? name : []));
  const known = whatIsWhose(tokens, works);
  const times = works.flatMap(({ took }) => took ?? []).toSorted((a, b) => a - b);
  return works.flatMap((work) => [
    ...sameAnswers(lab, work, known),
    ...fast(lab, work, times),
    ...nothingTyped(lab, work),
  ]);
}

interface Whose {
  /** Whom a token was drawn for. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** Who gave this answer to this check, and it was right. */
  readonly answers: ReadonlyMap<string, ReadonlySet<string>>;
}
const answerKey = (check: string, given: string) => `${check}\0${given}`;

function whatIsWhose(tokens: readonly string[], works: readonly LearnersWork[]): Whose {
  const values = new Map<string, string[]>();
  const answers = new Map<string, Set<string>>();
  for (const { member, parameters, submissions } of works) {
    for (const name of tokens) {
      const value = parameters[name];
      if (value !== undefined) values.set(value, [...(values.get(value) ?? []), member]);
    }
    for (const { traces } of submissions)
      for (const { check, given, right } of traces.answers) {
        const key = answerKey(check, given);
        if (right) answers.set(key, (answers.get(key) ?? new Set()).add(member));
      }
  }
  return { values, answers };
}

/** With each other learner one sign at most, of the latest submission that has it. */
function sameAnswers(lab: Lab, work: LearnersWork, known: Whose): Sign[] {
  const own = new Set(Object.values(work.parameters));
  const signs = new Map<string, Extract<Sign, { kind: 'same-answers' }>>();
  for (const { id, traces } of work.submissions) {
    const values = new Map<string, string[]>();
    for (const value of traces.words.filter((word) => !own.has(word)))
      for (const other of known.values.get(value) ?? []) values.set(other, [...(values.get(other) ?? []), value]);
    const answers = new Map<string, { check: string; given: string }[]>();
    for (const { check, given, right } of traces.answers)
      for (const other of right ? [] : (known.answers.get(answerKey(check, given)) ?? []))
        answers.set(other, [...(answers.get(other) ?? []), { check, given }]);
    for (const other of new Set([...values.keys(), ...answers.keys()])) {
      const [same, foreign] = [answers.get(other) ?? [], values.get(other) ?? []];
      if (other === work.member || (foreign.length === 0 && same.length < ANSWERS_LEAST)) continue;
      const who = { lab: lab.id, member: work.member, submission: id, other };
      signs.set(other, { kind: 'same-answers', ...who, answers: same, values: foreign });
    }
  }
  return [...signs.values()];
}

/**
 * The time by which a tenth of the others have passed.
 *
 * @param times of all, sorted
 * @param own is one of them
 */
function decileOfOthers(times: readonly number[], own: number): number {
  const index = Math.ceil((times.length - 1) / 10) - 1;
  // Without one's own, those after it move up.
  return times[times.indexOf(own) <= index ? index + 1 : index]!;
}

function fast(lab: Lab, { member, took }: LearnersWork, times: readonly number[]): Sign[] {
  if (took === null) return [];
  const others = times.length - 1;
  const stated = lab.minutes * 60_000;
  const byOthers = others >= OTHERS_LEAST ? decileOfOthers(times, took) * SHARE_OF_DECILE : undefined;
  const byLab = stated * (byOthers === undefined ? SHARE_OF_STATED : MOST_OF_STATED);
  const from = byOthers !== undefined && byOthers <= byLab ? ('others' as const) : ('stated' as const);
  const bound = Math.min(byOthers ?? byLab, byLab);
  if (took >= bound) return [];
  const seconds = { took: Math.round(took / 1000), bound: Math.round(bound / 1000) };
  return [{ kind: 'fast', lab: lab.id, member, ...seconds, from, others }];
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
