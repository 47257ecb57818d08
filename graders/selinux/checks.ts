/** Lab selinux (8.3.3): a scene judged as the kernel would, and real labels where the host has SELinux. */

import { CannotVerify, type Check, check, type Grader, type Localized } from '../../src/grading/check.ts';
import { typedAnswer } from '../../src/grading/observe/answers.ts';
import { describe, serving } from '../../src/grading/observe/containers.ts';
import { sandboxInit } from '../../src/grading/observe/first-process.ts';
import { pageFromContainer } from '../../src/grading/observe/service.ts';
import { verdict } from '../../src/grading/observe/verdict.ts';
import type { Facts } from '../../src/inspector/snapshot.ts';
import { hasPair, parseContext } from './contexts.ts';
import { scene } from './scene.ts';

const chapter = 'chapter 8.3.3';
const answersPath = '/home/learner/lab/answers.json';
const noSelinux = 'the kernel of this host runs without SELinux, so nothing has a label here';
const noLabels =
  'SELinux enforces on this host: the whole sandbox has one label of its policy, and nobody in it can set another';

const applies = ({ host }: Facts<never>) => {
  if (!host.selinux) return noSelinux;
  return host.labels ? undefined : noLabels;
};
const words = (text: string | undefined) => (text ?? '').split(/[\s,]+/).filter((word) => word !== '');
const letters = (text: string | undefined) =>
  [...new Set((text ?? '').toLowerCase().replaceAll(/[\s,]/g, ''))].sort().join('');
/** 's0:c7,c9' as 'c9, c7' too: the order of categories means nothing. */
const level = (text: string | undefined) =>
  words(
    (text ?? '')
      .toLowerCase()
      .replace(/^s0(?=$|:)/, '')
      .replace(/^:/, ''),
  )
    .sort()
    .join(',');

/** Keys of the answers file with what is right for each, as strings that are compared after `read`. */
function answers(
  id: string,
  weight: number,
  title: Localized,
  remediation: Localized,
  right: (facts: Facts<'processes'>) => Readonly<Record<string, string>>,
  read: (text: string | undefined, key: string) => string = (text) => text ?? '',
): Check {
  return check({
    id: `answers.${id}`,
    title,
    rationale: {
      en: 'A label is read, or it is turned off at the first denial. Who can say what denied it can also say what to change.',
      ja: 'ラベルを読めなければ、最初の拒否で無効にするしかありません。何が拒否したのか分かれば、何を変えるべきかも分かります。',
    },
    remediation,
    severity: 'medium',
    weight,
    needs: ['processes', 'files'],
    references: [chapter],
    evaluate: (facts) =>
      verdict(
        Object.entries(right(facts)).map(([key, expected]) => {
          const { given, shown } = typedAnswer(facts, answersPath, key);
          // The right answer is never shown: it would be copied instead of found.
          const evidence = {
            source: `${answersPath}: ${key}`,
            expected: key === 'here' ? 'what this kernel says' : 'what the scene says',
            actual: shown,
          };
          return [given !== undefined && read(given, key) === read(expected, key), evidence] as const;
        }),
      ),
  });
}

type Looked = Facts<'processes' | 'requests'>;

/** The first process of each container that answered, with its context. @throws CannotVerify without one */
function labelled(facts: Looked, request: string) {
  return serving(facts, request).map((process) => ({ process, context: parseContext(process.label) }));
}

function labelOf({ attributes }: Facts<'attributes'>, name: string) {
  const found = attributes[name];
  if (found === undefined) throw new CannotVerify(`${name} was not looked at`);
  return found?.label ?? null;
}

