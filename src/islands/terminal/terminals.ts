/** Which terminals are open, which are seen, which one is meant. A terminal connects when it is first seen. */
import { language, need, words } from '../page.ts';
import { recall, remember } from '../storage.ts';
import { ADMINISTRATOR_TERMINAL, terminalNames, terminalsKey } from './address.ts';
import type { ConnectionState } from './connection.ts';
import { startKeys } from './keys.ts';
import { type Direction, layoutKey, readLayout } from './layout.ts';
import { nameOf, rename } from './names.ts';
import { Session } from './session.ts';
import { Split } from './split.ts';
import { createTab, type TabParts } from './tab.ts';

/** More than anyone looks at; the server has its own limit. */
const MOST = 6;
const FONT = { default: 14, least: 10, most: 24 };

interface Tab extends TabParts {
  readonly name: string;
  session?: Session;
}

export interface TerminalsOptions {
  lab: string;
  /** There is a terminal of the sandbox's root, which stays. */
  administrator: boolean;
  leave(back: boolean): void;
  onReady(expiresAt: string | null): void;
  /** The state of the terminal that is meant. */
  onState(state: ConnectionState): void;
}

export class Terminals {
  readonly #options: TerminalsOptions;
  readonly #list = need('[data-terminal-tabs]');
  readonly #stack = need('[data-terminal-stack]');
  readonly #add = need<HTMLButtonElement>('[data-add-terminal]');
  readonly #close = need<HTMLButtonElement>('[data-close-terminal]');
  readonly #key: string;
  readonly #split: Split;
  #tabs: Tab[] = [];
  #active: Tab | undefined;
  #tellRecording: () => void = () => undefined;
  #fontSize = Number(recall('font')) || FONT.default;
  #screenReader = recall('screen-reader') === 'on';

