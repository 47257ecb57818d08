/**
 * Was the state there before and after everything else was read? What is right only while the check runs, and what is
 * stopped, replaced or changed in between, cannot be verified.
 */
import type { Process, ProcessTable } from './snapshot.ts';

/** Facts of a process that a service does not change while it serves. */
const steady = (process: Process, table: ProcessTable) =>
  JSON.stringify([
    process.seccomp,
    process.seccompFilters,
    process.noNewPrivs,
    process.threadsUniform,
    process.capInh,
    process.capPrm,
    process.capEff,
    process.capBnd,
    process.capAmb,
    process.uid,
    process.gid,
    process.namespaces,
    process.uidMap,
    process.gidMap,
    process.label,
    process.mountTable === null ? null : table.mountTables[process.mountTable],
  ]);

const key = ({ pid, startTime }: { pid: number; startTime: number }) => `${pid}@${startTime}`;

/**
 * Differences in the given pid namespaces between two readings, a line each; none when they agree. A process that came
 * in between (a worker, a CGI program) is no difference: it is judged with the second reading like all others. Nor is one
 * that came for a request and went with it, when another that stays has the very same facts.
 *
 * @param first the first look of all: who is in it may not go away
 */
export function differences(
  before: ProcessTable,
  after: ProcessTable,
  pidNamespaces: ReadonlySet<number | null>,
  first: ProcessTable = before,
): string[] {
  const lasting = new Set(first.processes.map(key));
  const kept = new Set(after.processes.map((process) => steady(process, after)));
  const later = new Map(after.processes.map((process) => [key(process), process]));
  return before.processes
    .filter(({ namespaces }) => pidNamespaces.has(namespaces.pid))
    .flatMap((process) => {
      const now = later.get(key(process));
      if (!now && !lasting.has(key(process)) && kept.has(steady(process, before))) return [];
      if (!now) return [`${process.name} (${process.pid}) ended while it was observed`];
      return steady(process, before) === steady(now, after)
        ? []
        : [`${process.name} (${process.pid}) changed while it was observed`];
    });
}

/** Processes in these namespaces that are stopped or held by a tracer: what they would show cannot be relied on. */
export function held(table: ProcessTable, pidNamespaces: ReadonlySet<number | null>): string[] {
  return table.processes
    .filter(({ namespaces }) => pidNamespaces.has(namespaces.pid))
    .flatMap(({ name, pid, state, tracerPid }) => {
      if (tracerPid !== 0) return [`${name} (${pid}) is held by a tracer`];
      return /^[Tt]/.test(state) ? [`${name} (${pid}) is stopped`] : [];
    });
}
