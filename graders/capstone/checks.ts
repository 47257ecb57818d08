/** Lab capstone: all that the course teaches, at once, on one application. A task is a section of the score. */

import { CannotVerify, type Check, check, type Evidence, type Grader, type Verdict } from '../../src/grading/check.ts';
import { allowedCalls, probed } from '../../src/grading/observe/calls.ts';
import { capabilityNames } from '../../src/grading/observe/capabilities.ts';
import { describe, judged, listening, serving } from '../../src/grading/observe/containers.ts';
import { textOf } from '../../src/grading/observe/files.ts';
import { sandboxInit } from '../../src/grading/observe/first-process.ts';
import { inside } from '../../src/grading/observe/id-maps.ts';
import { imageConfig, isTool, leaks, places, servingImage, setsId } from '../../src/grading/observe/image.ts';
import { describeMount, isPodmansOwn, isTmpfs, mountsOf, writable } from '../../src/grading/observe/mounts.ts';
import { keepsNotes, noteRequests } from '../../src/grading/observe/notes.ts';
import { bodyOf, pageFromContainer, summary } from '../../src/grading/observe/service.ts';
import { verdict } from '../../src/grading/observe/verdict.ts';
import { forwards } from '../../src/inspector/forwarders.ts';
import { rootMount } from '../../src/inspector/root-mount.ts';
import type { Facts, Process } from '../../src/inspector/snapshot.ts';
import { fingerprint } from './fingerprint.ts';

const answering = ['page', 'write', 'read'] as const;
const secretFile = '/run/secrets/db_password';
const data = '/data';
/** The postbox uses some twenty; crun a few more before it starts. */
const mostCalls = 60;
const mostBytes = 3 * 1024 * 1024;
const most = { nproc: 128, nofile: 4096 } as const;
const kinds = ['pid', 'net', 'ipc', 'uts', 'mnt'] as const;
const hardTmpfs = ['noexec', 'nosuid', 'nodev'] as const;

type Seen = Facts<'processes' | 'requests'>;

const status = (process: Process) => `/proc/PID/status of ${describe(process)}`;

/** The same statement about every process that is held to account. */
const ofEach = (facts: Seen, state: (process: Process) => [boolean, Evidence]): Verdict =>
  verdict(judged(facts, ...answering).map(state));

function drawn({ parameters }: Facts<never>, name: string): string {
  const value = parameters[name];
  if (!value) throw new CannotVerify(`no ${name} in the snapshot`);
  return value;
}

/** Everything but the first check waits for the page. */
const section = (definition: Omit<Check, 'dependsOn'>): Check =>
  check({ ...definition, dependsOn: ['service.answers'], references: definition.references ?? ['chapter 8'] });

