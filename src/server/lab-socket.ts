/** One browser that follows its learner's room in one lab. */
import type { WebSocket } from 'ws';
import type { Exercise } from '../exercise/catalogue.ts';
import type { Language } from '../grading/check.ts';
import { LIVE_PING, LIVE_PONG, type LiveFrame } from '../protocol/live.ts';
import { CLOSE } from '../protocol/terminal.ts';
import type { AttemptRecord, Store } from '../store/store.ts';
import { attemptView } from './attempt-view.ts';
import type { Rooms } from './rooms.ts';
import { sandboxState } from './views.ts';

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
  onTrouble: (error: unknown) => void,
): Promise<void> {
  const { lab } = exercise;
  const send = (frame: LiveFrame) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame));
  };
  /** One after the other, so that the latest is also told last. */
  let told: Promise<void> = Promise.resolve();
  const tell = (record: AttemptRecord | undefined): Promise<void> => {
    told = told.then(async () => {
      const attempt = record ? await attemptView(store, learnerId, record, exercise, language) : null;
      send({ type: 'attempt', attempt });
    });
    return told;
  };
  const stop = rooms.follow(learnerId, lab.id, (event) => {
    if (event.type === 'room') send({ type: 'sandbox', sandbox: sandboxState(event.room) });
    else tell(event.attempt).catch(onTrouble);
  });
  socket.on('close', stop);
  socket.on('message', (data, binary) => {
    if (!binary && String(data) === LIVE_PING) socket.send(LIVE_PONG);
    else socket.close(CLOSE.badFrame, 'bad-frame');
  });
  if (socket.readyState !== socket.OPEN) return stop();
  send({ type: 'sandbox', sandbox: sandboxState(rooms.find(learnerId, lab.id)) });
  await tell(await store.latestAttempt(learnerId, lab.id));
}
