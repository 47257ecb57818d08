/** What a learner has achieved in a lab, from their attempts. Pure: the same for the live matrix, the export, the gradebook. */
import type { Evidence, Grader, Localized, Result } from '../grading/check.ts';
import { countedScore, firstPasses, type Judged, type TakenHint, taskPoints } from '../grading/hint-cost.ts';
import type { Lab } from '../protocol/lab.ts';
import type { TaskState } from '../protocol/workshops.ts';

export interface Exercise {
  readonly lab: Lab;
  readonly grader: Grader;
}

export interface ClassAttempt extends Judged {
  readonly status: 'passed' | 'failed' | 'ungraded';
  readonly trigger: 'asked' | 'automatic';
  readonly results: readonly Result[];
}

/** A check that failed in the last attempt, and what was seen. */
export interface Failing {
  readonly task: string;
  readonly check: string;
  readonly title: Localized;
  readonly evidence: Evidence;
}

/** One task. Times are ISO 8601. */
export interface TaskStanding {
  readonly id: string;
  readonly state: TaskState;
  /** Points of the best attempt, without what hints cost; null: never checked. */
  readonly points: number | null;
  readonly of: number;
  readonly passedAt: string | null;
  /** From the step before, or the start of the lab, to the first pass. */
  readonly seconds: number | null;
}

export interface LabStanding {
  readonly lab: string;
  /** The best that counts, of 100; null: never graded. */
  readonly score: number | null;
  readonly tasks: readonly TaskStanding[];
  /** Checks that were asked for. */
  readonly attempts: number;
  /** When all was passed for the first time. */
  readonly passedAt: string | null;
  /** When a task was passed for the first time, the last of these. */
  readonly steppedAt: string | null;
  /** Checks that were asked for since, none of them a step forward. */
  readonly inVain: number;
  readonly failing: readonly Failing[];
}

const best = (scores: readonly number[]): number | null => (scores.length === 0 ? null : Math.max(...scores));

function failingOf({ lab, grader }: Exercise, attempt: ClassAttempt | undefined): Failing[] {
  return (attempt?.results ?? []).flatMap((result) => {
    const task = lab.tasks.find(({ checks }) => checks.includes(result.id));
    if (result.status !== 'failed' || !task) return [];
    // What only waits for another check says nothing of its own.
    const check = grader.checks.find(({ id }) => id === result.id);
    const [evidence] = result.evidence;
    if (!check || check.dependsOn?.some((id) => evidence.source === `check ${id}`)) return [];
    return [{ task: task.id, check: check.id, title: check.title, evidence }];
  });
}

/**
 * @param attempts all of the learner's in this lab that count, oldest first
 * @param startedAt when the learner got their first sandbox of the lab; null where that is not known
 */
export function standingOf(
  exercise: Exercise,
  attempts: readonly ClassAttempt[],
  hints: readonly TakenHint[],
  startedAt: string | null,
): LabStanding {
  const { lab } = exercise;
  const first = firstPasses(lab, attempts);
  const graded = attempts
    .filter(({ status }) => status !== 'ungraded')
    .map((attempt) => ({ attempt, tasks: taskPoints(exercise, attempt, hints, first) }))
    .map((one) => ({ ...one, counted: countedScore(one.attempt.score, one.tasks) }));
  const last = graded.at(-1);
  const score = best(graded.map(({ counted }) => counted));
  const bestOne = graded.findLast(({ counted }) => counted === score);
  const passes = [...first.values()].sort();
  const steppedAt = passes.at(-1) ?? null;
  const before = (at: string) => passes.filter((other) => other < at).at(-1) ?? startedAt;
  const tasks = lab.tasks.map((task, index): TaskStanding => {
    const passedAt = first.get(task.id) ?? null;
    const passedNow = last?.tasks[index]?.passed ?? false;
    const points = bestOne?.tasks[index];
    const from = passedAt && before(passedAt);
    return {
      id: task.id,
      state: passedNow ? 'passed' : passedAt !== null ? 'lost' : last ? 'failed' : 'open',
      points: points ? Math.max(0, points.got - points.hints) : null,
      of:
        points?.of ??
        exercise.grader.checks
          .filter(({ id }) => task.checks.includes(id))
          .reduce((sum, { weight }) => sum + weight, 0),
      passedAt,
      seconds: passedAt && from ? Math.max(0, Math.round((Date.parse(passedAt) - Date.parse(from)) / 1000)) : null,
    };
  });
  const asked = attempts.filter(({ trigger }) => trigger === 'asked');
  return {
    lab: lab.id,
    score,
    tasks,
    attempts: asked.length,
    passedAt: attempts.find(({ status }) => status === 'passed')?.gradedAt ?? null,
    steppedAt,
    inVain: asked.filter(({ gradedAt, status }) => status === 'failed' && (steppedAt === null || gradedAt > steppedAt))
      .length,
    failing: failingOf(exercise, last?.attempt),
  };
}
