/** Which part of the work is seen, on the page's root: set before anything is painted, read by styles/desk.css. */
import { recall, remember } from '../storage.ts';

const WORKS = ['terminal', 'files', 'preview'] as const;
export type Work = (typeof WORKS)[number];

export const isWork = (value: string | null | undefined): value is Work => WORKS.some((work) => work === value);
const key = (lab: string) => `work:${lab}`;

export function restoreWork(lab: string): void {
  const work = recall(key(lab));
  if (isWork(work) && work !== 'terminal') document.documentElement.dataset.work = work;
}

export function shownWork(): Work {
  const { work } = document.documentElement.dataset;
  return isWork(work) ? work : 'terminal';
}

export function setWork(lab: string, work: Work): void {
  document.documentElement.dataset.work = work;
  remember(key(lab), work === 'terminal' ? null : work);
}
