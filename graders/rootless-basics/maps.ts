/** Whose ids are meant: the learner's own, and the map of their containers. */

import { CannotVerify } from '../../src/grading/check.ts';
import { sandboxInit } from '../../src/grading/observe/first-process.ts';
import { type IdMap, outside, size } from '../../src/grading/observe/id-maps.ts';
import type { Facts, ProcessTable } from '../../src/inspector/snapshot.ts';

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
