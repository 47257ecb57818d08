/** Processes and what they hold, from /proc. */
import { readdirSync, readFileSync, readlinkSync, statfsSync } from 'node:fs';

const MB = 1_000_000;

export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly words: readonly string[];
  /** Identity of its pid namespace. */
  readonly pidNamespace: string;
}

export function processes(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
        return [{ pid: Number(pid), parent, words, pidNamespace: readlinkSync(`/proc/${pid}/ns/pid`) }];
      } catch (error) {
        // It ended while the list was read, or is another user's.
        if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
        throw error;
      }
    });
}

/** Its own memory and its share of what it has in common with others, in MB. */
export function memory(pid: number): number {
  const kib = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
  if (!kib) throw new Error(`process ${pid} has no memory`);
  return (Number(kib) * 1024) / MB;
}

export const memoryOf = (list: readonly Process[]): number => list.reduce((sum, { pid }) => sum + memory(pid), 0);

/** What a memory-backed mount holds, in MB. Only for a sandbox that no learner has been in: the path is not guarded. */
export function held(pid: number, mountPoint: string): number {
  const { blocks, bfree, bsize } = statfsSync(`/proc/${pid}/root${mountPoint}`);
  return ((blocks - bfree) * bsize) / MB;
}
