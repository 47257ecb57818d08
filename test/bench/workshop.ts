/**
 * A workshop of thirty: they join within a minute, type, run a service and have it checked, while the instructor's page is open in a
 * real browser. Beside it, in the same run and on the same server, one learner alone.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { WebSocket } from 'ws';
import { instancePaths } from '../../src/setup/paths.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { openStore } from '../../src/store/store.ts';
import { openBrowser } from '../helpers/chromium.ts';
import { settings } from './bench.ts';
import { type Child, withRoomServer } from './child.ts';
import { type Client, type Learner, newLearner, warm } from './client.ts';
import { closing } from './closing.ts';
import { type Measurement, measurement, progress } from './report.ts';
import { summarise, time } from './statistics.ts';

const LEARNERS = 30;
/** Who come in vain, at the end: a row each on the instructor's page. */
const IN_LINE = 30;
const JOIN_WITHIN_MS = 60_000;
const WARM_WITHIN_MS = 120_000;
/** Lines of a learner's typing before and after the check, and the time between two of their keys. */
const LINES = 6;
const LINES_ALONE = 2;
const KEYS = 20;
const KEY_EVERY_MS = 150;
const SHOWN_WITHIN_MS = 60_000;
const API = '/api/instructor';

interface Times {
  readonly join: number[];
  readonly echo: number[];
  readonly check: number[];
}

async function send(url: string, cookie: string, path: string, body: unknown) {
  const headers = { cookie, origin: url, 'x-toride': '1' };
  const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
  return { answer, cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '' };
}

/** @returns the cookie of the owner, who leads it */
async function makeOwner(url: string): Promise<string> {
  const store = await openStore(openSqlite(instancePaths(settings.state, settings.instance).database));
  const token = await closing(
    () => store.close(),
    () => store.makeOwnerLink(true),
  );
  const body = { token, name: 'Olga', login: 'olga', password: 'four words in a row' };
  return (await send(url, '', `${API}/links/redeem`, body)).cookie;
}

function makeWorkshop(url: string, owner: string, minutes: number) {
  const at = (from: number) => new Date(Date.now() + from * 60_000).toISOString();
  const plan = { title: 'Thirty', language: 'en', startsAt: at(minutes), endsAt: at(60), capacity: LEARNERS };
  const labs = [{ lab: 'read-only', locked: false }];
  return send(url, owner, `${API}/workshops`, { ...plan, asksEmail: false, labs }).then(({ answer }) => answer);
}

/** Sockets that a lab page has beside its terminals. */
function openEars({ url }: Child, cookie: string): WebSocket[] {
  const headers = { cookie, origin: url };
  const paths = ['/ws/lab?lab=read-only&language=en', '/ws/place?language=en'];
  return paths.map((path) => {
    const socket = new WebSocket(url.replace('http', 'ws') + path, { headers });
    socket.on('error', (error) => {
      throw error;
    });
    return socket;
  });
}

async function typeLine(client: Client, times: number[]): Promise<void> {
  for (let key = 0; key < KEYS; key++) {
    const letter = String.fromCharCode(97 + (key % 26));
    times.push(
      await time(() => {
        client.type(letter);
        return client.until(new RegExp(letter));
      }),
    );
    await sleep(KEY_EVERY_MS * (0.5 + Math.random()));
  }
  client.type('\x15');
  await sleep(200);
}

const SERVE =
  'podman rm -fit0 web >/dev/null; echo "$TORIDE_TOKEN" > lab/site/index.html; podman run -d --name web -p "$TORIDE_PORT:80" -v ~/lab/site:/usr/share/nginx/html:ro localhost/nginx >/dev/null; echo ser""ved\r';

