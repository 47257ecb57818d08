/** The strip, the list and the marks in the lesson: all show the latest attempt, the list for a while also an older one. */
import type { Attempt } from '../../protocol/api.ts';
import { icon, need, words } from '../page.ts';
import { moment } from './moment.ts';
import { showCheck, stateIcons } from './results.ts';
import { type TaskStanding, type TaskState, taskStanding } from './standing.ts';

const t = words.tasks;
const tasks = [...document.querySelectorAll<HTMLElement>('[data-task]')];
const listeners: ((attempt: Attempt) => void)[] = [];
let present: Attempt | undefined;
let past: Attempt | undefined;

/** Called with each attempt that becomes the latest. */
export const onAttempt = (listener: (attempt: Attempt) => void): void => {
  listeners.push(listener);
};

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
    // What waits for another check has nothing to say of its own.
    const wanted = (check.status === 'failed' || check.status === 'error') && check.waitsFor === null;
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

const standingsIn = (attempt: Attempt): TaskStanding[] =>
  tasks.map((task) => taskStanding((task.dataset.checks ?? '').split(' '), attempt));
const pointsIn = (attempt: Attempt, task: HTMLElement) => attempt.tasks.find(({ id }) => id === task.dataset.task);

/** The score that counts, and in words what hints took off. */
function pointsWords({ counted, score, maxScore }: Attempt): string {
  const points = t.points(counted, maxScore);
  return counted < score ? words.points.withLess(points, score - counted) : points;
}

/** The list, as it was judged in this attempt. */
function showList(attempt: Attempt): void {
  for (const [index, standing] of standingsIn(attempt).entries()) {
    const task = tasks[index]!;
    mark(task, standing.state);
    showChecks(task, standing);
    const points = pointsIn(attempt, task);
    if (!points) continue;
    const got = words.points.got(points.got, points.of);
    need('[data-task-points]', task).textContent = points.hints > 0 ? words.points.withLess(got, points.hints) : got;
  }
  const when = `${t.gradedAt(moment(attempt.gradedAt))} · ${pointsWords(attempt)}`;
  need('[data-tasks-message]').textContent = attempt.status === 'ungraded' ? t.ungraded : when;
}

/** Strip and lesson: always the latest. */
function showPresent(attempt: Attempt): void {
  const standings = standingsIn(attempt);
  for (const [index, task] of tasks.entries()) {
    const anchor = document.querySelector<HTMLElement>(`[data-task-status="${task.dataset.task}"]`);
    if (anchor) mark(anchor, standings[index]!.state);
  }
  const done = standings.filter(({ state }) => state === 'passed').length;
  need('[data-count]').textContent = t.count(done, tasks.length);
  const points = need('[data-points]');
  points.textContent = pointsWords(attempt);
  points.title = tasks
    .flatMap((task) => {
      const own = pointsIn(attempt, task);
      return own ? words.points.task(titleOf(task), own.got - own.hints, own.of) : [];
    })
    .join('\n');
  need('#strip').dataset.done = String(done === tasks.length);
  showNext(tasks.find((_, index) => standings[index]?.state !== 'passed'));
}

const passedTitles = (attempt: Attempt): ReadonlySet<string> => {
  const standings = standingsIn(attempt);
  return new Set(tasks.filter((_, index) => standings[index]?.state === 'passed').map(titleOf));
};

/**
 * @param aloud all: the person is waiting to hear it. progress: only what has changed for a task, since nobody asked.
 */
export function showAttempt(attempt: Attempt | null, aloud: 'all' | 'progress' | 'silent'): void {
  // The answer to a request and the live frame bring the same one.
  if (!attempt || (present?.id === attempt.id && aloud !== 'all')) return;
  const before = present ? passedTitles(present) : new Set<string>();
  present = attempt;
  showPresent(attempt);
  // Who looks at an older one keeps it until they ask for another check.
  if (aloud === 'all' || !past) showPast(undefined);
  for (const listener of listeners) listener(attempt);
  const passed = passedTitles(attempt);
  const spoken = t.spoken(passed.size, tasks.length, attempt.counted, attempt.maxScore);
  if (aloud === 'all') announce(attempt.status === 'ungraded' ? `${spoken} ${t.ungraded}` : spoken);
  if (aloud !== 'progress') return;
  const news = [
    ...[...passed].filter((title) => !before.has(title)).map(t.nowPassed),
    ...[...before].filter((title) => !passed.has(title)).map(t.noLongerPassed),
  ];
  if (news.length > 0) announce(`${news.join(' ')} ${spoken}`);
}

/** Puts an older attempt into the list, or by `undefined` the present one again. */
export function showPast(attempt: Attempt | undefined): void {
  past = attempt;
  const banner = need('[data-past]');
  banner.hidden = !attempt;
  if (attempt) need('[data-past-words]', banner).textContent = words.history.viewing(moment(attempt.gradedAt));
  const shown = attempt ?? present;
  if (shown) showList(shown);
}

export function announce(text: string): void {
  const live = need('[data-announce]');
  // The same sentence twice is announced twice only if it changes in between.
  live.textContent = '';
  setTimeout(() => {
    live.textContent = text;
  }, 50);
}
