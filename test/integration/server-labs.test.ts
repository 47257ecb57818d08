/** A lab over HTTP: checks, reset, stop, what is stored; who shares with whom; what happens when it is full. */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadCatalogue } from '../../src/exercise/catalogue.ts';
import { grade } from '../../src/grading/runner.ts';
import { CLOSE } from '../../src/protocol/terminal.ts';
import { checkout } from '../../src/setup/paths.ts';
import { Client, startTestServer, type TestServer } from '../helpers/server.ts';

let server: TestServer;
let ann: Client;
let ben: Client;

const lab = '/api/labs/read-only';
const stateOf = async (client: Client) => (await client.ask('GET', lab)).json;
const sandboxIds = () => server.withStore(async (store) => new Set((await store.openSandboxes()).map(({ id }) => id)));

beforeAll(async () => {
  server = await startTestServer('labs');
  [ann, ben] = await Promise.all([Client.learner(server.url), Client.learner(server.url, 'ja')]);
});
afterAll(() => server.dispose());

test('two learners do not share: each has a sandbox, values and files of their own', async () => {
  const [anns, bens] = await Promise.all([ann.terminal().ready(), ben.terminal().ready()]);
  await anns.run('echo secret of ann > ann.txt');
  expect(await bens.run('ls; cat ann.txt; find / -xdev -name ann.txt')).not.toMatch(/secret of ann|\/ann\.txt\r/);
  expect(anns.text).not.toBe(bens.text);
  const [{ sandbox: one }, { sandbox: other }] = [await stateOf(ann), await stateOf(ben)];
  expect(one.parameters.token).not.toBe(other.parameters.token);
  expect(await anns.run('echo "=$TORIDE_TOKEN="')).toContain(`=${one.parameters.token}=`);
  await Promise.all([anns.leave(), bens.leave()]);
});

test('the same learner, the same terminal: the screen is there again, and what runs goes on', async () => {
  const first = await ann.terminal().ready();
  await first.run('i=1; sleep 1000 & echo job $!');
  await first.leave();
  const again = await ann.terminal().ready();
  expect(again.frame('ready')?.screen).toMatch(/job \d+/);
  expect(await again.run('echo "i is $i"; jobs')).toMatch(/i is 1[\s\S]*sleep 1000/);
  await again.leave();
});

describe('checks', () => {
  test('two at once give one attempt, in the language asked for, with evidence', async () => {
    const answers = await Promise.all([
      ann.ask('POST', `${lab}/check?language=en`),
      ann.ask('POST', `${lab}/check?language=ja`),
    ]);
    const [english, japanese] = answers.map(({ json }) => json);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(english.id).toBe(japanese.id);
    expect(english).toMatchObject({ lab: 'read-only', status: 'failed', score: 0, maxScore: 100 });
    expect(english.checks[0]).toMatchObject({ id: 'service.answers', status: 'failed' });
    expect(english.checks[0].title).toMatch(/^Your page/);
    expect(japanese.checks[0].title).toMatch(/^自分のページ/);
    expect(english.checks[0].evidence[0].actual).not.toBe('');
    const { labs } = (await ann.ask('GET', '/api/progress')).json;
    expect(labs).toMatchObject([{ lab: 'read-only', best: 0, maxScore: 100, passed: false, attempts: 1, hints: 0 }]);
    expect((await ben.ask('GET', '/api/progress')).json.labs).toEqual([]);
    expect((await stateOf(ben)).attempt).toBeNull();
  });

  test('what was answered is in the database, and judging its snapshot again gives the same', async () => {
    const terminal = await ann.terminal().ready();
    await terminal.run(
      'echo "$TORIDE_TOKEN" > lab/site/index.html; podman run -d --name half -p "$TORIDE_PORT:80" -v ~/lab/site:/usr/share/nginx/html:ro localhost/nginx; curl -sS --retry 9 --retry-all-errors --retry-delay 1 localhost:$TORIDE_PORT',
      40_000,
    );
    const { json: answered } = await ann.ask('POST', `${lab}/check`);
    expect(answered).toMatchObject({ status: 'failed', score: 20 });
    await terminal.leave();
    await server.withStore(async (store) => {
      const learner = await store.findLearner(ann.cookie.split('=')[1]!);
      const stored = await store.latestAttempt(learner!.id, 'read-only');
      expect(stored).toMatchObject({ id: answered.id, score: answered.score, gradedAt: answered.gradedAt });
      const snapshot = await store.snapshotOf(answered.id);
      const { grader } = (await loadCatalogue(checkout)).get('read-only')!;
      expect(grade(grader, snapshot!)).toEqual({
        status: stored!.status,
        score: stored!.score,
        maxScore: stored!.maxScore,
        results: stored!.results,
      });
    });
    expect((await stateOf(ann)).attempt.id).toBe(answered.id);
  });
});

