/** Containers of `unshare`'s making with an actor in them (containers/probe/test), and the probe that looks at them. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type ProcessTable, processTableSchema } from '../../src/inspector/snapshot.ts';

const source = join(import.meta.dirname, '../../containers/probe');
export const actors = join(source, 'test/actors.py');
/** Python itself, not what starts it: names and command lines are looked at. */
export const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
const containerFlags = ['--user', '--map-root-user', '--pid', '--fork', '--kill-child', '--mount-proc', '--net'];

export let folder: string;
let probe: string;
export const running: ChildProcess[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'toride-probe-'));
  execFileSync('make', ['-s', '-C', source, `OUT=${folder}`]);
  probe = join(folder, 'toride-probe');
});
afterEach(async () => {
  await Promise.all(
    running.splice(0).map((child) => {
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      return ended;
    }),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a container whose init runs the command; resolves when that says "ready", with what else it says. */
export async function container(command: string[], flags: readonly string[] = containerFlags) {
  const child = spawn('unshare', [...flags, ...command], { stdio: ['pipe', 'pipe', 'inherit'] });
  running.push(child);
  let text = '';
  for await (const data of child.stdout.iterator({ destroyOnReturn: false })) {
    text += data;
    if (text.includes('\n')) break;
  }
  expect(text).toMatch(/^ready/);
  const init = Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8'));
  return { init, said: text.trim().split(' ').slice(1) };
}
export const actor = (name: string, ...args: string[]) => container([python, actors, name, ...args]);

/** Runs the probe; the object it printed, and how it ended. */
export function run(...args: string[]) {
  const result = spawnSync(probe, args, { timeout: 10_000, maxBuffer: 1 << 26 });
  expect(result.signal).toBeNull();
  const text = new TextDecoder('utf-8', { fatal: true }).decode(result.stdout);
  return { status: result.status, output: text === '' ? null : JSON.parse(text), stderr: result.stderr.toString() };
}
export function observe(command: string, init: number, ...args: string[]) {
  const { status, output } = run(command, '--init', String(init), ...args);
  expect(output).not.toHaveProperty('error');
  expect(status).toBe(0);
  return output;
}
export function errorOf(command: string, init: number, ...args: string[]) {
  const { status, output } = run(command, '--init', String(init), ...args);
  expect(status).toBe(1);
  expect(Object.keys(output)).toEqual(['error']);
  return output.error as { code: string; message: string };
}
export const snapshot = (init: number): ProcessTable => processTableSchema.strict().parse(observe('snapshot', init));
export const named = (table: ProcessTable, name: string) => table.processes.find((process) => process.name === name)!;
/** The process with this pid in the container's own pid namespace. */
export const inside = (table: ProcessTable, pid: string) =>
  table.processes.find((process) => String(process.nsPids.at(-1 - process.pidNsDepth)) === pid)!;

export function probesLeft() {
  return readdirSync('/proc').filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/exe`) === probe;
    } catch {
      return false;
    }
  });
}
