/** `toride submission check`: which folders count, both formats, exit codes. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { submission } from '../../../src/cli/commands/submission.ts';

let folder: string;
let said: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toride-check-test-'));
  said = '';
  vi.spyOn(console, 'log').mockImplementation((text) => {
    said += `${text}\n`;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

function hand(name: string, script?: string): void {
  mkdirSync(join(folder, name));
  if (script !== undefined) writeFileSync(join(folder, name, 'run.sh'), script);
}

test('a course: labs and what was meant for one; the rest is not looked at', async () => {
  hand('read-only', 'true\n');
  hand('seccomp');
  hand('read-onyl', 'true\n');
  hand('notes');
  hand('.git');
  expect(await submission(['check', '--all', '--submission', folder, '--format', 'json'])).toBe(1);
  expect(JSON.parse(said)).toEqual({
    ok: false,
    labs: [
      { lab: 'read-only', problems: [] },
      { lab: 'read-onyl', problems: [{ path: '.', code: 'no-lab', message: 'no lab is called read-onyl' }] },
      {
        lab: 'seccomp',
        problems: [{ path: 'run.sh', code: 'missing', message: 'expected the script that is run, found nothing' }],
      },
    ],
  });
});

test('one lab, in words', async () => {
  hand('mine', 'echo "\n');
  expect(await submission(['check', 'seccomp', '--submission', join(folder, 'mine')])).toBe(1);
  expect(said).toMatch(/^✗ seccomp\n {4}run\.sh: bash cannot read it: line \d.*\[syntax\]\n$/);
  writeFileSync(join(folder, 'mine/run.sh'), 'echo\n');
  said = '';
  expect(await submission(['check', 'seccomp', '--submission', join(folder, 'mine')])).toBe(0);
  expect(said).toBe('✓ seccomp\n');
});

test.each([
  [['check'], /expected check LAB/],
  [['check', 'seccomp', '--all', '--submission', '/tmp'], /expected check LAB/],
  [['check', 'seccomp'], /--submission DIR is missing/],
  [['check', 'seccomp', '--submission', '/tmp', '--format', 'junit'], /--format: expected text or json, found junit/],
])('%j', async (args, message) => {
  await expect(submission(args)).rejects.toThrow(message);
});
