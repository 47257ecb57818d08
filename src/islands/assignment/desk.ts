/** One assignment of an instructor's: gradebook, signs, roster, settings. */
import type { Gradebook } from '../../protocol/assignments.ts';
import { onSubmit } from '../form.ts';
import { element, need } from '../page.ts';
import { at, changeAssignment, closeAssignment, readBook } from './desk-api.ts';
import { showGradebook, startGradebook } from './gradebook.ts';
import { keepAddress, onClick, t, trouble } from './page.ts';
import { fillPlan, readPlan, startPlanForm } from './plan-form.ts';
import { showRoster, startRoster } from './roster.ts';
import { ruleSentences } from './rules.ts';
import { showSigns } from './signs.ts';
import { timeIn } from './time.ts';

const id = new URLSearchParams(location.search).get('id') ?? '';
const form = need<HTMLFormElement>('[data-settings]');
let book: Gradebook;

function show(): void {
  const { title, members, closedAt, rules, dueAt } = book;
  document.title = `${title} · Toride`;
  need('[data-title]').textContent = title;
  const handedIn = members.filter(({ grades }) => grades.some(({ submissions }) => submissions.length > 0)).length;
  need('[data-facts]').textContent = t.desk.facts(members.length, handedIn);
  const lateUntil = rules.late.accepted ? rules.late.until : null;
  const sentences = ruleSentences({ ...book, dueAt, lateUntil }).slice(0, -1);
  const closed = closedAt === null ? [] : [t.desk.closed(timeIn(closedAt, rules.timeZone))];
  need('[data-rules]').replaceChildren(...[...closed, ...sentences].map((text) => element('li', {}, text)));
  for (const part of document.querySelectorAll<HTMLElement>('[data-while-open]')) part.hidden = closedAt !== null;
  showGradebook(book);
  showRoster(parts);
}

async function refresh(): Promise<void> {
  book = await readBook(id);
  show();
  await showSigns(book);
}
const parts = { book: () => book, refresh };

keepAddress();
startPlanForm(form);
startGradebook(parts.book);
startRoster(parts);
for (const link of document.querySelectorAll<HTMLAnchorElement>('[data-export]'))
  link.href = at(`/${encodeURIComponent(id)}/${link.dataset.export}`);
onSubmit(form, need('[data-form-said]'), async () => {
  await changeAssignment(id, readPlan(form));
  await refresh();
  return t.desk.saved;
});
onClick(need<HTMLButtonElement>('[data-close]'), async () => {
  if (!confirm(t.desk.closeSure)) return;
  await closeAssignment(id);
  await refresh();
});
try {
  await refresh();
  fillPlan(form, book!);
  need('[data-all]').hidden = false;
} catch (error) {
  trouble(error);
} finally {
  need('[data-loading]').hidden = true;
}
