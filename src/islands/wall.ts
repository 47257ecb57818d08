/** Stones that set into place as labs are passed. */
import type { Progress } from '../protocol/api.ts';

export type LabProgress = Progress['labs'][number];
export type State = 'none' | 'partial' | 'passed';

export const stateOf = (lab: LabProgress | undefined): State =>
  lab?.passed ? 'passed' : lab?.attempts ? 'partial' : 'none';

export function setStones(lab: string, progress: LabProgress | undefined): void {
  const stones = [...document.querySelectorAll<SVGPathElement>(`[data-stretch="${lab}"] path`)];
  const state = stateOf(progress);
  const part = state === 'passed' ? 1 : progress && progress.maxScore > 0 ? progress.best / progress.maxScore : 0;
  const set = Math.floor(stones.length * part);
  for (const stone of stones.slice(0, set)) stone.dataset.set = state;
}
