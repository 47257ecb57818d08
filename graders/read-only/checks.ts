/** Lab read-only (8.5.1): what the serving processes can write to, read from their mountinfo. */

import { CannotVerify, check, type Grader } from '../../src/grading/check.ts';
import { describe, judged, serving } from '../../src/grading/observe/containers.ts';
import { describeMount, isPodmansOwn, isTmpfs, mountsOf, writable } from '../../src/grading/observe/mounts.ts';
import { keepsNotes, noteRequests } from '../../src/grading/observe/notes.ts';
import { pageFromContainer } from '../../src/grading/observe/service.ts';
import { verdict } from '../../src/grading/observe/verdict.ts';
import { rootMount } from '../../src/inspector/root-mount.ts';
import type { Facts, Mount, Process } from '../../src/inspector/snapshot.ts';

const data = '/data';
const answering = ['page', 'write', 'read'] as const;
const noExecOptions = ['noexec', 'nosuid', 'nodev'] as const;

type Seen = Facts<'processes' | 'requests'>;

/** Processes that see the same mounts are judged, and shown, once. */
function onePerMountTable(processes: readonly Process[]): Process[] {
  return [...new Map(processes.map((process) => [process.mountTable, process])).values()];
}

const from = (process: Process) => `/proc/PID/mountinfo of ${describe(process)}`;

/** Every writable mount that is not one of those Podman makes for any container. */
function writableMounts(facts: Seen, process: Process): Mount[] {
  return mountsOf(facts.processes, process).filter((mount) => writable(mount) && !isPodmansOwn(mount));
}

