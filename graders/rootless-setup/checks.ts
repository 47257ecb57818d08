/** Lab rootless-setup (8.2.2): sub-ids, a low port and a volume's owner, for a web application without root. */

import { CannotVerify, check, type Grader } from '../../src/grading/check.ts';
import { describe, serving } from '../../src/grading/observe/containers.ts';
import { inside } from '../../src/grading/observe/id-maps.ts';
import { mountsOf } from '../../src/grading/observe/mounts.ts';
import { keepsNotes, noteRequests } from '../../src/grading/observe/notes.ts';
import { bodyOf, pageFromContainer, summary } from '../../src/grading/observe/service.ts';
import { verdict } from '../../src/grading/observe/verdict.ts';
import type { Facts, Process } from '../../src/inspector/snapshot.ts';
import { appUid, mapped, paths, ranges } from './sub-ids.ts';

const chapter = 'chapter 8.2.2';
const oldNote = '/notes/welcome.txt';

/** Of the container that serves, the processes that held the connection of this request. */
function answering(facts: Facts<'processes' | 'requests'>, request: string): Process[] {
  const pids = new Set(facts.requests[request]?.servedBy.map(({ pid }) => pid));
  return serving(facts, request).filter(({ pid }) => pids.has(pid));
}

export default {
  lab: 'rootless-setup',
  observe: ({ port }) => ({
    requests: {
      page: { port: Number(port) },
      ...noteRequests(Number(port)),
      welcome: { port: Number(port), path: oldNote },
    },
    files: Object.values(paths),
    attributes: { notes: { servedBy: 'page', path: '/data' } },
  }),
  checks: [
    ranges('uid', 15, { en: 'You have user ids of your own', ja: '自分だけのユーザー ID の範囲がある' }),
    ranges('gid', 10, { en: 'You have group ids of your own', ja: '自分だけのグループ ID の範囲がある' }),
    check({
      id: 'service.answers',
      title: { en: 'Your page is served at the low port', ja: '小さい番号のポートでページが公開されている' },
      rationale: {
        en: 'Ports below 1024 are root’s by tradition. One sysctl moves the border; nothing has to run as root for it.',
        ja: '1024 未満のポートは慣例で root のものです。境界は sysctl 1 つで動かせ、何かを root で動かす必要はありません。',
      },
      remediation: {
        en: 'As administrator: sysctl -w net.ipv4.ip_unprivileged_port_start=YOUR PORT. Then publish that port with -p.',
        ja: '管理者として sysctl -w net.ipv4.ip_unprivileged_port_start=自分のポート を実行し、-p でそのポートを公開してください。',
      },
      severity: 'medium',
      weight: 15,
      needs: ['processes', 'requests'],
      references: [chapter],
      evaluate: (facts) => pageFromContainer(facts),
    }),
    check({
      id: 'process.mapped',
      title: { en: 'It runs with your ids and nobody else’s', ja: '自分の ID だけで動いている' },
      rationale: {
        en: 'What counts is the map that the kernel has, made when Podman’s namespace was. A file that was changed later does not show in it.',
        ja: '効いているのは、Podman の名前空間が作られたときにカーネルへ渡された対応表です。あとからファイルを変えても反映されません。',
      },
      remediation: {
        en: 'podman system migrate ends the old namespace; start the container again. podman unshare cat /proc/self/uid_map shows the new one.',
        ja: 'podman system migrate で古い名前空間を終わらせ、コンテナを起動し直してください。新しい対応表は podman unshare cat /proc/self/uid_map で見られます。',
      },
      severity: 'high',
      weight: 20,
      needs: ['processes', 'requests', 'files'],
      dependsOn: ['ranges.uid', 'ranges.gid', 'service.answers'],
      references: [chapter],
      evaluate: (facts) =>
        verdict(
          serving(facts, 'page').flatMap((process) => [mapped(facts, process, 'uid'), mapped(facts, process, 'gid')]),
        ),
    }),
    check({
      id: 'process.user',
      title: { en: 'The application runs as its own user', ja: 'アプリケーションが専用のユーザーで動いている' },
      rationale: {
        en: 'Root in the container is you. An application that is broken into should not be you as well.',
        ja: 'コンテナの root はあなた自身です。侵入されたアプリケーションまであなたであってはいけません。',
      },
      remediation: {
        en: 'podman run --user with the number you were given ($TORIDE_APP_UID).',
        ja: 'podman run --user に指定された番号（$TORIDE_APP_UID）を渡してください。',
      },
      severity: 'medium',
      weight: 10,
      needs: ['processes', 'requests'],
      dependsOn: ['service.answers'],
      references: [chapter, 'CIS Docker 1.6 4.1'],
      evaluate: (facts) =>
        verdict(
          answering(facts, 'page').map((process) => {
            const ids = [...new Set(process.uid.map((id) => inside(process.uidMap, id)))];
            const source = `/proc/PID/status of ${describe(process)}: Uid`;
            return [
              ids.length === 1 && ids[0] === appUid(facts),
              { source, expected: `${appUid(facts)} inside`, actual: ids.join(' ') },
            ] as const;
          }),
        ),
    }),
    check({
      id: 'service.writes',
      title: { en: 'A note can be stored', ja: 'ノートを保存できる' },
      rationale: {
        en: 'A volume that the application cannot write to is the most common trouble of rootless containers.',
        ja: 'アプリケーションがボリュームに書けないことは、Rootless コンテナで最も多いつまずきです。',
      },
      remediation: {
        en: 'Give the folder to the application’s user: podman unshare chown, or :U at the volume, or --userns=keep-id.',
        ja: 'フォルダーをアプリケーションのユーザーに渡します。podman unshare chown、ボリュームの :U、または --userns=keep-id です。',
      },
      severity: 'medium',
      weight: 10,
      needs: ['requests'],
      dependsOn: ['service.answers'],
      references: [chapter],
      evaluate: (facts) => keepsNotes(facts),
    }),
    check({
      id: 'volume.owner',
      title: {
        en: 'The volume is the application’s, not everybody’s',
        ja: 'ボリュームが全員ではなくアプリケーションのもの',
      },
      rationale: {
        en: 'chmod 777 makes a volume work too, for every user of the host and every container.',
        ja: 'chmod 777 でもボリュームは動きますが、ホストの全ユーザーと全コンテナが書き込めるようになります。',
      },
      remediation: {
        en: 'Mount a volume at /data, owned by the application’s user, and take the right to write from others: podman unshare chmod o-w.',
        ja: '/data にボリュームをマウントし、所有者をアプリケーションのユーザーにして、その他のユーザーの書き込み権を外します（podman unshare chmod o-w）。',
      },
      severity: 'high',
      weight: 15,
      needs: ['processes', 'requests', 'attributes'],
      dependsOn: ['service.answers'],
      references: [chapter],
      evaluate: (facts) => {
        const folder = facts.attributes.notes;
        if (folder === undefined) throw new CannotVerify('/data was not looked at');
        const source = '/data of the container';
        if (folder === null) return verdict([[false, { source, expected: 'a folder', actual: 'nothing there' }]]);
        const mode = Number.parseInt(folder.mode, 8);
        return verdict([
          ...answering(facts, 'page').flatMap((process) => {
            const volume = mountsOf(facts.processes, process).some(({ mountPoint }) => mountPoint === '/data');
            const owns = folder.uid === process.uid[1] && (mode & 0o200) !== 0;
            const shares = [process.gid[1], ...process.groups].includes(folder.gid) && (mode & 0o020) !== 0;
            const map = process.uidMap;
            return [
              [
                volume,
                {
                  source: `mountinfo of ${describe(process)}`,
                  expected: 'a mount at /data',
                  actual: volume ? 'it is there' : 'none',
                },
              ],
              [
                owns || shares,
                {
                  source,
                  expected: `writable for user ${inside(map, process.uid[1] ?? -1)}, as owner or by group`,
                  actual: `owner ${inside(map, folder.uid) ?? 'not in the map'}, mode ${folder.mode}`,
                },
              ],
            ] as const;
          }),
          [(mode & 0o002) === 0, { source, expected: 'not writable for others', actual: `mode ${folder.mode}` }],
        ]);
      },
    }),
    check({
      id: 'volume.notes',
      title: { en: 'The old note is still there', ja: '以前からあるノートが残っている' },
      rationale: {
        en: 'An empty new volume is always writable. Data that was there before is what makes ownership a question.',
        ja: '空の新しいボリュームはいつでも書けます。所有者が問題になるのは、以前からのデータがあるからです。',
      },
      remediation: {
        en: 'The notes are in ~/lab/notes: mount that folder at /data, or move what is in it.',
        ja: 'ノートは ~/lab/notes にあります。このフォルダーを /data にマウントするか、中身を移してください。',
      },
      severity: 'low',
      weight: 5,
      needs: ['requests'],
      dependsOn: ['service.answers'],
      evaluate: ({ requests: { welcome }, parameters: { port } }) => {
        if (!welcome) throw new CannotVerify('the old note was not asked for');
        const evidence = {
          source: `GET http://localhost:${port}${oldNote}`,
          expected: '200 with the first note',
          actual: summary(welcome),
        };
        return verdict([[welcome.status === 200 && bodyOf(welcome).includes('The first note'), evidence]]);
      },
    }),
  ],
} satisfies Grader;
