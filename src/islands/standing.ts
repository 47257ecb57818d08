/** How far the learner has come: stones in the wall and the sentence under them, on every page that has both. */
import type { Progress } from '../protocol/api.ts';
import { readProgress } from './api.ts';
import { need, words } from './page.ts';
import { type LabProgress, setStones } from './wall.ts';

export const standingIcons = { none: 'circle', partial: 'circle-dot', passed: 'circle-check' } as const;

export interface Standing {
  readonly progress: Progress;
  readonly known: ReadonlyMap<string, LabProgress>;
  /** How many of the page's labs. */
  readonly passed: number;
  readonly complete: boolean;
}

/**
 * @param labs in the order of the page
 * @returns undefined where it could not be read; the page says so then
 */
export async function showStanding(labs: readonly string[]): Promise<Standing | undefined> {
  let progress: Progress;
  try {
    progress = await readProgress();
  } catch {
    need('[data-progress-unknown]').hidden = false;
    return undefined;
  }
  const known = new Map(progress.labs.map((lab) => [lab.lab, lab]));
  for (const lab of labs) setStones(lab, known.get(lab));
  const passed = labs.filter((lab) => known.get(lab)?.passed).length;
  const complete = passed > 0 && passed === labs.length;
  need('[data-count]').textContent = complete ? words.course.allSet : words.course.standing(passed, labs.length);
  return { progress, known, passed, complete };
}
