/** Ids through the map of a user namespace: inside it, and as the inspector counts them. */
import type { Process } from '../../inspector/snapshot.ts';

export type IdMap = Process['uidMap'];

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

/** How many ids the namespace has. */
export const size = (map: IdMap): number => map.reduce((sum, [, , length]) => sum + length, 0);

/** Is this number of the inspector's among those that the namespace has? */
export const covers = (map: IdMap, seen: number): boolean => inside(map, seen) !== undefined;
