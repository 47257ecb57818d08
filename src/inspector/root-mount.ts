import type { Mount, Process, ProcessTable } from './snapshot.ts';

/** The mount a path lookup starts from: mounts at / can be stacked, the one that is nobody's parent at / is on top. */
export function rootMount(table: ProcessTable, process: Process): Mount | undefined {
  const mounts = process.mountTable === null ? undefined : table.mountTables[process.mountTable];
  const roots = mounts?.filter(({ mountPoint }) => mountPoint === '/') ?? [];
  return roots.find(({ id }) => !roots.some(({ parent, id: other }) => parent === id && other !== id));
}