export default {
  lab: 'read-only',
  observe: ({ port }) => ({
    requests: { page: { port: Number(port) }, ...noteRequests(Number(port)) },
  }),
  checks: [
    check({
      id: 'service.answers',
      title: { en: 'Your page answers from a container', ja: '自分のページがコンテナから返ってくる' },
      rationale: {
        en: 'Hardening that breaks the service is switched off again. The page with your token marks the container that is judged.',
        ja: 'サービスを壊すような堅牢化は、すぐに外されてしまいます。トークンの入ったページを返すコンテナが採点の対象です。',
      },
      remediation: {
        en: 'Publish port 80 of the container at your port, and put your token into the page.',
        ja: 'コンテナの 80 番ポートを自分のポートに公開し、ページにトークンを入れてください。',
      },
      severity: 'medium',
      weight: 10,
      needs: ['processes', 'requests'],
      evaluate: (facts) => pageFromContainer(facts),
    }),
    check({
      id: 'rootfs.read-only',
      title: { en: 'The root file system is read-only', ja: 'ルートファイルシステムが読み取り専用' },
      rationale: {
        en: 'Whoever gets into the service cannot change its programs, its configuration or its page, and cannot leave anything there for the next start.',
        ja: 'サービスに侵入されても、プログラムも設定もページも書き換えられず、次の起動に向けて何かを残すこともできません。',
      },
      remediation: {
        en: 'Start the container with --read-only. Remove other containers that still listen without it.',
        ja: 'コンテナを --read-only で起動してください。付けずに待ち受けているほかのコンテナは削除してください。',
      },
      severity: 'high',
      weight: 35,
      needs: ['processes', 'requests'],
      dependsOn: ['service.answers'],
      references: ['CIS Docker 1.6 5.13', 'PSS readOnlyRootFilesystem', 'chapter 8.5.1'],
      evaluate: (facts) =>
        verdict(
          onePerMountTable(judged(facts, ...answering)).map((process) => {
            const mount = rootMount(facts.processes, process);
            if (!mount) throw new CannotVerify(`the root mount of ${process.name} could not be read`);
            const evidence = { source: from(process), expected: '/ ro', actual: describeMount(mount) };
            return [!writable(mount), evidence];
          }),
        ),
    }),
    check({
      id: 'tmpfs.no-exec',
      title: { en: 'Scratch space runs nothing', ja: '一時領域では何も実行できない' },
      rationale: {
        en: 'What stays writable is where an attacker puts a tool. noexec, nosuid and nodev keep it from being started, from raising privileges and from being a device.',
        ja: '書き込める場所は、攻撃者が道具を置く場所になります。noexec・nosuid・nodev を付ければ、実行も権限昇格もデバイスとしての利用もできません。',
      },
      remediation: {
        en: 'Give --tmpfs the options noexec,nosuid,nodev, and add --read-only-tmpfs=false: without it Podman adds /run, /tmp and /var/tmp of its own, without noexec, and leaves /dev writable.',
        ja: '--tmpfs に noexec,nosuid,nodev を付け、--read-only-tmpfs=false を加えてください。これがないと Podman は noexec のない /run・/tmp・/var/tmp を自動で追加し、/dev も書き込み可能のままにします。',
      },
      severity: 'medium',
      weight: 20,
      needs: ['processes', 'requests'],
      dependsOn: ['rootfs.read-only'],
      references: ['chapter 8.5.1'],
      evaluate: (facts) =>
        verdict(
          onePerMountTable(judged(facts, ...answering)).flatMap((process) => {
            const mounts = writableMounts(facts, process).filter((mount) => isTmpfs(mount));
            const expected = noExecOptions.join(',');
            if (mounts.length === 0) {
              return [[true, { source: from(process), expected, actual: 'no writable tmpfs' }] as const];
            }
            return mounts.map((mount) => {
              const hard = noExecOptions.every((option) => mount.options.includes(option));
              return [hard, { source: from(process), expected, actual: describeMount(mount) }] as const;
            });
          }),
        ),
    }),
    check({
      id: 'volume.data',
      title: { en: 'The notes are on a volume', ja: 'ノートがボリュームに保存される' },
      rationale: {
        en: 'Data that must outlive the container belongs on a volume, so that the container itself can be thrown away.',
        ja: 'コンテナより長く残すデータをボリュームに置けば、コンテナ自体はいつでも捨てられます。',
      },
      remediation: {
        en: 'Mount one volume, writable, at /data.',
        ja: 'ボリュームを 1 つ、書き込み可能で /data にマウントしてください。',
      },
      severity: 'medium',
      weight: 10,
      needs: ['processes', 'requests'],
      dependsOn: ['service.answers'],
      references: ['chapter 8.5.1'],
      evaluate: (facts) =>
        verdict(
          onePerMountTable(serving(facts, 'page', 'write')).map((process) => {
            const mounts = mountsOf(facts.processes, process).filter(({ mountPoint }) => mountPoint === data);
            const good = mounts.some((mount) => writable(mount) && !isTmpfs(mount));
            const actual = mounts.map(describeMount).join('; ') || `nothing mounted at ${data}`;
            return [good, { source: from(process), expected: `${data} rw, no tmpfs`, actual }];
          }),
        ),
    }),
    check({
      id: 'mounts.nothing-else',
      title: { en: 'Nothing else can be written', ja: 'ほかには何も書き込めない' },
      rationale: {
        en: 'Every further writable mount is one more place to change the service or to hide in.',
        ja: '書き込めるマウントが増えるほど、サービスの改変や潜伏に使える場所が増えます。',
      },
      remediation: {
        en: 'Mount what the service only reads with :ro. Leave writable: tmpfs for scratch, the volume at /data.',
        ja: '読むだけのものは :ro でマウントし、書き込み可能なのは一時領域の tmpfs と /data のボリュームだけにしてください。',
      },
      severity: 'high',
      weight: 15,
      needs: ['processes', 'requests'],
      dependsOn: ['rootfs.read-only'],
      references: ['CIS Docker 1.6 5.6'],
      evaluate: (facts) =>
        verdict(
          onePerMountTable(judged(facts, ...answering)).map((process) => {
            const others = writableMounts(facts, process).filter(
              (mount) => mount.mountPoint !== '/' && !isTmpfs(mount) && mount.mountPoint !== data,
            );
            const actual = others.map(describeMount).join('; ') || `nothing but tmpfs and ${data}`;
            return [others.length === 0, { source: from(process), expected: `only tmpfs and ${data} rw`, actual }];
          }),
        ),
    }),
    check({
      id: 'service.writes',
      title: { en: 'The service still keeps notes', ja: 'サービスがノートを保存できる' },
      rationale: {
        en: 'Read-only is right when the service can still do its work. This one stores what is sent to it.',
        ja: '読み取り専用にしても本来の仕事ができてこそ正解です。このサービスは送られた内容を保存します。',
      },
      remediation: {
        en: 'Try it: curl -T note.txt http://localhost:PORT/notes/note.txt. The logs name the folder that could not be written: scratch space in /var/cache/nginx, notes in /data, both for the user nginx.',
        ja: 'curl -T note.txt http://localhost:PORT/notes/note.txt で試してください。書けなかった場所はログに出ます。一時領域は /var/cache/nginx、ノートは /data で、どちらもユーザー nginx が使います。',
      },
      severity: 'medium',
      weight: 10,
      needs: ['processes', 'requests'],
      dependsOn: ['service.answers'],
      evaluate: keepsNotes,
    }),
  ],
} satisfies Grader;
