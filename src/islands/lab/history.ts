/** The attempts of this lab, newest first; each opens again in the task list with its evidence as it was. */
import type { AttemptList } from '../../protocol/api.ts';
import { readAttempt, readAttempts } from '../api.ts';
import { element, icon, need, words } from '../page.ts';
import { moment } from './moment.ts';
import { stateIcons } from './results.ts';
import { announce, onAttempt, showPast } from './tasks.ts';

const t = words.history;
type Summary = AttemptList['attempts'][number];

const list = need<HTMLOListElement>('[data-history]');
const older = need<HTMLButtonElement>('[data-history-older]');
const pane = need('#tasks');
/** Whence the person came into an older attempt: there the focus goes back. */
let opened: HTMLButtonElement | undefined;

async function open(lab: string, id: string, button: HTMLButtonElement): Promise<void> {
  try {
    const attempt = await readAttempt(lab, id);
    showPast(attempt);
    opened = button;
    pane.scrollTop = 0;
    need('[data-past-back]').focus({ preventScroll: true });
    announce(t.viewing(moment(attempt.gradedAt)));
  } catch (trouble) {
    announce(trouble instanceof Error ? trouble.message : words.dialog.noAnswer);
  }
}

function row(lab: string, { id, gradedAt, status, score, counted, maxScore, trigger }: Summary): HTMLLIElement {
  const mark = status === 'passed' ? 'passed' : status === 'failed' ? 'failed' : 'error';
  const points = words.tasks.points(counted, maxScore);
  const button = element(
    'button',
    { type: 'button', 'data-attempt': id, 'data-state': mark, title: t.open(moment(gradedAt)) },
    element('span', { class: 'task-mark' }, icon(stateIcons[mark])),
    element('time', { datetime: gradedAt }, moment(gradedAt)),
    element('span', { class: 'history-points' }, points),
    element('span', { 'data-state-words': '' }, t.status[status]),
    counted < score && element('span', { class: 'history-quiet' }, words.points.less(score - counted)),
    element('span', { class: 'history-quiet' }, t.trigger[trigger]),
  );
  button.addEventListener('click', () => void open(lab, id, button));
  return element('li', {}, button);
}

/** @param before to read on from there; otherwise from the newest. */
async function read(lab: string, before?: string): Promise<void> {
  const { attempts, more } = await readAttempts(lab, before);
  const rows = attempts.map((attempt) => row(lab, attempt));
  if (before === undefined) list.replaceChildren(...rows);
  else list.append(...rows);
  older.hidden = !more;
  need('[data-history-none]').hidden = list.childElementCount > 0;
  if (before !== undefined) rows[0]?.querySelector('button')?.focus();
}

const quietly = (reading: Promise<void>) =>
  // The page works without: the next check asks again.
  reading.catch((trouble) => console.warn('The history could not be read', trouble));

export function startHistory(lab: string): void {
  let latest: string | undefined;
  onAttempt(({ id }) => {
    if (id === latest) return;
    latest = id;
    void quietly(read(lab));
  });
  older.addEventListener('click', () => {
    const last = [...list.querySelectorAll<HTMLElement>('[data-attempt]')].at(-1)?.dataset.attempt;
    if (last !== undefined) void quietly(read(lab, last));
  });
  need('[data-past-back]').addEventListener('click', () => {
    showPast(undefined);
    announce(t.now);
    (opened?.isConnected ? opened : pane).focus();
    opened = undefined;
  });
}
