/** Servers that are measured run as processes of their own: what the measuring itself costs is not in their figures. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface Child {
  readonly url: string;
  readonly pid: number;
  /** Bytes that JavaScript holds after a garbage collection, buffers included. */
  heap(): Promise<number>;
  stop(): Promise<void>;
}

/** Messages: { url } once it listens; 'heap' is answered by { heap }; 'stop' or a lost parent ends it. */
export async function startChild(file: string): Promise<Child> {
  const child = fork(join(import.meta.dirname, file), {
    execArgv: ['--disable-warning=ExperimentalWarning', '--expose-gc'],
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  const { url } = (await answer(child)) as { url: string };
  return {
    url,
    pid: child.pid!,
    async heap() {
      child.send('heap');
      return ((await answer(child)) as { heap: number }).heap;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.send('stop');
      await ended;
    },
  };
}

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

/** The other end, in the child. */
export function serveParent(url: string, stop: () => Promise<void>): void {
  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    stop().finally(() => process.exit());
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
  // Ctrl-C reaches the whole group; the parent says when to end.
  process.on('SIGINT', () => undefined);
  process.send?.({ url });
}
