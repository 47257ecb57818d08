/** One terminal: a screen joined to a connection by the frames of src/protocol/terminal.ts. */
import type { ServerFrame } from '../../protocol/terminal.ts';
import { ACKNOWLEDGE_EVERY, type RecordingEnd } from '../../protocol/terminal-limits.ts';
import { words } from '../page.ts';
import { newClient, terminalAddress } from './address.ts';
import { startClipboard } from './clipboard.ts';
import { Connection, type ConnectionState } from './connection.ts';
import { createCover } from './cover.ts';
import { earlyAsked, takeEarly } from './early.ts';
import { Input } from './input.ts';
import { createNotice } from './notice.ts';
import { openScreen, type Screen, type ScreenSettings } from './screen.ts';

/** What xterm.js says by itself (focus, cursor position, kind of terminal, colours), which nobody typed. */
const REPORT = /^(\[[IO]|\[[?>]?[\d;]*(c|n|R|\$y)|\]|P)/;

export interface SessionOptions extends Omit<ScreenSettings, 'size' | 'onFont' | 'search'> {
  lab: string;
  name: string;
  language: string;
  panel: HTMLElement;
  /** Somebody looks on at another's terminal, at this address: its size is the other's. */
  onlookAt?: string;
  onState(state: ConnectionState): void;
  onReady(expiresAt: string | null): void;
  /** The terminal is recorded, or no longer. */
  onRecording(): void;
}

export class Session {
  readonly screen: Screen;
  recording = false;
  readonly #connection: Connection;
  readonly #observer: ResizeObserver;
  readonly #options: SessionOptions;
  readonly #cover: ReturnType<typeof createCover>;
  readonly #notice = createNotice();
  readonly #client: string;
  readonly #input = new Input({
    live: () => this.#connection.live,
    send: (piece) => this.#connection.send({ type: 'input', ...piece }),
  });
  /** While a screen is restored, xterm's answers to queries in it must not reach the program a second time. */
  #restoring = false;
  /** To be run as soon as there is a prompt: the terminal has only just been opened for it. */
  #waiting: string | undefined;
  #unacknowledged = 0;
  /** Counts connections, so that bytes of an old one are not acknowledged on the new one. */
  #generation = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
    const place = document.createElement('div');
    place.className = 'terminal-screen';
    this.#cover = createCover(() => this.connect());
    options.panel.append(place, this.#notice.element, this.#cover.element);
    const asked = options.onlookAt === undefined ? earlyAsked(options.lab, options.name) : undefined;
    this.#client = asked?.client ?? newClient();
    this.screen = openScreen(place, {
      ...options,
      size: asked?.size,
      onFont: () => this.fit(),
      search: () => void this.search(),
    });
    startClipboard(this.screen.terminal, (done) =>
      this.#notice.say(done ? words.terminal.programCopied : words.terminal.programNotCopied),
    );
    this.#connection = new Connection({
      onFrame: (frame) => this.#receive(frame),
      onBytes: (bytes) => this.#write(bytes),
      onState: (state, message) => this.#show(state, message),
      seen: () => !document.hidden,
      onTry: () => this.#cover.trying(),
      open: () => this.#open(),
    });
    this.screen.terminal.onData((data) => this.type(data));
    this.screen.terminal.textarea?.addEventListener('focus', () => this.fit());
    this.#observer = new ResizeObserver(() => this.fit());
    this.#observer.observe(place);
    this.connect();
  }

  get state(): ConnectionState {
    return this.#connection.state;
  }

  connect(): void {
    // Whoever asks for another shell does not mean what the last one was told.
    if (this.state !== 'lost' && this.#generation > 0) this.#input.forget();
    this.#generation++;
    this.#unacknowledged = 0;
    this.#connection.connect();
  }

  get connection(): Pick<Connection, 'hurry' | 'networkBack' | 'drop' | 'seen'> {
    return this.#connection;
  }

  /** As if typed. */
  type(data: string): void {
    if (this.#restoring && data.startsWith('\x1b') && REPORT.test(data.slice(1))) return;
    if (!this.#takesInput()) return;
    const { live } = this.#connection;
    if (!this.#input.type(data)) this.#notice.say(live ? words.terminal.pasteTooLong : words.terminal.typedTooMuch);
  }

  #takesInput(): boolean {
    return this.state === 'ready' || this.state === 'starting' || this.state === 'lost';
  }

  /** Pastes (so that several lines arrive as one) and presses Enter, now or when the shell has shown itself. */
  run(command: string): void {
    if (this.state !== 'ready' || this.#restoring) {
      this.#waiting = command;
      return;
    }
    this.screen.terminal.paste(command);
    this.type('\r');
  }

  async search(): Promise<void> {
    const { openSearch } = await import('./search.ts');
    openSearch(this.#options.panel, this.screen.terminal);
  }

  /** Takes the size that fits here, and makes it the size of the shared pty. */
  fit(): void {
    if (this.#options.onlookAt !== undefined) return;
    const size = this.screen.proposed();
    const { terminal } = this.screen;
    if (!size || this.#restoring || (size.columns === terminal.cols && size.rows === terminal.rows)) return;
    terminal.resize(size.columns, size.rows);
    this.#connection.send({ type: 'resize', ...size });
  }

  dispose(): void {
    this.#observer.disconnect();
    this.#connection.close();
    this.screen.dispose();
  }

  #open(): WebSocket {
    const { lab, name, onlookAt } = this.#options;
    if (onlookAt !== undefined) return new WebSocket(onlookAt);
    return takeEarly(lab, name) ?? new WebSocket(this.#address());
  }

  #address(): string {
    const { lab, name, language } = this.#options;
    const { columns, rows } = this.screen.proposed() ?? { columns: 80, rows: 24 };
    return terminalAddress({ lab, terminal: name, client: this.#client, columns, rows, language });
  }

  #receive(frame: ServerFrame): void {
    const { terminal } = this.screen;
    if (frame.type === 'progress') this.#cover.step(frame.step);
    if (frame.type === 'resized') terminal.resize(frame.columns, frame.rows);
    if (frame.type === 'recording') this.#tellRecording(frame.since !== null, frame.why);
    if (frame.type === 'accepted') this.#input.accepted(frame.sequence);
    if (frame.type !== 'ready') return;
    if (!this.#input.ready(frame.shell, frame.accepted)) this.#notice.say(words.terminal.typedForAnother);
    // Where it goes on, the next frame says so.
    this.#tellRecording(false, null);
    this.#restoring = true;
    const generation = this.#generation;
    terminal.reset();
    terminal.resize(frame.columns, frame.rows);
    terminal.write(frame.screen, () => {
      if (generation !== this.#generation) return;
      this.#restoring = false;
      this.fit();
      if (frame.screen !== '') this.#runWaiting();
    });
    this.#options.onReady(frame.expiresAt);
  }

  #tellRecording(on: boolean, why: RecordingEnd | null): void {
    // Asked for, or with its shell: that is plain to see.
    if (why && why !== 'asked' && why !== 'shell') this.#notice.say(words.terminal.recording.ended[why]);
    if (on === this.recording) return;
    this.recording = on;
    this.#options.onRecording();
  }

  #runWaiting(): void {
    const command = this.#waiting;
    if (command === undefined) return;
    this.#waiting = undefined;
    this.run(command);
  }

  #write(bytes: Uint8Array): void {
    const generation = this.#generation;
    this.screen.terminal.write(bytes, () => {
      if (generation !== this.#generation) return;
      this.#runWaiting();
      this.#unacknowledged += bytes.length;
      if (this.#unacknowledged < ACKNOWLEDGE_EVERY) return;
      this.#connection.send({ type: 'acknowledge', bytes: this.#unacknowledged });
      this.#unacknowledged = 0;
    });
  }

  #show(state: ConnectionState, message?: string): void {
    this.#options.panel.dataset.state = state;
    if (state !== 'ready' && state !== 'lost') this.#tellRecording(false, null);
    this.screen.terminal.options.disableStdin = !this.#takesInput();
    this.#cover.show(state, message);
    this.#options.onState(state);
  }
}
