import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { locked } from '../../../src/setup/lock.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toride-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('one at a time, in whatever order', async () => {
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++inside);
    await new Promise((resolve) => setTimeout(resolve, 10));
    inside--;
  };
  await Promise.all([locked(folder, work), locked(folder, work), locked(folder, work)]);
  expect(most).toBe(1);
});

test('is let go of when the work fails', async () => {
  await expect(locked(folder, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(join(folder, 'setup.lock'))).toBe(false);
});

test('of a process that has ended is taken over', async () => {
  writeFileSync(join(folder, 'setup.lock'), JSON.stringify({ pid: 2 ** 22 + 1, startTime: 5 }));
  expect(await locked(folder, async () => 'done')).toBe('done');
});

test('a folder that cannot be made is said, with what to do', async () => {
  writeFileSync(join(folder, 'file'), '');
  await expect(locked(join(folder, 'file', 'state'), async () => 1)).rejects.toThrow(/ENOTDIR.*Set TORIDE_STATE/);
});