/** One learner's hour in two minutes. @param code to join by; without one, a learner of no workshop */
async function attend(toride: Child, code: string | undefined, name: string, times: Times): Promise<void> {
  const lines = code === undefined ? LINES_ALONE : LINES;
  const learner: Learner = await newLearner(toride);
  const began = performance.now();
  if (code !== undefined) await send(toride.url, learner.cookie, '/api/join', { code, name });
  const ears = openEars(toride, learner.cookie);
  const { client } = await learner.open('1');
  times.join.push(performance.now() - began);
  for (let line = 0; line < lines; line++) await typeLine(client, times.echo);
  client.type(SERVE);
  await client.until(/^served/m);
  times.check.push(await time(() => learner.check()));
  for (let line = 0; line < lines; line++) await typeLine(client, times.echo);
  for (const ear of ears) ear.close();
  client.close();
  if (code === undefined) await learner.leave();
}

/** Once all places are taken: sixty rows on the instructor's page. */
async function waitInLine(toride: Child, code: string): Promise<void> {
  await sleep(JOIN_WITHIN_MS);
  for (let waiting = 0; waiting < IN_LINE; waiting++) {
    const { cookie } = await newLearner(toride);
    await send(toride.url, cookie, '/api/join', { code, name: `In line ${waiting + 1}` });
  }
}

async function openRoom(browser: Browser, url: string, owner: string, id: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const [name = '', value = ''] = owner.split('=');
  await context.addCookies([{ name, value, url, httpOnly: true, sameSite: 'Strict' }]);
  const page = await context.newPage();
  page.on('pageerror', (error) => {
    throw error;
  });
  await page.addInitScript(() => {
    const tasks: number[] = [];
    Object.assign(globalThis, { longTasks: tasks });
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask',
    });
  });
  await page.goto(`${url}/en/instructor/workshop/#${id}`);
  await page.locator('[data-room]').waitFor();
  return page;
}

const empty = (): Times => ({ join: [], echo: [], check: [] });

export const workshop = (): Promise<Measurement[]> =>
  withRoomServer(async (toride) => {
    const owner = await makeOwner(toride.url);
    const alone = empty();
    progress('  one learner alone');
    for (let round = 0; round < 3; round++) await attend(toride, undefined, 'alone', alone);

    const made = await makeWorkshop(toride.url, owner, 5);
    progress(
      `  ${LEARNERS} sandboxes ready before it starts: ${Math.round(await time(() => warm(LEARNERS, WARM_WITHIN_MS)))} ms`,
    );
    await send(toride.url, owner, `${API}/workshops/${made.id}/start`, {});
    const browser = await openBrowser();
    return closing(
      () => browser.close(),
      async () => {
        const page = await openRoom(browser, toride.url, owner, made.id);
        const room = empty();
        progress(`  ${LEARNERS} learners within ${JOIN_WITHIN_MS / 1000} s`);
        await Promise.all([
          waitInLine(toride, made.joinCode),
          ...Array.from({ length: LEARNERS }, async (_, index) => {
            await sleep((index * JOIN_WITHIN_MS) / LEARNERS);
            await attend(toride, made.joinCode, `Learner ${index + 1}`, room);
          }),
        ]);
        // What the room did is what the page shows: all of them, each with a checked task.
        await page.waitForFunction(
          (expected) =>
            [...document.querySelectorAll('[data-row]')].filter((row) =>
              row.querySelector('[data-task-state="passed"]'),
            ).length === expected,
          LEARNERS,
          { timeout: SHOWN_WITHIN_MS },
        );
        const longTasks = await page.evaluate(() => (globalThis as unknown as { longTasks: number[] }).longTasks);
        progress(
          `  the instructor's page: ${longTasks.length} tasks over 50 ms, longest ${Math.round(Math.max(0, ...longTasks))} ms`,
        );
        await send(toride.url, owner, `${API}/workshops/${made.id}/end`, {});
        const figure = (name: string, which: keyof Times) =>
          measurement({
            name: `workshop of ${LEARNERS}: ${name}`,
            unit: 'ms',
            toride: summarise(room[which]),
            baseline: { name: 'one learner alone on the same server', ...summarise(alone[which]) },
          });
        return [figure('join to prompt', 'join'), figure('echo', 'echo'), figure('check', 'check')];
      },
    );
  });
