/** The form of an assignment's rules: times are typed as the clocks of its zone show them. */
import type { AssignmentPlan, Gradebook } from '../../protocol/assignments.ts';
import { instantOf, isTimeZone, wallTime } from '../../protocol/time-zone.ts';
import { element, language, need } from '../page.ts';
import { t } from './page.ts';

const DAY_MS = 24 * 3600_000;
const LATE_DAYS = 7;

/** What is wrong with what was typed: for the person. */
export class BadPlan extends Error {}

const field = (form: HTMLFormElement, name: string) =>
  need<HTMLInputElement | HTMLSelectElement>(`[name="${name}"]`, form);
const boxes = (form: HTMLFormElement) => [...form.querySelectorAll<HTMLInputElement>('[name="lab"]')];
const lateChoice = (form: HTMLFormElement, value: 'yes' | 'no') =>
  need<HTMLInputElement>(`[name="late"][value="${value}"]`, form);

function showLate(form: HTMLFormElement): void {
  const { checked } = lateChoice(form, 'yes');
  need('[data-late]', form).hidden = !checked;
  for (const name of ['until', 'percent', 'most']) field(form, name).required = checked;
}

export function startPlanForm(form: HTMLFormElement): void {
  const zones = Intl.supportedValuesOf('timeZone');
  need('[data-zones]', form).replaceChildren(...zones.map((value) => element('option', { value })));
  for (const value of ['yes', 'no'] as const) lateChoice(form, value).addEventListener('change', () => showLate(form));
  showLate(form);
}

/** A week from tomorrow, to the end of a day. */
export function suggestPlan(form: HTMLFormElement): void {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const day = (days: number) => wallTime(Date.now() + days * DAY_MS, zone).slice(0, 10);
  field(form, 'zone').value = zone;
  field(form, 'opens').value = wallTime(Date.now(), zone);
  field(form, 'due').value = `${day(7)}T23:59`;
  field(form, 'until').value = `${day(7 + LATE_DAYS)}T23:59`;
  field(form, 'language').value = language;
}

export function fillPlan(form: HTMLFormElement, book: Gradebook): void {
  const { late, attempts, counts, timeZone } = book.rules;
  const wall = (iso: string) => wallTime(Date.parse(iso), timeZone);
  const values = {
    ...{ title: book.title, zone: timeZone, opens: wall(book.opensAt), due: wall(book.dueAt), counts },
    ...{ attempts: attempts === null ? '' : String(attempts), language: book.language },
    ...(late.accepted && {
      until: wall(late.until),
      percent: String(late.percentPerDay),
      most: String(late.mostPercent),
    }),
  };
  for (const [name, value] of Object.entries(values)) field(form, name).value = value;
  for (const box of boxes(form)) box.checked = book.labs.includes(box.value);
  need<HTMLInputElement>('[name="email"]', form).checked = book.asksEmail;
  lateChoice(form, late.accepted ? 'yes' : 'no').checked = true;
  showLate(form);
}

/** @throws BadPlan with a sentence */
export function readPlan(form: HTMLFormElement): AssignmentPlan {
  const text = (name: string) => field(form, name).value.trim();
  const timeZone = text('zone');
  const instant = (name: string): string => {
    const found = isTimeZone(timeZone) ? instantOf(text(name), timeZone) : undefined;
    if (found === undefined) throw new BadPlan(t.desk.form.badTime);
    return new Date(found).toISOString();
  };
  const labs = boxes(form)
    .filter(({ checked }) => checked)
    .map(({ value }) => value);
  if (labs.length === 0) throw new BadPlan(t.desk.form.noLabs);
  const late = lateChoice(form, 'yes').checked
    ? {
        accepted: true as const,
        until: instant('until'),
        percentPerDay: Number(text('percent')),
        mostPercent: Number(text('most')),
      }
    : { accepted: false as const };
  return {
    title: text('title'),
    language: text('language') === 'ja' ? 'ja' : 'en',
    labs,
    opensAt: instant('opens'),
    dueAt: instant('due'),
    asksEmail: need<HTMLInputElement>('[name="email"]', form).checked,
    rules: {
      late,
      attempts: text('attempts') === '' ? null : Number(text('attempts')),
      counts: text('counts') === 'last' ? 'last' : 'best',
      timeZone,
    },
  };
}
