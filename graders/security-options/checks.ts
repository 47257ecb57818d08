/** Lab security-options (8.5.2): no-new-privileges and the namespaces of every process that is in the service's container. */

import { CannotVerify, check, type Evidence, type Grader } from '../../src/grading/check.ts';
import { describe, judged } from '../../src/grading/observe/containers.ts';
import { sandboxInit } from '../../src/grading/observe/first-process.ts';
import { covers } from '../../src/grading/observe/id-maps.ts';
import { keepsNotes, noteRequests } from '../../src/grading/observe/notes.ts';
import { pageFromContainer } from '../../src/grading/observe/service.ts';
import { verdict } from '../../src/grading/observe/verdict.ts';
import type { Process } from '../../src/inspector/snapshot.ts';

const chapter = 'chapter 8.5.2';
const answering = ['page', 'write', 'read'] as const;
/** Those a container can share with its host by an option. The cgroup namespace tells nothing where there are no cgroups. */
const kinds = ['pid', 'net', 'ipc', 'uts', 'mnt', 'user'] as const;

/** 'uid 0 = 100000, 1024 ids': a line of uid_map in words, by the ids of the sandbox. */
function describeMap(map: Process['uidMap'], sandbox: Process['uidMap']): string {
  const seen = (outside: number) => {
    const range = sandbox.find(([, from, length]) => outside >= from && outside < from + length);
    return range ? range[0] + outside - range[1] : outside;
  };
  return map.map(([inside, outside, length]) => `${inside} ${seen(outside)} ${length}`).join('; ');
}

