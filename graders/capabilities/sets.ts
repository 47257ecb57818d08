/** Which capabilities a process of the notebook may have, and which it has: by what it does, not by what it is called. */

import { CannotVerify } from '../../src/grading/check.ts';
import { listening, serving } from '../../src/grading/observe/containers.ts';
import { forwards } from '../../src/inspector/forwarders.ts';
import type { Facts, Process, ProcessTable } from '../../src/inspector/snapshot.ts';
import { capabilityNames } from '../../src/policy/capabilities.ts';

type Seen = Facts<'processes' | 'requests'>;

/** What the chapter recommends. As the image is, the server does not start with less. */
export const chapterFive = ['CHOWN', 'DAC_OVERRIDE', 'SETGID', 'SETUID', 'NET_BIND_SERVICE'] as const;
/** What a master that starts as root does: hand its scratch folders to the worker, and become the worker. */
const startsAsRoot = ['CHOWN', 'SETGID', 'SETUID'] as const;
const firstFreePort = 1024;

/** What a process holds now: permitted, effective, and the two sets that programs it starts inherit from. */
export const held = (process: Process): string[] =>
  union(process.capPrm, process.capEff, process.capInh, process.capAmb);

/** What it holds or could ever come to hold. */
export const reachable = (process: Process): string[] =>
  union(process.capBnd, process.capPrm, process.capEff, process.capInh, process.capAmb);

function union(...sets: readonly string[]): string[] {
  return [...new Set(sets.flatMap(capabilityNames))];
}

export const list = (names: readonly string[]): string => (names.length > 0 ? names.join(', ') : 'none');

/** The containers that answered, and every other one that listens, but for the gate: that has a rule of its own. */
export function judged(facts: Seen): Process[] {
  const gate = new Set(gateProcesses(facts));
  const target = [...serving(facts, 'page', 'write', 'read'), ...listening(facts).filter((one) => !gate.has(one))];
  if (target.length === 0) throw new CannotVerify('no process of a container was found');
  return [...new Set(target)];
}

/** The processes of the container that listens at the drawn address, in a network of its own and apart from the notebook. */
export function gateProcesses(facts: Seen): Process[] {
  const { processes: table, parameters } = facts;
  const notebook = new Set(serving(facts, 'page'));
  const sandboxNet = table.processes.find(({ pid }) => pid === table.init.pid)?.namespaces.net;
  const listeners = table.processes.filter(
    (process) =>
      process.pidNsDepth > 0 &&
      process.namespaces.net !== sandboxNet &&
      !notebook.has(process) &&
      !forwards(table, process) &&
      listensOn(table, process).some(
        ({ address, port }) => address === parameters.gateAddress && port === Number(parameters.gatePort),
      ),
  );
  const containers = new Set(listeners.map(({ namespaces }) => namespaces.pid));
  return table.processes.filter(({ namespaces, pidNsDepth }) => pidNsDepth > 0 && containers.has(namespaces.pid));
}

/** Processes of containers that are neither judged as the notebook nor the gate. */
export function others(facts: Seen): Process[] {
  const known = new Set([...judged(facts), ...gateProcesses(facts)]);
  return facts.processes.processes.filter(
    (process) => process.pidNsDepth > 0 && !known.has(process) && !forwards(facts.processes, process),
  );
}

/** What the work of this process's container takes; `now` is what this very process may hold of it. */
export function needed(table: ProcessTable, process: Process): { ever: string[]; now: string[] } {
  const container = table.processes.filter(({ namespaces }) => namespaces.pid === process.namespaces.pid);
  const lowPort = container.some((one) => listensOn(table, one).some(({ port }) => port < firstFreePort));
  const port = lowPort ? ['NET_BIND_SERVICE'] : [];
  // Only who is root and becomes somebody else needs to be able to.
  const changes = container.some(isRoot) && container.some((one) => !isRoot(one));
  const ever = changes ? [...startsAsRoot, ...port] : port;
  return { ever, now: isRoot(process) ? ever : port };
}

/** Root of its own user namespace, by any of its four ids. */
function isRoot({ uid, uidMap }: Process): boolean {
  const root = uidMap.find(([inside]) => inside === 0)?.[1];
  if (root === undefined && uidMap.length === 0) throw new CannotVerify('the uid_map of a process could not be read');
  return uid.some((id) => id === root);
}

function listensOn(table: ProcessTable, process: Process): { address: string; port: number }[] {
  const inodes = new Set(process.sockets);
  return table.netTables
    .flatMap(({ sockets }) => sockets)
    .filter(({ state, inode }) => state === 'LISTEN' && inodes.has(inode))
    .flatMap(({ localAddress: address, localPort: port }) =>
      address === undefined || port === undefined ? [] : [{ address, port }],
    );
}
