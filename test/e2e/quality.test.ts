/** What a page-quality tool would measure, on every kind of page: weight, stillness, structure, names, targets. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser, openWindow, picturesOnFailure, ShownTerminal } from '../helpers/browser.ts';
import { startTestServer, type TestServer } from '../helpers/server.ts';

/** Script that may be on its way before the terminal is there, in bytes as sent. */
const SCRIPT_LIMIT = 200_000;
/** Of the whole page with its fonts. */
const WEIGHT_LIMIT = 400_000;
/** Cumulative layout shift; 0.1 counts as good elsewhere. */
const SHIFT_LIMIT = 0.01;
const LEAST_TARGET = 24;

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer('quality'), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.dispose();
});
picturesOnFailure(() => browser);

const pages = ['', 'labs/read-only/', 'progress/', 'verify/', 'nothing/'];
const isLab = (path: string) => path.startsWith('labs/');

interface Seen {
  readonly page: Page;
  /** Bytes as sent, until the page was ready. */
  readonly script: number;
  readonly weight: number;
  readonly problems: string[];
}

async function visit(path: string, viewport: { width: number; height: number }): Promise<Seen> {
  const { page, problems } = await openWindow(browser, undefined, { viewport, reducedMotion: 'reduce' });
  let [script, weight] = [0, 0];
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  const types = new Map<string, string>();
  devtools.on('Network.responseReceived', ({ requestId, type }) => types.set(requestId, type));
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    weight += encodedDataLength;
    if (types.get(requestId) === 'Script') script += encodedDataLength;
  });
  await page.addInitScript(() => {
    const seen = window as unknown as { shifts: [number, ...string[]][] };
    seen.shifts = [];
    type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean; sources: { node: Node | null }[] };
    const who = ({ node }: { node: Node | null }) =>
      (node instanceof Element ? node.outerHTML : (node?.textContent ?? '')).slice(0, 100);
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput, sources } of list.getEntries() as Shift[])
        if (!hadRecentInput) seen.shifts.push([value, ...sources.map(who)]);
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(`${server.url}/${path}`);
  if (path.includes('labs/')) await new ShownTerminal(page).state('ready');
  const atReady = { script, weight };
  await page.waitForLoadState('networkidle');
  await page.waitForTimeout(500);
  return { page, problems, ...atReady };
}

/** Runs in the page: what is wrong with its structure, a line each. */
function structure(leastTarget: number): string[] {
  const found: string[] = [];
  const all = <E extends Element = HTMLElement>(selector: string) => [...document.querySelectorAll<E>(selector)];
  const shown = (element: Element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const told = (element: Element) => element.outerHTML.slice(0, 90);
  if (!document.documentElement.lang) found.push('no language');
  if (document.title.length < 5) found.push(`title: ${document.title}`);
  if (!document.querySelector('meta[name=viewport]')) found.push('no viewport');
  if (all('h1').length !== 1) found.push(`${all('h1').length} h1`);
  let level = 1;
  for (const heading of all('main h1, main h2, main h3, main h4').filter(shown)) {
    const own = Number(heading.tagName[1]);
    if (own > level + 1) found.push(`heading skips a level: ${told(heading)}`);
    level = own;
  }
  for (const image of all('img')) if (image.getAttribute('alt') === null) found.push(`no alt: ${told(image)}`);
  const ids = all('[id]').map(({ id }) => id);
  for (const id of new Set(ids.filter((one, index) => ids.indexOf(one) !== index))) found.push(`id twice: ${id}`);
  // Links within sentences are exempt (WCAG 2.5.8), and so is what xterm.js puts where nobody points.
  for (const target of all('button, summary, input, select, [role=tab], a').filter(shown)) {
    const { width, height } = target.getBoundingClientRect();
    const inline = getComputedStyle(target).display.startsWith('inline') && target.closest('p, li, td, dd');
    if (inline || target.closest('.xterm, svg') || target.matches('.visually-hidden, .skip')) continue;
    if (Math.round(width) < leastTarget || Math.round(height) < leastTarget)
      found.push(`target ${Math.round(width)} × ${Math.round(height)}: ${told(target)}`);
  }
  const overflow = document.documentElement.scrollWidth - innerWidth;
  if (overflow > 0) found.push(`${overflow} px too wide`);
  for (const moving of document.getAnimations().filter(({ playState }) => playState === 'running'))
    found.push(`moves in spite of reduced motion: ${(moving as CSSAnimation).animationName ?? moving.id}`);
  return found;
}

describe.each([
  ['wide', { width: 1280, height: 800 }],
  ['narrow', { width: 360, height: 740 }],
] as const)('%s', (_, viewport) => {
  test.each(pages.flatMap((path) => ['en', 'ja'].map((language) => `${language}/${path}`)))('%s', async (path) => {
    const { page, script, weight, problems } = await visit(path, viewport);
    expect(await page.evaluate(structure, LEAST_TARGET)).toEqual([]);
    const shifts = await page.evaluate(() => (window as unknown as { shifts: [number, ...string[]][] }).shifts);
    const moved = shifts.reduce((sum, [value]) => sum + value, 0);
    expect(moved <= SHIFT_LIMIT ? [] : shifts).toEqual([]);
    expect({ script, good: script <= SCRIPT_LIMIT }).toMatchObject({ good: true });
    expect({ weight, good: weight <= WEIGHT_LIMIT }).toMatchObject({ good: true });
    if (isLab(path.slice(3))) expect(script).toBeGreaterThan(20_000);
    expect(problems.filter((problem) => !/404 \(Not Found\)/.test(problem))).toEqual([]);
    await page.context().close();
  });
});

test('the checks see what is wrong', async () => {
  const { page } = await visit('en/', { width: 360, height: 740 });
  await page.evaluate(() => {
    const style = 'position:absolute;left:340px;width:80px;height:10px;padding:0;border:0;min-height:0';
    document
      .querySelector('main')!
      .insertAdjacentHTML('afterbegin', `<button style="${style}">x</button><h4>too deep</h4>`);
  });
  expect(await page.evaluate(structure, LEAST_TARGET)).toMatchObject([
    expect.stringMatching(/^heading skips/),
    expect.stringMatching(/^target 80 × 10/),
    expect.stringMatching(/px too wide$/),
  ]);
});
