/** Ids through the maps of user namespaces: inside a container, in the sandbox, and as the inspector sees them. */

import { CannotVerify } from '../../src/grading/check.ts';
import { sandboxInit } from '../../src/grading/observe/first-process.ts';
import type { Facts, Process, ProcessTable } from '../../src/inspector/snapshot.ts';

type IdMap = Process['uidMap'];

/** The number that an id of the namespace has for the inspector. */
export function outside(map: IdMap, inside: number): number | undefined {
  const range = map.find(([from, , length]) => inside >= from && inside < from + length);
  return range && range[1] + inside - range[0];
}

/** The other way: what the inspector's number is called in the namespace. */
export function inside(map: IdMap, seen: number): number | undefined {
  const range = map.find(([, from, length]) => seen >= from && seen < from + length);
  return range && range[0] + seen - range[1];
}

/** The learner's own user id, as the inspector sees it: what the sandbox itself runs as. */
export function learner(table: ProcessTable): number {
  const [uid] = sandboxInit(table).uid;
  if (uid === undefined) throw new CannotVerify('the learner’s own id could not be read');
  return uid;
}

/** The map of the learner's rootless namespace: its 0 is the learner, and it is the largest of its kind. */
export function learnersMap({ processes: table }: Facts<'processes'>): IdMap {
  const own = learner(table);
  const sandbox = sandboxInit(table).namespaces.user;
  const maps = table.processes
    .filter(({ namespaces, uidMap }) => namespaces.user !== sandbox && outside(uidMap, 0) === own)
    .map(({ uidMap }) => uidMap)
    .sort((a, b) => size(b) - size(a));
  const [largest] = maps;
  if (!largest) throw new CannotVerify('no process of the learner’s user namespace runs: start any container');
  return largest;
}

export const size = (map: IdMap): number => map.reduce((sum, [, , length]) => sum + length, 0);
