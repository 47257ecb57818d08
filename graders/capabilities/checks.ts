/** Lab capabilities (8.3.1): the capability sets of every process of every container, as the kernel has them. */

import { CannotVerify, check, type Evidence, type Grader } from '../../src/grading/check.ts';
import { describe } from '../../src/grading/observe/containers.ts';
import { keepsNotes, noteRequests } from '../../src/grading/observe/notes.ts';
import { pageFromContainer } from '../../src/grading/observe/service.ts';
import { verdict } from '../../src/grading/observe/verdict.ts';
import type { Process } from '../../src/inspector/snapshot.ts';
import { chapterFive, gateProcesses, held, judged, list, needed, others, reachable } from './sets.ts';

const chapter = 'chapter 8.3.1';
const cis = 'CIS Docker 1.6 5.4';
const status = (process: Process) => `/proc/PID/status of ${describe(process)}`;

/** Nothing but these, in any set and in every thread. */
function within(process: Process, names: readonly string[], allowed: readonly string[]): [boolean, Evidence] {
  const extra = names.filter((name) => !allowed.includes(name));
  const expected = allowed.length > 0 ? `nothing but ${list(allowed)}` : 'none';
  const actual = process.threadsUniform ? list(names) : `${list(names)}; threads differ`;
  return [extra.length === 0 && process.threadsUniform, { source: status(process), expected, actual }];
}

