/**
 * One pty with everyone who looks at it. It outlives sockets: whoever comes later gets the screen as it is. The slowest
 * viewer sets the pace, up to a limit after which that viewer is let go, so that none can stall the others for good.
 */
import { randomUUID } from 'node:crypto';
import type { RecordingEnd } from '../protocol/terminal.ts';
import type { Pty } from '../sandbox/engine.ts';
import { Flow } from './flow.ts';
import { Screen } from './screen.ts';
import { Typists } from './typists.ts';

/** A viewer that acknowledges nothing for so long is gone, whatever its socket says. */
const STALLED_MS = 20_000;
/** 128 + SIGHUP, as a shell tells it. */
const HANGUP = 129;

/** Enter and what programs take for a command; no letter, no Tab, no Backspace, no arrow. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
const ACTS = /[\x00-\x08\x0a-\x1a]/;

/** Stopped by somebody, or its time was up. */
export type Ending = 'gone' | 'expired';

export interface Viewer {
  output(data: Buffer): void;
  resized(columns: number, rows: number): void;
  exited(code: number): void;
  /** The whole sandbox ended, and the terminal with it. */
  ended(why: Ending): void;
  /** It did not keep up and is attached no more. */
  dropped(): void;
  /** The terminal is recorded since then (ISO 8601), or no longer. */
  recording(since: string | null, why: RecordingEnd | null): void;
}

interface Attached {
  /** Somebody looks on; a recording does not. */
  readonly person: boolean;
  readonly flow: Flow;
  stalledSince: number | undefined;
}

export class Terminal {
  /** Another for each shell. */
  readonly shell = randomUUID();
  readonly typists = new Typists();
  readonly #pty: Pty;
  readonly #screen: Screen;
  readonly #viewers = new Map<Viewer, Attached>();
  readonly #timer: NodeJS.Timeout;
  #paused = false;
  #recordedSince: string | null = null;
  #exitCode: number | undefined;
  /** When a person last typed, in milliseconds since the epoch. */
  lastInputAt = Date.now();
  /** When what was typed may last have done something: a letter only waits in a line. 0: never. */
  lastActAt = 0;

  constructor(pty: Pty, columns: number, rows: number, onExit: () => void) {
    this.#pty = pty;
    this.#screen = new Screen(columns, rows);
    pty.onData((data) => this.#output(data));
    pty.onExit((code) => {
      if (this.#exitCode === undefined) {
        this.#exitCode = code;
        for (const viewer of this.#viewers.keys()) viewer.exited(code);
        this.#dispose();
      }
      onExit();
    });
    this.#timer = setInterval(() => this.#dropStalled(), STALLED_MS / 4);
    this.#timer.unref();
  }

  get columns(): number {
    return this.#screen.columns;
  }
  get rows(): number {
    return this.#screen.rows;
  }
  /** People who look on. */
  get viewers(): number {
    return [...this.#viewers.values()].filter(({ person }) => person).length;
  }
  /** ISO 8601; null while it is not recorded. */
  get recordedSince(): string | null {
    return this.#recordedSince;
  }

  /** Adds a viewer. @returns the screen up to this call; all output after this call goes to the viewer. */
  attach(viewer: Viewer): Promise<string> {
    return this.#attach(viewer, true);
  }

  /** The same for a recording, which begins with what can be seen and holds nothing of what has scrolled away. */
  attachRecorder(viewer: Viewer): Promise<string> {
    return this.#attach(viewer, false, 0);
  }

  /** The same for somebody who looks on at another's terminal, and is not counted as one who uses it. */
  attachOnlooker(viewer: Viewer): Promise<string> {
    return this.#attach(viewer, false);
  }

  async #attach(viewer: Viewer, person: boolean, scrollback?: number): Promise<string> {
    if (this.#exitCode !== undefined) {
      viewer.exited(this.#exitCode);
      return '';
    }
    this.#viewers.set(viewer, { person, flow: new Flow(), stalledSince: undefined });
    return this.#screen.serialize(scrollback);
  }

  /** Whoever looks on is told. */
  tellRecording(since: string | null, why: RecordingEnd | null): void {
    this.#recordedSince = since;
    for (const viewer of this.#viewers.keys()) viewer.recording(since, why);
  }

  detach(viewer: Viewer): void {
    this.#viewers.delete(viewer);
    this.#pace();
  }

  input(data: string): void {
    this.lastInputAt = Date.now();
    if (ACTS.test(data)) this.lastActAt = this.lastInputAt;
    if (this.#exitCode === undefined) this.#pty.write(data);
  }

  resize(columns: number, rows: number, from: Viewer): void {
    if (this.#exitCode !== undefined || (columns === this.columns && rows === this.rows)) return;
    this.#pty.resize(columns, rows);
    this.#screen.resize(columns, rows);
    for (const viewer of this.#viewers.keys()) if (viewer !== from) viewer.resized(columns, rows);
  }

  acknowledge(viewer: Viewer, bytes: number): void {
    const attached = this.#viewers.get(viewer);
    if (!attached) return;
    attached.flow.acknowledged(bytes);
    attached.stalledSince = undefined;
    this.#pace();
  }

  /** Hangs up, as closing a terminal window does. */
  kill(): void {
    if (this.#exitCode === undefined) this.#pty.kill();
  }

  /** Hangs up because the sandbox ends: viewers are told that, and not that a shell exited. */
  end(why: Ending): void {
    if (this.#exitCode !== undefined) return;
    this.kill();
    this.#exitCode = HANGUP;
    for (const viewer of this.#viewers.keys()) viewer.ended(why);
    this.#dispose();
  }

  #output(data: Buffer): void {
    this.#screen.write(data);
    for (const [viewer, { flow }] of this.#viewers) {
      viewer.output(data);
      flow.sent(data.length);
    }
    this.#pace();
  }

  #pace(): void {
    if (this.#exitCode !== undefined) return;
    let congested = false;
    for (const attached of this.#viewers.values()) {
      if (attached.flow.congested) {
        congested = true;
        attached.stalledSince ??= Date.now();
      }
    }
    if (congested === this.#paused) return;
    this.#paused = congested;
    if (congested) this.#pty.pause();
    else this.#pty.resume();
  }

  #dropStalled(): void {
    for (const [viewer, { stalledSince }] of this.#viewers) {
      if (stalledSince === undefined || Date.now() - stalledSince < STALLED_MS) continue;
      this.#viewers.delete(viewer);
      viewer.dropped();
    }
    this.#pace();
  }

  #dispose(): void {
    clearInterval(this.#timer);
    this.#screen.dispose();
    this.#viewers.clear();
  }
}
