/** Lab rootless-basics (8.2.1): answers and files, held against the learner's own uid_map. */

import { CannotVerify, type Check, check, type Grader, type Localized } from '../../src/grading/check.ts';
import { typedAnswer } from '../../src/grading/observe/answers.ts';
import { describe } from '../../src/grading/observe/containers.ts';
import { textOf } from '../../src/grading/observe/files.ts';
import { sandboxInit } from '../../src/grading/observe/first-process.ts';
import { inside, outside, size } from '../../src/grading/observe/id-maps.ts';
import { verdict } from '../../src/grading/observe/verdict.ts';
import { forwards } from '../../src/inspector/forwarders.ts';
import type { Facts } from '../../src/inspector/snapshot.ts';
import { learner, learnersMap } from './maps.ts';

const chapter = 'chapter 8.2.1';
const answersPath = '/home/learner/lab/answers.json';
const rootFile = '/home/learner/lab/box/from-root.txt';
const appFile = '/home/learner/lab/box/from-app.txt';

type Seen = Facts<'processes' | 'files'>;

function appUid({ parameters }: Facts<never>): number {
  const value = Number(parameters.appUid);
  if (!Number.isInteger(value)) throw new CannotVerify('no appUid in the snapshot');
  return value;
}

/** An id as a learner reads it in the sandbox. */
function asLearnerSees(facts: Facts<'processes'>, id: number | undefined): string {
  const seen = id === undefined ? undefined : inside(sandboxInit(facts.processes).uidMap, id);
  return seen === undefined ? 'none' : String(seen);
}

function answer(
  key: string,
  weight: number,
  title: Localized,
  remediation: Localized,
  right: (facts: Seen) => string,
): Check {
  return check({
    id: `answers.${key}`,
    title,
    rationale: {
      en: 'The map is all there is to rootless: who can read it knows what a process can reach outside of its container.',
      ja: 'Rootless の要はこの対応表です。読めれば、プロセスがコンテナの外で何に手が届くのか分かります。',
    },
    remediation,
    severity: 'medium',
    weight,
    needs: ['processes', 'files'],
    dependsOn: ['process.app'],
    references: [chapter],
    evaluate: (facts) => {
      const { given, shown } = typedAnswer(facts, answersPath, key);
      const good = given === right(facts);
      // The right answer is never shown: it would be copied instead of read. Nor is a right one repeated: each sandbox has
      // other ids, and the same submission should give the same report.
      const expected = 'what uid_map says';
      return verdict([[good, { source: `${answersPath}: ${key}`, expected, actual: good ? expected : shown }]]);
    },
  });
}

/** The file exists, holds the token, and belongs to this id. */
function belongsTo(facts: Seen, path: string, owner: number | undefined, who: string) {
  const content = textOf(facts.files, path);
  const file = facts.files[path];
  const { token } = facts.parameters;
  if (!token) throw new CannotVerify('no token in the snapshot');
  // In words: one of the numbers is an answer that is asked for.
  const expected = `owned by ${who}, with ${token}`;
  if ('absent' in content || !file || 'refused' in file)
    return verdict([
      [false, { source: path, expected, actual: 'absent' in content ? content.absent : 'no such file' }],
    ]);
  const holds = content.text.includes(token);
  const actual = `owner ${asLearnerSees(facts, file.uid)}, ${holds ? 'with' : 'without'} the token`;
  return verdict([[file.uid === owner && holds, { source: path, expected, actual }]]);
}