export default {
  lab: 'security-options',
  observe: ({ port }) => ({
    requests: { page: { port: Number(port) }, ...noteRequests(Number(port)) },
  }),
  checks: [
    check({
      id: 'service.answers',
      title: { en: 'Your page answers from a container', ja: '自分のページがコンテナから返ってくる' },
      rationale: {
        en: 'The page with your token marks the container that is judged.',
        ja: 'トークンの入ったページを返すコンテナが採点の対象です。',
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
      id: 'service.works',
      title: { en: 'The service still keeps notes', ja: 'サービスがノートを保存できる' },
      rationale: {
        en: 'An option that breaks the service is taken away again by the next person.',
        ja: 'サービスを壊すオプションは、次の担当者に外されてしまいます。',
      },
      remediation: {
        en: 'Try it: curl -T note.txt http://localhost:PORT/notes/note.txt. A folder of yours at /data is nobody’s in another user namespace: use none, or a named volume.',
        ja: 'curl -T note.txt http://localhost:PORT/notes/note.txt で試してください。/data に自分のフォルダーをマウントすると、別のユーザー名前空間からは誰のものでもないフォルダーになります。何もマウントしないか、名前付きボリュームを使ってください。',
      },
      severity: 'medium',
      weight: 10,
      needs: ['requests'],
      dependsOn: ['service.answers'],
      evaluate: (facts) => keepsNotes(facts),
    }),
    check({
      id: 'privileges.none-new',
      title: { en: 'No process can gain privileges', ja: 'どのプロセスも新たな権限を得られない' },
      rationale: {
        en: 'A setuid program gives its owner’s rights to whoever starts it: one such file in an image makes every user of the container its root.',
        ja: 'setuid プログラムは、起動した人に所有者の権限を与えます。イメージにそのようなファイルが 1 つあるだけで、コンテナのどのユーザーも root になれます。',
      },
      remediation: {
        en: 'Make the container with --security-opt no-new-privileges. It holds for every process inside, also for what was entered with nsenter, and for other containers that listen.',
        ja: 'コンテナを --security-opt no-new-privileges で作ってください。nsenter で入ったものを含む中のすべてのプロセスと、待ち受けているほかのコンテナも対象です。',
      },
      severity: 'high',
      weight: 30,
      needs: ['processes', 'requests'],
      dependsOn: ['service.answers'],
      references: ['CIS Docker 1.6 5.26', 'PSS allowPrivilegeEscalation', chapter],
      evaluate: (facts) =>
        verdict(
          judged(facts, ...answering).map((process): [boolean, Evidence] => [
            process.noNewPrivs === 1 && process.threadsUniform,
            {
              source: `/proc/PID/status of ${describe(process)}`,
              expected: 'NoNewPrivs 1',
              actual: `NoNewPrivs ${process.noNewPrivs}${process.threadsUniform ? '' : ', threads differ'}`,
            },
          ]),
        ),
    }),
    check({
      id: 'namespaces.apart',
      title: { en: 'It shares no namespace with the host', ja: 'ホストと名前空間を共有していない' },
      rationale: {
        en: 'A namespace that is shared is a wall that is not there: processes to read and to end, ports that listen for localhost only, memory that programs share.',
        ja: '共有された名前空間は、存在しない壁と同じです。プロセスの覗き見や強制終了、localhost 専用のポート、プログラム間の共有メモリーに手が届きます。',
      },
      remediation: {
        en: 'Leave out --network=host, --ipc=host, --uts=host and --pid=host, and end what you put into the container with nsenter.',
        ja: '--network=host・--ipc=host・--uts=host・--pid=host を外し、nsenter でコンテナに入れたプロセスは終了してください。',
      },
      severity: 'high',
      weight: 25,
      needs: ['processes', 'requests'],
      dependsOn: ['service.answers'],
      references: ['CIS Docker 1.6 5.10, 5.16, 5.17, 5.21', 'PSS baseline: host namespaces', chapter],
      evaluate: (facts) => {
        const host = sandboxInit(facts.processes).namespaces;
        return verdict(
          judged(facts, ...answering).map((process): [boolean, Evidence] => {
            const { namespaces } = process;
            const unread = kinds.filter((kind) => namespaces[kind] === null || host[kind] === null);
            if (unread.length > 0)
              throw new CannotVerify(`namespaces of ${describe(process)} could not be read: ${unread.join(', ')}`);
            const shared = kinds.filter((kind) => namespaces[kind] === host[kind]);
            const source = `/proc/PID/ns of ${describe(process)}`;
            const actual = shared.length > 0 ? `shared with the sandbox: ${shared.join(', ')}` : 'all apart';
            return [shared.length === 0, { source, expected: `${kinds.join(', ')} apart from the sandbox’s`, actual }];
          }),
        );
      },
    }),
    check({
      id: 'user.not-yours',
      title: { en: 'Nobody in it is you', ja: 'コンテナの中に自分自身がいない' },
      rationale: {
        en: 'Without an option of its own a rootless container uses your user namespace: its root is you, and who breaks out owns your files. With a range of its own it owns nothing.',
        ja: '指定がなければ rootless コンテナはあなたのユーザー名前空間を使います。その root はあなた自身なので、脱出した者はあなたのファイルを手にします。専用の範囲を割り当てれば、何も所有しません。',
      },
      remediation: {
        en: 'Make the container with --userns=auto (or nomap). keep-id maps you in on purpose. In a pod the option belongs to podman pod create.',
        ja: 'コンテナを --userns=auto（または nomap）で作ってください。keep-id はあえて自分自身を割り当てます。Pod では podman pod create に指定します。',
      },
      severity: 'high',
      weight: 25,
      needs: ['processes', 'requests'],
      dependsOn: ['service.answers'],
      references: ['CIS Docker 1.6 5.31', chapter],
      evaluate: (facts) => {
        const init = sandboxInit(facts.processes);
        const [uid, gid] = [init.uid[0], init.gid[0]];
        if (uid === undefined || gid === undefined) throw new CannotVerify('the learner’s own ids could not be read');
        return verdict(
          judged(facts, ...answering).map((process): [boolean, Evidence] => {
            if (process.uidMap.length === 0 || process.gidMap.length === 0)
              throw new CannotVerify(`the id maps of ${describe(process)} could not be read`);
            const source = `/proc/PID/uid_map of ${describe(process)}`;
            const expected = `no range that holds ${describeMap([[0, uid, 1]], init.uidMap).split(' ')[1]}, the learner`;
            const actual = describeMap(process.uidMap, init.uidMap);
            return [!covers(process.uidMap, uid) && !covers(process.gidMap, gid), { source, expected, actual }];
          }),
        );
      },
    }),
  ],
} satisfies Grader;
