/** A cable that is pulled while somebody types, and connections that are reset: what was typed is what the shell gets. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { en } from '../../src/i18n/en.ts';
import { openBrowser, openWindow, picturesOnFailure, ShownTerminal } from '../helpers/browser.ts';
import { openLine, serverProcess, startTestServer, type TestServer } from '../helpers/server.ts';

const PULLED_MS = 10_000;

let server: TestServer;
let line: Awaited<ReturnType<typeof openLine>>;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let terminal: ShownTerminal;
let problems: string[];

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer('terminal-cable', {}, serverProcess), openBrowser()]);
  line = await openLine(server.url);
  ({ page, context, problems } = await openWindow(browser));
  await page.goto(`${line.url}/en/labs/read-only/`);
  terminal = new ShownTerminal(page);
  await terminal.prompt();
});
afterAll(async () => {
  await browser?.close();
  await line?.close();
  await server?.dispose();
});
picturesOnFailure(() => browser);

/** Lines that differ each from the next, so that one that is lost, doubled or misplaced shows. */
const lineOf = (number: number) => `line ${number} of what is typed`;

/** Types lines until told to stop. @returns how many */
async function typeLines(from: number, until: () => boolean): Promise<number> {
  let number = from;
  do {
    await page.keyboard.type(lineOf(number++));
    await page.keyboard.press('Enter');
    await sleep(20);
  } while (!until());
  return number;
}

async function written(lines: number): Promise<void> {
  await page.keyboard.press('Control+d');
  await terminal.prompt();
  const wanted = Array.from({ length: lines }, (_, number) => `${lineOf(number)}\n`).join('');
  const { createHash } = await import('node:crypto');
  const sum = createHash('sha256').update(wanted).digest('hex');
  expect(await terminal.run('clear; wc -l < typed; sha256sum < typed')).toMatch(new RegExp(`^${lines}\n${sum}`, 'm'));
}

test('pulled for ten seconds in the middle of typing: nothing is lost, nothing doubled, the screen is as it was', async () => {
  await terminal.run('clear; echo before the pull');
  await terminal.enter('cat > typed');
  let over = false;
  let lostAfter = 0;
  const typing = (async () => {
    await sleep(500);
    line.pull();
    const pulledAt = Date.now();
    await terminal.state('lost', 5000);
    lostAfter = Date.now() - pulledAt;
    expect(await terminal.panel.locator('.cover').textContent()).toContain(en.terminal.lost);
    expect(await terminal.lines()).toContain('before the pull');
    await sleep(PULLED_MS - (Date.now() - pulledAt));
    line.plug();
    const pluggedAt = Date.now();
    await terminal.state('ready', 15_000);
    console.log(`pulled: said after ${lostAfter} ms, healed ${Date.now() - pluggedAt} ms after the cable was back`);
    over = true;
  })();
  const lines = await typeLines(0, () => over);
  await typing;
  expect(lines).toBeGreaterThan(20);
  expect(lostAfter).toBeLessThan(3500);
  const end = await typeLines(lines, () => true);
  // All of it is on the screen and above it, as the shell echoed it.
  await terminal.shows(new RegExp(`${lineOf(end - 3)}\n${lineOf(end - 2)}\n${lineOf(end - 1)}\n?$`));
  await written(end);
});

test('a quiet terminal notices as well', async () => {
  await sleep(1000);
  line.pull();
  await terminal.state('lost', 4500);
  line.plug();
  await terminal.state('ready', 15_000);
});

test('connections that are reset again and again in the middle of typing: the same', async () => {
  await terminal.run('clear');
  await terminal.enter('cat > typed');
  let over = false;
  const typing = (async () => {
    for (let cut = 0; cut < 5; cut++) {
      await sleep(400);
      line.cut();
      await sleep(300);
      line.mend();
      await terminal.state('ready', 20_000);
    }
    over = true;
  })();
  const lines = await typeLines(0, () => over);
  await typing;
  await written(lines);
});

test('the browser says that it is offline: that is shown at once, and healed at once when it is back', async () => {
  await context.setOffline(true);
  await terminal.state('lost', 1000);
  await terminal.enter('echo typed off"line"');
  await context.setOffline(false);
  await terminal.state('ready', 3000);
  await terminal.shows(/^typed offline$/m);
});

test('a shell that ended meanwhile: its input is not typed into the next one', async () => {
  await terminal.enter('sleep 2; exit');
  line.pull();
  await terminal.state('lost', 5000);
  await terminal.enter('echo meant for the old one > old');
  await sleep(2000);
  line.plug();
  await terminal.state('ready', 15_000);
  await terminal.panel.getByText(en.terminal.typedForAnother).waitFor();
  await terminal.prompt();
  expect(await terminal.run('clear; ls old')).toContain('No such file');
  await terminal.panel.getByRole('button', { name: en.terminal.dismiss }).click();
});

test('more than is kept without a connection: that is said', async () => {
  line.pull();
  await terminal.type('x');
  await terminal.state('lost', 5000);
  await terminal.paste('y'.repeat(70_000));
  await terminal.panel.getByText(en.terminal.typedTooMuch).waitFor();
  line.plug();
  await terminal.state('ready', 15_000);
  await page.keyboard.press('Control+c');
});

test('a server that restarted: the old shell’s input goes nowhere', async () => {
  await terminal.run('clear');
  line.pull();
  await terminal.enter('echo typed > into-the-old-server');
  await terminal.state('lost', 5000);
  await server.restart('crash');
  line.plug();
  await terminal.prompt(40_000);
  expect(await terminal.run('clear; ls into*')).toContain('No such file');
});

test('nothing went wrong besides', () => {
  expect(problems.filter((problem) => !/ERR_|WebSocket connection/.test(problem))).toEqual([]);
});
