/** Lab seccomp (8.3.2, exercise 2): the filter of the serving processes, probed from outside, never read from a file. */

import {
  CannotVerify,
  type Check,
  check,
  type Evidence,
  type Grader,
  type Localized,
} from '../../src/grading/check.ts';
import { allowedCalls, probed, unclearCalls } from '../../src/grading/observe/calls.ts';
import { describe, listening, serving } from '../../src/grading/observe/containers.ts';
import { bodyOf, pageFromContainer, summary } from '../../src/grading/observe/service.ts';
import { verdict } from '../../src/grading/observe/verdict.ts';
import type { Facts } from '../../src/inspector/snapshot.ts';
import { escaping, obscure, spying } from './calls.ts';

const note = '/notes/toride-check.txt';
/** A few may be in an honest list by accident; a profile that allows by default has nearly all of them. */
const obscureTolerated = 4;

type Seen = Facts<'processes' | 'requests' | 'syscalls'>;
const chapter = 'chapter 8.3.2';
const source = 'system calls tried on the processes of the container';

/** None of these calls gets through, and most of them could be told. */
function denied(facts: Seen, calls: readonly string[]) {
  const observations = probed(facts);
  const unclear = unclearCalls(observations, calls);
  if (unclear.length * 2 > calls.length) {
    throw new CannotVerify(`could not tell whether these are allowed: ${unclear.join(', ')}`);
  }
  const allowed = allowedCalls(observations).filter((name) => calls.includes(name));
  return verdict([
    [
      allowed.length === 0,
      {
        source,
        expected: `denied: ${calls.join(', ')}`,
        actual: allowed.length > 0 ? `allowed: ${allowed.join(', ')}` : 'denied',
      },
    ],
  ]);
}

function band(most: number, weight: number, title: Localized): Check {
  return check({
    id: `list.at-most-${most}`,
    title,
    rationale: {
      en: 'Every call the kernel answers is code an attacker can reach. Podman’s default profile leaves about 280 open here.',
      ja: 'カーネルが応じるシステムコールの一つ一つが、攻撃者の手が届くコードです。Podman の既定のプロファイルでは、この環境で約 280 個が開いています。',
    },
    remediation: {
      en: 'Take out what no run of the application used, then test every function again.',
      ja: 'アプリケーションの実行で一度も使われなかったものを外し、全機能をもう一度試してください。',
    },
    severity: 'low',
    weight,
    needs: ['processes', 'requests', 'syscalls'],
    dependsOn: ['service.works'],
    references: [chapter],
    evaluate: (facts) => {
      const allowed = allowedCalls(probed(facts));
      const actual = `${allowed.length}: ${allowed.slice(0, 200).join(', ')}`;
      return verdict([[allowed.length <= most, { source, expected: `at most ${most} allowed`, actual }]]);
    },
  });
}

