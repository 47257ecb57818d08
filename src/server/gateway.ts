/** The WebSocket door: who may come in, to which terminal. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { Exercise } from '../exercise/catalogue.ts';
import { labIdSchema, languageSchema } from '../protocol/api.ts';
import {
  ADMINISTRATOR_TERMINAL,
  CLOSE,
  clientIdSchema,
  INPUT_LIMIT,
  terminalNameSchema,
} from '../protocol/terminal.ts';
import { SandboxRefused } from '../sandbox/engine.ts';
import { ADMINISTRATOR } from '../sandbox/options.ts';
import { type Learner, StoreUnavailable } from '../store/store.ts';
import { connect, EarlyFrames, refuse, send } from '../terminal/connection.ts';
import { type DoorParts, type Entry, enterClassroom, enterPlace } from './classroom/doors.ts';
import { type Follower, followLab } from './lab-socket.ts';
import { whoAsks } from './lti/session.ts';
import { type MessageCode, message } from './messages.ts';
import type { OriginRules } from './origin.ts';
import { LabLocked, type Rooms } from './rooms.ts';
import { isSecure } from './session.ts';

/** A frame of INPUT_LIMIT characters, each at most six bytes when escaped in JSON, and its wrapping. */
const FRAME_LIMIT = INPUT_LIMIT * 6 + 256;
/** Who has not answered by the next one is gone: a dead socket holds nothing up for longer than two of these. */
const PING_EVERY_MS = 8_000;
/** Of one learner or instructor. */
const SOCKETS_EACH = 32;

const labQuerySchema = z.object({ lab: labIdSchema, language: languageSchema.default('en') });
const terminalQuerySchema = labQuerySchema.extend({
  terminal: terminalNameSchema,
  client: clientIdSchema,
  columns: z.coerce.number().int().min(2).max(500),
  rows: z.coerce.number().int().min(1).max(300),
});
const PATHS: Record<string, z.ZodType<z.infer<typeof labQuerySchema>>> = {
  '/ws/terminal': terminalQuerySchema,
  '/ws/lab': labQuerySchema,
};
/** Of instructors, who have a cookie of their own. */
const CLASSROOM = ['/ws/workshop', '/ws/watch'];
const PLACE = '/ws/place';
type TerminalQuery = z.infer<typeof terminalQuerySchema>;

export interface GatewayParts extends DoorParts {
  readonly catalogue: ReadonlyMap<string, Exercise>;
  readonly origins: OriginRules;
}

