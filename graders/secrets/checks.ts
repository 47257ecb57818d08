/** Lab secrets (8.7.1): two secrets that were used, and that are nowhere in the image, the container or its environment. */
import { createHash } from 'node:crypto';
import { CannotVerify, check, type Evidence, type Grader } from '../../src/grading/check.ts';
import { describe, serving } from '../../src/grading/observe/containers.ts';
import { textOf } from '../../src/grading/observe/files.ts';
import { inside } from '../../src/grading/observe/id-maps.ts';
import { nowhere, servingImage } from '../../src/grading/observe/image.ts';
import { bodyOf, pageFromContainer, summary } from '../../src/grading/observe/service.ts';
import { verdict } from '../../src/grading/observe/verdict.ts';
import type { Facts } from '../../src/inspector/snapshot.ts';

const chapter = 'chapter 8.7.1';
const secretFile = '/run/secrets/db_password';
/** What is searched for, in this order. */
const needles = ['buildToken', 'dbPassword'] as const;
type Needle = (typeof needles)[number];

function drawn({ parameters }: Facts<never>, name: Needle): string {
  const value = parameters[name];
  if (!value) throw new CannotVerify(`no ${name} in the snapshot`);
  return value;
}

/** What the application shows of a secret: enough to prove that it was used. */
const fingerprint = (secret: string) => createHash('sha256').update(secret).digest('hex').slice(0, 16);

/** The status page has the line that only who has the secret can make. */
function statusSays(facts: Facts<'requests'>, word: string, name: Needle): [boolean, Evidence] {
  const answer = facts.requests.status;
  if (!answer) throw new CannotVerify('the request status was not made');
  const good = answer.status === 200 && bodyOf(answer).includes(`${word} ${fingerprint(drawn(facts, name))}`);
  return [
    good,
    {
      source: 'GET /cgi-bin/status',
      expected: `${word} and the fingerprint of your ${name}`,
      actual: good ? 'it is there' : summary(answer),
    },
  ];
}