export default {
  lab: 'capabilities',
  observe: ({ port }) => ({
    requests: { page: { port: Number(port) }, ...noteRequests(Number(port)) },
  }),
  checks: [
    check({
      id: 'service.answers',
      title: { en: 'Your page answers from a container', ja: '自分のページがコンテナから返ってくる' },
      rationale: {
        en: 'The page with your token marks the container whose capabilities are judged.',
        ja: 'トークンの入ったページを返すコンテナのケイパビリティが採点の対象です。',
      },
      remediation: {
        en: 'Publish port 80 of the container at your port, and put your token into the page. No answer: podman logs tells what failed.',
        ja: 'コンテナの 80 番ポートを自分のポートに公開し、ページにトークンを入れてください。応答がないときは podman logs に原因が出ます。',
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
        en: 'A set of capabilities is right when the whole work still gets done, not when the program starts.',
        ja: 'プログラムが起動するだけでなく、すべての仕事ができて初めて、ケイパビリティの組は正しいと言えます。',
      },
      remediation: {
        en: 'Try it: curl -T note.txt http://localhost:PORT/notes/note.txt. /data must be writable for user 101.',
        ja: 'curl -T note.txt http://localhost:PORT/notes/note.txt で試してください。/data にはユーザー 101 が書き込める必要があります。',
      },
      severity: 'medium',
      weight: 10,
      needs: ['requests'],
      dependsOn: ['service.answers'],
      evaluate: (facts) => keepsNotes(facts),
    }),
    check({
      id: 'capabilities.dropped',
      title: { en: 'The default capabilities are gone', ja: '既定のケイパビリティが外されている' },
      rationale: {
        en: 'Podman gives root in a container eleven capabilities. Whoever becomes root in it has them all, whether the server ever used them or not.',
        ja: 'Podman はコンテナ内の root に 11 個のケイパビリティを与えます。サーバーが使っていなくても、中で root になった者はそのすべてを手にします。',
      },
      remediation: {
        en: 'Make the container with --cap-drop all and give back single ones with --cap-add. It holds for every process, so end what you started with podman exec --privileged, and remove other containers that listen.',
        ja: 'コンテナを --cap-drop all で作り、--cap-add で 1 つずつ返してください。すべてのプロセスが対象です。podman exec --privileged で始めたものは終了し、待ち受けているほかのコンテナは削除してください。',
      },
      severity: 'high',
      weight: 25,
      needs: ['processes', 'requests'],
      dependsOn: ['service.answers'],
      references: [cis, chapter, 'PSS restricted'],
      evaluate: (facts) => verdict(judged(facts).map((process) => within(process, reachable(process), chapterFive))),
    }),
    check({
      id: 'capabilities.exact',
      title: { en: 'No capability it can do without', ja: 'なくても済むケイパビリティがない' },
      rationale: {
        en: 'The chapter’s five are one too many for this server: DAC_OVERRIDE opens every file of the container, whoever owns it. A server that does not start as root needs at most NET_BIND_SERVICE.',
        ja: '教科書の 5 個は、このサーバーには 1 つ多すぎます。DAC_OVERRIDE があれば、所有者に関係なくコンテナ内のすべてのファイルを開けます。root で起動しないサーバーなら、必要なのは多くても NET_BIND_SERVICE だけです。',
      },
      remediation: {
        en: 'A tmpfs at /var/cache/nginx makes DAC_OVERRIDE needless. With --user 101:101 leave out CHOWN, SETGID and SETUID too, and without a port below 1024 NET_BIND_SERVICE.',
        ja: '/var/cache/nginx を tmpfs にすれば DAC_OVERRIDE は不要です。--user 101:101 で動かすなら CHOWN・SETGID・SETUID も、1024 未満のポートを使わないなら NET_BIND_SERVICE も外せます。',
      },
      severity: 'medium',
      weight: 25,
      needs: ['processes', 'requests'],
      dependsOn: ['capabilities.dropped'],
      references: [cis, chapter],
      evaluate: (facts) =>
        verdict(
          judged(facts).flatMap((process) => {
            const { ever, now } = needed(facts.processes, process);
            return [within(process, reachable(process), ever), within(process, held(process), now)];
          }),
        ),
    }),
    check({
      id: 'gate.address',
      title: { en: 'A container listens at the address it was given', ja: '指定のアドレスで待ち受けるコンテナがある' },
      rationale: {
        en: 'The kernel lets a program listen only at an address its network has. To add one is what NET_ADMIN is for.',
        ja: 'カーネルは、そのネットワークにあるアドレスでしか待ち受けを許しません。アドレスの追加こそ NET_ADMIN の仕事です。',
      },
      remediation: {
        en: 'In a second container: ip addr add ADDRESS/32 dev lo, then httpd -f -p ADDRESS:PORT, with your address and port. See podman logs if it ended.',
        ja: '2 つ目のコンテナで ip addr add アドレス/32 dev lo を実行してから httpd -f -p アドレス:ポート を動かしてください。終了していたら podman logs を見てください。',
      },
      severity: 'low',
      weight: 10,
      needs: ['processes', 'requests'],
      evaluate: (facts) => {
        const { gateAddress, gatePort } = facts.parameters;
        if (!gateAddress || !gatePort) throw new CannotVerify('no address or port in the snapshot');
        const found = gateProcesses(facts);
        const evidence = {
          source: 'listening sockets of containers',
          expected: `${gateAddress}:${gatePort}, in a container of its own`,
          actual: found.map(describe).join(', ') || 'nobody listens there',
        };
        return verdict([[found.length > 0, evidence]]);
      },
    }),
    check({
      id: 'gate.net-admin-only',
      title: { en: 'It has NET_ADMIN and nothing else', ja: 'NET_ADMIN だけを持っている' },
      rationale: {
        en: 'NET_ADMIN also changes routes and takes interfaces down, but only in the container’s own network. With --network host it would be everybody’s.',
        ja: 'NET_ADMIN は経路の変更やインターフェースの停止もできますが、影響はそのコンテナのネットワークに限られます。--network host では全員のネットワークになってしまいます。',
      },
      remediation: {
        en: 'Make it with --cap-drop all --cap-add NET_ADMIN: not with --privileged, and not with --cap-add alone, which leaves the default ones.',
        ja: '--cap-drop all --cap-add NET_ADMIN で作ってください。--privileged は使いません。--cap-add だけでは既定のものが残ります。',
      },
      severity: 'high',
      weight: 10,
      needs: ['processes', 'requests'],
      dependsOn: ['gate.address'],
      references: [cis, chapter],
      evaluate: (facts) =>
        verdict(
          gateProcesses(facts).flatMap((process) => {
            const holds = { source: status(process), expected: 'CapEff NET_ADMIN', actual: list(held(process)) };
            return [
              within(process, reachable(process), ['NET_ADMIN']),
              [held(process).includes('NET_ADMIN'), holds] as [boolean, Evidence],
            ];
          }),
        ),
    }),
    check({
      id: 'others.none',
      title: { en: 'Nothing else holds a capability', ja: 'ほかのプロセスはケイパビリティを持たない' },
      rationale: {
        en: 'A forgotten container with the default set is as good a way in as the server was.',
        ja: '既定のケイパビリティを持ったまま忘れられたコンテナは、サーバーと同じように侵入口になります。',
      },
      remediation: {
        en: 'podman ps, then podman rm -f what is left over. A pod’s pause process has the default set: default_capabilities = [] in ~/.config/containers/containers.conf takes it away.',
        ja: 'podman ps で確認し、残りものは podman rm -f で削除してください。Pod の pause プロセスは既定のものを持ちます。~/.config/containers/containers.conf に default_capabilities = [] と書けば外れます。',
      },
      severity: 'medium',
      weight: 10,
      needs: ['processes', 'requests'],
      dependsOn: ['service.answers'],
      references: [cis],
      evaluate: (facts) => {
        const rest = others(facts);
        if (rest.length > 0) return verdict(rest.map((process) => within(process, held(process), [])));
        const evidence = {
          source: '/proc',
          expected: 'no other container with a capability',
          actual: 'no other container',
        };
        return verdict([[true, evidence]]);
      },
    }),
  ],
} satisfies Grader;
