/** The search bar over a terminal; fetched when it is first asked for. */
import { type ISearchOptions, SearchAddon } from '@xterm/addon-search';
import type { Terminal } from '@xterm/xterm';
import { element, icon, words } from '../page.ts';
import { shownTheme } from '../theme.ts';
import { matches } from './palette.ts';

const t = words.terminal.search;
const addons = new WeakMap<Terminal, SearchAddon>();

function addonOf(terminal: Terminal): SearchAddon {
  const there = addons.get(terminal);
  if (there) return there;
  const addon = new SearchAddon();
  terminal.loadAddon(addon);
  addons.set(terminal, addon);
  return addon;
}

const button = (label: string, symbol: string, attributes: Record<string, string> = {}) =>
  element(
    'button',
    { type: 'button', class: 'quiet-button', 'aria-label': label, title: label, ...attributes },
    icon(symbol),
  );

/** Opens the bar in `panel`, or goes to it. */
export function openSearch(panel: HTMLElement, terminal: Terminal): void {
  const open = panel.querySelector<HTMLInputElement>('.terminal-search input');
  if (open) {
    open.select();
    return;
  }
  const addon = addonOf(terminal);
  const field = element('input', { type: 'search', 'aria-label': t.label, placeholder: t.label, spellcheck: 'false' });
  const count = element('output', { class: 'search-count', 'aria-live': 'polite' });
  const caseButton = button(t.matchCase, 'case-sensitive', { 'aria-pressed': 'false' });
  const [previous, next, close] = [
    button(t.previous, 'chevron-up'),
    button(t.next, 'chevron-down'),
    button(t.close, 'x'),
  ];
  const bar = element(
    'div',
    { class: 'terminal-search', role: 'search', 'aria-label': t.label },
    field,
    count,
    caseButton,
    previous,
    next,
    close,
  );

  const options = (): ISearchOptions => ({
    caseSensitive: caseButton.getAttribute('aria-pressed') === 'true',
    decorations: matches[shownTheme()],
  });
  const find = (back: boolean, incremental = false) => {
    if (back) addon.findPrevious(field.value, options());
    else addon.findNext(field.value, { ...options(), incremental });
  };
  const results = addon.onDidChangeResults(({ resultIndex, resultCount }) => {
    if (field.value === '') count.textContent = '';
    else if (resultCount === 0) count.textContent = t.none;
    else count.textContent = resultIndex < 0 ? t.many(resultCount) : t.count(resultIndex + 1, resultCount);
  });
  const leave = () => {
    results.dispose();
    addon.clearDecorations();
    bar.remove();
    terminal.focus();
  };

  field.addEventListener('input', () => {
    if (field.value === '') {
      addon.clearDecorations();
      terminal.clearSelection();
      count.textContent = '';
    } else find(false, true);
  });
  caseButton.addEventListener('click', () => {
    caseButton.setAttribute('aria-pressed', String(caseButton.getAttribute('aria-pressed') !== 'true'));
    // The add-on counts anew only for what it does not think it has shown.
    addon.clearDecorations();
    find(false, true);
  });
  previous.addEventListener('click', () => find(true));
  next.addEventListener('click', () => find(false));
  close.addEventListener('click', leave);
  bar.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      leave();
    }
    if (event.key === 'Enter' && event.target === field) {
      event.preventDefault();
      find(event.shiftKey);
    }
  });
  panel.append(bar);
  field.focus();
}
