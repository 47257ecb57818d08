/** From who held a connection to the process that is judged for it. */
import type { Process, ProcessTable, RequestObservation } from './snapshot.ts';

type Holder = RequestObservation['servedBy'][number];

/**
 * The process itself, or, where it was made for the one request and has ended, the oldest of its container: same pid and
 * mount namespace, and older than it, so that no container that was started since can stand in. undefined for neither.
 */
export function answerer(
  table: ProcessTable,
  { pid, startTime, pidNsDepth, pidns, mntns }: Holder,
): Process | undefined {
  const itself = table.processes.find((one) => one.pid === pid && one.startTime === startTime);
  if (itself || pidNsDepth === 0 || !pidns || !mntns) return itself;
  const container = table.processes.filter(({ namespaces: { pid, mnt } }) => pid === pidns && mnt === mntns);
  const [oldest] = container.sort((a, b) => a.startTime - b.startTime);
  return oldest && oldest.startTime <= startTime ? oldest : undefined;
}
