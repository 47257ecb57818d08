/** What every engine must do. An engine's own test file calls this with a way to open one. */
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Engine, ExecResult, Sandbox } from '../../src/sandbox/engine.ts';
import { ADMINISTRATOR, type SandboxOptions, trialOptions } from '../../src/sandbox/options.ts';

export function engineConformance(name: string, open: () => Promise<Engine>, options: () => SandboxOptions): void {
  describe(`engine ${name}`, () => {
    let engine: Engine;
    let sandbox: Sandbox;
    const bash = (script: string, more: object = {}): Promise<ExecResult> =>
      sandbox.run({ command: ['/bin/bash', '-c', script], timeoutMs: 20_000, ...more });
    const status = () => readFileSync(`/proc/${sandbox.init.pid}/status`, 'utf8');

    beforeAll(async () => {
      engine = await open();
      sandbox = await engine.start(options());
    });
    afterAll(async () => {
      for (const left of await engine.list()) await left.stop();
      await engine.close();
    });

    test('starts a sandbox that is ready and knows its end', () => {
      expect(sandbox.state).toBe('ready');
      expect(sandbox.expiresAt.getTime() - Date.now()).toBeGreaterThan(60_000);
    });

    test('one made for a trial is nobody’s: it is not listed', async () => {
      const trial = await engine.start(trialOptions(options(), 60_000));
      try {
        expect(trial.state).toBe('ready');
        expect(trial.expiresAt.getTime() - Date.now()).toBeLessThanOrEqual(60_000);
        const listed = (await engine.list()).map(({ handle }) => handle.id);
        expect(listed).toContain(sandbox.handle.id);
        expect(listed).not.toContain(trial.handle.id);
        await engine.sweep();
        expect(trial.state).toBe('ready');
        const later = await open();
        await later.sweep().finally(() => later.close());
        expect(trial.state).toBe('done');
      } finally {
        await trial.stop();
      }
    });

    test('its processes hold no capability, have a filter, and are nobody on the host', () => {
      expect(status()).toMatch(/^CapPrm:\t0{16}$/m);
      expect(status()).toMatch(/^CapEff:\t0{16}$/m);
      expect(status()).toMatch(/^CapAmb:\t0{16}$/m);
      expect(status()).toMatch(/^CapBnd:\t00000000000000c0$/m);
      expect(status()).toMatch(/^Seccomp:\t2$/m);
      const uid = Number(/^Uid:\t(\d+)/m.exec(status())?.[1]);
      expect(uid).not.toBe(0);
      expect(uid).not.toBe(process.getuid?.());
    });

    test('what enters gets the same confinement', async () => {
      const { stdout } = await bash(
        'id -un; grep -E "^(Cap|Seccomp)" /proc/self/status; readlink /proc/self/ns/user /proc/1/ns/user; ulimit -u',
      );
      expect(stdout).toContain('learner\n');
      for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapAmb']) expect(stdout).toContain(`${set}:\t0000000000000000`);
      expect(stdout).toContain('CapBnd:\t00000000000000c0');
      expect(stdout).toContain('Seccomp_filters:\t1');
      const [mine, first] = stdout.match(/user:\[\d+\]/g) ?? [];
      expect(mine).toBe(first);
      expect(stdout).toMatch(new RegExp(`^${options().limits.processes}$`, 'm'));
    });

    test('root in it holds what it was given and nothing more, and cannot change the image', async () => {
      const held =
        'id -u; grep -E "^Cap" /proc/self/status; touch /usr/x 2>&1; ls /home/learner 2>&1; ls ~learner 2>&1';
      const plain = await bash(held, { as: 'root' });
      expect(plain.stdout).toContain('0\nCapInh');
      for (const set of ['Inh', 'Prm', 'Eff', 'Bnd', 'Amb'])
        expect(plain.stdout).toContain(`Cap${set}:\t${'0'.repeat(16)}`);
      expect(plain.stdout).toContain('Read-only file system');
      expect(plain.stdout).toContain("cannot open directory '/home/learner'");
      const administrator = await bash(
        'grep -E "^Cap(Eff|Bnd)" /proc/self/status; sysctl -w net.ipv4.ip_unprivileged_port_start=80; sysctl -w net.ipv4.ip_unprivileged_port_start=1024; mount -t tmpfs x /mnt 2>&1',
        ADMINISTRATOR,
      );
      expect(administrator.stdout).toContain('CapEff:\t0000000000001000\nCapBnd:\t0000000000001000');
      expect(administrator.stdout).toContain('net.ipv4.ip_unprivileged_port_start = 80\n');
      expect(administrator.stdout).toContain('mount: /mnt: permission denied');
    });

    test('there is no network and no way to write outside the bounded places', async () => {
      const { stdout } = await bash(
        'ls /sys/class/net; touch /usr/x /etc/x /x 2>&1; curl -sS -m 1 http://10.0.2.2/ 2>&1; findmnt -no SIZE /home/learner 2>/dev/null; df -B1 --output=size /home/learner | tail -1',
      );
      expect(stdout.split('\n')[0]).toBe('lo');
      expect(stdout.match(/Read-only file system/g)).toHaveLength(3);
      expect(Number(stdout.trim().split('\n').at(-1))).toBe(options().writable['/home/learner']);
    });

    test('calls outside the profile are refused', async () => {
      const { stdout } = await bash(
        'unshare -n true 2>&1 && echo unshared; dmesg 2>&1; strace -e trace=keyctl true 2>&1 | tail -1; ip link add x type dummy 2>&1',
      );
      expect(stdout).toMatch(/dmesg: .*not permitted/);
    });

    test('exit codes, standard error and time limits come through', async () => {
      expect(await bash('echo out; echo err >&2; exit 7')).toMatchObject({
        exitCode: 7,
        stdout: 'out\n',
        stderr: 'err\n',
        timedOut: false,
      });
      expect(await bash('cat', { input: Buffer.from('砦\n') })).toMatchObject({ stdout: '砦\n', exitCode: 0 });
      expect(await bash('sleep 30', { timeoutMs: 300 })).toMatchObject({ timedOut: true });
      const flood = await bash('head -c 1000000 /dev/zero | tr "\\0" x');
      expect(flood.stdout).toHaveLength(64 * 1024);
    });

    test('a pty shows a prompt, takes a size, and ends with its exit code', async () => {
      const pty = sandbox.openPty({ command: ['/bin/bash', '-l'], columns: 91, rows: 17 });
      let seen = '';
      pty.onData((data) => {
        seen += data.toString('utf8');
      });
      const exit = new Promise<number>((resolve) => pty.onExit(resolve));
      pty.write('stty size; echo 日本語\n');
      await expect.poll(() => seen, { timeout: 5000 }).toContain('17 91');
      await expect.poll(() => seen).toContain('\n日本語');
      pty.resize(120, 40);
      pty.write('stty size\n');
      await expect.poll(() => seen).toContain('40 120');
      pty.write('exit 5\n');
      expect(await exit).toBe(5);
    });

    test('rootless Podman works inside: run, publish, build, volume, read-only, exec, logs', async () => {
      const { stdout, stderr } = await bash(
        `
        podman run --rm busybox echo hello
        podman run -d --name web -p 8080:80 nginx >/dev/null
        for i in $(seq 50); do curl -sf localhost:8080/health && break; sleep 0.1; done
        podman exec web id -u
        podman inspect web --format '{{.State.Status}}'
        podman logs web 2>&1 | grep -q health && echo logged
        printf 'FROM busybox\\nRUN echo built > /built\\n' | podman build -q -t mine - >/dev/null && podman run --rm mine cat /built
        podman run --rm --read-only --tmpfs /tmp:noexec busybox sh -c 'touch /x; touch /tmp/x && echo tmp' 2>&1
        podman run --rm -v data:/data busybox touch /data/x && echo volume
        podman rm -f -t0 web >/dev/null`,
        { timeoutMs: 60_000 },
      );
      expect(stderr).toBe('');
      expect(stdout.split('\n')).toEqual([
        'hello',
        'ok',
        '0',
        'running',
        'logged',
        'built',
        'touch: /x: Read-only file system',
        'tmp',
        'volume',
        '',
      ]);
    });

    test('memory, CPU and processes are limited by cgroup, where this user has been given one', async ({ skip }) => {
      const { cgroup, limits } = options();
      if (!cgroup) return skip('no cgroup is delegated to this user; see npm run test:host');
      const path = /^0::(.*)$/m.exec(readFileSync(`/proc/${sandbox.init.pid}/cgroup`, 'utf8'))?.[1];
      const read = (file: string) => readFileSync(`/sys/fs/cgroup/${path}/${file}`, 'utf8').trim();
      expect(read('memory.max')).toBe(String(cgroup.memory));
      expect(read('pids.max')).toBe(String(limits.processes));
      expect(read('cpu.max')).toBe(`${Math.round(cgroup.cpus * 100_000)} 100000`);
      const { exitCode } = await bash('head -c 3G /dev/zero | tail', { timeoutMs: 60_000 });
      expect(exitCode, 'what takes more memory than there is ends').not.toBe(0);
      expect(read('memory.events')).toMatch(/^oom_kill [1-9]/m);
      expect(sandbox.state).toBe('ready');
    });

    test('another engine of the same instance finds it again and can enter it', async () => {
      const second = await open();
      try {
        const found = (await second.list()).find(({ handle }) => handle.id === sandbox.handle.id);
        expect(found?.init).toEqual(sandbox.init);
        expect(found?.expiresAt).toEqual(sandbox.expiresAt);
        expect((await found!.run({ command: ['/bin/echo', 'again'], timeoutMs: 5000 })).stdout).toBe('again\n');
      } finally {
        await second.close();
      }
    });

    test('two sandboxes share no ids and do not see each other', async () => {
      const other = await engine.start(options());
      try {
        const uid = (s: Sandbox) => readFileSync(`/proc/${s.init.pid}/uid_map`, 'utf8').trim().split(/\s+/).map(Number);
        const [, first, count] = uid(sandbox) as [number, number, number];
        const [, second] = uid(other) as [number, number, number];
        expect(Math.abs(first - second)).toBeGreaterThanOrEqual(count);
        const { stdout } = await other.run({
          command: ['/bin/sh', '-c', 'ls /proc | grep -c "^[0-9]"'],
          timeoutMs: 5000,
        });
        expect(Number(stdout)).toBeLessThan(8);
      } finally {
        await other.stop();
      }
    });

    test('a fork bomb stays inside and can be ended from outside', async () => {
      const bomb = await engine.start({ ...options(), limits: { ...options().limits, processes: 100 } });
      const pid = bomb.init.pid;
      await bomb.run({ command: ['/bin/bash', '-c', 'b() { b | b & }; b; sleep 1'], timeoutMs: 3000 });
      await bomb.stop();
      expect(bomb.state).toBe('done');
      expect(existsSync(`/proc/${pid}`)).toBe(false);
    });

    test('watch tells of a sandbox that ended by itself; sweep removes what is left of it', async () => {
      const short = await engine.start({ ...options(), lifetimeMs: 1500 });
      const ended: string[] = [];
      const unwatch = engine.watch(({ id }) => ended.push(id));
      try {
        await expect.poll(() => ended, { timeout: 5000 }).toContain(short.handle.id);
      } finally {
        unwatch();
      }
      await engine.sweep();
      expect((await engine.list()).map(({ handle }) => handle.id)).not.toContain(short.handle.id);
    });

    test('stop ends every process, twice is no error', async () => {
      const pid = sandbox.init.pid;
      await sandbox.run({
        command: ['/bin/bash', '-c', 'setsid sleep 1000 & podman run -d busybox sleep 1000'],
        timeoutMs: 20_000,
      });
      await sandbox.stop();
      await sandbox.stop();
      await sleep(50);
      expect(sandbox.state).toBe('done');
      expect(existsSync(`/proc/${pid}`)).toBe(false);
    });
  });
}
