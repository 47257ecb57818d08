/** A sandbox without the pool, from the call to the learner's home being filled. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { podmanEnvironment } from '../../src/setup/podman.ts';
import { podmanRemove, podmanRun, state, withEngine } from './bench.ts';
import { closing } from './closing.ts';
import { type Measurement, measurement } from './report.ts';
import { summarise, time } from './statistics.ts';

const TIMES = 12;
const LIMIT_MS = 1000;

export const sandboxStart = (): Promise<Measurement[]> =>
  withEngine(async ({ engine, options }) => {
    const ours: number[] = [];
    const podmans: number[] = [];
    const cruns: number[] = [];
    const bundle = makeBundle();
    await closing(bundle.dispose, async () => {
      // In turn, so that what else the machine does falls on all alike; the first of each only warms caches.
      for (let round = 0; round <= TIMES; round++) {
        const began = performance.now();
        const sandbox = await engine.start(options);
        const start = performance.now() - began;
        await sandbox.stop();
        let id = '';
        const podman = await time(async () => {
          id = await podmanRun(options);
        });
        await podmanRemove(id);
        const crun = await time(bundle.run);
        await bundle.remove();
        if (round === 0) continue;
        ours.push(start);
        podmans.push(podman);
        cruns.push(crun);
      }
    });
    const toride = summarise(ours);
    const common = { unit: 'ms', toride, limit: LIMIT_MS } as const;
    return [
      measurement({
        ...common,
        name: 'sandboxStart',
        baseline: { name: 'podman run --detach, same image and store', ...summarise(podmans) },
      }),
      measurement({
        ...common,
        name: 'sandboxStartBesideCrun',
        baseline: { name: 'crun run --detach, /usr bound read-only', ...summarise(cruns) },
      }),
    ];
  });

/** The least that crun calls a container: own namespaces and ids, sleep from the host's /usr. */
function makeBundle() {
  const folder = mkdtempSync(join(tmpdir(), 'toride-bench-'));
  const rootfs = join(folder, 'rootfs');
  chmodSync(folder, 0o755);
  for (const name of ['', 'usr', 'proc', 'dev']) mkdirSync(join(rootfs, name), { recursive: true });
  for (const name of ['bin', 'lib', 'lib64']) symlinkSync(`usr/${name}`, join(rootfs, name));
  const ids = [{ containerID: 0, hostID: 1, size: 65_536 }];
  const config = {
    ociVersion: '1.0.2',
    root: { path: rootfs, readonly: true },
    process: {
      user: { uid: 0, gid: 0 },
      args: ['/usr/bin/sleep', 'infinity'],
      cwd: '/',
      env: ['PATH=/usr/bin'],
      noNewPrivileges: true,
    },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755', 'size=64k'] },
      { destination: '/usr', type: 'none', source: '/usr', options: ['rbind', 'ro'] },
    ],
    linux: {
      namespaces: ['user', 'pid', 'mount', 'ipc', 'uts', 'network'].map((type) => ({ type })),
      uidMappings: ids,
      gidMappings: ids,
    },
  };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  // No pipes: the container's sleep would hold them.
  const crun = async (...args: string[]) => {
    const words = [`--root=${join(folder, 'state')}`, '--cgroup-manager=disabled', ...args];
    const child = spawn('crun', words, {
      env: podmanEnvironment(state),
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`crun ${args.join(' ')} ended with ${code}`);
  };
  // No error where there is none.
  const remove = () => crun('delete', '--force', 'bench');
  return {
    run: () => crun('run', '--detach', 'bench'),
    remove,
    async dispose() {
      await remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
