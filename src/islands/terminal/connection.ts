/**
 * One terminal's WebSocket: comes back by itself where that makes sense, and says what is going on. Knows frames and
 * close codes, nothing of xterm.js or the page.
 */
import type { ClientFrame, ServerFrame } from '../../protocol/terminal.ts';
import { CLOSE } from '../../protocol/terminal-limits.ts';
import { backoff } from './backoff.ts';
import { readFrame } from './frames.ts';
import { Heartbeat } from './heartbeat.ts';

export type ConnectionState = 'starting' | 'ready' | 'lost' | 'expired' | 'stopped' | 'full' | 'ended' | 'error';

export interface ConnectionOptions {
  onFrame(frame: ServerFrame): void;
  onBytes(bytes: Uint8Array): void;
  /** `message`: the server's own sentence, if it gave one. */
  onState(state: ConnectionState, message?: string): void;
  /** Whether the page is seen: only then is a quiet connection asked whether it is there. */
  seen(): boolean;
  /** A socket is being opened. */
  onTry?(): void;
  /** Asked anew for every try: the dimensions may have changed. */
  open(): WebSocket;
}

/** While every place is taken: how often to ask again, in milliseconds. */
const FULL_RETRY = 8_000;
/** A try to come back that hears nothing for so long is given up for the next, in milliseconds. */
const TRY_MS = 4_000;

const endings: Partial<Record<number, ConnectionState>> = {
  [CLOSE.expired]: 'expired',
  [CLOSE.full]: 'full',
  [CLOSE.refused]: 'error',
  [CLOSE.badFrame]: 'error',
  [CLOSE.gone]: 'stopped',
};

export class Connection {
  #options: ConnectionOptions;
  #socket: WebSocket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #state: ConnectionState = 'starting';
  #message: string | undefined;
  readonly #heartbeat: Heartbeat;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#heartbeat = new Heartbeat({
      ask: () => this.send({ type: 'ping' }),
      silent: () => this.drop(),
      seen: options.seen,
    });
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Opens now, whatever was going on: first start, "Try again", after a reset. */
  connect(): void {
    // A screen that is only out of touch stays as it is; one that is over starts afresh.
    if (this.#state !== 'lost') this.#become('starting');
    this.#open();
  }

  #open(): void {
    this.close();
    this.#message = undefined;
    this.#options.onTry?.();
    const socket = this.#options.open();
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }) => this.#receive(socket, data);
    socket.onclose = ({ code }) => this.#closed(socket, code);
    this.#socket = socket;
    if (this.#state === 'lost') this.#timer = setTimeout(() => this.#closed(socket, 0), TRY_MS);
  }

  /** Only if it is waiting to come back: a connection that is over stays over until the person asks. */
  hurry(): void {
    if (this.#state === 'lost' && !this.#socket) {
      this.#attempt = 0;
      this.#open();
    }
  }

  /** The network is back: a try that was made without it is of no use. */
  networkBack(): void {
    if (this.#state !== 'lost') return;
    this.#attempt = 0;
    this.#open();
  }

  /** Nothing comes through any more, whatever the socket says: the browser is offline, or nobody answers. */
  drop(): void {
    if (this.#state === 'ready' && this.#socket) this.#closed(this.#socket, 0);
  }

  /** The page is seen again: whether the server is still there is not known. */
  seen(): void {
    if (this.#state === 'ready') this.#heartbeat.ask();
    else this.hurry();
  }

  get live(): boolean {
    return this.#state === 'ready' && this.#socket?.readyState === 1;
  }

  send(frame: ClientFrame): void {
    if (!this.live) return;
    this.#socket?.send(JSON.stringify(frame));
    if (frame.type === 'input') this.#heartbeat.sent(frame.data.length);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#heartbeat.stop();
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #become(state: ConnectionState, message?: string): void {
    this.#state = state;
    this.#options.onState(state, message);
  }

  #receive(socket: WebSocket, data: unknown): void {
    if (socket !== this.#socket) return;
    if (this.#state === 'lost') clearTimeout(this.#timer);
    if (this.#state === 'ready') this.#heartbeat.heard();
    if (data instanceof ArrayBuffer) {
      this.#options.onBytes(new Uint8Array(data));
      return;
    }
    const frame = readFrame(String(data));
    if (frame.type === 'ready') {
      this.#attempt = 0;
      this.#become('ready');
      this.#options.onFrame(frame);
      this.#heartbeat.heard();
      return;
    }
    // What seemed lost or full is being built anew: show the steps.
    if (frame.type === 'progress' && this.#state !== 'starting') {
      if (this.#state !== 'lost' || frame.step === 'creating' || frame.step === 'seeding') this.#become('starting');
    }
    this.#options.onFrame(frame);
    if (frame.type === 'error') this.#message = frame.message;
    if (frame.type === 'exit') {
      this.close();
      this.#become('ended', String(frame.code));
    }
  }

  #closed(socket: WebSocket, code: number): void {
    if (socket !== this.#socket) return;
    this.close();
    const ending = endings[code] ?? (this.#message === undefined ? 'lost' : 'error');
    this.#become(ending, this.#message);
    if (ending === 'lost') this.#later(backoff(this.#attempt++));
    if (ending === 'full') this.#later(FULL_RETRY);
  }

  #later(wait: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#open();
    }, wait);
  }
}
