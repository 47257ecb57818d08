/** Handing in, on the lab's page: how often still, until when, and one question before it is done. */
import { assignmentsPath, assignmentWords } from '../../i18n/assignment.ts';
import type { LabGrade, OpenForLab } from '../../protocol/assignments.ts';
import { element, language, need, words } from '../page.ts';
import { readOpenFor, submitLab } from './api.ts';
import { shortTime, timeIn } from './time.ts';

type Open = OpenForLab['assignments'][number];
const t = assignmentWords(language).submit;
const rules = assignmentWords(language).rules;
const states = assignmentWords(language).states;

let lab = '';
let open: readonly Open[] = [];
let chosen = '';
let busy = false;

const dialog = element('dialog', { 'aria-labelledby': 'submit-title', id: 'dialog-submit' });
const said = element('p', { role: 'status', 'data-submit-said': '' });
const picked = (): Open | undefined => open.find(({ id }) => id === chosen) ?? open[0];

/** The one that is due next stands on the strip. */
function showStrip(): void {
  const next = open.toSorted((a, b) => Date.parse(a.dueAt) - Date.parse(b.dueAt))[0];
  const button = need<HTMLButtonElement>('[data-submit]');
  const due = need('[data-due]');
  button.hidden = due.hidden = !next;
  if (!next) return;
  button.replaceChildren(t.button, element('span', { class: 'submit-left' }, t.left(next.grade.left)));
  const late = next.phase === 'late' && next.lateUntil !== null;
  due.textContent = late
    ? t.dueLate(shortTime(next.lateUntil!, next.timeZone))
    : t.due(shortTime(next.dueAt, next.timeZone));
  due.title = timeIn(late ? next.lateUntil! : next.dueAt, next.timeZone);
}

function sentences({ grade, latePercent, dueAt, lateUntil, timeZone, counts, phase }: Open): string[] {
  const left = grade.left === null ? t.anyLeft : grade.left === 0 ? t.noneLeft : t.leftWords(grade.left);
  return [
    rules.due(timeIn(dueAt, timeZone)),
    ...(phase === 'late' && lateUntil !== null
      ? [latePercent > 0 ? t.now(latePercent) : rules.lateFree(timeIn(lateUntil, timeZone))]
      : []),
    left,
    rules[counts],
    ...(grade.points === null ? [] : [t.so(grade.points, grade.maxPoints)]),
  ];
}

function showDialog(): void {
  const one = picked();
  if (!one) return;
  const choice = element('select', { name: 'assignment', 'aria-label': t.which });
  for (const { id, title } of open) choice.append(new Option(title, id, false, id === one.id));
  choice.addEventListener('change', () => {
    chosen = choice.value;
    showDialog();
    dialog.querySelector('select')?.focus();
  });
  const yes = element('button', { type: 'button', class: 'button primary', 'data-testid': 'confirm-submit' }, t.yes);
  yes.disabled = busy || one.grade.left === 0;
  yes.addEventListener('click', () => void hand(one));
  const no = element(
    'button',
    { type: 'button', class: 'button' },
    busy || said.textContent !== '' ? t.close : t.cancel,
  );
  no.addEventListener('click', () => dialog.close());
  dialog.replaceChildren(
    element('h2', { id: 'submit-title' }, t.title),
    open.length > 1 ? choice : element('p', {}, element('strong', {}, one.title)),
    element('p', {}, t.intro),
    element('ul', {}, ...sentences(one).map((text) => element('li', {}, text))),
    said,
    element('p', {}, element('a', { href: assignmentsPath(language) }, t.all)),
    element('div', { class: 'actions' }, no, yes),
  );
}

function told(grade: LabGrade): string {
  const last = grade.submissions.at(-1);
  if (last?.state === 'ungraded') return t.ungraded;
  if (last && last.points === null) return states[last.state];
  return t.done(grade.points ?? 0, grade.maxPoints);
}

async function hand({ id }: Open): Promise<void> {
  if (busy) return;
  busy = true;
  said.textContent = t.under;
  showDialog();
  try {
    const grade = await submitLab(id, lab);
    open = open.map((one) => (one.id === id ? { ...one, grade } : one));
    said.textContent = told(grade);
  } catch (trouble) {
    said.textContent = trouble instanceof Error ? trouble.message : words.dialog.noAnswer;
  } finally {
    busy = false;
    showDialog();
    showStrip();
    // What had the focus was made anew.
    dialog.querySelector<HTMLElement>('.actions .button')?.focus();
  }
}

async function refresh(): Promise<void> {
  open = (await readOpenFor(lab)).assignments;
  showStrip();
}

export async function startSubmitting(ofLab: string): Promise<void> {
  lab = ofLab;
  document.body.append(dialog);
  await refresh();
  need('[data-submit]').addEventListener('click', async () => {
    if (!busy) said.textContent = '';
    showDialog();
    dialog.showModal();
    try {
      // It may have become late, or over, while the page was open.
      await refresh();
      showDialog();
    } catch (trouble) {
      said.textContent = trouble instanceof Error ? trouble.message : words.dialog.noAnswer;
    }
  });
}
