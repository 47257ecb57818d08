/** Hints, solution and history: what stands around the tasks. Fetched after the prompt is there. */
import type { Attempt, LabState } from '../../protocol/api.ts';
import { readLab } from '../api.ts';
import { showHints, startHints } from './hints.ts';
import { startHistory } from './history.ts';
import { setSolutionOpen, startSolution } from './solution.ts';
import { onAttempt } from './tasks.ts';

/** Which tasks the state on the page was told of as passed. */
let known = '';
const passedIn = ({ tasks }: Attempt) => tasks.flatMap(({ id, passed }) => (passed ? id : [])).join(' ');

export function showLearning({ hints, solutionOpen, attempt }: LabState): void {
  known = attempt ? passedIn(attempt) : '';
  showHints(hints);
  setSolutionOpen(solutionOpen);
}

export function startLearning(lab: string): void {
  startHints(lab);
  startSolution(lab);
  startHistory(lab);
  onAttempt((attempt) => {
    if (passedIn(attempt) === known) return;
    // A task that passes makes its hints free; the last one opens the solution.
    readLab(lab).then(showLearning, (trouble) => console.warn('The state of the lab could not be read', trouble));
  });
}
