/** Lab build-hygiene (8.7.1): what an image ships, read from the container that answers and from the layers below it. */

import { CannotVerify, check, type Evidence, type Grader } from '../../src/grading/check.ts';
import { describe, listening, serving } from '../../src/grading/observe/containers.ts';
import { textOf } from '../../src/grading/observe/files.ts';
import { inside } from '../../src/grading/observe/id-maps.ts';
import {
  imageConfig,
  isTool,
  othersWrite,
  type Program,
  places,
  servingImage,
  setsId,
} from '../../src/grading/observe/image.ts';
import { mountsOf } from '../../src/grading/observe/mounts.ts';
import { pageFromContainer } from '../../src/grading/observe/service.ts';
import { verdict } from '../../src/grading/observe/verdict.ts';
import type { Facts, Process } from '../../src/inspector/snapshot.ts';

const chapter = 'chapter 8.7.1';
/** The application has 20 kB, the smallest base with a shell 2 MB: room for a dynamically linked one and its libraries. */
const mostBytes = 3 * 1024 * 1024;

type Seen = Facts<'processes' | 'requests' | 'servingImage'>;

function appUid({ parameters }: Facts<never>): number {
  const value = Number(parameters.appUid);
  if (!Number.isInteger(value)) throw new CannotVerify('no appUid in the snapshot');
  return value;
}

/** The files that the processes of the container run from: the application. */
function applications(facts: Seen): Set<string> {
  const running = serving(facts, 'page').flatMap(({ exe }) => (exe === null ? [] : [exe]));
  if (running.length === 0) throw new CannotVerify('which program answers could not be read');
  return new Set(running);
}

const shown = (programs: readonly Program[]) => {
  const names = programs.slice(0, 5).map(({ path }) => path);
  return `${names.join(', ')}${programs.length > 5 ? ` and ${programs.length - 5} more` : ''}`;
};

/** Files mounted over the program: what runs then is not what the image ships. */
function mountedOver(facts: Seen, process: Process): string[] {
  const exe = process.exe ?? '';
  return mountsOf(facts.processes, process)
    .map(({ mountPoint }) => mountPoint)
    .filter((point) => point !== '/' && (exe === point || exe.startsWith(`${point}/`)));
}

