/** What lies over a terminal that is not live: the steps of starting, a quiet banner, or what to do now. */
import { element, icon, words } from '../page.ts';
import type { ConnectionState } from './connection.ts';

const t = words.terminal;
type Step = keyof typeof t.steps;
const steps: readonly Step[] = ['waiting', 'creating', 'seeding', 'opening'];

interface Ending {
  title: string;
  text: string;
  action: string;
}

function ending(state: ConnectionState, message: string | undefined): Ending | undefined {
  switch (state) {
    case 'expired':
      return { title: t.expiredTitle, text: t.expiredText, action: t.newSandbox };
    case 'stopped':
      return { title: t.stoppedTitle, text: t.stoppedText, action: t.newSandbox };
    case 'full':
      return { title: t.fullTitle, text: t.fullText, action: t.tryAgain };
    case 'ended':
      return { title: t.endedTitle, text: t.endedText(Number(message)), action: t.newShell };
    case 'error':
      return { title: t.errorTitle, text: message ?? t.errorText, action: t.tryAgain };
    default:
      return undefined;
  }
}

function startingCard(current: Step): HTMLElement {
  const now = steps.indexOf(current);
  return element(
    'div',
    { class: 'cover-card' },
    element('h2', {}, t.starting),
    element(
      'ol',
      { class: 'cover-steps' },
      ...steps.map((step, index) =>
        element(
          'li',
          { 'data-step': index < now ? 'done' : index === now ? 'now' : 'later' },
          icon(index < now ? 'check' : index === now ? 'circle-dot' : 'circle'),
          t.steps[step],
        ),
      ),
    ),
  );
}

export function createCover(again: () => void) {
  const cover = element('div', { class: 'cover', role: 'status' });
  const button = (label: string, kind: string) => {
    const made = element('button', { type: 'button', class: kind }, label);
    made.addEventListener('click', again);
    return made;
  };
  let state: ConnectionState = 'starting';
  return {
    element: cover,
    step(step: Step): void {
      if (state === 'starting') cover.replaceChildren(startingCard(step));
    },
    /** A try to come back is under way. */
    trying(): void {
      const retry = cover.querySelector('.lost-button');
      if (state === 'lost' && retry) retry.textContent = t.retrying;
    },
    show(next: ConnectionState, message?: string): void {
      const again = state === next;
      state = next;
      cover.dataset.kind = next;
      const retry = cover.querySelector('.lost-button');
      if (next === 'lost' && again && retry) {
        // Still lost: the button may have the focus, so it stays.
        retry.textContent = t.retryNow;
      } else if (next === 'ready') cover.replaceChildren();
      else if (next === 'starting') cover.replaceChildren(startingCard('waiting'));
      else if (next === 'lost') {
        cover.replaceChildren(element('p', {}, icon('triangle-alert'), t.lost), button(t.retryNow, 'lost-button'));
      } else {
        const end = ending(next, message);
        if (!end) return;
        cover.replaceChildren(
          element(
            'div',
            { class: 'cover-card' },
            element('h2', {}, end.title),
            element('p', {}, end.text),
            button(end.action, 'button primary'),
          ),
        );
      }
    },
  };
}
