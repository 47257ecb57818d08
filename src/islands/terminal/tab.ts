/** The two elements of one terminal: its tab in the bar, its panel in the stack. */
import { element, words } from '../page.ts';

export interface TabParts {
  readonly tab: HTMLButtonElement;
  readonly panel: HTMLElement;
  label(text: string): void;
  recording(on: boolean): void;
}

export function createTab(name: string): TabParts {
  const [tabId, panelId] = [`terminal-tab-${name}`, `terminal-panel-${name}`];
  const label = element('span', { class: 'tab-label' });
  const mark = element('span', { class: 'record-mark', hidden: '' });
  const tab = element(
    'button',
    { type: 'button', role: 'tab', id: tabId, 'aria-controls': panelId },
    element('span', { class: 'dot', 'aria-hidden': 'true' }),
    label,
    mark,
  );
  const panel = element('div', {
    role: 'tabpanel',
    id: panelId,
    'aria-labelledby': tabId,
    class: 'terminal-panel',
    'data-terminal': name,
    'data-testid': `terminal-${name}`,
    'data-state': 'starting',
  });
  return {
    tab,
    panel,
    label(text) {
      label.textContent = text;
    },
    recording(on) {
      mark.hidden = !on;
      mark.textContent = on ? words.terminal.recording.mark : '';
    },
  };
}
