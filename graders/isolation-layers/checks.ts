/** Lab isolation-layers (8.1.1): a container apart from its sandbox, and what its learner read off it. */

import { CannotVerify, check, type Evidence, type Grader } from '../../src/grading/check.ts';
import { describe, judged } from '../../src/grading/observe/containers.ts';
import { idInSandbox, pidInSandbox, sandboxInit } from '../../src/grading/observe/first-process.ts';
import { covers } from '../../src/grading/observe/id-maps.ts';
import { pageFromContainer } from '../../src/grading/observe/service.ts';
import { verdict } from '../../src/grading/observe/verdict.ts';
import type { Facts, Process } from '../../src/inspector/snapshot.ts';
import { answerCheck, answersPath, sameNamespace, sameNumber, sameSet } from './answers.ts';

const chapter = 'chapter 8.1.1';
/** The user namespace is judged by itself; the cgroup namespace tells nothing where there are no cgroups. */
const kinds = ['pid', 'net', 'mnt', 'uts', 'ipc'] as const;

/** The number of the container's user 0, as the sandbox counts users; undefined where a map of one's own has none. */
function rootOutside(facts: Facts<'processes'>, { uidMap }: Process): number | undefined {
  const line = uidMap.find(([inside, , length]) => inside === 0 && length > 0);
  return line && idInSandbox(facts.processes, line[1]);
}

