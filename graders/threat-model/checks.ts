/** Lab threat-model (8.1.2): five services, each freed of one weakness. */
import { CannotVerify, type Check, check, type Evidence, type Grader } from '../../src/grading/check.ts';
import { describe, serving } from '../../src/grading/observe/containers.ts';
import { sandboxInit } from '../../src/grading/observe/first-process.ts';
import { mountsOf } from '../../src/grading/observe/mounts.ts';
import { bodyOf, summary } from '../../src/grading/observe/service.ts';
import { verdict } from '../../src/grading/observe/verdict.ts';
import type { Facts, Process } from '../../src/inspector/snapshot.ts';
import { capabilityNames } from '../../src/policy/capabilities.ts';
import { hostPaths } from './host-paths.ts';

type Seen = Facts<'processes' | 'requests'>;
const services = ['desk', 'till', 'board', 'mill', 'stall'] as const;
type Service = (typeof services)[number];

const about = {
  needs: ['processes', 'requests'],
  severity: 'high',
  weight: 17,
  dependsOn: ['services.answer'],
} as const;

/** What has ended and waits to be noticed has neither files nor rights. */
const alive = (processes: readonly Process[]): Process[] => processes.filter(({ state }) => !state.startsWith('Z'));

/** Every process of the container behind this service. */
function processesOf(facts: Seen, service: Service): Process[] {
  const found = alive(serving(facts, service));
  if (found.length === 0) throw new CannotVerify(`no process of ${service} was found`);
  return found;
}

const each = (facts: Seen, service: Service, judge: (process: Process) => [boolean, Evidence]) =>
  verdict(processesOf(facts, service).map(judge));

/** What nginx needs to start as root and go on as somebody else. */
const needed: ReadonlySet<string> = new Set(['CHOWN', 'DAC_OVERRIDE', 'NET_BIND_SERVICE', 'SETGID', 'SETUID']);
const kinds = ['pid', 'net', 'mnt', 'uts', 'ipc'] as const;
const MOST_PROCESSES = 200;
const MOST_MEMORY = 1024 ** 3;

const within = (limit: Process['limits']['nproc'] | undefined, most: number): boolean => {
  if (!limit) throw new CannotVerify('the limits of a process could not be read');
  // The hard one: a process may raise the soft one up to it.
  return limit[1] !== null && limit[1] <= most;
};

