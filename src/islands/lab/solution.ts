/** The reference solution: its files are fetched when the learner opens them. */
import type { Solution } from '../../protocol/api.ts';
import { readSolution } from '../api.ts';
import { element, icon, need, words } from '../page.ts';
import { startCopy } from './code.ts';

const t = words.solution;
const details = need<HTMLDetailsElement>('[data-solution]');

function code(text: string): HTMLElement {
  const block = element(
    'div',
    { class: 'code-block', 'data-code-block': '' },
    element('pre', { tabindex: '0' }, element('code', {}, text)),
    element(
      'div',
      { class: 'buttons' },
      element(
        'button',
        { class: 'quiet-button', type: 'button', 'data-copy-code': '' },
        icon('copy'),
        element('span', { 'data-copy-words': '' }, words.code.copy),
      ),
    ),
  );
  startCopy(block);
  return block;
}

function show({ files, values }: Solution): void {
  const known = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  need('[data-solution-files]', details).replaceChildren(
    element('p', {}, t.intro),
    ...files.flatMap(({ runAs, text }) => [element('h3', {}, t[runAs]), code(text)]),
    ...(known.length > 0 ? [element('h3', {}, t.values), code(known.join('\n'))] : []),
  );
}

export function setSolutionOpen(open: boolean): void {
  details.hidden = !open;
  need('[data-solution-locked]').hidden = open;
}

export function startSolution(lab: string): void {
  let asked = false;
  details.addEventListener('toggle', async () => {
    if (!details.open || asked) return;
    asked = true;
    try {
      show(await readSolution(lab));
    } catch (trouble) {
      asked = false;
      const text = trouble instanceof Error ? trouble.message : words.dialog.noAnswer;
      need('[data-solution-files]', details).replaceChildren(element('p', {}, text));
    }
  });
}
