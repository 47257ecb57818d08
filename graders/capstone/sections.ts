/** What the sections share: who is held to account, and the values drawn for the learner. */
import { CannotVerify, type Check, check, type Evidence, type Verdict } from '../../src/grading/check.ts';
import { describe, judged } from '../../src/grading/observe/containers.ts';
import { verdict } from '../../src/grading/observe/verdict.ts';
import type { Facts, Process } from '../../src/inspector/snapshot.ts';

export const answering = ['page', 'write', 'read'] as const;
export const secretFile = '/run/secrets/db_password';

type Seen = Facts<'processes' | 'requests'>;

export const status = (process: Process) => `/proc/PID/status of ${describe(process)}`;

/** The same statement about every process that is held to account. */
export const ofEach = (facts: Seen, state: (process: Process) => [boolean, Evidence]): Verdict =>
  verdict(judged(facts, ...answering).map(state));

export function drawn({ parameters }: Facts<never>, name: string): string {
  const value = parameters[name];
  if (!value) throw new CannotVerify(`no ${name} in the snapshot`);
  return value;
}

/** Everything but the first check waits for the page. */
export const section = (definition: Omit<Check, 'dependsOn'>): Check =>
  check({ ...definition, dependsOn: ['service.answers'], references: definition.references ?? ['chapter 8'] });
