/** Lab image-scan (8.4.1): the packages of an image that have known holes, told and gone. */
import { CannotVerify, type Check, check, type Evidence, type Grader } from '../../src/grading/check.ts';
import { servingImage } from '../../src/grading/observe/image.ts';
import { pageFromContainer } from '../../src/grading/observe/service.ts';
import { verdict } from '../../src/grading/observe/verdict.ts';
import type { Facts, FileObservation } from '../../src/inspector/snapshot.ts';
import { type Advisory, advisories, installed, marks } from './advisories.ts';
import { type Finding, parseReport } from './reports.ts';
import { compareVersions } from './versions.ts';

const reportPath = '/home/learner/lab/report.json';
const statusPath = '/var/lib/dpkg/status';
const about = { references: ['chapter 8.4.1', 'CIS Docker 1.6 4.4', 'NIST SP 800-190 4.1.1'] } as const;

/** What a right report holds: this learner's image lacks one of the packages. */
function expected({ parameters: { without } }: Pick<Facts<never>, 'parameters'>): Advisory[] {
  return advisories.filter(({ package: name, fixed }) => {
    const version = installed[name];
    return name !== without && version !== undefined && compareVersions(version, fixed) < 0;
  });
}

const textOf = (file: FileObservation): string | undefined =>
  file && 'base64' in file ? Buffer.from(file.base64, 'base64').toString('utf8') : undefined;

/** Findings about holes that the advisories name; a scanner with more data may tell of more. */
function reported({ files }: Facts<'files'>): { findings: Finding[] } | { absent: Evidence } {
  const file = files[reportPath];
  if (file === undefined) throw new CannotVerify(`${reportPath} was not looked at`);
  const content = textOf(file);
  const findings = content === undefined ? undefined : parseReport(content);
  if (findings) return { findings: findings.filter(({ cve }) => advisories.some((one) => one.cve === cve)) };
  const actual = file === null ? 'no such file' : 'refused' in file ? file.refused : 'no report';
  return { absent: { source: reportPath, expected: 'a list of findings, or a report of Trivy or Clair', actual } };
}

const list = (names: Iterable<string>): string => [...new Set(names)].sort().join(', ') || 'none';

/** 'libexpat1' … with their versions, as the database of the container tells them. */
function databaseOf(status: string): { name: string; version: string }[] {
  return status.split(/\n\s*\n/).flatMap((record) => {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(record)?.[1]?.trim();
    const [name, version] = [field('Package'), field('Version')];
    return name && version && field('Status')?.endsWith(' installed') ? [{ name, version }] : [];
  });
}

