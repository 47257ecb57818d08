/** The tabs: which terminals are open, which one is seen. A terminal connects when it is first seen. */
import { element, language, need, words } from '../page.ts';
import { recall, remember } from '../storage.ts';
import { ADMINISTRATOR_TERMINAL, terminalNames, terminalsKey } from './address.ts';
import type { ConnectionState } from './connection.ts';
import { startKeys } from './keys.ts';
import { Session } from './session.ts';

/** More than anyone looks at; the server has its own limit. */
const MOST = 6;
const FONT = { default: 14, least: 10, most: 24 };

interface Tab {
  name: string;
  tab: HTMLButtonElement;
  panel: HTMLElement;
  session?: Session;
}

export interface TerminalsOptions {
  lab: string;
  /** There is a terminal of the sandbox's root, which stays. */
  administrator: boolean;
  leave(back: boolean): void;
  onReady(expiresAt: string | null): void;
  /** The state of the terminal that is seen. */
  onState(state: ConnectionState): void;
}

const labelOf = (name: string) =>
  name === ADMINISTRATOR_TERMINAL ? words.terminal.administrator : words.terminal.label(name);

export class Terminals {
  readonly #options: TerminalsOptions;
  readonly #list = need('[data-terminal-tabs]');
  readonly #stack = need('[data-terminal-stack]');
  readonly #add = need<HTMLButtonElement>('[data-add-terminal]');
  readonly #close = need<HTMLButtonElement>('[data-close-terminal]');
  readonly #key: string;
  #tabs: Tab[] = [];
  #active: Tab | undefined;
  #fontSize = Number(recall('font')) || FONT.default;
  #screenReader = recall('screen-reader') === 'on';

  constructor(options: TerminalsOptions) {
    this.#options = options;
    this.#key = terminalsKey(options.lab);
    for (const name of terminalNames(recall(this.#key)).slice(0, MOST)) this.#insert(name);
    if (options.administrator) this.#insert(ADMINISTRATOR_TERMINAL);
    this.show(this.#tabs[0]?.name ?? '1');
    this.#add.addEventListener('click', () => this.#open());
    this.#close.addEventListener('click', () => this.#remove());
    this.#list.addEventListener('keydown', (event) => this.#onKey(event));
    startKeys(need('[data-terminal-keys]'), (data) => this.active?.type(data));
    const each = (act: (connection: Session['connection']) => void) => () =>
      this.#each(({ connection }) => act(connection));
    addEventListener(
      'focus',
      each((connection) => connection.hurry()),
    );
    addEventListener(
      'online',
      each((connection) => connection.networkBack()),
    );
    addEventListener(
      'offline',
      each((connection) => connection.drop()),
    );
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) each((connection) => connection.seen())();
    });
  }

  get active(): Session | undefined {
    return this.#active?.session;
  }

  get ready(): boolean {
    return this.active?.state === 'ready';
  }

  get screenReader(): boolean {
    return this.#screenReader;
  }

  /** After a reset: every terminal starts again. */
  reconnect(): void {
    this.#each((session) => session.connect());
  }

  focus(): void {
    this.active?.screen.terminal.focus();
  }

  /** In the terminal that is seen, or in the first of the user who is meant. */
  run(command: string, administrator: boolean): void {
    const meant = (tab: Tab | undefined) => (tab?.name === ADMINISTRATOR_TERMINAL) === administrator;
    const tab = meant(this.#active) ? this.#active : this.#tabs.find(meant);
    if (!tab) return;
    if (tab !== this.#active) this.show(tab.name);
    tab.session?.run(command);
  }

  changeFont(by: number): void {
    this.#fontSize = Math.min(Math.max(this.#fontSize + by, FONT.least), FONT.most);
    remember('font', String(this.#fontSize));
    this.#each((session) => {
      session.screen.terminal.options.fontSize = this.#fontSize;
      session.fit();
    });
  }

  setScreenReader(on: boolean): void {
    this.#screenReader = on;
    remember('screen-reader', on ? 'on' : null);
    this.#each((session) => {
      session.screen.terminal.options.screenReaderMode = on;
    });
  }

  show(name: string): void {
    const shown = this.#tabs.find((tab) => tab.name === name);
    if (!shown) return;
    this.#active = shown;
    for (const { tab, panel } of this.#tabs) {
      const selected = tab === shown.tab;
      tab.setAttribute('aria-selected', String(selected));
      tab.tabIndex = selected ? 0 : -1;
      panel.hidden = !selected;
    }
    this.#showClose();
    this.#close.setAttribute('aria-label', words.terminal.close(name));
    this.#close.title = words.terminal.close(name);
    // A new one fits itself as soon as it is laid out.
    if (shown.session) shown.session.fit();
    else shown.session = this.#start(shown);
    this.#options.onState(shown.session.state);
  }

  #each(act: (session: Session) => void): void {
    for (const { session } of this.#tabs) if (session) act(session);
  }

  #start(tab: Tab): Session {
    return new Session({
      lab: this.#options.lab,
      name: tab.name,
      language,
      panel: tab.panel,
      label: `${labelOf(tab.name)}. ${words.terminal.leave}`,
      fontSize: this.#fontSize,
      screenReader: this.#screenReader,
      leave: this.#options.leave,
      onReady: this.#options.onReady,
      onState: (state) => {
        tab.tab.dataset.state = state;
        if (tab === this.#active) this.#options.onState(state);
      },
    });
  }

  #insert(name: string): void {
    const [tabId, panelId] = [`terminal-tab-${name}`, `terminal-panel-${name}`];
    const tab = element(
      'button',
      { type: 'button', role: 'tab', id: tabId, 'aria-controls': panelId },
      element('span', { class: 'dot', 'aria-hidden': 'true' }),
      labelOf(name),
    );
    tab.addEventListener('click', () => this.show(name));
    const panel = element('div', {
      role: 'tabpanel',
      id: panelId,
      'aria-labelledby': tabId,
      class: 'terminal-panel',
      'data-terminal': name,
      'data-testid': `terminal-${name}`,
      'data-state': 'starting',
    });
    this.#tabs.push({ name, tab, panel });
    this.#list.append(tab);
    this.#stack.append(panel);
    this.#afterChange();
  }

