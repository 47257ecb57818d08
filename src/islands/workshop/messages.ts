/** One message of the instructor's; its text goes in as text. */
import type { WorkshopMessage } from '../../protocol/workshops.ts';
import { element, words } from '../page.ts';
import { clockTime } from '../time.ts';

const t = words.workshop.lab;

export function messageCard({ id, text, sentAt, from, toAll }: WorkshopMessage, ...more: Node[]): HTMLElement {
  return element(
    'article',
    { class: 'workshop-message', 'data-message': id },
    element(
      'p',
      { class: 'small' },
      `${toAll ? t.messageAll(from) : t.message(from)} · `,
      element('time', { datetime: sentAt }, clockTime(sentAt)),
    ),
    element('p', { class: 'workshop-message-text' }, text),
    ...more,
  );
}