describe('ends', () => {
  test('reset gives a new sandbox with the same values and the first files', async () => {
    const before = await stateOf(ann);
    const ids = await sandboxIds();
    const open = await ann.terminal().ready();
    await open.run('touch left-behind');
    const { status, json } = await ann.ask('POST', `${lab}/reset`);
    expect(status).toBe(200);
    expect(json).toMatchObject({ state: 'ready', parameters: before.sandbox.parameters });
    expect([...(await sandboxIds())].filter((id) => !ids.has(id))).toHaveLength(1);
    expect(await open.closed).toBe(CLOSE.gone);
    const after = await ann.terminal().ready();
    expect(
      await after.run('ls --color=never; grep -c "Your token belongs here" lab/site/index.html; podman ps -q | wc -l'),
    ).toMatch(/lab\r\n1\r\n0\r\n/);
    await after.leave();
    expect((await stateOf(ann)).attempt).not.toBeNull();
  });

  test('DELETE stops it: processes gone, terminals told, another learner untouched', async () => {
    const bens = await ben.terminal().ready();
    const anns = await ann.terminal({ terminal: '2' }).ready();
    await anns.run('podman run -d busybox sleep 1000');
    const pid = await server.withSandboxes(async (sandboxes) => {
      const [own] = await server.withStore(async (store) => {
        const learner = await store.findLearner(ann.cookie.split('=')[1]!);
        return (await store.openSandboxes()).filter(({ learnerId }) => learnerId === learner!.id);
      });
      return sandboxes.find(({ handle }) => handle.id === own!.id)!.init.pid;
    });
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    const { status, json } = await ann.ask('DELETE', `${lab}/sandbox`);
    expect([status, json.state]).toEqual([200, 'absent']);
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    expect(await anns.closed).toBe(CLOSE.gone);
    expect((await ann.ask('POST', `${lab}/check`)).status).toBe(409);
    expect((await stateOf(ann)).sandbox).toMatchObject({ state: 'absent', expiresAt: null });
    expect((await ann.ask('DELETE', `${lab}/sandbox`)).status).toBe(200);
    expect(await bens.run('echo still here')).toContain('still here');
    await bens.leave();
  });

  test('killed from outside: terminals are told, a check is refused, the next visit gets a new one', async () => {
    const terminal = await ben.terminal().ready();
    const token = (await stateOf(ben)).sandbox.parameters.token;
    await server.withStore(async (store) => {
      const own = await store.openSandboxes();
      await server.withSandboxes(async (sandboxes) => {
        const mine = sandboxes.find(({ handle }) => own.some(({ id }) => id === handle.id))!;
        process.kill(mine.init.pid, 'SIGKILL');
      });
    });
    expect(await terminal.closed).toBe(CLOSE.gone);
    const { status } = await ben.ask('POST', `${lab}/check`);
    expect(status).toBe(409);
    const next = await ben.terminal().ready();
    expect(await next.run('echo "=$TORIDE_TOKEN="')).toContain(`=${token}=`);
    await next.leave();
  });
});

test('when its time is up the terminals are told that, and the next visit gets a new sandbox', async () => {
  const short = await startTestServer('short', { lifetimeMinutes: 4 / 60, pool: 0, poolLimit: 0 });
  try {
    const cleo = await Client.learner(short.url);
    const terminal = await cleo.terminal().ready();
    const { expiresAt } = terminal.frame('ready')!;
    expect(Math.abs(Date.parse(expiresAt!) - Date.now() - 4000)).toBeLessThan(2000);
    expect(await terminal.closed).toBe(CLOSE.expired);
    expect(terminal.frame('exit')).toBeUndefined();
    await (await cleo.terminal().ready()).leave();
  } finally {
    await short.dispose();
  }
});

test('when every place is taken the next is told so, and gets in when one is free', async () => {
  const small = await startTestServer('full', { sandboxLimit: 2 });
  try {
    const [one, two, three] = await Promise.all([1, 2, 3].map(() => Client.learner(small.url)));
    const open = await Promise.all([one!.terminal().ready(), two!.terminal().ready()]);
    for (const [language, words] of [
      ['en', /places are taken/],
      ['ja', /空きがない/],
    ] as const) {
      const turned = three!.terminal({ language });
      expect(await turned.closed).toBe(CLOSE.full);
      expect(turned.frame('error')).toMatchObject({ code: 'full', message: expect.stringMatching(words) });
    }
    expect(await three!.ask('POST', `${lab}/reset`)).toMatchObject({ status: 503, json: { error: { code: 'full' } } });
    // One learner alone cannot take all: the labs of one are limited too, but a place that is free is given.
    expect((await two!.ask('DELETE', `${lab}/sandbox`)).status).toBe(200);
    await expect
      .poll(
        async () => {
          const again = three!.terminal();
          const frame = await Promise.race([again.closed, again.ready().then(() => 'ready')]);
          if (frame === 'ready') await again.leave();
          return frame;
        },
        { timeout: 15_000 },
      )
      .toBe('ready');
    for (const terminal of open) terminal.socket.terminate();
  } finally {
    await small.dispose();
  }
});
