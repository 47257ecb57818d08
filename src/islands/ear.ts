/** A WebSocket on which the server tells what happens; it comes back by itself, and the server then begins with how things stand. */
import { backoff } from './terminal/backoff.ts';

/** protocol/live.ts has them too; importing that would bring zod before it is needed. */
const PING = 'ping';
const PONG = 'pong';
const PING_EVERY_MS = 10_000;
/** A cable that was pulled says nothing: who does not answer for so long is gone. */
const ANSWER_WITHIN_MS = 5_000;

export interface Ear {
  /** Tries at once, if it is waiting to. */
  hurry(): void;
  close(): void;
}

/** @param onLost when the connection breaks, each time; `onText` follows when it is back */
export function listen(path: string, onText: (text: string) => void, onLost?: () => void): Ear {
  const address = new URL(path, location.href);
  address.protocol = address.protocol.replace('http', 'ws');
  let attempt = 0;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let stop: () => void = () => undefined;

  const open = () => {
    waiting = undefined;
    const socket = new WebSocket(address);
    let deadline: ReturnType<typeof setTimeout> | undefined;
    const pinging = setInterval(() => {
      if (socket.readyState !== WebSocket.OPEN || deadline !== undefined) return;
      socket.send(PING);
      deadline = setTimeout(over, ANSWER_WITHIN_MS);
    }, PING_EVERY_MS);
    stop = () => {
      socket.onmessage = socket.onclose = null;
      clearInterval(pinging);
      clearTimeout(deadline);
      socket.close();
    };
    // Not its own close event: on a dead line that takes minutes.
    const over = () => {
      stop();
      onLost?.();
      waiting = setTimeout(open, backoff(attempt++));
    };
    socket.onclose = over;
    socket.onmessage = ({ data }) => {
      clearTimeout(deadline);
      deadline = undefined;
      if (data === PONG) return;
      attempt = 0;
      onText(String(data));
    };
  };
  open();
  const hurry = () => {
    if (waiting === undefined) return;
    clearTimeout(waiting);
    attempt = 0;
    open();
  };
  for (const event of ['online', 'focus']) addEventListener(event, hurry);
  return {
    hurry,
    close() {
      clearTimeout(waiting);
      waiting = undefined;
      stop();
    },
  };
}
