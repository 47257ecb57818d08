/** One browser that follows its learner's room in one lab. */
import type { WebSocket } from 'ws';
import type { Exercise } from '../exercise/catalogue.ts';
import type { Language } from '../grading/check.ts';
import { LIVE_PING, LIVE_PONG, type LiveFrame } from '../protocol/live.ts';
import { CLOSE } from '../protocol/terminal.ts';
import type { Store } from '../store/store.ts';
import type { Rooms } from './rooms.ts';
import { attempt, sandboxState } from './views.ts';

export interface Follower {
  readonly learnerId: string;
  readonly exercise: Exercise;
  readonly language: Language;
}

export async function followLab(
  socket: WebSocket,
  rooms: Rooms,
  store: Store,
  { learnerId, exercise, language }: Follower,
): Promise<void> {
  const { lab } = exercise;
  const send = (frame: LiveFrame) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame));
  };
  const stop = rooms.follow(learnerId, lab.id, (event) =>
    event.type === 'room'
      ? send({ type: 'sandbox', sandbox: sandboxState(event.room) })
      : send({ type: 'attempt', attempt: attempt(event.attempt, exercise, language) }),
  );
  socket.on('close', stop);
  socket.on('message', (data, binary) => {
    if (!binary && String(data) === LIVE_PING) socket.send(LIVE_PONG);
    else socket.close(CLOSE.badFrame, 'bad-frame');
  });
  if (socket.readyState !== socket.OPEN) return stop();
  send({ type: 'sandbox', sandbox: sandboxState(rooms.find(learnerId, lab.id)) });
  const latest = await store.latestAttempt(learnerId, lab.id);
  send({ type: 'attempt', attempt: latest ? attempt(latest, exercise, language) : null });
}
