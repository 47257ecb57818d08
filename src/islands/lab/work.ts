/** The tabs of the work. Files and preview bring their code when they are first opened: the terminal does not wait for it. */
import { element, need, words } from '../page.ts';
import type { Part } from '../part.ts';
import { isWork, setWork, shownWork, type Work } from './work-place.ts';

const parts: Record<Exclude<Work, 'terminal'>, () => Promise<{ start(lab: string): Part }>> = {
  files: () => import('../files/main.ts'),
  preview: () => import('../preview/main.ts'),
};
const started = new Map<Work, Promise<Part>>();
const tabs = [...document.querySelectorAll<HTMLElement>('[data-show-work]')];
let lab = '';

function open(work: Work): void {
  if (work === 'terminal') return;
  const panel = need(`#desk-${work}`);
  const running = started.get(work);
  if (running) {
    running.then(
      (part) => part.shown(),
      () => undefined,
    );
    return;
  }
  const cover = element('div', { class: 'desk-cover', role: 'status' }, words.work.loading);
  panel.append(cover);
  const starting = parts[work]().then((module) => module.start(lab));
  started.set(work, starting);
  starting.then(
    (part) => {
      cover.remove();
      part.shown();
    },
    () => {
      started.delete(work);
      const again = element('button', { type: 'button', class: 'button' }, words.terminal.tryAgain);
      again.addEventListener('click', () => {
        cover.remove();
        open(work);
      });
      cover.replaceChildren(element('p', {}, words.work.failed), again);
    },
  );
}

export function showWork(work: Work): void {
  setWork(lab, work);
  mark();
  open(work);
}

function mark(): void {
  for (const tab of tabs) {
    const selected = tab.dataset.showWork === shownWork();
    tab.setAttribute('aria-selected', String(selected));
    tab.tabIndex = selected ? 0 : -1;
  }
}

function onKey(event: KeyboardEvent): void {
  const index = event.target instanceof HTMLElement ? tabs.indexOf(event.target) : -1;
  const to = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: -1 }[event.key];
  const next = to === undefined ? undefined : tabs.at(to % tabs.length);
  if (index < 0 || !next || !isWork(next.dataset.showWork)) return;
  event.preventDefault();
  showWork(next.dataset.showWork);
  next.focus();
}

export function startWork(ofLab: string): void {
  lab = ofLab;
  for (const tab of tabs) {
    tab.addEventListener('click', () => isWork(tab.dataset.showWork) && showWork(tab.dataset.showWork));
    tab.addEventListener('keydown', onKey);
  }
  mark();
  open(shownWork());
}
