/** The strip, the list and the marks in the lesson: all show the latest attempt. */
import type { Attempt } from '../../protocol/api.ts';
import { icon, language, need, words } from '../page.ts';
import { showCheck, stateIcons } from './results.ts';
import { type TaskStanding, type TaskState, taskStanding } from './standing.ts';

const t = words.tasks;
const time = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const tasks = [...document.querySelectorAll<HTMLElement>('[data-task]')];

function mark(place: HTMLElement, state: TaskState): void {
  place.dataset.state = state;
  need('.task-mark', place).replaceChildren(icon(stateIcons[state]));
  need('[data-state-words]', place).textContent = t.status[state];
}

/** Keeps open what the person opened; a check that changed its mind opens or closes by its result. */
function showChecks(task: HTMLElement, { checks }: TaskStanding): void {
  const place = need('[data-results]', task);
  const before = new Map(
    [...place.querySelectorAll<HTMLDetailsElement>('details')].map((shown) => [shown.dataset.checkId, shown]),
  );
  const shown = checks.map((check) => {
    const old = before.get(check.id);
    const wanted = check.status === 'failed' || check.status === 'error';
    return showCheck(check, old?.dataset.state === check.status ? old.open : wanted);
  });
  place.replaceChildren(...shown);
}

function showNext(open: HTMLElement | undefined): void {
  const button = need<HTMLButtonElement>('[data-next-task]');
  button.hidden = !open;
  need('.strip-label').hidden = !open;
  need('[data-all-done]').hidden = Boolean(open);
  if (!open) return;
  button.dataset.showTask = open.dataset.task;
  button.textContent = titleOf(open);
}

/** The heading's own text: without the task's number before it and its state after it. */
function titleOf(task: HTMLElement): string {
  const heading = need('h2', task);
  const texts = [...heading.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
  return texts
    .map((node) => node.textContent ?? '')
    .join('')
    .trim();
}

let shown: { attempt: Attempt; passed: ReadonlySet<string> } | undefined;

/**
 * @param aloud all: the person is waiting to hear it. progress: only what has changed for a task, since nobody asked.
 */
export function showAttempt(attempt: Attempt | null, aloud: 'all' | 'progress' | 'silent'): void {
  // The answer to a request and the live frame bring the same one.
  if (!attempt || (shown?.attempt.id === attempt.id && aloud !== 'all')) return;
  const standings = tasks.map((task) => taskStanding((task.dataset.checks ?? '').split(' '), attempt));
  for (const [index, task] of tasks.entries()) {
    const standing = standings[index];
    if (!standing) continue;
    mark(task, standing.state);
    showChecks(task, standing);
    const anchor = document.querySelector<HTMLElement>(`[data-task-status="${task.dataset.task}"]`);
    if (anchor) mark(anchor, standing.state);
  }
  const done = standings.filter(({ state }) => state === 'passed').length;
  need('[data-count]').textContent = t.count(done, tasks.length);
  need('[data-points]').textContent = t.points(attempt.score, attempt.maxScore);
  need('#strip').dataset.done = String(done === tasks.length);
  showNext(tasks.find((_, index) => standings[index]?.state !== 'passed'));
  need('[data-tasks-message]').textContent =
    attempt.status === 'ungraded' ? t.ungraded : t.gradedAt(time.format(new Date(attempt.gradedAt)));
  const passed = new Set(tasks.filter((_, index) => standings[index]?.state === 'passed').map(titleOf));
  const before = shown?.passed ?? new Set();
  shown = { attempt, passed };
  const spoken = t.spoken(done, tasks.length, attempt.score, attempt.maxScore);
  if (aloud === 'all') announce(attempt.status === 'ungraded' ? `${spoken} ${t.ungraded}` : spoken);
  if (aloud !== 'progress') return;
  const news = [
    ...[...passed].filter((title) => !before.has(title)).map(t.nowPassed),
    ...[...before].filter((title) => !passed.has(title)).map(t.noLongerPassed),
  ];
  if (news.length > 0) announce(`${news.join(' ')} ${spoken}`);
}

export function announce(text: string): void {
  const live = need('[data-announce]');
  // The same sentence twice is announced twice only if it changes in between.
  live.textContent = '';
  setTimeout(() => {
    live.textContent = text;
  }, 50);
}

/** The next hint appears when the one before it has been opened. */
export function startHints(): void {
  for (const hint of document.querySelectorAll<HTMLDetailsElement>('[data-hint]')) {
    hint.addEventListener('toggle', () => {
      const next = hint.nextElementSibling;
      if (hint.open && next instanceof HTMLElement && next.matches('[data-hint]')) next.hidden = false;
    });
  }
}
