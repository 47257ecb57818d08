/** Section 4: what they can reach. */
import { CannotVerify, type Check } from '../../src/grading/check.ts';
import { describe } from '../../src/grading/observe/containers.ts';
import { sandboxInit } from '../../src/grading/observe/first-process.ts';
import { describeMount, isPodmansOwn, isTmpfs, mountsOf, writable } from '../../src/grading/observe/mounts.ts';
import { verdict } from '../../src/grading/observe/verdict.ts';
import { forwards } from '../../src/inspector/forwarders.ts';
import { rootMount } from '../../src/inspector/root-mount.ts';

import { drawn, ofEach, secretFile, section } from './sections.ts';

const data = '/data';
const most = { nproc: 128, nofile: 4096 } as const;
const kinds = ['pid', 'net', 'ipc', 'uts', 'mnt'] as const;
const hardTmpfs = ['noexec', 'nosuid', 'nodev'] as const;

export const surroundings: readonly Check[] = [
  section({
    id: 'rootfs.read-only',
    title: { en: 'The root file system is read-only', ja: 'ルートファイルシステムが読み取り専用' },
    rationale: {
      en: 'Nothing of the application can be changed, and nothing left for the next start.',
      ja: 'アプリケーションを書き換えることも、次の起動に向けて何かを残すこともできません。',
    },
    remediation: { en: '--read-only', ja: '--read-only を付けてください。' },
    severity: 'high',
    weight: 8,
    needs: ['processes', 'requests'],
    references: ['CIS Docker 1.6 5.13', 'chapter 8.5.1'],
    evaluate: (facts) =>
      ofEach(facts, (process) => {
        const mount = rootMount(facts.processes, process);
        if (!mount) throw new CannotVerify(`the root mount of ${process.name} could not be read`);
        return [
          !writable(mount),
          { source: `/proc/PID/mountinfo of ${describe(process)}`, expected: '/ ro', actual: describeMount(mount) },
        ];
      }),
  }),
  section({
    id: 'mounts.only-data',
    title: { en: 'Only /data can be written, and it lasts', ja: '書き込めるのは /data だけで、それは残る' },
    rationale: {
      en: 'Every further door is one more way in or out. Your lab folder in the container was one.',
      ja: '開いた扉が増えるほど、出入りの道が増えます。コンテナに渡していた自分のフォルダーもその 1 つです。',
    },
    remediation: {
      en: 'One volume at /data; --read-only-tmpfs=false; a tmpfs only with noexec,nosuid,nodev; no folder of yours.',
      ja: '/data にボリューム 1 つ、--read-only-tmpfs=false、tmpfs を使うなら noexec,nosuid,nodev を付け、自分のフォルダーは渡さないでください。',
    },
    severity: 'high',
    weight: 7,
    needs: ['processes', 'requests'],
    references: ['CIS Docker 1.6 5.6', 'chapter 8.5.1'],
    evaluate: (facts) =>
      ofEach(facts, (process) => {
        const mounts = mountsOf(facts.processes, process);
        const open = mounts.filter((mount) => mount.mountPoint !== '/' && writable(mount) && !isPodmansOwn(mount));
        const wrong = open.filter(
          (mount) =>
            mount.mountPoint !== data &&
            !(isTmpfs(mount) && hardTmpfs.every((option) => mount.options.includes(option))) &&
            !isSecret(mount.mountPoint),
        );
        const lasting = open.some((mount) => mount.mountPoint === data && !isTmpfs(mount));
        const foreign = mounts.filter(({ mountPoint }) => mountPoint === '/lab' || mountPoint.startsWith('/lab/'));
        const actual =
          [...wrong, ...foreign].map(describeMount).join('; ') || (lasting ? 'so it is' : `no volume at ${data}`);
        return [
          wrong.length === 0 && foreign.length === 0 && lasting,
          {
            source: `/proc/PID/mountinfo of ${describe(process)}`,
            expected: `${data} rw on a volume, no other place to write`,
            actual,
          },
        ];
      }),
  }),
  section({
    id: 'namespaces.apart',
    title: { en: 'It shares no namespace with its host', ja: 'ホストと名前空間を共有していない' },
    rationale: {
      en: 'A namespace that is shared with the outside is a wall that is not there.',
      ja: '外と共有された名前空間は、存在しない壁と同じです。',
    },
    remediation: {
      en: 'No --ipc=host, --uts=host or --network=host.',
      ja: '--ipc=host・--uts=host・--network=host を外してください。',
    },
    severity: 'high',
    weight: 5,
    needs: ['processes', 'requests'],
    references: ['CIS Docker 1.6 5.10, 5.16, 5.17, 5.21', 'chapter 8.1.1'],
    evaluate: (facts) => {
      const outer = sandboxInit(facts.processes).namespaces;
      return ofEach(facts, (process) => {
        const shared = kinds.filter((kind) => process.namespaces[kind] === outer[kind]);
        if (kinds.some((kind) => process.namespaces[kind] === null))
          throw new CannotVerify(`the namespaces of ${describe(process)} could not be read`);
        return [
          shared.length === 0,
          {
            source: `/proc/PID/ns of ${describe(process)}`,
            expected: `${kinds.join(', ')} apart from the sandbox’s`,
            actual: shared.length > 0 ? `shared: ${shared.join(', ')}` : 'all apart',
          },
        ];
      });
    },
  }),
  section({
    id: 'limits.set',
    title: { en: 'It cannot use up the machine', ja: 'マシンの資源を使い切れない' },
    rationale: {
      en: 'A fork bomb or a leak of files in one container must not stop the others. These limits hold without cgroups, too.',
      ja: '1 つのコンテナのフォーク爆弾やファイルの開きすぎで、ほかまで止めてはいけません。この上限は cgroup がなくても効きます。',
    },
    remediation: {
      en: '--ulimit nproc=64:64 --ulimit nofile=1024:1024, for example.',
      ja: '例: --ulimit nproc=64:64 --ulimit nofile=1024:1024',
    },
    severity: 'medium',
    weight: 5,
    needs: ['processes', 'requests'],
    references: ['CIS Docker 1.6 5.18, 5.29', 'chapter 8.1.2'],
    evaluate: (facts) =>
      ofEach(facts, (process) => {
        const hard = { nproc: process.limits.nproc?.[1], nofile: process.limits.nofile?.[1] };
        if (hard.nproc === undefined || hard.nofile === undefined)
          throw new CannotVerify(`the limits of ${describe(process)} could not be read`);
        const set = (value: number | null | undefined, highest: number) =>
          typeof value === 'number' && value <= highest;
        return [
          set(hard.nproc, most.nproc) && set(hard.nofile, most.nofile),
          {
            source: `/proc/PID/limits of ${describe(process)}`,
            expected: `hard limits: nproc ≤ ${most.nproc}, nofile ≤ ${most.nofile}`,
            actual: `nproc ${hard.nproc ?? 'unlimited'}, nofile ${hard.nofile ?? 'unlimited'}`,
          },
        ];
      }),
  }),
  section({
    id: 'port.local',
    title: { en: 'Its port is open to this machine only', ja: 'ポートがこのマシンにだけ開いている' },
    rationale: {
      en: 'A reverse proxy on the same machine stands in front. -p PORT opens every address of it to whoever can reach one.',
      ja: '前段には同じマシンのリバースプロキシーが立ちます。-p にポートだけを書くと、すべてのアドレスが誰にでも開かれます。',
    },
    remediation: {
      en: '-p "127.0.0.1:$TORIDE_PORT:8080"',
      ja: '-p "127.0.0.1:$TORIDE_PORT:8080" とアドレスを指定してください。',
    },
    severity: 'medium',
    weight: 5,
    needs: ['processes', 'requests'],
    references: ['CIS Docker 1.6 5.14', 'chapter 8.2.2'],
    evaluate: (facts) => {
      const port = Number(drawn(facts, 'port'));
      const outer = sandboxInit(facts.processes).namespaces.net;
      const here = facts.processes.netTables.filter(({ netns }) => netns === outer).flatMap(({ sockets }) => sockets);
      const open = here.filter(({ state, localPort }) => state === 'LISTEN' && localPort === port);
      // Whatever else a forwarder of the learner's opens to the outside is judged as well.
      const held = new Set(
        facts.processes.processes.filter((one) => forwards(facts.processes, one)).flatMap(({ sockets }) => sockets),
      );
      const also = here.filter(
        (socket) => socket.state === 'LISTEN' && held.has(socket.inode) && !open.includes(socket),
      );
      return verdict(
        [...open, ...also].map(({ localAddress, localPort }) => [
          localAddress === '127.0.0.1' || localAddress === '::1',
          {
            source: `listening socket at port ${localPort}`,
            expected: 'address 127.0.0.1',
            actual: `address ${localAddress ?? 'unknown'}`,
          },
        ]),
      );
    },
  }),
];

/** Podman mounts each secret as a file of its own, in memory. */
function isSecret(mountPoint: string): boolean {
  return mountPoint === '/run/secrets' || mountPoint === secretFile;
}
