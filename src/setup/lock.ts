/** One set-up at a time: two commands started together must not build the same thing twice, or half. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processStart } from './keep.ts';
import { UserError } from './user-error.ts';

const WAIT_LIMIT_MS = 10 * 60_000;

/** Runs `work` while holding the lock of that folder. A lock whose holder has ended is taken over. @throws UserError */
export async function locked<T>(folder: string, work: () => Promise<T>): Promise<T> {
  makeFolder(folder);
  const path = join(folder, 'setup.lock');
  const own = JSON.stringify({ pid: process.pid, startTime: processStart(process.pid) });
  const end = Date.now() + WAIT_LIMIT_MS;
  while (!take(path, own)) {
    if (Date.now() > end)
      throw new UserError('setup', `another set-up has held ${path} for ten minutes; end it, then remove the file`);
    if (abandoned(path)) rmSync(path, { force: true });
    else await sleep(100);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new UserError(
      'state',
      `${folder} cannot be made (${(error as NodeJS.ErrnoException).code}). Set TORIDE_STATE to a folder that the user who runs Toride may write.`,
    );
  }
}

function take(path: string, own: string): boolean {
  try {
    writeFileSync(path, own, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    throw new UserError(
      'state',
      `${path} cannot be written (${code}). Set TORIDE_STATE to a folder that the user who runs Toride may write.`,
    );
  }
}

function abandoned(path: string): boolean {
  try {
    const { pid, startTime } = JSON.parse(readFileSync(path, 'utf8')) as { pid: number; startTime: number };
    return processStart(pid) !== startTime;
  } catch (error) {
    // Gone, or not yet written to its end: look again.
    return !(error instanceof SyntaxError) && (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}
