/**
 * Which processes are meant. A learner chooses names, labels and arguments, so none of them counts: a container is the
 * processes of one pid namespace below the sandbox's, and the container meant is the one that answered a request.
 */
import { answerer } from '../../inspector/answerer.ts';
import { forwards } from '../../inspector/forwarders.ts';
import { rootMount } from '../../inspector/root-mount.ts';
import type { Facts, Process, ProcessTable } from '../../inspector/snapshot.ts';
import { CannotVerify } from '../check.ts';

/** The processes that answered the named requests, and all that share a pid or mount namespace with one of them. */
export function serving(facts: Facts<'processes' | 'requests'>, ...requests: readonly string[]): Process[] {
  const answered = requests
    .flatMap((name) => servers(facts, name))
    .flatMap(({ pidNsDepth, process }) => {
      if (pidNsDepth === 0) return [];
      // A restart between the two readings: what was read is not about what answered.
      if (!process) throw new CannotVerify('the process that answered was gone when the processes were read');
      return forwards(facts.processes, process) ? [] : [process];
    });
  const pidNamespaces = new Set(answered.map(({ namespaces }) => namespaces.pid));
  const mountNamespaces = new Set(answered.map(({ namespaces }) => namespaces.mnt));
  return facts.processes.processes.filter(
    ({ pidNsDepth, namespaces }) =>
      pidNsDepth > 0 && (pidNamespaces.has(namespaces.pid) || mountNamespaces.has(namespaces.mnt)),
  );
}

/** What answered at the sandbox's own level and is no forwarder, in words: a server outside of any container. */
export function servedOutside(facts: Facts<'processes' | 'requests'>, request: string): string[] {
  return servers(facts, request).flatMap(({ pidNsDepth, process }) => {
    if (pidNsDepth > 0 || (process && forwards(facts.processes, process))) return [];
    return process ? describe(process) : 'a process of the sandbox that has ended';
  });
}

/**
 * Processes of any container, the target or not, that hold a listening socket: what stands behind a hardened proxy, or
 * beside a decoy, is held to the same rules. A container that shares the sandbox's pid namespace is told by its root.
 */
export function listening({ processes: table }: Facts<'processes'>): Process[] {
  const sockets = listeningSockets(table);
  const sandboxRoot = rootOf(table, table.init.pid);
  return table.processes.filter((process) => {
    if (!process.sockets.some((inode) => sockets.has(inode)) || forwards(table, process)) return false;
    return process.pidNsDepth > 0 || rootOf(table, process.pid) !== sandboxRoot;
  });
}

/**
 * Who is held to the rules of a lab: the containers that answered, every other one that listens (no decoy, no soft server
 * behind a hard proxy), and whoever shares the files of one of these from another pid namespace.
 */
export function judged(facts: Facts<'processes' | 'requests'>, ...requests: readonly string[]): Process[] {
  const seen = new Set([...serving(facts, ...requests), ...listening(facts)]);
  if (seen.size === 0) throw new CannotVerify('no process of a container was found');
  const mounts = new Set([...seen].map(({ namespaces }) => namespaces.mnt));
  for (const process of facts.processes.processes) if (mounts.has(process.namespaces.mnt)) seen.add(process);
  return [...seen];
}

/** 'nginx (pid 1 of its container)': the number a learner sees with podman exec. */
export function describe(process: Process): string {
  const where = process.pidNsDepth > 0 ? 'its container' : 'the sandbox';
  return `${process.name} (pid ${process.nsPids.at(-1) ?? '?'} of ${where})`;
}

function servers({ requests, processes: table }: Facts<'processes' | 'requests'>, request: string) {
  const answer = requests[request];
  if (!answer) throw new CannotVerify(`the request ${request} was not made`);
  return answer.servedBy.map((holder) => {
    return { pidNsDepth: holder.pidNsDepth, process: answerer(table, holder) };
  });
}

function listeningSockets({ netTables }: ProcessTable): ReadonlySet<number> {
  // Over all namespaces: a socket can be handed to a process that lives in another one.
  const all = netTables.flatMap(({ sockets }) => sockets);
  return new Set(all.filter(({ state }) => state === 'LISTEN').map(({ inode }) => inode));
}

function rootOf(table: ProcessTable, pid: number): string | undefined {
  const process = table.processes.find((one) => one.pid === pid);
  return process && rootMount(table, process)?.device;
}
