/** The first process of a container, and the sandbox's own, which all of them are held against. */
import { answerer } from '../../inspector/answerer.ts';
import { forwards } from '../../inspector/forwarders.ts';
import type { Facts, Process, ProcessTable } from '../../inspector/snapshot.ts';
import { CannotVerify } from '../check.ts';

export function sandboxInit({ init, processes }: ProcessTable): Process {
  const found = processes.find(({ pid, startTime }) => pid === init.pid && startTime === init.startTime);
  if (!found) throw new CannotVerify('the first process of the sandbox could not be read');
  return found;
}

/**
 * Where the process that answered comes from: up its parents as long as they are in its container. That is what Podman
 * started, also in a pod whose containers share a pid namespace.
 */
export function firstProcess(
  { requests, processes: table }: Facts<'processes' | 'requests'>,
  request: string,
): Process {
  const answer = requests[request];
  if (!answer) throw new CannotVerify(`the request ${request} was not made`);
  const inContainer = answer.servedBy.filter(({ pidNsDepth }) => pidNsDepth > 0);
  const firsts = inContainer.flatMap((holder) => {
    const process = answerer(table, holder);
    return process && !forwards(table, process) ? [oldestOf(table.processes, process)] : [];
  });
  const [first, ...others] = new Set(firsts);
  if (!first) throw new CannotVerify('the process that answered was gone when the processes were read');
  if (others.length > 0) throw new CannotVerify('more than one container answered the same request');
  return first;
}

function oldestOf(processes: readonly Process[], process: Process): Process {
  const { pid, mnt } = process.namespaces;
  const parent = processes.find((one) => one.pid === process.ppid && one.namespaces.pid === pid);
  // A pause process of the pod is in the same pid namespace, but not in the same files.
  return parent && parent.namespaces.mnt === mnt ? oldestOf(processes, parent) : process;
}

/** The number by which a learner's shell, in the sandbox, sees this process. */
export function pidInSandbox({ nsPids, pidNsDepth, name }: Process): number {
  const pid = nsPids.at(-1 - pidNsDepth);
  if (pid === undefined) throw new CannotVerify(`the numbers of ${name} could not be read`);
  return pid;
}

/** An id of the inspector's as the sandbox counts it; undefined for one that the sandbox does not have. */
export function idInSandbox(table: ProcessTable, id: number): number | undefined {
  const range = sandboxInit(table).uidMap.find(([, from, length]) => id >= from && id < from + length);
  return range && range[0] + id - range[1];
}