/** Refuses before the upgrade, as plain HTTP: no WebSocket is opened for a stranger. */
function reject(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

export class Gateway {
  readonly #parts: GatewayParts;
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: FRAME_LIMIT, perMessageDeflate: false });
  readonly #sockets = new Map<WebSocket, { who: string; alive: boolean }>();
  readonly #timer: NodeJS.Timeout;

  constructor(parts: GatewayParts) {
    this.#parts = parts;
    this.#timer = setInterval(() => this.#ping(), PING_EVERY_MS);
  }

  /** For the 'upgrade' event of the HTTP server. */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { log } = this.#parts;
    socket.on('error', (error) => log.debug({ err: error }, 'upgrade'));
    const url = new URL(request.url ?? '/', 'http://localhost');
    const known = Object.hasOwn(PATHS, url.pathname) || [...CLASSROOM, PLACE].includes(url.pathname);
    if (!known) return reject(socket, '404 Not Found');
    if (!this.#parts.origins.origin(request.headers.origin, request.headers.host))
      return reject(socket, '403 Forbidden');
    let entry: Entry;
    try {
      entry = await this.#enter(request, url);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      log.warn({ reason: error.message }, 'no database for an upgrade');
      return reject(socket, '503 Service Unavailable');
    }
    if ('refused' in entry) return reject(socket, entry.refused);
    const { who, serve } = entry;
    if ([...this.#sockets.values()].filter((other) => other.who === who).length >= SOCKETS_EACH)
      return reject(socket, '429 Too Many Requests');
    this.#server.handleUpgrade(request, socket, head, (webSocket) => {
      this.#keep(webSocket, who);
      serve(webSocket).catch((error) => {
        log.error({ err: error, path: url.pathname }, 'a socket could not be served');
        webSocket.close(1011);
      });
    });
  }

  /** Who comes, and what for. @throws StoreUnavailable */
  async #enter(request: IncomingMessage, url: URL): Promise<Entry> {
    const { store, catalogue, rooms } = this.#parts;
    if (CLASSROOM.includes(url.pathname)) return enterClassroom(this.#parts, request, url);
    const secure = isSecure(request.headers['x-forwarded-proto']);
    const { learner } = await whoAsks(store, request.headers.cookie, secure);
    if (!learner) return { refused: '401 Unauthorized' };
    if (url.pathname === PLACE) return enterPlace(this.#parts, learner.id);
    const query = PATHS[url.pathname]!.safeParse(Object.fromEntries(url.searchParams));
    const exercise = query.success && catalogue.get(query.data.lab);
    if (!query.success || !exercise) return { refused: '400 Bad Request' };
    if (url.pathname === '/ws/lab') {
      const follower = { learnerId: learner.id, exercise, language: query.data.language };
      return { who: learner.id, serve: (socket) => this.#follow(socket, rooms, follower) };
    }
    const terminal = query.data as TerminalQuery;
    if (terminal.terminal === ADMINISTRATOR_TERMINAL && !exercise.lab.administrator)
      return { refused: '403 Forbidden' };
    return { who: learner.id, serve: (socket) => this.#serve(socket, learner, exercise, terminal) };
  }

  async #follow(socket: WebSocket, rooms: Rooms, follower: Follower): Promise<void> {
    const onTrouble = (error: unknown) => {
      this.#parts.log.error({ err: error }, 'a lab could not be followed');
      socket.close(1011);
    };
    await followLab(socket, rooms, this.#parts.store, follower, onTrouble);
  }

  /** Counted, and asked now and then whether it is still there. */
  #keep(socket: WebSocket, who: string): void {
    const state = { who, alive: true };
    this.#sockets.set(socket, state);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', (error) => this.#parts.log.info({ err: error }, 'socket'));
    socket.on('pong', () => {
      state.alive = true;
    });
  }

  async #serve(socket: WebSocket, learner: Learner, exercise: Exercise, query: TerminalQuery): Promise<void> {
    const { rooms, log } = this.#parts;
    const early = new EarlyFrames(socket);
    try {
      const room = await rooms.open(learner.id, exercise, (step) => send(socket, { type: 'progress', step }));
      if (socket.readyState !== socket.OPEN) return;
      const who = query.terminal === ADMINISTRATOR_TERMINAL ? ADMINISTRATOR : {};
      const terminal = room.terminal(query.terminal, query.columns, query.rows, who);
      await connect(socket, terminal, query.client, early, room.expiresAt, log);
    } catch (error) {
      const full = error instanceof SandboxRefused;
      const locked = error instanceof LabLocked;
      const away = error instanceof StoreUnavailable;
      const code: MessageCode = full ? 'full' : locked ? 'lab-locked' : away ? 'store-away' : 'start-failed';
      log[full || locked ? 'info' : 'error']({ err: error, lab: exercise.lab.id }, 'no terminal');
      refuse(socket, full ? CLOSE.full : CLOSE.refused, code, message(code, query.language));
    }
  }

  /** A cable that was pulled sends no close: who does not answer a ping is gone. */
  #ping(): void {
    for (const [socket, state] of this.#sockets) {
      if (!state.alive) {
        socket.terminate();
        continue;
      }
      state.alive = false;
      socket.ping();
    }
  }

  close(): void {
    clearInterval(this.#timer);
    for (const socket of this.#sockets.keys()) socket.close(1001, 'server ends');
    this.#server.close();
  }
}