  constructor(options: TerminalsOptions) {
    this.#options = options;
    this.#key = terminalsKey(options.lab);
    for (const name of terminalNames(recall(this.#key)).slice(0, MOST)) this.#insert(name);
    if (options.administrator) this.#insert(ADMINISTRATOR_TERMINAL);
    const layout = readLayout(recall(layoutKey(options.lab)));
    const whole = layout?.panes.every((name) => this.#named(name));
    this.#split = new Split(this.#stack, options.lab, whole ? layout : undefined);
    this.show(this.#split.panes?.[0] ?? this.#tabs[0]?.name ?? '1');
    this.#add.addEventListener('click', () => this.#open());
    this.#close.addEventListener('click', () => this.#remove());
    this.#list.addEventListener('keydown', (event) => this.#onKey(event));
    startKeys(need('[data-terminal-keys]'), (data) => this.active?.type(data));
    this.#followNetwork();
  }

  get active(): Session | undefined {
    return this.#active?.session;
  }

  get activeName(): string {
    return this.#active?.name ?? '1';
  }

  get activeLabel(): string {
    return nameOf(this.#options.lab, this.activeName);
  }

  get ready(): boolean {
    return this.active?.state === 'ready';
  }

  /** Whether the terminal that is meant is recorded. */
  get recording(): boolean {
    return this.active?.recording ?? false;
  }

  /** @param listener called when `recording` may have changed, and now */
  onRecording(listener: () => void): void {
    this.#tellRecording = listener;
    listener();
  }

  get screenReader(): boolean {
    return this.#screenReader;
  }

  get direction(): Direction | undefined {
    return this.#split.direction;
  }

  /** After a reset: every terminal starts again. */
  reconnect(): void {
    this.#each((session) => session.connect());
  }

  focus(): void {
    this.active?.screen.terminal.focus();
  }

  /** In the terminal that is meant, or in the first of the user who is meant. */
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

  rename(name: string): void {
    if (!this.#active) return;
    rename(this.#options.lab, this.#active.name, name);
    this.#label(this.#active);
    this.#showClose();
  }

  /** @param direction undefined for one terminal at a time */
  split(direction: Direction | undefined): void {
    const first = this.#active;
    if (!first) return;
    const panes = this.#split.panes;
    if (!direction) this.#split.set(undefined);
    else if (panes) this.#split.set({ direction, panes });
    else {
      const other = this.#tabs.find((tab) => tab !== first) ?? this.#insertFree();
      if (!other) return;
      this.#split.set({ direction, panes: [first.name, other.name] });
    }
    this.show(first.name);
  }

  /** Makes it the one that is meant; in a split it takes the place of the one that was, unless it is seen already. */
  show(name: string): void {
    const shown = this.#named(name);
    if (!shown) return;
    const { panes, direction } = this.#split;
    if (panes && direction && !panes.includes(name)) {
      const [first, second] = panes;
      this.#split.set({ direction, panes: this.#active?.name === second ? [first, name] : [name, second] });
    }
    this.#active = shown;
    this.#draw();
    this.#options.onState(shown.session?.state ?? 'starting');
    this.#tellRecording();
  }

  #draw(): void {
    const seen = this.#split.panes ?? [this.activeName];
    this.#list.setAttribute('aria-multiselectable', String(seen.length > 1));
    for (const { name, tab, panel } of this.#tabs) {
      const place = seen.indexOf(name);
      tab.setAttribute('aria-selected', String(place >= 0));
      tab.toggleAttribute('data-meant', name === this.activeName);
      tab.tabIndex = name === this.activeName ? 0 : -1;
      panel.hidden = place < 0;
      panel.dataset.place = String(place + 1);
    }
    this.#showClose();
    for (const tab of this.#tabs) {
      if (!seen.includes(tab.name)) continue;
      // A new one fits itself as soon as it is laid out.
      if (tab.session) tab.session.fit();
      else tab.session = this.#start(tab);
    }
  }

  #named(name: string): Tab | undefined {
    return this.#tabs.find((tab) => tab.name === name);
  }

  #each(act: (session: Session) => void): void {
    for (const { session } of this.#tabs) if (session) act(session);
  }

  #followNetwork(): void {
    const each = (act: (connection: Session['connection']) => void) => this.#each(({ connection }) => act(connection));
    addEventListener('focus', () => each((connection) => connection.hurry()));
    addEventListener('online', () => each((connection) => connection.networkBack()));
    addEventListener('offline', () => each((connection) => connection.drop()));
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) each((connection) => connection.seen());
    });
  }

  #start(tab: Tab): Session {
    return new Session({
      lab: this.#options.lab,
      name: tab.name,
      language,
      panel: tab.panel,
      label: this.#screenLabel(tab),
      fontSize: this.#fontSize,
      screenReader: this.#screenReader,
      leave: this.#options.leave,
      onReady: this.#options.onReady,
      onRecording: () => this.#showRecording(tab),
      onState: (state) => {
        tab.tab.dataset.state = state;
        if (tab === this.#active) this.#options.onState(state);
      },
    });
  }

  #showRecording(tab: Tab): void {
    tab.recording(tab.session?.recording ?? false);
    this.#tellRecording();
  }

  #screenLabel({ name }: Tab): string {
    return `${nameOf(this.#options.lab, name)}. ${words.terminal.leave}`;
  }

  #label(tab: Tab): void {
    tab.label(nameOf(this.#options.lab, tab.name));
    tab.session?.screen.terminal.textarea?.setAttribute('aria-label', this.#screenLabel(tab));
  }

  #insert(name: string): Tab {
    const tab: Tab = { name, ...createTab(name) };
    this.#label(tab);
    tab.tab.addEventListener('click', () => this.show(name));
    // In a split, whoever goes into the other one means that.
    tab.panel.addEventListener('focusin', () => tab !== this.#active && this.show(name));
    this.#tabs.push(tab);
    this.#list.append(tab.tab);
    this.#stack.append(tab.panel);
    this.#afterChange();
    return tab;
  }

  #insertFree(): Tab | undefined {
    const free = Array.from({ length: MOST }, (_, index) => String(index + 1)).find((name) => !this.#named(name));
    return free === undefined ? undefined : this.#insert(free);
  }

  #open(): void {
    const tab = this.#insertFree();
    if (!tab) return;
    this.show(tab.name);
    this.focus();
  }

  /** The shell goes on running; its name opens it again. */
  #remove(): void {
    const gone = this.#active;
    if (!gone || this.#close.hidden) return;
    const index = this.#tabs.indexOf(gone);
    const other = this.#split.panes?.find((name) => name !== gone.name);
    if (other) this.#split.set(undefined);
    gone.session?.dispose();
    gone.tab.remove();
    gone.panel.remove();
    this.#tabs.splice(index, 1);
    this.#afterChange();
    const next = other ? this.#named(other) : this.#tabs[Math.max(index - 1, 0)];
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
    const label = words.terminal.close(this.activeLabel);
    this.#close.setAttribute('aria-label', label);
    this.#close.title = label;
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
