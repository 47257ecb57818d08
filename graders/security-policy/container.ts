/** The container that answered, and any other that listens, as the rules see it: from the kernel alone. */
import { CannotVerify } from '../../src/grading/check.ts';
import { describe, listening, serving } from '../../src/grading/observe/containers.ts';
import { sandboxInit } from '../../src/grading/observe/first-process.ts';
import { writable } from '../../src/grading/observe/mounts.ts';
import { rootMount } from '../../src/inspector/root-mount.ts';
import type { Facts, Process } from '../../src/inspector/snapshot.ts';
import { capabilityNames } from '../../src/policy/capabilities.ts';
import type { View } from '../../src/policy/facts.ts';

type Seen = Facts<'processes' | 'requests'>;

const namespaces = { network: 'net', pid: 'pid', ipc: 'ipc', uts: 'uts' } as const;

/** One view a process: what one of them does is not made good by another. */
export function viewsOf(facts: Seen): View[] {
  const processes = [...new Set([...serving(facts, 'page'), ...listening(facts)])];
  if (processes.length === 0) throw new CannotVerify('no process of a container was found');
  return processes.map((process) => viewOf(facts, process));
}

function viewOf({ processes: table }: Seen, process: Process): View {
  const outer = sandboxInit(table).namespaces;
  const root = rootMount(table, process);
  if (!root) throw new CannotVerify(`the root mount of ${process.name} could not be read`);
  const sets = [process.capBnd, process.capPrm, process.capEff, process.capInh, process.capAmb];
  const kinds = Object.keys(namespaces) as (keyof typeof namespaces)[];
  if (kinds.some((kind) => process.namespaces[namespaces[kind]] === null))
    throw new CannotVerify(`the namespaces of ${process.name} could not be read`);
  const file = (fact: string) =>
    fact === 'readOnlyRoot' ? 'mountinfo' : fact === 'hostNamespaces' ? 'ns' : fact === 'users' ? 'uid_map' : 'status';
  return {
    source: (fact) => `/proc/PID/${file(fact)} of ${describe(process)}`,
    facts: {
      capabilities: [...new Set(sets.flatMap(capabilityNames))],
      users: process.uid.map((id) => inside(process, id)),
      readOnlyRoot: !writable(root),
      hostNamespaces: kinds.filter((kind) => process.namespaces[namespaces[kind]] === outer[namespaces[kind]]),
      // A thread that differs from its leader keeps no rule that is read from the leader.
      noNewPrivileges: process.noNewPrivs === 1 && process.threadsUniform,
    },
  };
}

/** The number in the container's own user namespace; -1 for one that it does not have. */
function inside({ uidMap }: Process, id: number): number {
  const line = uidMap.find(([, outside, length]) => id >= outside && id < outside + length);
  return line ? line[0] + id - line[1] : -1;
}