export default {
  lab: 'isolation-layers',
  observe: ({ port }) => ({ requests: { page: { port: Number(port) } }, files: [answersPath] }),
  checks: [
    check({
      id: 'service.answers',
      title: { en: 'Your page answers from a container', ja: '自分のページがコンテナから返ってくる' },
      rationale: {
        en: 'The page with your token marks the container that is meant. All answers are about the one that runs now.',
        ja: 'トークンの入ったページを返すコンテナが採点の対象です。答えもすべて、いま動いているコンテナについて判定します。',
      },
      remediation: {
        en: 'Publish port 80 of the container at your port, and put your token into the page.',
        ja: 'コンテナの 80 番ポートを自分のポートに公開し、ページにトークンを入れてください。',
      },
      severity: 'medium',
      weight: 10,
      needs: ['processes', 'requests'],
      references: [chapter],
      evaluate: (facts) => pageFromContainer(facts),
    }),
    check({
      id: 'namespaces.apart',
      title: {
        en: 'It has a world of its own in five ways',
        ja: 'プロセス・ネットワーク・ファイル・名前・共有メモリーが分かれている',
      },
      rationale: {
        en: 'What a process cannot name it cannot attack. A namespace that is shared with the outside is a wall that is not there.',
        ja: '見えないものは攻撃できません。外と共有された名前空間は、存在しない壁と同じです。',
      },
      remediation: {
        en: 'Leave out --network=host, --ipc=host, --uts=host and --pid=host: without them Podman makes each of these namespaces new.',
        ja: '--network=host・--ipc=host・--uts=host・--pid=host を外してください。指定しなければ、Podman はそれぞれの名前空間を新しく作ります。',
      },
      severity: 'high',
      weight: 15,
      needs: ['processes', 'requests'],
      dependsOn: ['service.answers'],
      references: ['CIS Docker 1.6 5.10, 5.16, 5.17, 5.21', chapter],
      evaluate: (facts) => {
        const outer = sandboxInit(facts.processes).namespaces;
        return verdict(
          judged(facts, 'page').map((process): [boolean, Evidence] => {
            const { namespaces } = process;
            const unread = kinds.filter((kind) => namespaces[kind] === null || outer[kind] === null);
            if (unread.length > 0)
              throw new CannotVerify(`namespaces of ${describe(process)} could not be read: ${unread.join(', ')}`);
            const shared = kinds.filter((kind) => namespaces[kind] === outer[kind]);
            return [
              shared.length === 0,
              {
                source: `/proc/PID/ns of ${describe(process)}`,
                expected: `${kinds.join(', ')} apart from the sandbox’s`,
                actual: shared.length > 0 ? `shared with the sandbox: ${shared.join(', ')}` : 'all apart',
              },
            ];
          }),
        );
      },
    }),
    check({
      id: 'user.apart',
      title: { en: 'Its root is not you', ja: 'コンテナの root が自分自身ではない' },
      rationale: {
        en: 'Without an option all your containers live in one user namespace, and its root is you: who breaks out of one owns your files. A range of its own owns nothing.',
        ja: '指定がなければ、あなたのコンテナはすべて 1 つのユーザー名前空間に入り、その root はあなた自身です。脱出した者はあなたのファイルを手にします。専用の範囲なら、何も所有しません。',
      },
      remediation: {
        en: 'Make the container with --userns=auto (or nomap). keep-id makes a namespace as well, but maps you in on purpose.',
        ja: 'コンテナを --userns=auto（または nomap）で作ってください。keep-id も名前空間を作りますが、あえて自分自身を割り当てます。',
      },
      severity: 'high',
      weight: 15,
      needs: ['processes', 'requests'],
      dependsOn: ['service.answers'],
      references: ['CIS Docker 1.6 5.31', chapter],
      evaluate: (facts) => {
        const init = sandboxInit(facts.processes);
        const [uid, gid] = [init.uid[0], init.gid[0]];
        if (uid === undefined || gid === undefined) throw new CannotVerify('the learner’s own ids could not be read');
        return verdict(
          judged(facts, 'page').map((process): [boolean, Evidence] => {
            if (process.uidMap.length === 0 || process.gidMap.length === 0)
              throw new CannotVerify(`the id maps of ${describe(process)} could not be read`);
            const shared = process.namespaces.user === init.namespaces.user;
            const mapped = covers(process.uidMap, uid) || covers(process.gidMap, gid);
            // Not the numbers of the map: one of them is an answer that is asked for.
            const actual = shared ? 'the sandbox’s user namespace' : mapped ? 'you are mapped in' : 'you are not in it';
            return [
              !shared && !mapped,
              { source: `/proc/PID/uid_map of ${describe(process)}`, expected: 'a map without you', actual },
            ];
          }),
        );
      },
    }),
    answerCheck({
      id: 'answers.process',
      weight: 15,
      title: { en: 'You found its first process', ja: 'コンテナの最初のプロセスを見つけた' },
      rationale: {
        en: 'A container is a process like others: who runs the machine sees it, and its number, from outside.',
        ja: 'コンテナは普通のプロセスです。マシンを動かしている側からは、番号も含めて見えています。',
      },
      remediation: {
        en: 'pid: the number in your own ps, not the one inside. podman inspect -f "{{.State.Pid}}" names it too. A container made again has another.',
        ja: 'pid には、コンテナの中ではなく自分の ps に出る番号を書いてください。podman inspect -f "{{.State.Pid}}" でも分かります。作り直すと番号は変わります。',
      },
      questions: [
        {
          key: 'pid',
          where: 'ps of your own shell',
          right: (given, first) => sameNumber(given, pidInSandbox(first)),
        },
      ],
    }),
    answerCheck({
      id: 'answers.namespaces',
      weight: 15,
      title: { en: 'You know its namespaces by number', ja: '名前空間の番号を読み取った' },
      rationale: {
        en: 'The number is the identity: the same number is the same world, whatever a tool calls it.',
        ja: '番号が名前空間そのものを表します。ツールが何と表示しようと、同じ番号なら同じ世界です。',
      },
      remediation: {
        en: 'net and user: the numbers in /proc/PID/ns of the container’s first process. Made it again? Read them again.',
        ja: 'net と user には、コンテナの最初のプロセスの /proc/PID/ns にある番号を書いてください。作り直したら読み直します。',
      },
      questions: (['net', 'user'] as const).map((kind) => ({
        key: kind,
        where: `/proc/PID/ns/${kind}`,
        right: (given, first) => sameNamespace(kind, given, first),
      })),
    }),
    answerCheck({
      id: 'answers.root',
      weight: 10,
      title: { en: 'You know who its root is outside', ja: 'コンテナの root が外では誰かを答えられる' },
      rationale: {
        en: 'What root of a container can reach when it breaks out is what this user can reach.',
        ja: 'コンテナの root が脱出したとき、手が届くのはこのユーザーの手が届く範囲です。',
      },
      remediation: {
        en: 'root: the second number of the line of /proc/PID/uid_map that begins with 0, read in your own shell and not in the container.',
        ja: 'root には、/proc/PID/uid_map の 0 で始まる行の 2 番目の数を書いてください。コンテナの中ではなく、自分のシェルで読みます。',
      },
      questions: [
        {
          key: 'root',
          where: '/proc/PID/uid_map',
          right: (given, first, facts) => {
            const seen = rootOutside(facts, first);
            return seen === undefined ? given === 'none' : sameNumber(given, seen);
          },
        },
      ],
    }),
    answerCheck({
      id: 'answers.capabilities',
      weight: 10,
      title: { en: 'You know its capabilities', ja: 'ケイパビリティを読み取った' },
      rationale: {
        en: 'Root of a container is root with a part of the rights. This set says with which.',
        ja: 'コンテナの root が持つのは、root の権限の一部だけです。どの一部かは、この集合が示します。',
      },
      remediation: {
        en: 'capEff: the sixteen digits after CapEff in /proc/PID/status of the first process, in quotes. Its worker has others.',
        ja: 'capEff には、最初のプロセスの /proc/PID/status にある CapEff の 16 桁を引用符で囲んで書いてください。ワーカーの値とは違います。',
      },
      questions: [
        { key: 'capEff', where: '/proc/PID/status, CapEff', right: (given, first) => sameSet(given, first.capEff) },
      ],
    }),
    answerCheck({
      id: 'answers.seccomp',
      weight: 5,
      title: { en: 'You know its filters', ja: 'seccomp フィルターを読み取った' },
      rationale: {
        en: 'Filters of system calls add up: what the sandbox refuses, no container in it can allow again.',
        ja: 'システムコールのフィルターは積み重なります。サンドボックスが拒否するものを、その中のコンテナが許可し直すことはできません。',
      },
      remediation: {
        en: 'seccomp and filters: the numbers after Seccomp and Seccomp_filters in /proc/PID/status of the first process.',
        ja: 'seccomp と filters には、最初のプロセスの /proc/PID/status にある Seccomp と Seccomp_filters の数を書いてください。',
      },
      questions: [
        {
          key: 'seccomp',
          where: '/proc/PID/status, Seccomp',
          right: (given, first) => sameNumber(given, first.seccomp),
        },
        {
          key: 'filters',
          where: '/proc/PID/status, Seccomp_filters',
          right: (given, first) => sameNumber(given, first.seccompFilters),
        },
      ],
    }),
    answerCheck({
      id: 'answers.label',
      weight: 5,
      title: { en: 'You know whether a label guards it', ja: 'ラベルによる保護の有無を答えられる' },
      rationale: {
        en: 'A wall that is told of in a book may be missing on a machine. Only the kernel of that machine can say.',
        ja: '本に書かれた壁が、そのマシンにもあるとは限りません。確かなのは、そのマシンのカーネルの答えだけです。',
      },
      remediation: {
        en: 'label: what /proc/PID/attr/current holds, or none where the kernel refuses to say.',
        ja: 'label には /proc/PID/attr/current の内容を書いてください。カーネルが答えない場合は none です。',
      },
      questions: [
        {
          key: 'label',
          where: '/proc/PID/attr/current, or none',
          right: (given, first) => given === ((first.label ?? '').replaceAll('\0', '').trim() || 'none'),
        },
      ],
    }),
  ],
} satisfies Grader;
