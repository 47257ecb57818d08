/** One WebSocket on one terminal: frames in and out, nothing trusted that comes from the browser. */
import type { Logger } from 'pino';
import type { RawData, WebSocket } from 'ws';
import { CLOSE, clientFrameSchema, type ServerFrame } from '../protocol/terminal.ts';
import type { Terminal, Viewer } from './terminal.ts';
import type { Typist } from './typists.ts';

/** Sends a text frame if the socket is still open. */
export function send(socket: WebSocket, frame: ServerFrame): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame));
}

export function refuse(socket: WebSocket, closeCode: number, code: string, message: string): void {
  send(socket, { type: 'error', code, message });
  socket.close(closeCode, code);
}

/** Keeps what a browser sends before its terminal is there: what is typed while a sandbox starts is not lost. */
export class EarlyFrames {
  static readonly #MOST = 256;
  static readonly #MOST_BYTES = 1024 * 1024;
  readonly #socket: WebSocket;
  readonly #frames: [RawData, boolean][] = [];
  #bytes = 0;
  readonly #keep = (data: Buffer, binary: boolean) => {
    this.#bytes += data.length;
    if (this.#frames.length < EarlyFrames.#MOST && this.#bytes <= EarlyFrames.#MOST_BYTES)
      this.#frames.push([data, binary]);
  };

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', this.#keep);
  }

  /** Each with whether it is binary. */
  take(): [RawData, boolean][] {
    this.#socket.off('message', this.#keep);
    return this.#frames;
  }
}

/** Connects the two until either ends. `client`: which page's terminal this is, over all of its sockets. */
export async function connect(
  socket: WebSocket,
  terminal: Terminal,
  client: string,
  early: EarlyFrames,
  expiresAt: Date,
  log: Logger,
): Promise<void> {
  // Output may come while the screen is written down: it follows the screen.
  let held: Buffer[] | undefined = [];
  const viewer: Viewer = {
    output: (data) => (held ? void held.push(data) : socket.send(data)),
    resized: (columns, rows) => send(socket, { type: 'resized', columns, rows }),
    exited: (code) => {
      send(socket, { type: 'exit', code });
      socket.close(1000, 'exit');
    },
    ended: (why) => socket.close(CLOSE[why], why),
    recording: (since, why) => send(socket, { type: 'recording', since, why }),
    dropped: () =>
      refuse(socket, CLOSE.tooSlow, 'too-slow', 'This window did not keep up with the output and was let go.'),
  };
  const typist = terminal.typists.of(client);
  typist.leave?.();
  const leave = () => {
    terminal.detach(viewer);
    socket.terminate();
  };
  typist.leave = leave;
  const receive = (data: RawData, binary: boolean) => {
    try {
      if (binary) throw new Error('a binary frame');
      handle(socket, terminal, viewer, typist, String(data));
    } catch (error) {
      log.info({ err: error }, 'a frame that is not understood');
      refuse(
        socket,
        CLOSE.badFrame,
        'bad-frame',
        'The browser sent something that is not understood. Reload the page.',
      );
      terminal.detach(viewer);
    }
  };
  const screen = await terminal.attach(viewer);
  send(socket, {
    type: 'ready',
    columns: terminal.columns,
    rows: terminal.rows,
    screen,
    expiresAt: expiresAt.toISOString(),
    shell: terminal.shell,
    accepted: typist.accepted,
  });
  if (terminal.recordedSince) send(socket, { type: 'recording', since: terminal.recordedSince, why: null });
  for (const data of held) socket.send(data);
  held = undefined;
  for (const [data, binary] of early.take()) receive(data, binary);
  socket.on('message', receive);
  socket.on('close', () => {
    terminal.detach(viewer);
    if (typist.leave === leave) typist.leave = undefined;
  });
  if (socket.readyState !== socket.OPEN) terminal.detach(viewer);
}

function handle(socket: WebSocket, terminal: Terminal, viewer: Viewer, typist: Typist, text: string): void {
  const frame = clientFrameSchema.parse(JSON.parse(text));
  if (frame.type === 'input') {
    if (frame.sequence > typist.accepted + 1) throw new Error(`input ${typist.accepted + 1} is missing`);
    if (frame.sequence > typist.accepted) {
      terminal.input(frame.data);
      typist.accepted = frame.sequence;
    }
    send(socket, { type: 'accepted', sequence: typist.accepted });
  } else if (frame.type === 'resize') terminal.resize(frame.columns, frame.rows, viewer);
  else if (frame.type === 'acknowledge') terminal.acknowledge(viewer, frame.bytes);
  else send(socket, { type: 'pong' });
}
