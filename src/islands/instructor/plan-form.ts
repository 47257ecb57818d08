/** The form of a workshop's plan: filled, ordered by buttons, read. Times are the browser's own on the page, UTC on the wire. */
import type { Workshop, WorkshopPlan } from '../../protocol/workshops.ts';
import { onSubmit } from '../form.ts';
import { need, words } from '../page.ts';

const t = words.workshop.desk.form;
const HOUR_MS = 3_600_000;

/** 'YYYY-MM-DDTHH:MM' of the browser's time zone. */
function localTime(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export interface PlanForm {
  fill(plan: WorkshopPlan): void;
  /** @param places sandboxes that the server runs at the same time */
  ready(places: number): void;
}

/** @param send throws what is to be said */
export function startPlanForm(
  send: (plan: WorkshopPlan) => Promise<Workshop>,
  done: (made?: Workshop) => void,
): PlanForm {
  const form = need<HTMLFormElement>('[data-plan]');
  const list = need('[data-plan-labs]', form);
  const field = (name: string) => need<HTMLInputElement>(`[name="${name}"]`, form);
  const rows = () => [...list.querySelectorAll<HTMLElement>('[data-plan-lab]')];
  const box = (row: HTMLElement, which: 'chosen' | 'locked') => need<HTMLInputElement>(`[data-plan-${which}]`, row);

  list.addEventListener('click', ({ target }) => {
    const button =
      target instanceof Element ? target.closest<HTMLButtonElement>('[data-plan-up], [data-plan-down]') : null;
    const row = button?.closest('[data-plan-lab]');
    if (!button || !row) return;
    if (button.dataset.planUp === undefined) row.nextElementSibling?.after(row);
    else row.previousElementSibling?.before(row);
    button.focus();
  });
  list.addEventListener('change', ({ target }) => {
    const row = target instanceof Element ? target.closest<HTMLElement>('[data-plan-lab]') : null;
    // What is locked is part of it.
    if (row && box(row, 'locked') === target && box(row, 'locked').checked) box(row, 'chosen').checked = true;
  });

  function read(): WorkshopPlan {
    const iso = (name: string) => new Date(field(name).value).toISOString();
    return {
      title: field('title').value,
      language: field('language').value === 'ja' ? 'ja' : 'en',
      startsAt: iso('startsAt'),
      endsAt: iso('endsAt'),
      capacity: Number(field('capacity').value),
      asksEmail: field('asksEmail').checked,
      labs: rows()
        .filter((row) => box(row, 'chosen').checked)
        .map((row) => ({ lab: row.dataset.planLab ?? '', locked: box(row, 'locked').checked })),
    };
  }

  onSubmit(form, need('[data-plan-said]', form), async () => {
    done(await send(read()));
    return undefined;
  });
  need('[data-plan-cancel]', form).addEventListener('click', () => done());
  const begin = Math.ceil(Date.now() / HOUR_MS) * HOUR_MS;
  field('startsAt').value = localTime(new Date(begin));
  field('endsAt').value = localTime(new Date(begin + 3 * HOUR_MS));

  return {
    ready(places) {
      need('[data-capacity-help]', form).textContent = t.capacityHelp(places);
      field('capacity').max = String(places);
      field('capacity').value = String(Math.min(Number(field('capacity').value), places));
    },
    fill(plan) {
      for (const name of ['title', 'language'] as const) field(name).value = plan[name];
      for (const name of ['startsAt', 'endsAt'] as const) field(name).value = localTime(new Date(plan[name]));
      field('capacity').value = String(plan.capacity);
      field('asksEmail').checked = plan.asksEmail;
      const order = (row: HTMLElement) => {
        const at = plan.labs.findIndex(({ lab }) => lab === row.dataset.planLab);
        return at < 0 ? plan.labs.length : at;
      };
      for (const row of rows()) {
        const own = plan.labs.find(({ lab }) => lab === row.dataset.planLab);
        box(row, 'chosen').checked = own !== undefined;
        box(row, 'locked').checked = own?.locked ?? false;
      }
      list.append(...rows().sort((a, b) => order(a) - order(b)));
    },
  };
}