export default {
  lab: 'selinux',
  observe: ({ port, secondPort }) => ({
    requests: { page: { port: Number(port) }, second: { port: Number(secondPort) } },
    files: [answersPath],
    attributes: {
      data: { servedBy: 'page', path: '/data' },
      site: { servedBy: 'page', path: '/usr/share/nginx/html' },
      secondSite: { servedBy: 'second', path: '/usr/share/nginx/html' },
    },
  }),
  checks: [
    check({
      id: 'service.answers',
      title: { en: 'Both services show your page', ja: '2 つのサービスが自分のページを返す' },
      rationale: {
        en: 'A label that is too tight shows as “permission denied” in a service that worked yesterday.',
        ja: 'きつすぎるラベルは、昨日まで動いていたサービスの “permission denied” として現れます。',
      },
      remediation: {
        en: 'Write your token into ~/lab/site/index.html and publish two containers of localhost/nginx, at both of your ports.',
        ja: '~/lab/site/index.html にトークンを書き、localhost/nginx のコンテナを 2 つ、両方のポートで公開してください。',
      },
      severity: 'low',
      weight: 10,
      needs: ['processes', 'requests'],
      references: [chapter],
      evaluate: (facts) => {
        const { port, secondPort } = facts.parameters;
        const one = pageFromContainer(facts, 'page');
        const two = pageFromContainer(
          { ...facts, parameters: { ...facts.parameters, port: secondPort ?? '' } },
          'second',
        );
        if (one.status === 'failed' || port === secondPort) return one;
        if (two.status === 'failed') return two;
        return { status: 'passed', evidence: [...one.evidence, ...two.evidence] };
      },
    }),
    answers(
      'here',
      5,
      { en: 'You know what label you have here', ja: 'ここでの自分のラベルを答えられる' },
      {
        en: 'In ~/lab/answers.json, here: what cat /proc/self/attr/current prints, or none where the kernel gives none.',
        ja: '~/lab/answers.json の here に、cat /proc/self/attr/current の表示を書いてください。カーネルがラベルを返さないなら none です。',
      },
      (facts) => ({ here: sandboxInit(facts.processes).label ?? 'none' }),
      (text) => (text ?? '').toLowerCase(),
    ),
    answers(
      'reads',
      15,
      { en: 'You know what web may read', ja: 'web が読めるファイルを答えられる' },
      {
        en: 'In ~/lab/answers.json, reads: the letters of the files that web may read. Type first, then every category.',
        ja: '~/lab/answers.json の reads に、web が読めるファイルの文字を書いてください。まずタイプ、次にすべてのカテゴリーを見ます。',
      },
      ({ parameters }) => ({ reads: scene(parameters).reads }),
      letters,
    ),
    answers(
      'writes',
      5,
      { en: 'You know what web may write', ja: 'web が書けるファイルを答えられる' },
      {
        en: 'In ~/lab/answers.json, writes: the letters of the files that web may write. One type is for reading only.',
        ja: '~/lab/answers.json の writes に、web が書けるファイルの文字を書いてください。読み取り専用のタイプが 1 つあります。',
      },
      ({ parameters }) => ({ writes: scene(parameters).writes }),
      letters,
    ),
    answers(
      'denials',
      10,
      { en: 'You know what denied it', ja: '何が拒否したのかを答えられる' },
      {
        en: 'In ~/lab/answers.json, denials: one word for each line of the log, type, level or nothing.',
        ja: '~/lab/answers.json の denials に、ログの行ごとに type、level、nothing のいずれかを書いてください。',
      },
      ({ parameters }) => ({ denials: scene(parameters).denials }),
      (text) => words(text).join(' ').toLowerCase(),
    ),
    answers(
      'relabel',
      10,
      { en: 'You know what a second :Z does', ja: '2 回目の :Z の結果を答えられる' },
      {
        en: 'In ~/lab/answers.json, level: the level of /srv/data at the end; locked-out: the container that cannot use it any more.',
        ja: '~/lab/answers.json の level に最後の /srv/data のレベル、locked-out にもう使えなくなったコンテナを書いてください。',
      },
      ({ parameters }) => ({ level: scene(parameters).level, 'locked-out': scene(parameters).lockedOut }),
      (text, key) => (key === 'level' ? level(text) : (text ?? '').toLowerCase()),
    ),
    answers(
      'uses',
      15,
      { en: 'You know which option a folder needs', ja: 'フォルダーに合うオプションを選べる' },
      {
        en: 'In ~/lab/answers.json, uses: one word for each use, Z, z, disable or type.',
        ja: '~/lab/answers.json の uses に、使い方ごとに Z、z、disable、type のいずれかを書いてください。',
      },
      ({ parameters }) => ({ uses: scene(parameters).uses }),
      (text) => words(text).join(' '),
    ),
    check({
      id: 'process.label',
      title: { en: 'Each container has a label of its own', ja: 'コンテナごとに専用のラベルがある' },
      rationale: {
        en: 'The type keeps containers off the host, the pair of categories keeps them off one another.',
        ja: 'タイプがコンテナをホストから、カテゴリーの組がコンテナ同士を隔てます。',
      },
      remediation: {
        en: 'Run both without label=disable and without --privileged: Podman draws a pair of categories for each.',
        ja: 'label=disable も --privileged も付けずに動かしてください。Podman がそれぞれにカテゴリーの組を割り当てます。',
      },
      severity: 'high',
      weight: 10,
      needs: ['processes', 'requests'],
      dependsOn: ['service.answers'],
      references: [chapter, 'CIS Docker 1.6 5.3'],
      applies,
      evaluate: (facts) => {
        const [one, two] = [labelled(facts, 'page'), labelled(facts, 'second')];
        const levels = (list: typeof one) => new Set(list.map(({ context }) => context?.level));
        const own = [...one, ...two].map(({ process, context }) => {
          const source = `/proc/PID/attr/current of ${describe(process)}`;
          const good = context !== undefined && context.type === 'container_t' && hasPair(context);
          return [
            good,
            { source, expected: 'container_t with two categories', actual: process.label ?? 'none' },
          ] as const;
        });
        const apart = [...levels(one)].every((found) => !levels(two).has(found));
        const actual = `${[...levels(one)].join(' ')} and ${[...levels(two)].join(' ')}`;
        return verdict([...own, [apart, { source: 'levels of the two containers', expected: 'not the same', actual }]]);
      },
    }),
    check({
      id: 'volume.private',
      title: { en: 'The notes are one container’s alone', ja: 'ノートは 1 つのコンテナだけのもの' },
      rationale: {
        en: ':Z gives a folder the container’s own categories: another container is denied even as root and with mode 0777.',
        ja: ':Z はフォルダーにそのコンテナのカテゴリーを付けます。ほかのコンテナは、root でもモードが 0777 でも拒否されます。',
      },
      remediation: {
        en: 'Mount ~/lab/notes at /data of the first container with :Z, and in no other.',
        ja: '1 つ目のコンテナの /data に ~/lab/notes を :Z でマウントし、ほかのコンテナには渡さないでください。',
      },
      severity: 'high',
      weight: 10,
      needs: ['processes', 'requests', 'attributes'],
      dependsOn: ['service.answers'],
      references: [chapter],
      applies,
      evaluate: (facts) => {
        const folder = parseContext(labelOf(facts, 'data'));
        const levels = new Set(labelled(facts, 'page').map(({ context }) => context?.level));
        // What nobody has labelled has the sandbox's own.
        const sandbox = parseContext(sandboxInit(facts.processes).label)?.level;
        const good =
          folder?.type === 'container_file_t' &&
          hasPair(folder) &&
          levels.size === 1 &&
          levels.has(folder.level) &&
          folder.level !== sandbox;
        const expected = `container_file_t:${[...levels].join(' or ')}`;
        return verdict([
          [good, { source: '/data of the first container', expected, actual: labelOf(facts, 'data') ?? 'no label' }],
        ]);
      },
    }),
    check({
      id: 'volume.shared',
      title: { en: 'The page is shared by label', ja: 'ページはラベルで共有されている' },
      rationale: {
        en: ':z leaves the categories out, so that every container may use the folder; never for what belongs to the host.',
        ja: ':z はカテゴリーを付けないので、どのコンテナもフォルダーを使えます。ホストのものには決して使いません。',
      },
      remediation: {
        en: 'Mount ~/lab/site at /usr/share/nginx/html of both containers with :z.',
        ja: '両方のコンテナの /usr/share/nginx/html に ~/lab/site を :z でマウントしてください。',
      },
      severity: 'medium',
      weight: 10,
      needs: ['processes', 'requests', 'attributes'],
      dependsOn: ['service.answers'],
      references: [chapter],
      applies,
      evaluate: (facts) =>
        verdict(
          ['site', 'secondSite'].map((name) => {
            const label = labelOf(facts, name);
            const context = parseContext(label);
            const source = `/usr/share/nginx/html of the ${name === 'site' ? 'first' : 'second'} container`;
            const good = context?.type === 'container_file_t' && context.level === 's0';
            return [good, { source, expected: 'container_file_t:s0', actual: label ?? 'no label' }] as const;
          }),
        ),
    }),
  ],
} satisfies Grader;
