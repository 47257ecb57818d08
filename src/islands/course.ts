/** The course page: best scores into the list, stones into the wall, the next lab onto the big button. */
import type { Progress } from '../protocol/api.ts';
import { readProgress } from './api.ts';
import { icon, need, words } from './page.ts';

type LabProgress = Progress['labs'][number];
type State = 'none' | 'partial' | 'passed';

const stateOf = (lab: LabProgress | undefined): State => (lab?.passed ? 'passed' : lab?.attempts ? 'partial' : 'none');

function showScore(row: HTMLElement, lab: LabProgress | undefined): void {
  const state = stateOf(lab);
  const score = need('[data-score]', row);
  score.dataset.state = state;
  need('.icon', score).replaceWith(icon({ none: 'circle', partial: 'circle-dot', passed: 'circle-check' }[state]));
  need('[data-score-words]', score).textContent = lab?.attempts
    ? words.course.score(lab.best, lab.maxScore)
    : words.course.notTried;
  // What the icon and its colour say, for those who hear the page.
  const said = { none: '', partial: words.course.partly, passed: words.course.passed }[state];
  need('[data-score-state]', score).textContent = ` ${said}`;
}

function setStones(lab: string, progress: LabProgress | undefined): void {
  const stones = [...document.querySelectorAll<SVGPathElement>(`[data-stretch="${lab}"] path`)];
  const state = stateOf(progress);
  const part = state === 'passed' ? 1 : progress && progress.maxScore > 0 ? progress.best / progress.maxScore : 0;
  const set = Math.floor(stones.length * part);
  for (const stone of stones.slice(0, set)) stone.dataset.set = state;
}

function pointToNext(rows: readonly HTMLElement[], known: ReadonlyMap<string, LabProgress>): void {
  const button = document.querySelector<HTMLAnchorElement>('[data-continue]');
  if (!button) return;
  const open = rows.find((row) => !known.get(row.dataset.labRow ?? '')?.passed);
  const begun = [...known.values()].some(({ attempts }) => attempts > 0);
  const target = open ?? rows[0];
  if (!target) return;
  const link = need<HTMLAnchorElement>('.what a', target);
  button.href = link.href;
  need('[data-continue-words]').textContent = !open
    ? words.course.review
    : begun
      ? words.course.continue
      : words.course.start;
  need('[data-continue-chapter]').textContent = need('.chapter', target).textContent;
  need('[data-continue-title]').textContent = link.textContent;
  if (open) need(`[data-stretch="${open.dataset.labRow}"]`).setAttribute('data-next', '');
}

export async function startCourse(): Promise<void> {
  // In the order of the list; the chapter's order is also the course's.
  const rows = [...document.querySelectorAll<HTMLElement>('[data-lab-row]')];
  let progress: Progress;
  try {
    progress = await readProgress();
  } catch {
    need('[data-progress-unknown]').hidden = false;
    return;
  }
  const known = new Map(progress.labs.map((lab) => [lab.lab, lab]));
  for (const row of rows) {
    const lab = row.dataset.labRow ?? '';
    showScore(row, known.get(lab));
    setStones(lab, known.get(lab));
  }
  pointToNext(rows, known);
  const passed = rows.filter((row) => known.get(row.dataset.labRow ?? '')?.passed).length;
  const complete = rows.length > 0 && passed === rows.length;
  need('[data-count]').textContent = complete ? words.course.allSet : words.course.standing(passed, rows.length);
  if (complete) need('[data-keep]').setAttribute('data-set', '');
}
