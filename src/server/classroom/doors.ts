/** WebSockets of workshops: the instructor's matrix, the learner's place, and an instructor at a learner's terminal. */
import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import { labIdSchema } from '../../protocol/api.ts';
import { LIVE_PING, LIVE_PONG } from '../../protocol/live.ts';
import { CLOSE, clientIdSchema, terminalNameSchema } from '../../protocol/terminal.ts';
import type { PlaceFrame, WorkshopFrame } from '../../protocol/workshops.ts';
import type { Account } from '../../store/account-rows.ts';
import type { Store } from '../../store/store.ts';
import { refuse } from '../../terminal/connection.ts';
import { lookOn } from '../../terminal/onlooker.ts';
import { readAccountCookie } from '../accounts/cookie.ts';
import { message } from '../messages.ts';
import type { Rooms } from '../rooms.ts';
import { isSecure, languageOf } from '../session.ts';
import type { LiveWorkshop } from './live.ts';
import type { Workshops } from './workshops.ts';

/** How often it is looked whether who follows still may. */
const LOOK_AGAIN_MS = 15_000;

export interface DoorParts {
  readonly store: Store;
  readonly rooms: Rooms;
  readonly workshops: Workshops;
  readonly log: Logger;
}

/** A refusal as an HTTP status line, or who came and what is done with the socket. */
export type Entry =
  | { readonly refused: string }
  | { readonly who: string; readonly serve: (socket: WebSocket) => Promise<void> };

const watchSchema = z.object({
  id: z.uuid(),
  member: z.uuid(),
  lab: labIdSchema,
  terminal: terminalNameSchema,
  client: clientIdSchema,
});

const speak = (socket: WebSocket) => (frame: WorkshopFrame | PlaceFrame) => {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame));
};

/** All that these browsers ever say: is anybody there? */
function answerPings(socket: WebSocket): void {
  socket.on('message', (data, binary) => {
    if (!binary && String(data) === LIVE_PING) socket.send(LIVE_PONG);
    else socket.close(CLOSE.badFrame, 'bad-frame');
  });
}

export async function enterPlace({ workshops }: DoorParts, learnerId: string): Promise<Entry> {
  return {
    who: learnerId,
    async serve(socket) {
      answerPings(socket);
      const stop = await workshops.attend(learnerId, speak(socket));
      socket.on('close', stop);
      if (socket.readyState !== socket.OPEN) stop();
    },
  };
}

/** @param url of /ws/workshop or /ws/watch */
export async function enterClassroom(parts: DoorParts, request: IncomingMessage, url: URL): Promise<Entry> {
  const { store, workshops } = parts;
  const { token } = readAccountCookie(request.headers.cookie, isSecure(request.headers['x-forwarded-proto']));
  const account = token && (await store.findAccountSession(token));
  if (!token || !account) return { refused: '401 Unauthorized' };
  const id = z.uuid().safeParse(url.searchParams.get('id')).data;
  const workshop = id && (await workshops.find(id));
  const mine = (who: Account) => workshop && (who.role === 'owner' || workshop.cohort.accountId === who.id);
  if (!workshop || !mine(account)) return { refused: '404 Not Found' };
  /** What was ended or disabled meanwhile is out here too. */
  const whileAllowed = (socket: WebSocket) => {
    const timer = setInterval(() => {
      store.findAccountSession(token).then(
        (now) => now || socket.close(CLOSE.refused, 'sign-in-needed'),
        (error) => parts.log.warn({ err: error }, 'whether an instructor is still signed in is not known'),
      );
    }, LOOK_AGAIN_MS);
    socket.on('close', () => clearInterval(timer));
  };
  if (url.pathname === '/ws/watch') return enterWatch(parts, account, workshop, url, whileAllowed);
  return {
    who: account.id,
    async serve(socket) {
      answerPings(socket);
      whileAllowed(socket);
      socket.on('close', workshops.follow(workshop, speak(socket)));
    },
  };
}

function enterWatch(
  { store, rooms, workshops, log }: DoorParts,
  account: Account,
  workshop: LiveWorkshop,
  url: URL,
  whileAllowed: (socket: WebSocket) => void,
): Entry {
  const query = watchSchema.safeParse(Object.fromEntries(url.searchParams)).data;
  if (!query) return { refused: '400 Bad Request' };
  const { lab, terminal: name, client } = query;
  const member = workshop.members.find(({ id }) => id === query.member);
  if (!member?.learnerId || !workshop.labs.includes(lab)) return { refused: '404 Not Found' };
  const { learnerId } = member;
  const language = languageOf(url.searchParams.get('language') ?? undefined);
  return {
    who: account.id,
    async serve(socket) {
      const terminal = rooms.find(learnerId, lab)?.openTerminal(name);
      if (!terminal) return refuse(socket, CLOSE.refused, 'no-terminal', message('no-terminal', language));
      whileAllowed(socket);
      const detail = { for: member.name, lab };
      await store.audit({ by: account.id, action: 'looked-on', object: workshop.cohort.id, detail });
      const place = { workshopId: workshop.cohort.id, memberId: member.id, learnerId, lab, terminal: name };
      const watch = workshops.shares.begin({ ...place, accountId: account.id, name: account.name });
      socket.on('close', () => workshops.shares.end(watch));
      log.info({ account: account.id, member: member.id, lab }, 'an instructor looks on');
      await lookOn({ socket, terminal, client, mayType: () => watch.typing === 'yes' }, log);
    },
  };
}