export default {
  lab: 'secrets',
  observe: ({ port, buildToken, dbPassword }) => ({
    requests: { page: { port: Number(port) }, status: { port: Number(port), path: '/cgi-bin/status' } },
    containerFiles: { servedBy: 'page', paths: [secretFile] },
    servingImage: { servedBy: 'page', find: [buildToken, dbPassword].filter((one) => one !== undefined) },
  }),
  checks: [
    check({
      id: 'service.answers',
      title: { en: 'Your page answers from a container', ja: '自分のページがコンテナから返ってくる' },
      rationale: {
        en: 'The page with your token marks the container that is searched, and the image below it.',
        ja: 'トークンの入ったページを返すコンテナと、その元のイメージが調べる対象です。',
      },
      remediation: {
        en: 'Put your token into www/index.html, build, and publish port 8080 of the container at your port.',
        ja: 'www/index.html にトークンを書いてビルドし、コンテナの 8080 番ポートを自分のポートに公開してください。',
      },
      severity: 'medium',
      weight: 10,
      needs: ['processes', 'requests'],
      references: [chapter],
      evaluate: (facts) => pageFromContainer(facts),
    }),
    check({
      id: 'build.used',
      title: { en: 'The build had its token', ja: 'ビルドでトークンが使われた' },
      rationale: {
        en: 'A build that does without its secret has no trouble hiding it. The licence can only be made with the token.',
        ja: 'シークレットを使わないビルドなら、隠すのは簡単です。ライセンスはトークンがなければ作れません。',
      },
      remediation: {
        en: 'vendor.sh makes the licence. Give it the token: podman build --secret id=build_token,src=FILE and RUN --mount=type=secret,id=build_token.',
        ja: 'ライセンスは vendor.sh が作ります。podman build --secret id=build_token,src=ファイル と RUN --mount=type=secret,id=build_token でトークンを渡してください。',
      },
      severity: 'medium',
      weight: 15,
      needs: ['requests'],
      dependsOn: ['service.answers'],
      references: [chapter],
      evaluate: (facts) => verdict([statusSays(facts, 'license', 'buildToken')]),
    }),
    check({
      id: 'build.no-trace',
      title: { en: 'The image holds no trace of it', ja: 'イメージにトークンの跡がない' },
      rationale: {
        en: 'Whoever can pull the image can read every layer, its history and its configuration. A token in there is published.',
        ja: 'イメージを取得できる人は、すべての層と履歴と設定を読めます。そこに残ったトークンは公開したのと同じです。',
      },
      remediation: {
        en: 'No ARG, no ENV, no COPY of it, not even for a moment: a RUN with --mount=type=secret. Then build anew and start the container anew.',
        ja: 'ARG・ENV・COPY は一瞬でも使わず、RUN に --mount=type=secret を付けます。そのうえでイメージもコンテナも作り直してください。',
      },
      severity: 'critical',
      weight: 25,
      needs: ['servingImage'],
      dependsOn: ['service.answers'],
      references: ['CIS Docker 1.6 4.10', 'NIST SP 800-190 4.1.4', chapter],
      evaluate: (facts) => verdict(nowhere(servingImage(facts), needles.indexOf('buildToken'), 'buildToken')),
    }),
    check({
      id: 'runtime.file',
      title: {
        en: 'The application reads its password from a file',
        ja: 'アプリケーションがファイルからパスワードを読む',
      },
      rationale: {
        en: 'A file can have an owner and a mode, is not inherited by every child process, and appears in no listing of options.',
        ja: 'ファイルには所有者とモードがあり、子プロセスに引き継がれず、オプションの一覧にも現れません。',
      },
      remediation: {
        en: 'podman secret create, then --secret db_password at podman run; the file is /run/secrets/db_password.',
        ja: 'podman secret create で作り、podman run に --secret db_password を付けてください。ファイルは /run/secrets/db_password です。',
      },
      severity: 'high',
      weight: 15,
      needs: ['requests', 'containerFiles'],
      dependsOn: ['service.answers'],
      references: ['NIST SP 800-190 4.1.4', chapter],
      evaluate: (facts) => {
        const content = textOf(facts.containerFiles, secretFile);
        const right = 'text' in content && content.text.replace(/\n$/, '') === drawn(facts, 'dbPassword');
        const actual = 'absent' in content ? content.absent : right ? 'it holds it' : 'something else';
        return verdict([
          [right, { source: `${secretFile} in the container`, expected: 'your dbPassword', actual }],
          statusSays(facts, 'database', 'dbPassword'),
        ]);
      },
    }),
    check({
      id: 'runtime.private',
      title: { en: 'Nobody else in the container reads it', ja: 'コンテナ内のほかのユーザーには読めない' },
      rationale: {
        en: 'Podman mounts secrets with mode 0444: every user of the container may read. One owner and 0400 is all that is needed.',
        ja: 'Podman の既定のモードは 0444 で、コンテナ内の誰でも読めます。所有者 1 人と 0400 で足ります。',
      },
      remediation: {
        en: '--secret db_password,uid=1000,gid=1000,mode=0400: the user that the application runs as.',
        ja: '--secret db_password,uid=1000,gid=1000,mode=0400 のように、アプリケーションのユーザーを所有者にしてください。',
      },
      severity: 'medium',
      weight: 15,
      needs: ['processes', 'requests', 'containerFiles'],
      dependsOn: ['runtime.file'],
      references: [chapter],
      evaluate: (facts) => {
        const file = facts.containerFiles[secretFile];
        if (!file || 'refused' in file) throw new CannotVerify(`${secretFile} could not be read`);
        const closed = (Number.parseInt(file.mode, 8) & 0o077) === 0;
        return verdict(
          serving(facts, 'page').map((process): [boolean, Evidence] => [
            closed && process.uid[1] === file.uid,
            {
              source: `${secretFile} in the container`,
              expected: `0400, owner ${inside(process.uidMap, process.uid[1] ?? -1) ?? '?'} as ${describe(process)}`,
              actual: `${file.mode}, owner ${inside(process.uidMap, file.uid) ?? '?'}`,
            },
          ]),
        );
      },
    }),
    check({
      id: 'runtime.no-trace',
      title: { en: 'The password is nowhere else', ja: 'パスワードがほかのどこにもない' },
      rationale: {
        en: 'An environment is inherited, printed by crash reporters and shown by inspect; a command line is shown to everybody by ps.',
        ja: '環境変数は子プロセスに引き継がれ、障害レポートに載り、inspect にも表示されます。コマンドラインは ps で誰にでも見えます。',
      },
      remediation: {
        en: 'No -e DB_PASSWORD, no secret with type=env, no argument, no copy in a file of the image or the container.',
        ja: '-e DB_PASSWORD も、type=env のシークレットも、引数も、イメージやコンテナ内のファイルへのコピーもなしにしてください。',
      },
      severity: 'critical',
      weight: 20,
      needs: ['servingImage'],
      dependsOn: ['service.answers'],
      references: ['CIS Docker 1.6 4.10', chapter],
      evaluate: (facts) => verdict(nowhere(servingImage(facts), needles.indexOf('dbPassword'), 'dbPassword')),
    }),
  ],
} satisfies Grader;
