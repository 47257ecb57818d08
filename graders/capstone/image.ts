/** Sections 1 and 2: what the image ships, and where the secret is. */
import { CannotVerify, type Check, type Evidence } from '../../src/grading/check.ts';
import { describe, listening, serving } from '../../src/grading/observe/containers.ts';
import { textOf } from '../../src/grading/observe/files.ts';
import { inside } from '../../src/grading/observe/id-maps.ts';
import { imageConfig, isTool, nowhere, places, servingImage, setsId } from '../../src/grading/observe/image.ts';
import { bodyOf, summary } from '../../src/grading/observe/service.ts';
import { verdict } from '../../src/grading/observe/verdict.ts';
import { fingerprint } from './fingerprint.ts';

import { drawn, secretFile, section, status } from './sections.ts';

const mostBytes = 3 * 1024 * 1024;

export const image: readonly Check[] = [
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
                source: 'the image that serves',
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
    evaluate: (facts) => verdict(nowhere(servingImage(facts), 0, 'dbPassword')),
  }),
];