const checks: readonly Check[] = [
  check({
    id: 'services.answer',
    title: { en: 'All five services answer', ja: '5 つのサービスがすべて応答する' },
    rationale: {
      en: 'A weakness is not closed by switching the service off. Each must show your token, from a container of its own.',
      ja: 'サービスを止めても弱点を塞いだことにはなりません。それぞれが自分のコンテナからトークンを返す必要があります。',
    },
    remediation: {
      en: 'Each at its own port, port 80 of the container published there, with the page of ~/lab/site.',
      ja: 'それぞれのポートにコンテナの 80 番を公開し、~/lab/site のページを見せてください。',
    },
    severity: 'medium',
    weight: 15,
    needs: ['processes', 'requests'],
    references: ['chapter 8.1.2'],
    evaluate: (facts) => {
      const { token } = facts.parameters;
      const owners = new Map<number | null, Service>();
      return verdict(
        services.flatMap((service): [boolean, Evidence][] => {
          const answer = facts.requests[service];
          if (!answer || !token) throw new CannotVerify(`${service} was not asked, or there is no token`);
          const source = `GET http://localhost:${facts.parameters[service]}/ (${service})`;
          const right = answer.status === 200 && bodyOf(answer).includes(token);
          if (!right) return [[false, { source, expected: `200 with ${token}`, actual: summary(answer) }]];
          const inside = serving(facts, service);
          const namespace = inside[0]?.namespaces.mnt ?? null;
          const other = owners.get(namespace);
          owners.set(namespace, service);
          const actual = inside.length === 0 ? 'no container' : other ? `the container of ${other}` : 'one';
          return [[actual === 'one', { source, expected: 'a container of its own', actual }]];
        }),
      );
    },
  }),
  check({
    ...about,
    id: 'escape.closed',
    title: { en: 'desk has no way out', ja: 'desk に脱出口がない' },
    rationale: {
      en: 'Who writes into your home writes your next login. No hole in the kernel is needed for such an escape.',
      ja: 'ホームディレクトリーに書ければ、次のログインで実行されるものを書けます。この脱出にカーネルの脆弱性は要りません。',
    },
    remediation: {
      en: 'Mount nothing of the machine but folders below ~/lab, read-only; no socket; leave the seccomp filter on.',
      ja: 'マウントするのは ~/lab 以下のフォルダーを読み取り専用でだけにし、ソケットは渡さず、seccomp フィルターも外さないでください。',
    },
    references: ['chapter 8.1.2', 'CIS Docker 1.6 5.5, 5.21, 5.31'],
    evaluate: (facts) =>
      verdict(
        processesOf(facts, 'desk').flatMap((process): [boolean, Evidence][] => {
          const open = hostPaths(facts.processes, mountsOf(facts.processes, process));
          return [
            [
              open.length === 0,
              {
                source: `/proc/PID/mountinfo of ${describe(process)}`,
                expected: 'nothing of the machine but folders of ~/lab, ro',
                actual: open.join('; ') || 'nothing else',
              },
            ],
            [
              process.seccomp === 2 && process.seccompFilters > facts.sandbox.seccompFilters,
              {
                source: `/proc/PID/status of ${describe(process)}`,
                expected: `Seccomp_filters above ${facts.sandbox.seccompFilters}`,
                actual: `${process.seccompFilters}`,
              },
            ],
          ];
        }),
      ),
  }),
  check({
    ...about,
    id: 'escalation.closed',
    title: { en: 'till has nothing to gain', ja: 'till では権限を増やせない' },
    rationale: {
      en: 'A capability that is not in the bounding set cannot be got by any trick, and no-new-privileges takes away the tricks.',
      ja: 'バウンディングセットにない権限は、どんな手を使っても得られません。no-new-privileges は、その手自体をなくします。',
    },
    remediation: {
      en: 'Drop all capabilities, add the five that nginx needs, and set no-new-privileges.',
      ja: 'ケイパビリティをすべて落とし、nginx に必要な 5 つだけを加え、no-new-privileges を設定してください。',
    },
    references: ['chapter 8.1.2', 'CIS Docker 1.6 5.3, 5.25'],
    evaluate: (facts) =>
      each(facts, 'till', (process) => {
        const { capBnd, capPrm, capInh, capEff, capAmb, noNewPrivs, threadsUniform } = process;
        const held = [capBnd, capPrm, capInh, capEff, capAmb].flatMap(capabilityNames);
        const excess = [...new Set(held)].filter((name) => !needed.has(name));
        const few =
          excess.length > 4 ? `${excess.slice(0, 4).join(', ')} and ${excess.length - 4} more` : excess.join(', ');
        return [
          excess.length === 0 && noNewPrivs === 1 && threadsUniform,
          {
            source: `/proc/PID/status of ${describe(process)}`,
            expected: `no capability but ${[...needed].join(', ')}; NoNewPrivs 1`,
            actual: `${few || 'no other'}; NoNewPrivs ${noNewPrivs}`,
          },
        ];
      }),
  }),
  check({
    ...about,
    id: 'view.closed',
    title: { en: 'board overlooks nobody', ja: 'board からほかが見えない' },
    rationale: {
      en: 'Shared memory, a shared network or a shared folder that both may write is a window between two containers.',
      ja: '共有メモリー、共有ネットワーク、両方が書けるフォルダーは、2 つのコンテナの間の窓です。',
    },
    remediation: {
      en: 'Leave out --ipc, --uts, --network and --pid of host or of another container, and share no writable volume.',
      ja: '--ipc・--uts・--network・--pid でホストやほかのコンテナを指定せず、書き込めるボリュームを共有しないでください。',
    },
    references: ['chapter 8.1.2', 'CIS Docker 1.6 5.10, 5.16, 5.17, 5.21'],
    evaluate: (facts) => {
      const others = [
        ...services.filter((name) => name !== 'board').flatMap((name) => alive(serving(facts, name))),
        sandboxInit(facts.processes),
      ];
      const volumes = (process: Process) =>
        mountsOf(facts.processes, process)
          .filter(({ root, options }) => root.includes('/volumes/') && options.includes('rw'))
          .map(({ device, root }) => `${device} ${root}`);
      const taken = new Set(others.flatMap((process) => (process.pidNsDepth > 0 ? volumes(process) : [])));
      return each(facts, 'board', (process) => {
        const shared = kinds.filter((kind) =>
          others.some(({ namespaces }) => namespaces[kind] === process.namespaces[kind]),
        );
        const common = volumes(process).filter((volume) => taken.has(volume)).length;
        return [
          shared.length === 0 && common === 0,
          {
            source: `/proc/PID/ns and mountinfo of ${describe(process)}`,
            expected: 'shared with nobody',
            actual: [...shared, ...(common > 0 ? ['a writable volume'] : [])].join(', ') || 'nothing shared',
          },
        ];
      });
    },
  }),
  check({
    ...about,
    id: 'limits.set',
    title: { en: 'mill cannot use up the machine', ja: 'mill がマシンを使い切れない' },
    rationale: {
      en: 'One container without limits takes processes and memory from all the others, by mistake or on purpose.',
      ja: '制限のないコンテナは、誤りであれ故意であれ、ほかのすべてからプロセスとメモリーを奪います。',
    },
    remediation: {
      en: `--ulimit nproc with a hard limit of at most ${MOST_PROCESSES}, --ulimit data of at most 1 GiB.`,
      ja: `--ulimit nproc のハードリミットを ${MOST_PROCESSES} 以下、--ulimit data を 1 GiB 以下にしてください。`,
    },
    references: ['chapter 8.1.2', 'CIS Docker 1.6 5.18, 5.28'],
    evaluate: (facts) =>
      each(facts, 'mill', (process) => {
        const { nproc, data } = process.limits;
        const shown = (limit: typeof data) => limit?.[1] ?? 'unlimited';
        return [
          within(nproc, MOST_PROCESSES) && within(data, MOST_MEMORY),
          {
            source: `/proc/PID/limits of ${describe(process)}`,
            expected: `Max processes ≤ ${MOST_PROCESSES}, Max data size ≤ ${MOST_MEMORY}`,
            actual: `${shown(nproc)}, ${shown(data)}`,
          },
        ];
      }),
  }),
  check({
    ...about,
    id: 'image.known',
    title: { en: 'stall runs its server and nothing else', ja: 'stall ではサーバーだけが動いている' },
    rationale: {
      en: 'An image is a program that you run as yourself. What it starts beside the service you did not ask for.',
      ja: 'イメージは、あなたの権限で動くプログラムです。サービスのほかに起動するものは、頼んだ覚えのないものです。',
    },
    remediation: {
      en: 'Use an image that you know, by its digest where it comes from a registry.',
      ja: '素性の分かるイメージを使い、レジストリーから取得する場合はダイジェストで指定してください。',
    },
    references: ['chapter 8.1.2', 'CIS Docker 1.6 4.2'],
    evaluate: (facts) => {
      const processes = processesOf(facts, 'stall');
      const answered = facts.requests.stall?.servedBy ?? [];
      const servers = processes.filter(({ pid }) => answered.some((one) => one.pid === pid));
      const programs = new Set(servers.map(({ exeFile }) => exeFile && `${exeFile.device} ${exeFile.inode}`));
      const tables = new Set(servers.map(({ netTable }) => netTable));
      const ports = [...tables].flatMap((table) =>
        table === null ? [] : (facts.processes.netTables[table]?.sockets ?? []),
      );
      const listening = new Set(ports.filter(({ state }) => state === 'LISTEN').map(({ localPort }) => localPort));
      return verdict([
        ...processes.map((process): [boolean, Evidence] => [
          programs.has(process.exeFile && `${process.exeFile.device} ${process.exeFile.inode}`),
          {
            source: `/proc/PID/exe of ${describe(process)}`,
            expected: 'the program that answered',
            actual: process.exe ?? 'unknown',
          },
        ]),
        [
          listening.size === 1,
          {
            source: '/proc/PID/net/tcp of stall',
            expected: 'one port that listens',
            actual: [...listening].join(', ') || 'none',
          },
        ],
      ]);
    },
  }),
];

export default {
  lab: 'threat-model',
  observe: (parameters) => ({
    requests: Object.fromEntries(services.map((name) => [name, { port: Number(parameters[name]) }])),
  }),
  checks,
} satisfies Grader;
