/** The course page: best scores into the list, stones into the wall, the next lab onto the big button. */
import type { Progress } from '../protocol/api.ts';
import { nextLab } from './continue.ts';
import { icon, need, words } from './page.ts';
import { showStanding, standingIcons } from './standing.ts';
import { type LabProgress, stateOf } from './wall.ts';

function showScore(row: HTMLElement, lab: LabProgress | undefined): void {
  const state = stateOf(lab);
  const score = need('[data-score]', row);
  score.dataset.state = state;
  need('.icon', score).replaceWith(icon(standingIcons[state]));
  need('[data-score-words]', score).textContent = lab?.attempts
    ? words.course.score(lab.best, lab.maxScore)
    : words.course.notTried;
  // What the icon and its colour say, for those who hear the page.
  const said = { none: '', partial: words.course.partly, passed: words.course.passed }[state];
  need('[data-score-state]', score).textContent = ` ${said}`;
}

function pointToNext(rows: readonly HTMLElement[], progress: Progress): void {
  const button = document.querySelector<HTMLAnchorElement>('[data-continue]');
  const { lab, how } = nextLab(
    rows.map((row) => row.dataset.labRow ?? ''),
    progress,
  );
  const target = rows.find((row) => row.dataset.labRow === lab);
  if (!button || !target) return;
  const link = need<HTMLAnchorElement>('.what a', target);
  button.href = link.href;
  need('[data-continue-words]').textContent = words.course[how];
  need('[data-continue-chapter]').textContent = need('.chapter', target).textContent;
  need('[data-continue-title]').textContent = link.textContent;
  // An imported lab has no stones.
  if (how !== 'review') document.querySelector(`[data-stretch="${lab}"]`)?.setAttribute('data-next', '');
}

export async function startCourse(): Promise<void> {
  // In the order of the list; the chapter's order is also the course's.
  const rows = [...document.querySelectorAll<HTMLElement>('[data-lab-row]')];
  const standing = await showStanding(rows.map((row) => row.dataset.labRow ?? ''));
  if (!standing) return;
  for (const row of rows) showScore(row, standing.known.get(row.dataset.labRow ?? ''));
  pointToNext(rows, standing.progress);
  if (standing.complete) need('[data-keep]').setAttribute('data-set', '');
}