  #open(): void {
    const free = Array.from({ length: MOST }, (_, index) => String(index + 1)).find(
      (name) => !this.#tabs.some((tab) => tab.name === name),
    );
    if (!free) return;
    this.#insert(free);
    this.show(free);
    this.focus();
  }

  /** The shell goes on running; its name opens it again. */
  #remove(): void {
    const gone = this.#active;
    if (!gone || this.#close.hidden) return;
    const index = this.#tabs.indexOf(gone);
    gone.session?.dispose();
    gone.tab.remove();
    gone.panel.remove();
    this.#tabs.splice(index, 1);
    this.#afterChange();
    const next = this.#tabs[Math.max(index - 1, 0)];
    if (next) this.show(next.name);
    next?.tab.focus();
  }

  #afterChange(): void {
    this.#add.hidden = this.#tabs.length >= MOST;
    this.#showClose();
    remember(this.#key, this.#tabs.map(({ name }) => name).join(','));
  }

  /** One terminal of the learner's stays, and so does the administrator's. */
  #showClose(): void {
    const own = this.#tabs.filter(({ name }) => name !== ADMINISTRATOR_TERMINAL);
    this.#close.hidden = this.#active?.name === ADMINISTRATOR_TERMINAL || own.length < 2;
  }

  #onKey(event: KeyboardEvent): void {
    const index = this.#active ? this.#tabs.indexOf(this.#active) : 0;
    const last = this.#tabs.length - 1;
    const to = {
      ArrowLeft: index > 0 ? index - 1 : last,
      ArrowRight: index < last ? index + 1 : 0,
      Home: 0,
      End: last,
    }[event.key];
    const next = to === undefined ? undefined : this.#tabs[to];
    if (!next) return;
    event.preventDefault();
    this.show(next.name);
    next.tab.focus();
  }
}
