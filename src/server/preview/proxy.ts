/**
 * Previews: requests to `<label>.<domain>` go to a port of the sandbox that the label names, and to nothing else. The site
 * itself is never served there, and no session is asked for: the label is the key. Both sides speak through node:http's own
 * parsers, so what one side says cannot be taken for something else by the other.
 */
import { type ClientRequest, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream';
import type { Logger } from 'pino';
import { type Doorway, DoorwayError } from '../../inspector/doorway.ts';
import type { Room } from '../room.ts';
import type { Rooms } from '../rooms.ts';
import { isSecure } from '../session.ts';
import { requestHeaders, responseHeaders } from './headers.ts';
import { type PreviewName, previewNames, previewToken } from './label.ts';
import { type PageCode, sendPage, statusOf } from './page.ts';

/** Requests and WebSockets of one room at the same time; a browser makes six requests to a host at once. */
const LINES_PER_ROOM = 32;
const HEADER_BYTES = 16 * 1024;
/** Until an answer begins, … */
const ANSWER_MS = 30_000;
/** … and between two pieces of it. */
const PIECE_MS = 120_000;

export interface PreviewParts {
  readonly rooms: Rooms;
  readonly doorway: Doorway;
  readonly secret: string;
  readonly domain: string | undefined;
  readonly log: Logger;
}

export interface Preview {
  /** Is that the name of a preview? Then no other part of the server may answer. */
  isFor(request: IncomingMessage): boolean;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  /** What the room's previews are known by. */
  token(room: Room): string;
}

/** Says which page to show; everything else that is thrown is for the log. */
class Refusal extends Error {
  readonly code: PageCode;
  constructor(code: PageCode) {
    super(code);
    this.code = code;
  }
}

export function openPreview({ rooms, doorway, secret, domain, log }: PreviewParts): Preview {
  const nameOf = previewNames(domain);
  const lines = new Map<Room, number>();
  const token = (room: Room) => previewToken(secret, room.record.id);

  /** A line into the sandbox, counted until it closes. @throws Refusal */
  async function lineTo(name: PreviewName): Promise<Duplex> {
    const room = rooms.ready().find((candidate) => token(candidate) === name.token);
    if (!room) throw new Refusal('no-room');
    const open = lines.get(room) ?? 0;
    if (open >= LINES_PER_ROOM) throw new Refusal('too-many');
    const count = (by: number) => {
      const now = (lines.get(room) ?? 0) + by;
      if (now > 0) lines.set(room, now);
      else lines.delete(room);
    };
    count(1);
    room.touch();
    try {
      const line = await doorway.connect(room.sandbox.init, name.port);
      line.once('close', () => count(-1));
      // Whoever uses it hears of its end by its own means as well.
      line.on('error', (error) => log.debug({ err: error }, 'preview line'));
      return line;
    } catch (error) {
      count(-1);
      if (!(error instanceof DoorwayError)) throw error;
      if (error.code === 'failed') log.info({ err: error }, 'no line to a preview');
      throw new Refusal(error.code === 'nothing-listens' ? 'nothing-listens' : 'not-http');
    }
  }

  /** @throws Refusal for what no browser sends */
  async function begin(
    incoming: IncomingMessage,
    name: PreviewName,
    upgrade: boolean,
  ): Promise<[ClientRequest, Duplex]> {
    const { method = 'GET', url = '' } = incoming;
    const hosts = incoming.rawHeaders.filter((key, index) => index % 2 === 0 && key.toLowerCase() === 'host');
    if (!url.startsWith('/') || hosts.length !== 1 || /^(connect|trace)$/i.test(method))
      throw new Refusal('bad-request');
    const line = await lineTo(name);
    try {
      const outgoing = httpRequest({
        createConnection: () => line,
        method,
        path: url,
        headers: requestHeaders(incoming.rawHeaders, name, upgrade),
        setHost: false,
        maxHeaderSize: HEADER_BYTES,
      });
      return [outgoing, line];
    } catch (error) {
      line.destroy();
      log.info({ err: error }, 'a preview request that cannot be passed on');
      throw new Refusal('bad-request');
    }
  }

  function codeOf(error: unknown): PageCode {
    if (error instanceof Refusal) return error.code;
    log.error({ err: error }, 'preview failed');
    return 'not-http';
  }

  return {
    token,
    isFor: ({ headers }) => nameOf(headers.host) !== undefined,

    async handle(incoming, response) {
      const name = nameOf(incoming.headers.host);
      if (!name) return void response.destroy();
      const scheme = isSecure(incoming.headers['x-forwarded-proto']) ? 'https' : 'http';
      const say = (code: PageCode) => {
        if (response.headersSent) return void response.destroy();
        // What of the request has not been read by now never is: the connection cannot serve another one.
        if (!incoming.complete) response.setHeader('Connection', 'close');
        sendPage(response, code, incoming.headers['accept-language'], name.port);
      };
      let started: [ClientRequest, Duplex];
      try {
        started = await begin(incoming, name, false);
      } catch (error) {
        return say(codeOf(error));
      }
      const [outgoing, line] = started;
      const timer = setTimeout(() => line.destroy(new Error('no answer in time')), ANSWER_MS);
      response.once('close', () => {
        clearTimeout(timer);
        line.destroy();
      });
      if (response.destroyed) return void line.destroy();
      outgoing.on('error', (error) => {
        log.debug({ err: error }, 'preview request');
        say('not-http');
      });
      // Without an error either: an answer that switches to another protocol, which nobody asked for.
      outgoing.on('close', () => {
        if (!response.headersSent && !response.destroyed) say('not-http');
      });
      outgoing.on('response', (answer) => {
        clearTimeout(timer);
        try {
          response.writeHead(answer.statusCode ?? 502, responseHeaders(answer.rawHeaders, name, scheme));
        } catch (error) {
          log.info({ err: error }, 'a preview answer that cannot be passed on');
          line.destroy();
          return say('not-http');
        }
        const idle = setTimeout(() => line.destroy(new Error('no more of the answer in time')), PIECE_MS);
        answer.on('data', () => idle.refresh());
        pipeline(answer, response, () => clearTimeout(idle));
      });
      incoming.pipe(outgoing);
    },

    async upgrade(incoming, socket, head) {
      const refuse = (status: number) =>
        socket.writableEnded ||
        socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      socket.on('error', (error) => log.debug({ err: error }, 'preview upgrade'));
      const name = nameOf(incoming.headers.host);
      const websocket = incoming.method === 'GET' && incoming.headers.upgrade?.toLowerCase() === 'websocket';
      if (!name || !websocket) return void refuse(400);
      const scheme = isSecure(incoming.headers['x-forwarded-proto']) ? 'https' : 'http';
      let started: [ClientRequest, Duplex];
      try {
        started = await begin(incoming, name, true);
      } catch (error) {
        return void refuse(statusOf(codeOf(error)));
      }
      const [outgoing, line] = started;
      const timer = setTimeout(() => line.destroy(new Error('no answer in time')), ANSWER_MS);
      line.once('close', () => {
        clearTimeout(timer);
        socket.destroy();
      });
      socket.once('close', () => line.destroy());
      if (socket.destroyed) return void line.destroy();
      outgoing.on('error', (error) => {
        log.debug({ err: error }, 'preview upgrade');
        refuse(502);
      });
      outgoing.on('response', (answer) => {
        clearTimeout(timer);
        refuse(answer.statusCode ?? 502);
        line.destroy();
      });
      outgoing.on('upgrade', (answer, far, farHead) => {
        clearTimeout(timer);
        const headers = responseHeaders(answer.rawHeaders, name, scheme);
        const lines = Array.from({ length: headers.length / 2 }, (_, i) => `${headers[2 * i]}: ${headers[2 * i + 1]}`);
        socket.write(
          ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: websocket', ...lines, '', ''].join(
            '\r\n',
          ),
          'latin1',
        );
        socket.write(farHead);
        far.write(head);
        far.pipe(socket);
        socket.pipe(far);
      });
      outgoing.end();
    },
  };
}
