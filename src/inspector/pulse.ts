/**
 * Has anything changed in a sandbox since it was last looked at? Two answers for almost nothing, so that grading by itself
 * costs nothing while nothing happens. Both are only a reason to look properly; neither judges anything.
 */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { lookSilently } from './inspect.ts';
import type { ObservationPlan } from './plan.ts';
import { type InitProcess, ObservationError, type Probe } from './probe.ts';
import type { FileObservation, ProcessTable } from './snapshot.ts';
import { readContainers, readImages } from './store.ts';

/**
 * Which processes there are: one reading of the sandbox's own /proc, through its first process. Nobody inside may mount
 * over that one. @returns '' when the sandbox is gone
 */
export async function pulse({ pid }: InitProcess): Promise<string> {
  try {
    return (await readdir(`/proc/${pid}/root/proc`)).filter((name) => /^\d/.test(name)).join(' ');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES') return '';
    throw error;
  }
}

/**
 * What a grader may judge, in 64 characters: the processes of containers with all that the kernel says of them, who
 * listens where, the files and the store that the plan names. No request is sent and no call tried.
 *
 * @param files besides those of the plan
 */
export async function digest(
  probe: Probe,
  init: InitProcess,
  plan: ObservationPlan,
  files: readonly string[] = [],
): Promise<string> {
  const paths = [...(plan.files ?? []), ...files];
  const [look, containers, images, ...contents] = await Promise.all([
    lookSilently(probe, init),
    unlessUnseen(() => readContainers(probe, init)),
    unlessUnseen(() => readImages(probe, init)),
    ...paths.map((path) => unlessUnseen<FileObservation>(() => probe.file(init, path))),
  ]);
  const seen = [look.ok ? facts(look.value) : look.code, containers, images, contents];
  return createHash('sha256').update(JSON.stringify(seen)).digest('hex');
}

function facts(table: ProcessTable): unknown {
  const own = table.processes.find(({ pid }) => pid === table.init.pid)?.namespaces;
  // What moves by itself in a service that only serves: its state, its open connections, its children's number.
  const contained = table.processes
    .filter(({ namespaces }) => namespaces.pid !== own?.pid)
    .map(({ state, sockets, mountTable, netTable, threads, ...still }) => [
      still,
      mountTable === null ? null : table.mountTables[mountTable],
    ]);
  const listening = table.netTables.map(({ netns, sockets }) => [
    netns,
    sockets.filter(({ state }) => state === 'LISTEN').map(({ localAddress, localPort }) => [localAddress, localPort]),
  ]);
  return [contained, listening];
}

async function unlessUnseen<T>(observe: () => Promise<T>): Promise<T | string> {
  try {
    return await observe();
  } catch (error) {
    if (error instanceof ObservationError) return error.code;
    throw error;
  }
}
