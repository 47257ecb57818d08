/** A line over a live terminal that says what has just happened to it; it goes when the person sends it away. */
import { element, icon, words } from '../page.ts';

export function createNotice() {
  const notice = element('div', { class: 'terminal-notice', role: 'status' });
  return {
    element: notice,
    say(text: string): void {
      const close = element(
        'button',
        { type: 'button', class: 'quiet-button', 'aria-label': words.terminal.dismiss },
        icon('x'),
      );
      close.addEventListener('click', () => notice.replaceChildren());
      notice.replaceChildren(icon('triangle-alert'), element('p', {}, text), close);
    },
  };
}
