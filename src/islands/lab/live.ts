/** The page's ear: what happens in the learner's room, from the server, as it happens. Comes back by itself. */
import type { LiveFrame } from '../../protocol/live.ts';
import { language } from '../page.ts';
import { backoff } from '../terminal/backoff.ts';

/** protocol/live.ts has them too; importing that would bring zod before it is needed. */
const PING = 'ping';
const PONG = 'pong';
const PING_EVERY_MS = 10_000;
/** A cable that was pulled says nothing: who does not answer for so long is gone. */
const ANSWER_WITHIN_MS = 5_000;

export interface Live {
  /** Tries at once, if it is waiting to. */
  hurry(): void;
}

export function startLive(lab: string, onFrame: (frame: LiveFrame) => void): Live {
  const address = new URL(`/ws/lab?${new URLSearchParams({ lab, language })}`, location.href);
  address.protocol = address.protocol.replace('http', 'ws');
  let attempt = 0;
  let waiting: ReturnType<typeof setTimeout> | undefined;

  const open = () => {
    waiting = undefined;
    const socket = new WebSocket(address);
    let deadline: ReturnType<typeof setTimeout> | undefined;
    const pinging = setInterval(() => {
      if (socket.readyState !== WebSocket.OPEN || deadline !== undefined) return;
      socket.send(PING);
      deadline = setTimeout(over, ANSWER_WITHIN_MS);
    }, PING_EVERY_MS);
    // Not its own close event: on a dead line that takes minutes.
    const over = () => {
      socket.onmessage = socket.onclose = null;
      clearInterval(pinging);
      clearTimeout(deadline);
      socket.close();
      waiting = setTimeout(open, backoff(attempt++));
    };
    socket.onclose = over;
    socket.onmessage = async ({ data }) => {
      clearTimeout(deadline);
      deadline = undefined;
      if (data === PONG) return;
      attempt = 0;
      const { liveFrameSchema } = await import('../schemas.ts');
      onFrame(liveFrameSchema.parse(JSON.parse(String(data))));
    };
  };
  open();
  return {
    hurry() {
      if (waiting === undefined) return;
      clearTimeout(waiting);
      attempt = 0;
      open();
    },
  };
}