export default {
  lab: 'capstone',
  observe: ({ port, dbPassword }) => ({
    requests: {
      page: { port: Number(port) },
      ...noteRequests(Number(port)),
      status: { port: Number(port), path: '/status' },
    },
    containerFiles: { servedBy: 'page', paths: [secretFile] },
    servingImage: { servedBy: 'page', find: dbPassword ? [dbPassword] : [] },
    syscalls: { servedBy: 'page', calls: 'all' },
  }),
  checks: [
    check({
      id: 'service.answers',
      title: { en: 'Your page answers from a container', ja: '自分のページがコンテナから返ってくる' },
      rationale: {
        en: 'Security that stops the service is switched off again. The page with your token marks the container that is judged.',
        ja: 'サービスを止めてしまう対策は、すぐに外されます。トークンの入ったページを返すコンテナが採点の対象です。',
      },
      remediation: {
        en: 'Put your token into page.html and publish port 8080 of the container at your port. podman logs tells what failed.',
        ja: 'page.html にトークンを書き、コンテナの 8080 番ポートを自分のポートに公開してください。失敗の原因は podman logs に出ます。',
      },
      severity: 'medium',
      weight: 5,
      needs: ['processes', 'requests'],
      evaluate: (facts) => pageFromContainer(facts),
    }),
    section({
      id: 'service.writes',
      title: { en: 'It keeps notes', ja: 'ノートを保存できる' },
      rationale: {
        en: 'Closed down is right when the application can still do what it is for.',
        ja: '閉じた後も、アプリケーションが本来の仕事をできてこそ正解です。',
      },
      remediation: {
        en: 'Try it: ~/lab/use.sh. The application’s user must be able to write in /data.',
        ja: '~/lab/use.sh で試してください。アプリケーションのユーザーが /data に書き込める必要があります。',
      },
      severity: 'medium',
      weight: 5,
      needs: ['requests'],
      evaluate: keepsNotes,
    }),
    section({
      id: 'image.user',
      title: {
        en: 'It runs as the user you were given, and the image says so',
        ja: '指定のユーザーで動き、イメージにもそう書かれている',
      },
      rationale: {
        en: 'What an intruder may do begins with who the application is.',
        ja: '侵入者に何ができるかは、アプリケーションが誰として動いているかで決まります。',
      },
      remediation: {
        en: 'USER with your $TORIDE_APP_UID for user and group in the last stage, and no --user at the start.',
        ja: '最後のステージの USER に、ユーザーとグループの両方を $TORIDE_APP_UID で書いてください。起動時の --user は要りません。',
      },
      severity: 'high',
      weight: 7,
      needs: ['processes', 'requests', 'servingImage'],
      references: ['CIS Docker 1.6 4.1', 'chapter 8.7.1'],
      evaluate: (facts) => {
        const uid = Number(drawn(facts, 'appUid'));
        const config = imageConfig(servingImage(facts));
        const named: [boolean, Evidence] =
          'absent' in config
            ? [false, config.absent]
            : [
                config.user.split(':')[0] === String(uid),
                {
                  source: `image ${config.id.slice(0, 12)}`,
                  expected: `User ${uid}`,
                  actual: config.user || 'no User',
                },
              ];
        const running = serving(facts, 'page').map((process): [boolean, Evidence] => {
          const users = process.uid.map((id) => inside(process.uidMap, id));
          const groups = [...process.gid, ...process.groups].map((id) => inside(process.gidMap, id));
          return [
            users.every((id) => id === uid) && !groups.includes(0),
            {
              source: status(process),
              expected: `user ${uid}, no group 0`,
              actual: `user ${[...new Set(users)].join(', ')}, groups ${[...new Set(groups)].join(', ')}`,
            },
          ];
        });
        return verdict([named, ...running]);
      },
    }),
    section({
      id: 'image.lean',
      title: { en: 'It ships the application and nothing else', ja: 'アプリケーションだけを載せている' },
      rationale: {
        en: 'A shell, a compiler, a rescue tool: all of it works for an intruder as well. Every layer counts.',
        ja: 'シェルもコンパイラーも復旧用ツールも、侵入者の役に立ちます。すべての層が対象です。',
      },
      remediation: {
        en: 'Two stages; FROM scratch and COPY --from=build of program, page and data folder. Remove other containers that listen.',
        ja: '2 ステージにし、FROM scratch にプログラム・ページ・データ用フォルダーだけを COPY --from=build してください。待ち受けているほかのコンテナは削除します。',
      },
      severity: 'high',
      weight: 10,
      needs: ['processes', 'requests', 'servingImage'],
      references: ['NIST SP 800-190 4.1.2', 'chapter 8.7.1'],
      evaluate: (facts) => {
        const seen = servingImage(facts);
        const here = serving(facts, 'page');
        const own = new Set(here.flatMap(({ exe }) => exe ?? []));
        const bytes = seen.layers.reduce((sum, tree) => sum + tree.bytes, 0);
        const shipped = [...own].every((path) =>
          seen.layers.some(({ programs }) => programs.some((program) => program.path === path)),
        );
        const others = listening(facts).filter((process) => !here.includes(process));
        return verdict([
          ...places(seen).map(({ name, tree }): [boolean, Evidence] => {
            const tools = tree.programs.filter((program) => isTool(program) && !own.has(program.path));
            const actual = tools.slice(0, 5).map(({ path }) => path);
            return [
              tools.length === 0,
              { source: name, expected: `no program but ${[...own].join(', ')}`, actual: actual.join(', ') || 'none' },
            ];
          }),
          [
            shipped && bytes <= mostBytes,
            {
              source: 'all layers together',
              expected: `the application, at most ${mostBytes} bytes`,
              actual: `${shipped ? '' : 'without the application, '}${bytes} bytes`,
            },
          ],
          ...others.map((process): [boolean, Evidence] => [
            false,
            { source: describe(process), expected: 'no other container that listens', actual: 'it listens' },
          ]),
        ]);
      },
    }),
    section({
      id: 'files.no-set-id',
      title: { en: 'No file raises privileges', ja: '権限を高めるファイルがない' },
      rationale: {
        en: 'One set-user-ID program makes the ordinary user root again.',
        ja: 'setuid のプログラムが 1 つあれば、一般ユーザーが root に戻れます。',
      },
      remediation: {
        en: 'Leave rescue out, and every other file with an s in its mode.',
        ja: 'rescue のように、モードに s が付いたファイルを載せないでください。',
      },
      severity: 'high',
      weight: 5,
      needs: ['servingImage'],
      references: ['CIS Docker 1.6 4.8', 'chapter 8.7.1'],
      evaluate: (facts) =>
        verdict(
          places(servingImage(facts)).map(({ name, tree }) => {
            const raising = tree.programs.filter((program) => setsId(program) || program.capabilities);
            const actual = raising.slice(0, 5).map(({ path, mode }) => `${path} ${mode}`);
            return [
              raising.length === 0,
              { source: name, expected: 'no set-id bit, no file capability', actual: actual.join(', ') || 'none' },
            ];
          }),
        ),
    }),
    section({
      id: 'secret.file',
      title: { en: 'It reads its password from a file of its own', ja: 'パスワードを専用のファイルから読む' },
      rationale: {
        en: 'A file has an owner and a mode, and no child process inherits it.',
        ja: 'ファイルには所有者とモードがあり、子プロセスに引き継がれません。',
      },
      remediation: {
        en: 'podman secret create db_password, then --secret db_password,uid=…,gid=…,mode=0400.',
        ja: 'podman secret create で db_password を作り、--secret db_password,uid=…,gid=…,mode=0400 を付けてください。',
      },
      severity: 'high',
      weight: 7,
      needs: ['processes', 'requests', 'containerFiles'],
      references: ['NIST SP 800-190 4.1.4', 'chapter 8.7.1'],
      evaluate: (facts) => {
        const password = drawn(facts, 'dbPassword');
        const content = textOf(facts.containerFiles, secretFile);
        const file = facts.containerFiles[secretFile];
        const answer = facts.requests.status;
        if (!answer) throw new CannotVerify('the request status was not made');
        const right = 'text' in content && content.text.replace(/\n$/, '') === password;
        const used = bodyOf(answer).includes(`database ${fingerprint(password)}`);
        const statements: [boolean, Evidence][] = [
          [
            right,
            {
              source: `${secretFile} in the container`,
              expected: 'your dbPassword',
              actual: 'absent' in content ? content.absent : right ? 'it holds it' : 'something else',
            },
          ],
          [used, { source: 'GET /status', expected: 'the fingerprint of your dbPassword', actual: summary(answer) }],
        ];
        if (file && 'mode' in file)
          for (const process of serving(facts, 'page'))
            statements.push([
              (Number.parseInt(file.mode, 8) & 0o077) === 0 && process.uid[1] === file.uid,
              {
                source: `${secretFile} in the container`,
                expected: `0400, owned by the user of ${describe(process)}`,
                actual: `${file.mode}, owner ${inside(process.uidMap, file.uid) ?? '?'}`,
              },
            ]);
        return verdict(statements);
      },
    }),
    section({
      id: 'secret.no-trace',
      title: { en: 'The password is nowhere else', ja: 'パスワードがほかのどこにもない' },
      rationale: {
        en: 'Layers, history, configuration, environment and command lines are read by many.',
        ja: '層・履歴・設定・環境変数・コマンドラインは、多くの人の目に触れます。',
      },
      remediation: {
        en: 'No ARG and no ENV with it, no -e. Build anew and make the container anew.',
        ja: 'ARG・ENV・-e で渡すのをやめ、イメージもコンテナも作り直してください。',
      },
      severity: 'critical',
      weight: 8,
      needs: ['servingImage'],
      references: ['CIS Docker 1.6 4.10', 'chapter 8.7.1'],
      evaluate: (facts) => {
        const seen = servingImage(facts);
        const config = imageConfig(seen);
        if ('absent' in config) return verdict([[false, config.absent]]);
        const found = leaks(seen, 0);
        const source = 'search for your dbPassword';
        if (found.length === 0)
          return verdict([[true, { source, expected: 'found nowhere', actual: 'found nowhere' }]]);
        return verdict(found.map((place) => [false, { source, expected: 'found nowhere', actual: place }]));
      },
    }),
    section({
      id: 'capabilities.none',
      title: { en: 'No capability at all', ja: 'ケイパビリティを 1 つも持たない' },
      rationale: {
        en: 'An ordinary user on port 8080 needs none, and what is not in the bounding set never comes back.',
        ja: '8080 番で待ち受ける一般ユーザーには 1 つも要りません。バウンディングセットにないものは、二度と戻りません。',
      },
      remediation: {
        en: '--cap-drop=ALL, and no --cap-add.',
        ja: '--cap-drop=ALL を付け、--cap-add は使わないでください。',
      },
      severity: 'high',
      weight: 8,
      needs: ['processes', 'requests'],
      references: ['CIS Docker 1.6 5.4', 'PSS restricted', 'chapter 8.3.1'],
      evaluate: (facts) =>
        ofEach(facts, (process) => {
          const { capBnd, capEff, capPrm, capInh, capAmb } = process;
          const names = [...new Set([capBnd, capEff, capPrm, capInh, capAmb].flatMap(capabilityNames))];
          return [
            names.length === 0 && process.threadsUniform,
            { source: status(process), expected: 'no set holds any', actual: names.join(', ') || 'none' },
          ];
        }),
    }),
    section({
      id: 'privileges.none-new',
      title: { en: 'No new privileges', ja: '新しい権限を得られない' },
      rationale: {
        en: 'Then no set-user-ID program and no file capability raises anything, whatever the image holds.',
        ja: 'イメージに何が入っていても、setuid やファイルケイパビリティで権限が増えなくなります。',
      },
      remediation: {
        en: '--security-opt no-new-privileges',
        ja: '--security-opt no-new-privileges を付けてください。',
      },
      severity: 'high',
      weight: 5,
      needs: ['processes', 'requests'],
      references: ['CIS Docker 1.6 5.25', 'chapter 8.5.2'],
      evaluate: (facts) =>
        ofEach(facts, (process) => [
          process.noNewPrivs === 1 && process.threadsUniform,
          { source: status(process), expected: 'NoNewPrivs 1', actual: `NoNewPrivs ${process.noNewPrivs}` },
        ]),
    }),
    section({
      id: 'seccomp.small',
      title: { en: 'A filter of its own, and a small one', ja: '専用の小さな seccomp フィルターが効いている' },
      rationale: {
        en: 'Podman’s default lets some 280 calls through; the postbox uses about twenty.',
        ja: 'Podman の既定では約 280 個の呼び出しが通りますが、postbox が使うのは 20 個ほどです。',
      },
      remediation: {
        en: 'An allow list that denies by default, --security-opt seccomp=FILE, and no other container that listens.',
        ja: '既定で拒否する許可リストを作り、--security-opt seccomp=ファイル で起動してください。待ち受けているほかのコンテナは削除します。',
      },
      severity: 'high',
      weight: 10,
      needs: ['processes', 'requests', 'syscalls'],
      references: ['CIS Docker 1.6 5.22', 'chapter 8.3.2'],
      evaluate: (facts) => {
        const filtered = judged(facts, ...answering).map((process): [boolean, Evidence] => [
          process.seccomp === 2 && process.seccompFilters > facts.sandbox.seccompFilters && process.threadsUniform,
          {
            source: status(process),
            expected: `Seccomp 2, more than ${facts.sandbox.seccompFilters} filter`,
            actual: `Seccomp ${process.seccomp}, ${process.seccompFilters} filters`,
          },
        ]);
        const allowed = allowedCalls(probed(facts));
        return verdict([
          ...filtered,
          [
            allowed.length <= mostCalls,
            {
              source: 'system calls tried on the processes of the container',
              expected: `at most ${mostCalls} allowed`,
              actual: `${allowed.length}: ${allowed.slice(0, 80).join(', ')}`,
            },
          ],
        ]);
      },
    }),
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
  ],
} satisfies Grader;

/** Podman mounts each secret as a file of its own, in memory. */
function isSecret(mountPoint: string): boolean {
  return mountPoint === '/run/secrets' || mountPoint === secretFile;
}