export default {
  lab: 'build-hygiene',
  observe: ({ port }) => ({
    requests: { page: { port: Number(port) } },
    containerFiles: { servedBy: 'page', paths: ['/etc/passwd'] },
    servingImage: { servedBy: 'page' },
  }),
  checks: [
    check({
      id: 'service.answers',
      title: { en: 'Your page answers from a container', ja: '自分のページがコンテナから返ってくる' },
      rationale: {
        en: 'A small image is right when it still does its work. The page with your token marks the container that is meant.',
        ja: '小さくしても、本来の仕事ができてこそ正解です。トークンの入ったページを返すコンテナが採点の対象です。',
      },
      remediation: {
        en: 'Put your token into page.html, build, and publish port 8080 of the container at your port.',
        ja: 'page.html にトークンを書いてビルドし、コンテナの 8080 番ポートを自分のポートに公開してください。',
      },
      severity: 'medium',
      weight: 10,
      needs: ['processes', 'requests'],
      references: [chapter],
      evaluate: (facts) => pageFromContainer(facts),
    }),
    check({
      id: 'process.user',
      title: { en: 'It runs as the user you were given', ja: '指定されたユーザーで動いている' },
      rationale: {
        en: 'A hole in the application is as bad as the user it runs as. With USER 1000 alone the group is still 0, and files of root’s group are open to it.',
        ja: 'アプリケーションの穴の深刻さは、それを動かすユーザーで決まります。USER 1000 だけではグループは 0 のままで、root グループのファイルに手が届きます。',
      },
      remediation: {
        en: 'USER with both numbers, user and group, in the last stage: USER 1234:1234 with your $TORIDE_APP_UID.',
        ja: '最後のステージの USER に、ユーザーとグループの両方を $TORIDE_APP_UID の番号で指定してください（USER 1234:1234 の形）。',
      },
      severity: 'high',
      weight: 15,
      needs: ['processes', 'requests'],
      dependsOn: ['service.answers'],
      references: ['CIS Docker 1.6 4.1', 'PSS runAsNonRoot', chapter],
      evaluate: (facts) => {
        const uid = appUid(facts);
        return verdict(
          serving(facts, 'page').map((process): [boolean, Evidence] => {
            const users = process.uid.map((id) => inside(process.uidMap, id));
            const groups = [...process.gid, ...process.groups].map((id) => inside(process.gidMap, id));
            const distinct = (ids: readonly (number | undefined)[]) => [...new Set(ids)].join(', ');
            return [
              users.every((id) => id === uid) && !groups.includes(0),
              {
                source: `/proc/PID/status of ${describe(process)}`,
                expected: `user ${uid}, no group 0`,
                actual: `user ${distinct(users)}, groups ${distinct(groups)}`,
              },
            ];
          }),
        );
      },
    }),
    check({
      id: 'image.user',
      title: { en: 'The image itself names that user', ja: 'イメージ自身がそのユーザーを指定している' },
      rationale: {
        en: 'An option can be forgotten at the next start. What the image says holds for everybody who runs it.',
        ja: 'オプションは次の起動で忘れられます。イメージに書いたことは、誰が起動しても効きます。',
      },
      remediation: {
        en: 'Write USER into the Containerfile, in the last stage; podman image inspect -f "{{.Config.User}}" IMAGE shows it.',
        ja: 'Containerfile の最後のステージに USER を書いてください。podman image inspect -f "{{.Config.User}}" イメージ名 で確認できます。',
      },
      severity: 'high',
      weight: 15,
      needs: ['processes', 'requests', 'servingImage', 'containerFiles'],
      dependsOn: ['service.answers'],
      references: ['CIS Docker 1.6 4.1', chapter],
      evaluate: (facts) => {
        const config = imageConfig(servingImage(facts));
        if ('absent' in config) return verdict([[false, config.absent]]);
        const uid = appUid(facts);
        const [user = ''] = config.user.split(':');
        const named = userNumber(facts, user);
        const evidence = {
          source: 'configuration of the image that serves',
          expected: `User ${uid}, or a name that means it`,
          actual: config.user === '' ? 'no User: root' : `User ${config.user}`,
        };
        return verdict([[named === uid, evidence]]);
      },
    }),
    check({
      id: 'image.nothing-else',
      title: {
        en: 'Nothing in it can be started but the application',
        ja: 'アプリケーション以外に起動できるものがない',
      },
      rationale: {
        en: 'An intruder works with what is there: a shell, a compiler, a package manager. Without them a hole is much harder to use.',
        ja: '侵入者は、そこにあるシェルやコンパイラー、パッケージ管理ツールを道具にします。なければ、穴があっても使うのはずっと難しくなります。',
      },
      remediation: {
        en: 'A second stage FROM scratch, with COPY --from=build of the program and its page alone. Remove other containers that listen.',
        ja: 'FROM scratch の 2 番目のステージを作り、COPY --from=build でプログラムとページだけを移してください。待ち受けているほかのコンテナは削除します。',
      },
      severity: 'high',
      weight: 20,
      needs: ['processes', 'requests', 'servingImage'],
      dependsOn: ['service.answers'],
      references: ['NIST SP 800-190 4.1.2', chapter],
      evaluate: (facts) => {
        const seen = servingImage(facts);
        const own = applications(facts);
        const tools = seen.root.programs.filter((program) => !own.has(program.path) && isTool(program));
        const here = new Set(serving(facts, 'page'));
        const others = listening(facts).filter((process) => !here.has(process));
        return verdict([
          [
            tools.length === 0,
            {
              source: 'the files of the container',
              expected: `no program but ${[...own].join(', ')}`,
              actual: tools.length === 0 ? 'none' : shown(tools),
            },
          ],
          ...others.map((process): [boolean, Evidence] => [
            false,
            { source: describe(process), expected: 'no other container that listens', actual: 'it listens' },
          ]),
        ]);
      },
    }),
    check({
      id: 'layers.lean',
      title: { en: 'Nothing of the build is left in a layer', ja: 'どの層にもビルドの残りがない' },
      rationale: {
        en: 'Every layer is shipped. What a later one deletes is still downloaded, stored, scanned, and there for whoever unpacks it.',
        ja: '配布されるのはすべての層です。後の層で消しても、ダウンロードも保存もスキャンもされ、展開すれば取り出せます。',
      },
      remediation: {
        en: 'rm in a RUN takes nothing away from the layers before it. Only a stage of its own does: FROM scratch, then COPY --from.',
        ja: 'RUN の中で rm しても、前の層からは何も減りません。減らせるのは FROM scratch と COPY --from による別のステージだけです。',
      },
      severity: 'medium',
      weight: 20,
      needs: ['processes', 'requests', 'servingImage'],
      dependsOn: ['service.answers'],
      references: ['CIS Docker 1.6 4.3', chapter],
      evaluate: (facts) => {
        const seen = servingImage(facts);
        const own = applications(facts);
        const layers = places(seen).slice(1);
        const bytes = seen.layers.reduce((sum, tree) => sum + tree.bytes, 0);
        const over = serving(facts, 'page').flatMap((process) => mountedOver(facts, process));
        const shipped = [...own].every((path) =>
          seen.layers.some(({ programs }) => programs.some((one) => one.path === path)),
        );
        return verdict([
          [
            shipped && over.length === 0,
            {
              source: 'the layers of the image',
              expected: `${[...own].join(', ')} in one of them`,
              actual: over.length > 0 ? `mounted over it: ${over.join(', ')}` : shipped ? 'it is' : 'not there',
            },
          ],
          ...layers.flatMap(({ name, tree }): [boolean, Evidence][] => {
            const tools = tree.programs.filter((program) => !own.has(program.path) && isTool(program));
            const evidence = { source: name, expected: 'no program but the application', actual: shown(tools) };
            return tools.length === 0 ? [] : [[false, evidence]];
          }),
          [
            bytes <= mostBytes,
            { source: 'all layers together', expected: `at most ${mostBytes} bytes`, actual: `${bytes} bytes` },
          ],
        ]);
      },
    }),
    check({
      id: 'files.no-set-id',
      title: { en: 'No file raises privileges', ja: '権限を高めるファイルがない' },
      rationale: {
        en: 'A set-user-ID program or one with file capabilities makes USER worth little: whoever starts it is root again.',
        ja: 'setuid のプログラムやファイルケイパビリティ付きのプログラムがあると、USER の意味が薄れます。起動した者が root に戻れるからです。',
      },
      remediation: {
        en: 'Leave such programs out, or take the bits away in the stage that makes them: chmod u-s,g-s.',
        ja: 'そのようなプログラムは入れないか、作ったステージの中で chmod u-s,g-s してください。',
      },
      severity: 'high',
      weight: 10,
      needs: ['processes', 'requests', 'servingImage'],
      dependsOn: ['service.answers'],
      references: ['CIS Docker 1.6 4.8', chapter],
      evaluate: (facts) =>
        verdict(
          places(servingImage(facts)).map(({ name, tree }) => {
            const raising = tree.programs.filter((program) => setsId(program) || program.capabilities);
            const actual = raising.map(
              ({ path, mode, capabilities }) => `${path} ${mode}${capabilities ? ' +cap' : ''}`,
            );
            const evidence = {
              source: name,
              expected: 'no set-id bit, no file capability',
              actual: actual.slice(0, 5).join(', ') || 'none',
            };
            return [raising.length === 0, evidence];
          }),
        ),
    }),
    check({
      id: 'files.not-its-own',
      title: { en: 'It cannot change its own program', ja: '自分自身のプログラムを書き換えられない' },
      rationale: {
        en: 'Files that belong to the running user can be replaced by an intruder. Root owns them, the application only reads.',
        ja: '実行ユーザーが所有するファイルは、侵入者に差し替えられます。所有者は root、アプリケーションは読むだけにします。',
      },
      remediation: {
        en: 'Leave --chown out of COPY, and mode 0755 on the program: owner root, nobody else writes.',
        ja: 'COPY に --chown を付けず、プログラムの所有者は root、モードは 0755 にしてください。',
      },
      severity: 'medium',
      weight: 10,
      needs: ['processes', 'requests', 'servingImage'],
      dependsOn: ['service.answers'],
      references: [chapter],
      evaluate: (facts) => {
        const { root } = servingImage(facts);
        return verdict(
          serving(facts, 'page').map((process): [boolean, Evidence] => {
            const program = root.programs.find(({ path }) => path === process.exe);
            const source = `${process.exe} of ${describe(process)}`;
            const expected = 'owner root, writable by nobody else';
            if (!program) return [false, { source, expected, actual: 'not a file of the container' }];
            const owner = inside(process.uidMap, program.uid);
            return [
              owner === 0 && !othersWrite(program),
              { source, expected, actual: `owner ${owner ?? 'unknown'}, mode ${program.mode}` },
            ];
          }),
        );
      },
    }),
  ],
} satisfies Grader;

/** A number as it stands, a name by the container's own /etc/passwd; undefined for neither. */
function userNumber({ containerFiles }: Facts<'containerFiles'>, user: string): number | undefined {
  if (/^\d{1,9}$/.test(user)) return Number(user);
  const passwd = textOf(containerFiles, '/etc/passwd');
  if ('absent' in passwd) return undefined;
  const line = passwd.text.split('\n').find((one) => one.split(':')[0] === user);
  const number = line?.split(':')[2];
  return number !== undefined && /^\d{1,9}$/.test(number) ? Number(number) : undefined;
}
