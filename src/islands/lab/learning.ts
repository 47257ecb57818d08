/** Hints, solution and history: what stands around the tasks. Fetched after the prompt is there. */
import type { Attempt } from '../../protocol/api.ts';
import { readLab } from '../api.ts';
import { showHints, startHints } from './hints.ts';
import { startHistory } from './history.ts';
import { setSolutionOpen, startSolution } from './solution.ts';
import { onAttempt } from './tasks.ts';

const passedIn = (attempt: Attempt | null): string =>
  (attempt?.tasks ?? []).flatMap(({ id, passed }) => (passed ? id : [])).join(' ');

export interface Learning {
  /** Reads hints and solution anew. */
  refresh(): Promise<void>;
}

export function startLearning(lab: string): Learning {
  startHints(lab);
  startSolution(lab);
  startHistory(lab);
  /** Which tasks had passed when hints and solution were last asked for. */
  let known: string | undefined;
  let reading: Promise<void> | undefined;
  const read = async () => {
    try {
      const { hints, solutionOpen, attempt } = await readLab(lab);
      known = passedIn(attempt);
      showHints(hints);
      setSolutionOpen(solutionOpen);
    } catch (trouble) {
      // The page works without: the next attempt asks again.
      console.warn('The state of the lab could not be read', trouble);
    }
  };
  const refresh = () => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  onAttempt(async (attempt) => {
    await reading;
    // A task that passes makes its hints free; the last one opens the solution.
    if (passedIn(attempt) !== known) await refresh();
  });
  void refresh();
  return { refresh };
}
