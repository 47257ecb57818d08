/** The probe's system call tests, on processes with filters of known make. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { syscallSchema } from '../../src/inspector/snapshot.ts';
import { processStart } from '../../src/setup/keep.ts';
import { checkout, statePaths } from '../../src/setup/paths.ts';
import { stateFolder } from '../../src/setup/settings.ts';

const probe = statePaths(stateFolder()).probe;
let folder: string;
let filtered: string;
const running: ChildProcess[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'toride-probe-'));
  filtered = join(folder, 'filtered');
  execFileSync('gcc', ['-O1', '-pthread', '-o', filtered, join(checkout, 'containers', 'probe', 'test', 'filtered.c')]);
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts the program and waits until its filter is in force; `output` resolves when it ends. */
async function start(mode: string, wait = 'sleep') {
  const child = spawn(filtered, [mode, wait], { stdio: ['ignore', 'pipe', 'inherit'] });
  running.push(child);
  let text = '';
  child.stdout.on('data', (data) => {
    text += data;
  });
  const output = new Promise<string>((resolve) =>
    child.on('close', (code, signal) => resolve(`${text}${signal ?? code}`)),
  );
  await expect.poll(() => text, { interval: 2 }).toContain('ready');
  await sleep(20);
  return { pid: child.pid!, startTime: processStart(child.pid!)!, output };
}

function run(target: { pid: number; startTime: number }, calls: string, ...more: string[]): unknown {
  try {
    return JSON.parse(
      execFileSync(
        probe,
        ['syscalls', '--pid', String(target.pid), '--start-time', String(target.startTime), '--calls', calls, ...more],
        { encoding: 'utf8' },
      ),
    );
  } catch (error) {
    return JSON.parse((error as { stdout: string }).stdout);
  }
}
function observe(...args: Parameters<typeof run>) {
  const seen = run(...args);
  expect(seen).not.toHaveProperty('error');
  return syscallSchema.parse(seen);
}

describe('verdicts', () => {
  test.each([
    ['none', 'allowed', 'EFAULT'],
    ['errno=1', 'denied', 'EPERM'],
    ['errno=38', 'denied', 'ENOSYS'],
    ['log', 'allowed', 'EFAULT'],
    ['trap', 'denied', null],
    ['kill-thread', 'killed', null],
    ['kill-process', 'killed', null],
    ['notify', 'unclear', null],
  ])(
    'a filter of kind %s on mkdir is %s (%s); its neighbour is allowed; the process goes on',
    async (mode, verdict, errno) => {
      const target = await start(mode);
      const seen = observe(target, 'mkdir,rmdir,mkdir');
      expect(seen.results.mkdir).toMatchObject({ verdict, errno });
      expect(seen.results.rmdir).toMatchObject({ verdict: 'allowed', errno: 'EFAULT' });
      expect(seen.method).toBe('child');
      expect(await target.output).toBe('ready\nwait 0 errno 0 children none\n0');
    },
  );

  test('an allow list shows as one: nothing else is allowed', async () => {
    const target = await start('allow-list');
    const seen = observe(target, 'all');
    const allowed = Object.entries(seen.results)
      .filter(([, { verdict }]) => verdict === 'allowed')
      .map(([name]) => name);
    expect(allowed.sort()).toEqual(['clock_nanosleep', 'clone', 'fstat', 'read', 'rt_sigprocmask', 'wait4', 'write']);
    expect(seen.allowed).toBe(7);
    expect(await target.output).toBe('ready\nwait 0 errno 0 children none\n0');
  });

  test.each(['picky=1', 'picky=2'])(
    'a filter that denies what a prober may ask does not look tight (%s)',
    async (mode) => {
      const target = await start(mode);
      const seen = observe(
        target,
        'mount,unshare,chroot,ptrace,setns,open,process_vm_readv,memfd_create,name_to_handle_at',
      );
      expect(Object.values(seen.results).map(({ verdict }) => verdict)).toEqual(Array(9).fill('allowed'));
      expect(await target.output).toBe('ready\nwait 0 errno 0 children none\n0');
    },
  );

  test('without a filter nearly everything is allowed, in time and without a trace', async () => {
    const target = await start('none');
    const began = performance.now();
    const seen = observe(target, 'all');
    expect(performance.now() - began).toBeLessThan(400);
    expect(seen.probed).toBeGreaterThan(280);
    const refused = Object.entries(seen.results)
      .filter(([, { verdict, by }]) => verdict !== 'allowed' && !by)
      .map(([name]) => name);
    expect(refused.length, refused.join(' ')).toBeLessThan(12);
    expect(await target.output).toBe('ready\nwait 0 errno 0 children none\n0');
  });
});

