/** From opening a lab to the prompt on the screen, in a real browser, with the pool warm; and the same for the socket alone. */
import type { Browser } from 'playwright-core';
import { openBrowser } from '../helpers/chromium.ts';
import { type Child, withServers } from './child.ts';
import { leave, newLearner, openBare, warm } from './client.ts';
import { closing } from './closing.ts';
import { type Measurement, measurement } from './report.ts';
import { type Summary, summarise } from './statistics.ts';

const LIMIT_MS = 500;
const PAGE_TIMES = 8;
const SOCKET_TIMES = 8;
const POOL = 2;
const PATIENCE_MS = 20_000;

/** Milliseconds since the epoch at which things happened in the page. */
type Moments = Record<string, number>;

/** Runs in the page before its own scripts: notes moments and tells them when the prompt is there. */
function watch(): void {
  const page = globalThis as unknown as Window & typeof globalThis & { benchDone(moments: Moments): void };
  const began = performance.timeOrigin;
  const moments: Moments = {};
  const note = (name: string) => {
    moments[name] ??= began + performance.now();
  };
  class Watched extends WebSocket {
    constructor(address: string | URL) {
      super(address);
      note('socket made');
      this.addEventListener('open', () => note('socket open'));
      this.addEventListener('message', ({ data }) => {
        if (typeof data !== 'string') return note('first output');
        const frame = JSON.parse(data) as { type: string; step?: string };
        note(frame.step ? `step ${frame.step}` : frame.type);
      });
    }
  }
  page.WebSocket = Watched;
  const observer = new MutationObserver(() => {
    const rows = document.querySelector('.xterm-rows');
    if (!rows) return;
    note('xterm there');
    if (!/\$\s*$/.test(rows.textContent?.trim() ?? '')) return;
    note('prompt');
    observer.disconnect();
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    if (navigation) moments['page received'] = began + navigation.responseEnd;
    page.benchDone(moments);
  });
  observer.observe(document, { childList: true, subtree: true, characterData: true });
}

/** One visit by someone new. @returns milliseconds from asking for the page */
async function visit(
  browser: Browser,
  address: string,
  after: (headers: Record<string, string>) => Promise<void>,
): Promise<Moments> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const done = Promise.withResolvers<Moments>();
    const timer = setTimeout(
      () => done.reject(new Error(`${address}: no prompt after ${PATIENCE_MS} ms`)),
      PATIENCE_MS,
    );
    await page.exposeFunction('benchDone', done.resolve);
    await page.addInitScript(watch);
    const began = performance.timeOrigin + performance.now();
    await page.goto(address, { waitUntil: 'commit' });
    const moments = await done.promise.finally(() => clearTimeout(timer));
    const [cookie] = await context.cookies();
    await after(cookie ? { cookie: `${cookie.name}=${cookie.value}`, origin: new URL(address).origin } : {});
    return Object.fromEntries(Object.entries(moments).map(([name, moment]) => [name, moment - began]));
  } finally {
    await context.close();
  }
}

const column = (visits: readonly Moments[], name: string): Summary =>
  summarise(visits.flatMap((moments) => (moments[name] === undefined ? [] : [moments[name]])));

export const prompt = (): Promise<Measurement[]> =>
  withServers(async (toride, bare) => [await inBrowser(toride, bare), await overSocket(toride, bare)]);

async function inBrowser(toride: Child, bare: Child): Promise<Measurement> {
  const browser = await openBrowser();
  const visits: Moments[] = [];
  const bareVisits: Moments[] = [];
  await closing(
    () => browser.close(),
    async () => {
      // The first of each only warms the browser.
      for (let round = 0; round <= PAGE_TIMES; round++) {
        await warm(POOL);
        const moments = await visit(browser, `${toride.url}/en/labs/read-only/`, (headers) =>
          leave(toride.url, headers),
        );
        const bareMoments = await visit(browser, bare.url, async () => undefined);
        if (round === 0) continue;
        visits.push(moments);
        bareVisits.push(bareMoments);
      }
    },
  );
  const until = (list: readonly Moments[], prefix = '') =>
    Object.keys(list[0] ?? {})
      .filter((name) => name !== 'prompt')
      .map((name) => [`${prefix}until ${name}`, column(list, name)] as const);
  return measurement({
    name: 'prompt',
    unit: 'ms',
    toride: column(visits, 'prompt'),
    baseline: {
      name: 'the same browser on a bare page: xterm.js, ws, node-pty, bash on the host',
      ...column(bareVisits, 'prompt'),
    },
    limit: LIMIT_MS,
    parts: Object.fromEntries([...until(visits), ...until(bareVisits, 'bare: ')]),
  });
}

async function overSocket(toride: Child, bare: Child): Promise<Measurement> {
  const ours: number[] = [];
  const bares: number[] = [];
  for (let round = 0; round <= SOCKET_TIMES; round++) {
    await warm(POOL);
    const learner = await newLearner(toride);
    const terminal = await learner.open('1');
    terminal.client.close();
    await learner.leave();
    const other = await openBare(bare);
    other.client.close();
    if (round === 0) continue;
    ours.push(terminal.ms);
    bares.push(other.ms);
  }
  return measurement({
    name: 'socketToPrompt',
    unit: 'ms',
    toride: summarise(ours),
    baseline: { name: 'ws + node-pty, bash on the host', ...summarise(bares) },
  });
}