export default {
  lab: 'rootless-basics',
  observe: () => ({ files: [answersPath, rootFile, appFile] }),
  checks: [
    check({
      id: 'process.app',
      title: { en: 'A container runs as the user you were given', ja: '指定されたユーザーでコンテナが動いている' },
      rationale: {
        en: 'Every user of a container is some user outside: this process can be seen from both sides.',
        ja: 'コンテナのどのユーザーも、外では別の誰かです。このプロセスは両側から観察できます。',
      },
      remediation: {
        en: 'podman run -d --user with your number ($TORIDE_APP_UID), and a program that keeps running.',
        ja: 'podman run -d --user に自分の番号（$TORIDE_APP_UID）を指定し、動き続けるプログラムを起動してください。',
      },
      severity: 'low',
      weight: 20,
      needs: ['processes'],
      references: [chapter],
      evaluate: (facts) => {
        const { processes: table } = facts;
        const wanted = appUid(facts);
        const containers = table.processes.filter((process) => process.pidNsDepth > 0 && !forwards(table, process));
        const found = containers.filter(({ uid, uidMap }) => uid.every((id) => inside(uidMap, id) === wanted));
        const source = '/proc/PID/status of the processes in containers';
        const actual = (found.length > 0 ? found : containers).slice(0, 6).map((one) => {
          return `${describe(one)}: ${inside(one.uidMap, one.uid[0] ?? -1) ?? 'none'}`;
        });
        const evidence = {
          source,
          expected: `user ${wanted} inside`,
          actual: actual.join(', ') || 'no container runs',
        };
        return verdict([[found.length > 0, evidence]]);
      },
    }),
    answer(
      'root',
      15,
      { en: 'You know who the container’s root is', ja: 'コンテナの root が誰かを答えられる' },
      {
        en: 'In ~/lab/answers.json, root: the outside number of user 0. It is in the first line of the map.',
        ja: '~/lab/answers.json の root に、ユーザー 0 の外での番号を書いてください。対応表の 1 行目にあります。',
      },
      (facts) => asLearnerSees(facts, outside(learnersMap(facts), 0)),
    ),
    answer(
      'app',
      20,
      { en: 'You know who your user is outside', ja: '指定のユーザーが外では誰かを答えられる' },
      {
        en: 'In ~/lab/answers.json, app: the outside number of the user you were given. Count from the first of its range.',
        ja: '~/lab/answers.json の app に、指定されたユーザーの外での番号を書いてください。その範囲の先頭から数えます。',
      },
      (facts) => asLearnerSees(facts, outside(learnersMap(facts), appUid(facts))),
    ),
    answer(
      'ids',
      10,
      { en: 'You know how many users there can be', ja: 'ユーザーを何人まで持てるかを答えられる' },
      {
        en: 'In ~/lab/answers.json, ids: how many users the map holds, all lines together.',
        ja: '~/lab/answers.json の ids に、対応表のすべての行を合わせたユーザーの個数を書いてください。',
      },
      (facts) => String(size(learnersMap(facts))),
    ),
    check({
      id: 'files.root',
      title: { en: 'What the container’s root wrote is yours', ja: 'コンテナの root が書いたファイルは自分のもの' },
      rationale: {
        en: 'Root in the container writes with your own number: no file outside ever comes to belong to the machine’s root.',
        ja: 'コンテナの root は、あなた自身の番号で書き込みます。外のファイルがマシンの root の所有になることはありません。',
      },
      remediation: {
        en: 'As root in a container, write your token to from-root.txt in ~/lab/box.',
        ja: 'コンテナの root として、~/lab/box の from-root.txt にトークンを書いてください。',
      },
      severity: 'low',
      weight: 10,
      needs: ['processes', 'files'],
      references: [chapter],
      evaluate: (facts) => belongsTo(facts, rootFile, learner(facts.processes), 'you'),
    }),
    check({
      id: 'files.app',
      title: { en: 'What your user wrote is not yours', ja: '指定のユーザーが書いたファイルは自分のものではない' },
      rationale: {
        en: 'Other users of a container are sub-ids: numbers that are set aside for you, and that are nobody else.',
        ja: 'コンテナのほかのユーザーはサブ ID です。あなたのために確保された、ほかの誰でもない番号です。',
      },
      remediation: {
        en: 'As the user you were given, write your token to from-app.txt in ~/lab/box. Permission denied: podman unshare chown.',
        ja: '指定されたユーザーとして、~/lab/box の from-app.txt にトークンを書いてください。Permission denied なら podman unshare chown です。',
      },
      severity: 'low',
      weight: 25,
      needs: ['processes', 'files'],
      dependsOn: ['process.app'],
      references: [chapter],
      evaluate: (facts) =>
        belongsTo(facts, appFile, outside(learnersMap(facts), appUid(facts)), 'your user as it is outside'),
    }),
  ],
} satisfies Grader;