const checks: readonly Check[] = [
  check({
    ...about,
    id: 'report.packages',
    title: { en: 'The report names the right packages', ja: '報告のパッケージが正しい' },
    rationale: {
      en: 'One that is missed stays; one that is named wrongly costs somebody a day and the report its trust.',
      ja: '見落としは残り続けます。誤報は誰かの 1 日を奪い、報告の信用を損ないます。',
    },
    remediation: {
      en: 'Scan your team’s image and not localhost/legacy, and name the installed package (libexpat1), not its source (expat).',
      ja: 'localhost/legacy ではなくチームのイメージを調べ、ソース名（expat）ではなくインストール名（libexpat1）で書いてください。',
    },
    severity: 'high',
    weight: 20,
    needs: ['files'],
    evaluate: (facts) => {
      const report = reported(facts);
      if ('absent' in report) return verdict([[false, report.absent]]);
      const right = new Set(expected(facts).map((one) => one.package));
      const named = new Set(report.findings.map((one) => one.package));
      const wrong = [...named].filter((name) => !right.has(name));
      const missed = [...right].filter((name) => !named.has(name));
      return verdict([
        [
          wrong.length === 0,
          { source: reportPath, expected: 'no package that is not affected', actual: `named wrongly: ${list(wrong)}` },
        ],
        [
          missed.length === 0,
          // Which ones would be the answer.
          { source: reportPath, expected: 'every package that is affected', actual: `${missed.length} missing` },
        ],
      ]);
    },
  }),
  check({
    ...about,
    id: 'report.details',
    title: { en: 'Each hole with the version that ends it', ja: '脆弱性と修正版が正しい' },
    rationale: {
      en: 'Whoever repairs it needs the number to look it up and the version to wait for.',
      ja: '修正する人には、調べるための番号と、入れるべきバージョンが必要です。',
    },
    remediation: {
      en: 'One entry for each hole: a package can have several. Leave out what your version already fixes.',
      ja: '1 つのパッケージに複数の脆弱性があれば、その数だけ項目が必要です。すでに修正済みのものは書きません。',
    },
    severity: 'medium',
    weight: 25,
    needs: ['files'],
    evaluate: (facts) => {
      const report = reported(facts);
      if ('absent' in report) return verdict([[false, report.absent]]);
      const right = expected(facts);
      const same = (one: Finding) => right.find(({ cve, package: name }) => cve === one.cve && name === one.package);
      const wrong = report.findings.filter((one) => same(one)?.fixed !== one.fixed).map(({ cve }) => cve);
      const missed = right.filter(({ cve }) => !report.findings.some((one) => one.cve === cve));
      return verdict([
        [
          wrong.length === 0,
          {
            source: reportPath,
            expected: 'holes of this image, each with package and fixed version',
            actual: `not right: ${list(wrong)}`,
          },
        ],
        [
          missed.length === 0,
          { source: reportPath, expected: 'every hole that the advisories name', actual: `${missed.length} missing` },
        ],
      ]);
    },
  }),
  check({
    ...about,
    id: 'service.answers',
    title: { en: 'Your page answers from a container', ja: '自分のページがコンテナから返ってくる' },
    rationale: {
      en: 'An image without holes that serves nothing repairs nothing.',
      ja: '脆弱性がなくても、動かないイメージでは修正したことになりません。',
    },
    remediation: {
      en: 'Run the clean image with port 80 published at your port, and with your token in its page.',
      ja: 'トークンの入ったページを持つ修正済みイメージを起動し、80 番ポートを自分のポートに公開してください。',
    },
    severity: 'medium',
    weight: 10,
    needs: ['processes', 'requests'],
    evaluate: (facts) => pageFromContainer(facts),
  }),
  check({
    ...about,
    id: 'image.database',
    title: { en: 'Its package database lists none of them', ja: 'パッケージデータベースに脆弱なものがない' },
    rationale: {
      en: 'Scanners believe this file. What stands in it and is gone raises alarms for ever.',
      ja: 'スキャナーはこのファイルを信じます。消したはずのものが残っていると、警報が鳴り続けます。',
    },
    remediation: {
      en: 'Remove the packages with dpkg --purge, not with rm; or begin with another base.',
      ja: 'rm ではなく dpkg --purge で削除するか、別のベースから作り直してください。',
    },
    severity: 'medium',
    weight: 15,
    needs: ['containerFiles'],
    dependsOn: ['service.answers'],
    evaluate: ({ containerFiles }) => {
      const file = containerFiles[statusPath];
      if (file === undefined) throw new CannotVerify(`${statusPath} of the container was not looked at`);
      const source = `${statusPath} of the container`;
      const none = { source, expected: 'no package with a known hole' };
      if (file === null) return verdict([[true, { ...none, actual: 'no package database' }]]);
      const status = textOf(file);
      if (status === undefined) return verdict([[false, { ...none, actual: 'no plain file' }]]);
      const holes = databaseOf(status).filter(({ name, version }) =>
        advisories.some((one) => one.package === name && compareVersions(version, one.fixed) < 0),
      );
      const actual = list(holes.map(({ name, version }) => `${name} ${version}`));
      return verdict([[holes.length === 0, { ...none, actual }]]);
    },
  }),
  check({
    ...about,
    id: 'image.files',
    title: { en: 'None of the libraries is there', ja: '脆弱なライブラリーが残っていない' },
    rationale: {
      en: 'A program loads a file, not a line of a database. What was copied by hand no scanner finds by its list.',
      ja: 'プログラムが読み込むのはファイルであり、データベースの行ではありません。手で置かれたファイルは一覧からは見つかりません。',
    },
    remediation: {
      en: 'The files themselves must be gone from the container, under whatever name.',
      ja: '名前を変えたものも含め、ファイル自体をコンテナからなくしてください。',
    },
    severity: 'high',
    weight: 30,
    needs: ['servingImage'],
    dependsOn: ['service.answers'],
    evaluate: (facts) => {
      const { found } = servingImage(facts).root;
      const left = found.filter((hit) => hit.in === 'content');
      return verdict(
        left.length === 0
          ? [
              [
                true,
                { source: 'files of the container', expected: 'no library with a known hole', actual: 'none found' },
              ],
            ]
          : left.map(({ path, needle }): [boolean, Evidence] => [
              false,
              { source: `${path} of the container`, expected: 'gone', actual: marks[needle]?.library ?? 'there' },
            ]),
      );
    },
  }),
];

export default {
  lab: 'image-scan',
  observe: ({ port }) => ({
    requests: { page: { port: Number(port) } },
    files: [reportPath],
    containerFiles: { servedBy: 'page', paths: [statusPath] },
    servingImage: { servedBy: 'page', marks: marks.map(({ mark }) => mark) },
  }),
  checks,
} satisfies Grader;
