/**
 * One WebSocket of somebody who looks on at a learner's terminal. It never holds the learner up: what a slow onlooker cannot take
 * is left out, and once they have caught up they get the screen as it then is. They change no size, and type only while allowed.
 */
import type { Logger } from 'pino';
import type { RawData, WebSocket } from 'ws';
import { CLOSE, clientFrameSchema } from '../protocol/terminal.ts';
import { refuse, send } from './connection.ts';
import { Flow } from './flow.ts';
import type { Terminal, Viewer } from './terminal.ts';

export interface Onlooker {
  readonly socket: WebSocket;
  readonly terminal: Terminal;
  /** Names their page over its sockets, see protocol/terminal.ts. */
  readonly client: string;
  /** Asked for every key. */
  mayType(): boolean;
}

export async function lookOn({ socket, terminal, client, mayType }: Onlooker, log: Logger): Promise<void> {
  const flow = new Flow();
  /** Output that comes while the screen is written down follows it. */
  let held: Buffer[] | undefined;
  let behind = false;
  const typist = terminal.typists.of(`onlooker ${client}`);
  const viewer: Viewer = {
    output(data) {
      terminal.acknowledge(viewer, data.length);
      if (behind) return;
      if (held) held.push(data);
      else pass(data);
    },
    resized: (columns, rows) => send(socket, { type: 'resized', columns, rows }),
    exited: (code) => {
      send(socket, { type: 'exit', code });
      socket.close(1000, 'exit');
    },
    ended: (why) => socket.close(CLOSE[why], why),
    recording: () => undefined,
    dropped: () => socket.close(CLOSE.tooSlow, 'too-slow'),
  };

  function pass(data: Buffer): void {
    socket.send(data);
    flow.sent(data.length);
    if (!flow.congested) return;
    behind = true;
    terminal.detach(viewer);
  }

  async function show(): Promise<void> {
    held = [];
    behind = false;
    const screen = await terminal.attachOnlooker(viewer);
    const { columns, rows, shell } = terminal;
    send(socket, { type: 'ready', columns, rows, screen, expiresAt: null, shell, accepted: typist.accepted });
    const waiting = held;
    held = undefined;
    for (const data of waiting) if (!behind) pass(data);
    if (socket.readyState !== socket.OPEN) terminal.detach(viewer);
  }

  async function receive(data: RawData, binary: boolean): Promise<void> {
    if (binary) throw new Error('a binary frame');
    const frame = clientFrameSchema.parse(JSON.parse(String(data)));
    if (frame.type === 'acknowledge') {
      flow.acknowledged(frame.bytes);
      if (behind && !flow.congested) await show();
    } else if (frame.type === 'input') {
      if (frame.sequence > typist.accepted + 1) throw new Error(`input ${typist.accepted + 1} is missing`);
      // What may not be typed is taken and forgotten: it must not come later, when it may.
      if (frame.sequence > typist.accepted && mayType()) terminal.input(frame.data);
      typist.accepted = Math.max(typist.accepted, frame.sequence);
      send(socket, { type: 'accepted', sequence: typist.accepted });
    } else if (frame.type === 'ping') send(socket, { type: 'pong' });
  }

  socket.on('close', () => terminal.detach(viewer));
  await show();
  socket.on('message', (data, binary) => {
    receive(data as RawData, binary).catch((error) => {
      log.info({ err: error }, 'a frame that is not understood');
      refuse(
        socket,
        CLOSE.badFrame,
        'bad-frame',
        'The browser sent something that is not understood. Reload the page.',
      );
      terminal.detach(viewer);
    });
  });
}
