/** Lab capstone: all that the course teaches, at once, on one application. A task is a section of the score. */
import { check, type Grader } from '../../src/grading/check.ts';
import { keepsNotes, noteRequests } from '../../src/grading/observe/notes.ts';
import { pageFromContainer } from '../../src/grading/observe/service.ts';
import { image } from './image.ts';
import { rights } from './rights.ts';
import { secretFile, section } from './sections.ts';
import { surroundings } from './surroundings.ts';

export default {
  lab: 'capstone',
  observe: ({ port, dbPassword }) => ({
    requests: {
      page: { port: Number(port) },
      ...noteRequests(Number(port)),
      status: { port: Number(port), path: '/status' },
    },
    containerFiles: { servedBy: 'page', paths: [secretFile] },
    servingImage: { servedBy: 'page', find: dbPassword ? [dbPassword] : [] },
    syscalls: { servedBy: 'page', calls: 'all' },
  }),
  checks: [
    check({
      id: 'service.answers',
      title: { en: 'Your page answers from a container', ja: '自分のページがコンテナから返ってくる' },
      rationale: {
        en: 'Security that stops the service is switched off again. The page with your token marks the container that is judged.',
        ja: 'サービスを止めてしまう対策は、すぐに外されます。トークンの入ったページを返すコンテナが採点の対象です。',
      },
      remediation: {
        en: 'Put your token into page.html and publish port 8080 of the container at your port. podman logs tells what failed.',
        ja: 'page.html にトークンを書き、コンテナの 8080 番ポートを自分のポートに公開してください。失敗の原因は podman logs に出ます。',
      },
      severity: 'medium',
      weight: 5,
      needs: ['processes', 'requests'],
      evaluate: (facts) => pageFromContainer(facts),
    }),
    section({
      id: 'service.writes',
      title: { en: 'It keeps notes', ja: 'ノートを保存できる' },
      rationale: {
        en: 'Closed down is right when the application can still do what it is for.',
        ja: '閉じた後も、アプリケーションが本来の仕事をできてこそ正解です。',
      },
      remediation: {
        en: 'Try it: ~/lab/use.sh. The application’s user must be able to write in /data.',
        ja: '~/lab/use.sh で試してください。アプリケーションのユーザーが /data に書き込める必要があります。',
      },
      severity: 'medium',
      weight: 5,
      needs: ['requests'],
      evaluate: keepsNotes,
    }),
    ...image,
    ...rights,
    ...surroundings,
  ],
} satisfies Grader;
