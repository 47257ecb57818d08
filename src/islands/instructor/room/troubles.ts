/** What the room as a whole has trouble with. */
import type { Trouble } from '../../../protocol/workshops.ts';
import { element, language, need, words } from '../../page.ts';
import { courseLab, labName } from '../course-data.ts';

const t = words.workshop.room;

function trouble({ lab, task, failing, passed, evidence }: Trouble): HTMLElement {
  const place = courseLab(lab).tasks.findIndex(({ id }) => id === task);
  const title = courseLab(lab).tasks[place]?.title ?? task;
  return element(
    'article',
    { class: 'trouble', 'data-trouble-task': `${lab}/${task}` },
    element('h3', {}, t.task(labName(lab), place + 1, title)),
    element('p', { class: 'small' }, t.troubleOf(failing, passed)),
    element(
      'ul',
      {},
      ...evidence.map(({ title: check, expected, actual, learners }) =>
        element(
          'li',
          {},
          element('strong', {}, check[language]),
          element('p', {}, t.seen(expected, actual)),
          element('p', { class: 'small' }, learners.join(', ')),
        ),
      ),
    ),
  );
}

export function showTroubles(troubles: readonly Trouble[]): void {
  need('[data-troubles]').replaceChildren(
    ...(troubles.length === 0 ? [element('p', { class: 'quiet' }, t.noTroubles)] : troubles.map(trouble)),
  );
}