describe('the process is left as it was', () => {
  // The kernel ends an epoll_wait with EINTR whenever its process is stopped: programs that use it expect that.
  test.each([
    ['sleep', 'wait 0 errno 0'],
    ['read', 'wait 1 errno 0'],
    ['spin', 'wait 0 errno 0'],
    ['epoll', 'wait -1 errno 4'],
  ])('while it waits by %s', async (wait, result) => {
    const target = await start('errno=1', wait);
    for (let i = 0; i < (wait === 'epoll' ? 1 : 3); i++) observe(target, 'all');
    const status = readFileSync(`/proc/${target.pid}/status`, 'utf8');
    expect(status).toMatch(/^TracerPid:\t0$/m);
    expect(await target.output).toBe(`ready\n${result} children none\n0`);
  });

  test('in place, where it may not have children', async () => {
    const target = await start('no-fork', 'read');
    const seen = observe(target, 'all');
    expect(seen.method).toBe('in-place');
    expect(seen.results.mkdir).toMatchObject({ verdict: 'denied' });
    expect(seen.results.rmdir).toMatchObject({ verdict: 'allowed' });
    expect(seen.results.eventfd2).toMatchObject({ verdict: 'allowed' });
    expect(seen.results.eventfd).toBeUndefined();
    expect(await target.output).toMatch(/^ready\nwait 1 errno 0 /);
  });

  test('with --child-only it is not touched in place', async () => {
    const target = await start('no-fork');
    expect(run(target, 'all', '--child-only')).toMatchObject({ error: { code: 'needs-child' } });
    expect(await target.output).toMatch(/^ready\nwait 0 errno 0 /);
  });

  test('a time limit lets go of it', async () => {
    const target = await start('notify');
    expect(run(target, Array(8).fill('mkdir').join(','), '--time-limit-ms', '250')).toMatchObject({
      error: { code: 'time-limit' },
    });
    expect(await target.output).toBe('ready\nwait 0 errno 0 children none\n0');
  });
});

describe('refusals', () => {
  test('a process that is traced already', async () => {
    const target = await start('none', 'spin');
    const tracer = spawn('python3', [
      '-c',
      `import ctypes,time;ctypes.CDLL(None).ptrace(0x4206,${target.pid},None,None);print(1,flush=True);time.sleep(5)`,
    ]);
    running.push(tracer);
    await new Promise((resolve) => tracer.stdout.once('data', resolve));
    expect(run(target, 'mkdir')).toMatchObject({ error: { code: 'already-traced' } });
  });

  test('a process that is stopped, and stays so', async () => {
    const target = await start('none', 'spin');
    process.kill(target.pid, 'SIGSTOP');
    await sleep(20);
    expect(run(target, 'mkdir')).toMatchObject({ error: { code: 'stopped' } });
    expect(readFileSync(`/proc/${target.pid}/status`, 'utf8')).toMatch(/^State:\tT/m);
  });

  test('another process with its number', async () => {
    const target = await start('none');
    expect(run({ ...target, startTime: target.startTime - 1 }, 'mkdir')).toMatchObject({ error: { code: 'vanished' } });
  });

  test('a call that cannot be tried harmlessly', () => {
    expect(() =>
      execFileSync(probe, ['syscalls', '--pid', '1', '--start-time', '1', '--calls', 'fork'], { stdio: 'pipe' }),
    ).toThrow(/'fork' is not a call that can be tried/);
  });
});
