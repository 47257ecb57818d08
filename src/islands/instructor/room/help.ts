/** Choosing a hint or the solution of a lab, to open it for one learner or all. */
import { element, need, words } from '../../page.ts';
import { courseLab, labName } from '../course-data.ts';

const t = words.workshop.room;

export interface HelpChoice {
  readonly lab: string;
  readonly hint: { readonly task: string; readonly step: number } | null;
}

/** @returns sets the labs that can be chosen */
export function startHelp(place: HTMLElement, open: (choice: HelpChoice) => void): (labs: readonly string[]) => void {
  const lab = need<HTMLSelectElement>('[data-help-lab]', place);
  const what = need<HTMLSelectElement>('[data-help-what]', place);
  const option = (value: string, label: string) => element('option', { value }, label);
  const fill = () => {
    const hints = courseLab(lab.value).tasks.flatMap(({ id, hints: count }, index) =>
      Array.from({ length: count }, (_, step) => option(`${id} ${step + 1}`, t.hint(index + 1, step + 1))),
    );
    what.replaceChildren(...hints, option('', t.solution));
  };
  lab.addEventListener('change', fill);
  need('[data-help-open]', place).addEventListener('click', () => {
    const [task, step] = what.value.split(' ');
    open({ lab: lab.value, hint: task && step ? { task, step: Number(step) } : null });
  });
  return (labs) => {
    const chosen = lab.value;
    lab.replaceChildren(...labs.map((id) => option(id, labName(id))));
    if (labs.includes(chosen)) lab.value = chosen;
    else fill();
  };
}
