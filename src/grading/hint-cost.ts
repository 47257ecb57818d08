/** What hints cost, and the score that counts. Pure. The verdict and score of an attempt stay as the kernel gave them. */
import type { Lab, Task } from '../protocol/lab.ts';
import type { Check, Grader, Result } from './check.ts';

/** A tenth of the task's points for each hint, … */
const SHARE = 0.1;
/** … and all hints of a task together never more than half of them. */
const MOST = 0.5;

export interface TakenHint {
  readonly task: string;
  /** From 1. */
  readonly step: number;
  /** ISO 8601. */
  readonly takenAt: string;
}

/** What is needed of an attempt, oldest first where there are many. */
export interface Judged {
  /** ISO 8601: when its snapshot was taken. */
  readonly gradedAt: string;
  readonly score: number;
  readonly results: readonly Pick<Result, 'id' | 'status'>[];
}

/** Points of a task in one attempt. */
export interface TaskPoints {
  readonly id: string;
  readonly passed: boolean;
  readonly got: number;
  /** Only what applies on this host. */
  readonly of: number;
  /** Taken off for hints: 0 unless the task is passed. */
  readonly hints: number;
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

/** In points, by step: whole numbers, each at least 1 until half of the task is reached, then 0. */
export function hintCosts(weight: number, hints: number): number[] {
  const each = Math.max(1, Math.round(weight * SHARE));
  const most = Math.floor(weight * MOST);
  return Array.from({ length: hints }, (_, before) => Math.max(0, Math.min(each, most - before * each)));
}

export const taskWeight = (task: Task, checks: readonly Check[]): number =>
  sum(checks.filter(({ id }) => task.checks.includes(id)).map(({ weight }) => weight));

/** Passed as the learner sees it: nothing in it is against it. Results of checks that a grader no longer has do not count. */
function passes(task: Task, { results }: Judged): boolean {
  const own = results.filter(({ id }) => task.checks.includes(id));
  return own.length > 0 && own.every(({ status }) => status === 'passed' || status === 'notApplicable');
}

/** When each task was first seen passed, by task id. An ungraded attempt counts here: what it saw passed, had passed. */
export function firstPasses(lab: Lab, attempts: readonly Judged[]): ReadonlyMap<string, string> {
  const first = new Map<string, string>();
  for (const attempt of attempts) {
    for (const task of lab.tasks) {
      const before = first.get(task.id);
      if (passes(task, attempt) && (before === undefined || attempt.gradedAt < before))
        first.set(task.id, attempt.gradedAt);
    }
  }
  return first;
}

/** @param first of {@link firstPasses}, over all of the learner's attempts */
export function taskPoints(
  { lab, grader }: { readonly lab: Lab; readonly grader: Grader },
  attempt: Judged,
  hints: readonly TakenHint[],
  first: ReadonlyMap<string, string>,
): TaskPoints[] {
  const statuses = new Map(attempt.results.map(({ id, status }) => [id, status]));
  return lab.tasks.map((task) => {
    const weights = (wanted: (status: Result['status'] | undefined) => boolean) =>
      sum(
        grader.checks
          .filter(({ id }) => task.checks.includes(id) && wanted(statuses.get(id)))
          .map(({ weight }) => weight),
      );
    const of = weights((status) => status !== 'notApplicable');
    const passed = passes(task, attempt);
    const costs = hintCosts(taskWeight(task, grader.checks), task.hints.length);
    // A hint that came after the task was passed was of no help to it.
    const paid = hints.filter(
      ({ task: id, takenAt }) => id === task.id && takenAt < (first.get(id) ?? attempt.gradedAt),
    );
    const cost = Math.min(sum(paid.map(({ step }) => costs[step - 1] ?? 0)), Math.floor(of * MOST));
    return { id: task.id, passed, got: weights((status) => status === 'passed'), of, hints: passed ? cost : 0 };
  });
}

/** @returns whole points, 0 or more */
export const countedScore = (score: number, points: readonly TaskPoints[]): number =>
  Math.max(0, score - sum(points.map(({ hints }) => hints)));
