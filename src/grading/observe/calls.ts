/** What a seccomp filter really lets through: the probe's verdicts on every process of the container that answered. */
import type { Facts, SyscallObservation } from '../../inspector/snapshot.ts';
import { CannotVerify } from '../check.ts';
import { describe, serving } from './containers.ts';

type Seen = Facts<'processes' | 'requests' | 'syscalls'>;

/** One observation for each process of the target; a process that was not probed could hold the weaker filter. */
export function probed(facts: Seen, request = 'page'): SyscallObservation[] {
  return serving(facts, request).map((process) => {
    const seen = facts.syscalls.find(({ pid, startTime }) => pid === process.pid && startTime === process.startTime);
    if (!seen) throw new CannotVerify(`the filter of ${describe(process)} was not probed, try again`);
    return seen;
  });
}

/** The calls that at least one process of the target gets through its filter, sorted. */
export function allowedCalls(observations: readonly SyscallObservation[]): string[] {
  const allowed = observations.flatMap(({ results }) =>
    Object.entries(results).flatMap(([name, { verdict }]) => (verdict === 'allowed' ? [name] : [])),
  );
  return [...new Set(allowed)].sort();
}

/** Of these calls, those that no probe could tell: neither for nor against the learner. */
export function unclearCalls(observations: readonly SyscallObservation[], calls: readonly string[]): string[] {
  return calls.filter((name) =>
    observations.some(({ results }) => (results[name]?.verdict ?? 'unclear') === 'unclear'),
  );
}
