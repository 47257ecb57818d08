/** Hints in steps: each tells its cost before it is taken; the next appears when the one before was taken. */
import type { LabHints } from '../../protocol/api.ts';
import { takeHint } from '../api.ts';
import { element, icon, need, words } from '../page.ts';
import { announce } from './tasks.ts';

const t = words.hints;

interface Place {
  readonly task: string;
  readonly step: number;
  readonly all: number;
  readonly place: HTMLElement;
}

const places: Place[] = [...document.querySelectorAll<HTMLElement>('[data-task]')].flatMap((task) => {
  const hints = [...task.querySelectorAll<HTMLElement>('[data-hint]')];
  return hints.map((place, index) => ({
    task: task.dataset.task ?? '',
    step: index + 1,
    all: hints.length,
    place,
  }));
});

/** @param cost what it was taken for. */
function taken({ step, all }: Place, text: string, cost: number, open: boolean): HTMLDetailsElement {
  return element(
    'details',
    open ? { open: '' } : {},
    element(
      'summary',
      {},
      icon('lightbulb'),
      element('span', {}, words.tasks.hint(step, all)),
      element('span', { class: 'hint-cost' }, cost > 0 ? t.paid(cost) : t.free),
    ),
    element('p', {}, text),
  );
}

export function showHints(hints: LabHints): void {
  for (const one of places) {
    const { points, steps } = hints[one.task] ?? { points: 0, steps: [] };
    const hint = steps[one.step - 1];
    if (!hint) continue;
    one.place.hidden = one.step > 1 && steps[one.step - 2]?.text === null;
    const button = one.place.querySelector<HTMLButtonElement>('[data-take-hint]');
    if (hint.text === null) {
      if (!button) continue;
      need('[data-hint-cost]', button).textContent = hint.cost > 0 ? t.cost(hint.cost, points) : t.free;
      button.ariaDisabled = 'false';
    } else if (button) {
      one.place.replaceChildren(taken(one, hint.text, hint.cost, false));
    }
  }
  for (const place of document.querySelectorAll<HTMLElement>('[data-task]')) {
    const points = need('[data-task-points]', place);
    const own = hints[place.dataset.task ?? ''];
    if (own && points.textContent === '') points.textContent = words.points.all(own.points);
  }
}

export function startHints(lab: string): void {
  for (const one of places) {
    const button = need<HTMLButtonElement>('[data-take-hint]', one.place);
    button.addEventListener('click', async () => {
      // Until the cost is known and shown, none can be taken.
      if (button.ariaDisabled === 'true') return;
      button.ariaDisabled = 'true';
      try {
        showHints(await takeHint(lab, one.task, one.step));
        const details = need<HTMLDetailsElement>('details', one.place);
        details.open = true;
        need('summary', details).focus();
      } catch (trouble) {
        button.ariaDisabled = 'false';
        const text = trouble instanceof Error ? trouble.message : words.dialog.noAnswer;
        need('[data-tasks-message]').textContent = text;
        announce(text);
      }
    });
  }
}
