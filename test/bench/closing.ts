/** What a run opened and must close, whether it comes to its end or is interrupted. */

const open = new Set<() => Promise<void>>();

/** Runs `work`, then `close`; an interrupted run calls `close` too, and only once. */
export async function closing<T>(close: () => Promise<void>, work: () => Promise<T>): Promise<T> {
  let closed: Promise<void> | undefined;
  const once = () => {
    closed ??= close();
    return closed;
  };
  open.add(once);
  try {
    return await work();
  } finally {
    await once();
    open.delete(once);
  }
}

/** For a run that is interrupted: the latest first. */
export async function closeAll(): Promise<void> {
  for (const close of [...open].reverse()) await close();
}