export default {
  lab: 'seccomp',
  observe: ({ port }) => {
    const at = (path: string, method = 'GET') => ({ port: Number(port), path, method });
    return {
      requests: {
        page: at('/'),
        head: at('/', 'HEAD'),
        missing: at('/there-is-no-such-page'),
        health: at('/health'),
        write: at(note, 'PUT'),
        read: at(note),
        list: at('/notes/'),
      },
      syscalls: { servedBy: 'page', calls: 'all' },
    };
  },
  checks: [
    check({
      id: 'service.answers',
      title: { en: 'Your page answers from a container', ja: '自分のページがコンテナから返ってくる' },
      rationale: {
        en: 'The page with your token marks the container whose filter is judged.',
        ja: 'トークンの入ったページを返すコンテナのフィルターが採点の対象です。',
      },
      remediation: {
        en: 'Publish port 80 of the container at your port, and put your token into the page. No answer at all: see podman logs and crun’s message.',
        ja: 'コンテナの 80 番ポートを自分のポートに公開し、ページにトークンを入れてください。応答がないときは podman logs と crun のメッセージを見てください。',
      },
      severity: 'medium',
      weight: 5,
      needs: ['processes', 'requests'],
      evaluate: (facts) => pageFromContainer(facts),
    }),
    check({
      id: 'filter.active',
      title: { en: 'A filter is in force on every process', ja: 'すべてのプロセスにフィルターが効いている' },
      rationale: {
        en: 'A filter counts only where it is loaded: on every process and thread that can be reached through the service.',
        ja: 'フィルターは読み込まれて初めて意味を持ちます。サービスを通じて触れられるすべてのプロセスとスレッドに必要です。',
      },
      remediation: {
        en: 'Start the container with --security-opt seccomp=FILE, not with seccomp=unconfined or --privileged. Remove other containers that listen.',
        ja: 'seccomp=unconfined や --privileged ではなく --security-opt seccomp=ファイル で起動し、ほかに待ち受けているコンテナは削除してください。',
      },
      severity: 'high',
      weight: 10,
      needs: ['processes', 'requests'],
      dependsOn: ['service.answers'],
      references: ['CIS Docker 1.6 5.22', chapter],
      evaluate: (facts) => {
        const target = serving(facts, 'page');
        const own = target.map((process): [boolean, Evidence] => [
          process.seccomp === 2 && process.seccompFilters > facts.sandbox.seccompFilters && process.threadsUniform,
          {
            source: `/proc/PID/status of ${describe(process)}`,
            expected: `Seccomp: 2, Seccomp_filters: more than ${facts.sandbox.seccompFilters}, all threads alike`,
            actual: `Seccomp: ${process.seccomp}, Seccomp_filters: ${process.seccompFilters}${process.threadsUniform ? '' : ', threads differ'}`,
          },
        ]);
        // A small filtered proxy in front of the real server would leave that one unjudged.
        const others = listening(facts).filter((process) => !target.includes(process));
        return verdict([
          ...own,
          ...others.map((process): [boolean, Evidence] => [
            false,
            { source: 'listening sockets', expected: 'no other container that listens', actual: describe(process) },
          ]),
        ]);
      },
    }),
    check({
      id: 'service.works',
      title: { en: 'Everything the application does still works', ja: 'アプリケーションの全機能が動く' },
      rationale: {
        en: 'A missing call shows only when that part of the program runs: often weeks later.',
        ja: '足りないシステムコールは、その処理が実行されて初めて問題になります。何週間も後になることもあります。',
      },
      remediation: {
        en: 'Use every function while you trace: page, HEAD, a missing page, /health, storing, reading and listing notes. Then add what is missing.',
        ja: 'トレース中にすべての機能を使ってください。ページ、HEAD、存在しないページ、/health、ノートの保存・読み出し・一覧です。足りないものを加えます。',
      },
      severity: 'medium',
      weight: 15,
      needs: ['requests'],
      dependsOn: ['filter.active'],
      evaluate: ({ requests }) => {
        const expected = { head: [200], missing: [404], health: [200], write: [201, 204], read: [200], list: [200] };
        return verdict(
          Object.entries(expected).map(([name, codes]) => {
            const answer = requests[name];
            if (!answer) throw new CannotVerify(`the request ${name} was not made`);
            const complete = name !== 'list' || bodyOf(answer).includes(note.split('/').at(-1)!);
            const good = codes.includes(answer.status ?? 0) && complete;
            return [good, { source: `request ${name}`, expected: codes.join(' or '), actual: summary(answer) }];
          }),
        );
      },
    }),
    check({
      id: 'default.denies',
      title: { en: 'What is not named is denied', ja: '挙げていないものは拒否される' },
      rationale: {
        en: 'A list of forbidden calls misses the next new one. A list of allowed calls does not.',
        ja: '禁止リストは次に増えるシステムコールを見逃します。許可リストなら見逃しません。',
      },
      remediation: {
        en: 'Set "defaultAction" to "SCMP_ACT_ERRNO" and name only what the application needs.',
        ja: '"defaultAction" を "SCMP_ACT_ERRNO" にし、アプリケーションに必要なものだけを挙げてください。',
      },
      severity: 'high',
      weight: 20,
      needs: ['processes', 'requests', 'syscalls'],
      dependsOn: ['filter.active'],
      references: [chapter],
      evaluate: (facts) => {
        const observations = probed(facts);
        const unclear = unclearCalls(observations, obscure);
        if (unclear.length * 2 > obscure.length) {
          throw new CannotVerify(`could not tell whether these are allowed: ${unclear.join(', ')}`);
        }
        const allowed = allowedCalls(observations).filter((name) => obscure.some((one) => one === name));
        const expected = `at most ${obscureTolerated} allowed of: ${obscure.join(', ')}`;
        const actual = allowed.length > 0 ? `allowed: ${allowed.join(', ')}` : 'none allowed';
        return verdict([[allowed.length <= obscureTolerated, { source, expected, actual }]]);
      },
    }),
    check({
      id: 'calls.escape-denied',
      title: { en: 'Namespace and mount calls are denied', ja: '名前空間とマウントの操作が拒否される' },
      rationale: {
        en: 'Most container escapes of the last years began with unshare, mount or a relative: the way to kernel code that is otherwise closed.',
        ja: '近年のコンテナ脱出の多くは unshare や mount などから始まりました。普段は閉じているカーネルのコードへの入口になるからです。',
      },
      remediation: {
        en: 'None of these belongs in the list of a web server. crun makes its mounts before the filter is loaded.',
        ja: 'これらは Web サーバーの許可リストには不要です。crun はフィルターを読み込む前にマウントを済ませています。',
      },
      severity: 'high',
      weight: 15,
      needs: ['processes', 'requests', 'syscalls'],
      dependsOn: ['filter.active'],
      references: [chapter],
      evaluate: (facts) => denied(facts, escaping),
    }),
    check({
      id: 'calls.spying-denied',
      title: { en: 'Calls into other processes are denied', ja: 'ほかのプロセスへの干渉が拒否される' },
      rationale: {
        en: 'With ptrace or process_vm_readv one process reads another’s memory, keys and sessions; memfd_create starts a program no file system shows.',
        ja: 'ptrace や process_vm_readv はほかのプロセスのメモリーにある鍵やセッションを読み、memfd_create はどのファイルシステムにも現れないプログラムを起動します。',
      },
      remediation: {
        en: 'Take them out of the list. Tools that trace belong outside the container.',
        ja: 'リストから外してください。トレースの道具はコンテナの外に置くものです。',
      },
      severity: 'high',
      weight: 10,
      needs: ['processes', 'requests', 'syscalls'],
      dependsOn: ['filter.active'],
      references: [chapter],
      evaluate: (facts) => denied(facts, spying),
    }),
    band(140, 10, { en: 'At most 140 calls are open', ja: '開いているシステムコールが 140 以下' }),
    band(100, 10, { en: 'At most 100 calls are open', ja: '開いているシステムコールが 100 以下' }),
    band(75, 5, { en: 'At most 75 calls are open', ja: '開いているシステムコールが 75 以下' }),
  ],
} satisfies Grader;
