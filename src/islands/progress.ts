/** The progress page: the table, the name, and the record that is printed. */
import type { Progress } from '../protocol/api.ts';
import { nameRecord } from './api.ts';
import { nextLab } from './continue.ts';
import { element, icon, language, need, words } from './page.ts';
import { showStanding, standingIcons } from './standing.ts';
import { type LabProgress, stateOf } from './wall.ts';

const t = words.progress;
const NONE = '–';
const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
const dayOf = (iso: string) => day.format(new Date(iso));
const rows = [...document.querySelectorAll<HTMLElement>('[data-lab-row]')];
const idOf = (row: HTMLElement) => row.dataset.labRow ?? '';
const linkOf = (row: HTMLElement) => need<HTMLAnchorElement>('a', row);

function showRow(row: HTMLElement, lab: LabProgress | undefined): void {
  const state = stateOf(lab);
  row.dataset.state = state;
  need('.icon', row).replaceWith(icon(standingIcons[state]));
  // What the icon and its colour say, for those who hear the page.
  const said = { none: words.course.notTried, partial: words.course.partly, passed: words.course.passed }[state];
  need('[data-score-state]', row).textContent = ` ${said}`;
  if (!lab) return;
  need('[data-best]', row).textContent = words.course.score(lab.best, lab.maxScore);
  need('[data-passed-at]', row).textContent = lab.firstPassedAt === null ? NONE : dayOf(lab.firstPassedAt);
  need('[data-attempts]', row).textContent = String(lab.attempts);
  need('[data-hints]', row).textContent = lab.hints === 0 ? NONE : String(lab.hints);
}

function showContinue(progress: Progress): void {
  const button = document.querySelector<HTMLAnchorElement>('[data-continue]');
  const { lab, how } = nextLab(rows.map(idOf), progress);
  const target = rows.find((row) => idOf(row) === lab);
  if (!button || !target) return;
  button.href = linkOf(target).href;
  need('[data-continue-words]', button).textContent = words.course[how];
}

function showPaper(known: ReadonlyMap<string, LabProgress>): void {
  const paper = need('[data-paper]');
  const passed = rows.flatMap((row) => {
    const lab = known.get(idOf(row));
    return lab?.firstPassedAt ? { row, lab, at: lab.firstPassedAt } : [];
  });
  need('[data-paper-text]', paper).textContent = t.paperText(passed.length, rows.length);
  need('[data-paper-date]', paper).textContent = day.format(new Date());
  need('[data-paper-issuer]', paper).textContent = `Toride, ${location.host}`;
  need('[data-paper-receipt]', paper).textContent = t.paperReceipt(`${location.origin}${paper.dataset.verifyPath}`);
  const cells = (...texts: (string | null)[]) =>
    element('tr', {}, ...texts.map((text) => element('td', {}, text ?? '')));
  need('[data-paper-labs]', paper).replaceChildren(
    ...passed.map(({ row, lab, at }) =>
      cells(
        need('.chapter', row).textContent,
        linkOf(row).textContent,
        words.course.score(lab.best, lab.maxScore),
        dayOf(at),
      ),
    ),
  );
  const complete = passed.length === rows.length;
  need('[data-keep]', paper).toggleAttribute('data-set', complete);
}

function showName(name: string | null): void {
  need<HTMLInputElement>('#record-name').value = name ?? '';
  need('[data-paper-name]').textContent = name ?? '';
}

function startName(): void {
  const form = need<HTMLFormElement>('[data-name-form]');
  const input = need<HTMLInputElement>('#record-name');
  const said = need('[data-name-said]');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    said.textContent = '';
    try {
      showName((await nameRecord(input.value)).name);
      input.removeAttribute('aria-invalid');
      said.textContent = t.saved;
    } catch (trouble) {
      input.setAttribute('aria-invalid', 'true');
      said.textContent = trouble instanceof Error ? trouble.message : words.dialog.noAnswer;
    }
  });
  input.addEventListener('input', () => {
    said.textContent = '';
  });
}

export async function startProgress(): Promise<void> {
  startName();
  need('[data-print]').addEventListener('click', () => print());
  const standing = await showStanding(rows.map(idOf));
  if (!standing) return;
  const { progress, known, passed } = standing;
  for (const row of rows) showRow(row, known.get(idOf(row)));
  for (const section of document.querySelectorAll<HTMLElement>('[data-section]')) {
    const own = [...section.querySelectorAll<HTMLElement>('[data-lab-row]')];
    const done = own.filter((row) => known.get(idOf(row))?.passed).length;
    need('[data-section-count]', section).textContent = t.section(done, own.length);
  }
  need('[data-receipt]').hidden = passed === 0;
  need('[data-no-receipt]').hidden = passed > 0;
  showContinue(progress);
  showName(progress.name);
  showPaper(known);
}
