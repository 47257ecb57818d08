/** How tasks stand after an attempt. Pure. */
import type { Attempt, CheckResult } from '../../protocol/api.ts';

export type TaskState = 'open' | 'passed' | 'partial' | 'failed' | 'error';

export interface TaskStanding {
  readonly state: TaskState;
  readonly checks: readonly CheckResult[];
}

/** A task is passed when none of its checks is against it; one that does not apply here is not. */
export function taskStanding(checkIds: readonly string[], attempt: Attempt | null): TaskStanding {
  const checks = checkIds.flatMap((id) => attempt?.checks.find((check) => check.id === id) ?? []);
  const count = (status: CheckResult['status']) => checks.filter((check) => check.status === status).length;
  let state: TaskState = 'failed';
  if (checks.length === 0) state = 'open';
  else if (count('passed') + count('notApplicable') === checks.length) state = 'passed';
  else if (count('error') > 0) state = 'error';
  else if (count('passed') > 0) state = 'partial';
  return { state, checks };
}
