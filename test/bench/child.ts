/** Servers that are measured run as processes of their own: what the measuring itself costs is not in their figures. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { closing } from './closing.ts';

export interface Child {
  readonly url: string;
  readonly pid: number;
  /** Bytes that JavaScript holds after a garbage collection, buffers included. */
  heap(): Promise<number>;
}

/**
 * Messages: { url } once it listens; 'heap' is answered by { heap }; 'stop', which waits until it listens, or a lost parent
 * ends it.
 */
async function withChild<T>(file: string, work: (child: Child) => Promise<T>): Promise<T> {
  const child = fork(join(import.meta.dirname, file), {
    execArgv: ['--disable-warning=ExperimentalWarning', '--expose-gc'],
    stdio: ['ignore', 2, 2, 'ipc'],
    // Ctrl-C goes to the whole group; a server that dies while it starts would leave its Podman behind.
    detached: true,
  });
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.send('stop');
    await ended;
  };
  return closing(stop, async () => {
    const { url } = (await answer(child)) as { url: string };
    const heap = async () => {
      child.send('heap');
      return ((await answer(child)) as { heap: number }).heap;
    };
    return work({ url, pid: child.pid!, heap });
  });
}

/** Toride's server and the bare one while `work` runs. */
export const withServers = <T>(work: (toride: Child, bare: Child) => Promise<T>): Promise<T> =>
  withChild('toride-server.ts', (toride) => withChild('bare-server.ts', (bare) => work(toride, bare)));

async function answer(child: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  const exit = once(child, 'exit', ended).then(([code]) => {
    throw new Error(`${child.spawnfile} ended with ${code}`);
  });
  try {
    const [message] = (await Promise.race([once(child, 'message', ended), exit])) as [unknown];
    return message;
  } finally {
    exit.catch(() => undefined);
    ended.abort();
  }
}

/** A server for a whole room, alone on the machine. */
export const withRoomServer = <T>(work: (toride: Child) => Promise<T>): Promise<T> => withChild('room-server.ts', work);

/** The other end, in the child. */
export function serveParent(url: string, stop: () => Promise<void>): void {
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('message', (message) => {
    if (message === 'stop') end();
    if (message !== 'heap') return;
    globalThis.gc?.();
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    process.send?.({ heap: heapUsed + external });
  });
  process.on('disconnect', end);
  if (process.connected) process.send?.({ url });
  else end();
}
