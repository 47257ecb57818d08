/** From the switch in the menu to the player: recorded with the learner's knowledge, played back as it was. */
import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { en } from '../../src/i18n/en.ts';
import { axe, openBrowser, openWindow, picturesOnFailure, ShownTerminal } from '../helpers/browser.ts';
import { eventually, startTestServer, type TestServer } from '../helpers/server.ts';

const t = en.terminal.recording;
let server: TestServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let terminal: ShownTerminal;
let problems: string[];

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer('terminal-recording'), openBrowser()]);
  ({ page, context, problems } = await openWindow(browser));
  await page.goto(`${server.url}/en/labs/read-only/`);
  terminal = new ShownTerminal(page);
  await terminal.prompt();
});
afterAll(async () => {
  await browser?.close();
  await server?.dispose();
});
picturesOnFailure(() => browser);

const stop = () => page.locator('[data-stop-recording]');
const start = async () => {
  await page.locator('[data-menu="terminal"] summary').click();
  await page.getByRole('button', { name: t.start }).click();
};
const HOSTILE = '<img src=x onerror=alert(1)><script>alert(2)</script>';

test('recording is shown while it runs, in every window, and after a reload', async () => {
  expect(await stop().isVisible()).toBe(false);
  await start();
  await stop().waitFor();
  expect(await stop().textContent()).toContain(t.now);
  expect(await page.locator('[data-terminal-tabs]').getByRole('tab').first().textContent()).toContain(t.mark);
  const { page: second } = await openWindow(browser, context);
  await second.goto(page.url());
  await second.locator('[data-stop-recording]').waitFor();
  await second.close();
  await page.reload();
  await terminal.prompt();
  await stop().waitFor();
});

test('only the terminal that is recorded says so', async () => {
  await page.locator('[data-add-terminal]').click();
  await new ShownTerminal(page, '2').prompt();
  expect(await stop().isVisible()).toBe(false);
  expect(await page.locator('[data-terminal-tabs]').getByRole('tab').first().textContent()).toContain(t.mark);
  await page.locator('[data-terminal-tabs]').getByRole('tab').first().click();
  await stop().waitFor();
});

test('stopped, it is listed and played: in a page of its own, as text, whatever a program wrote', async () => {
  await terminal.run('clear; echo recorded-砦');
  await terminal.run(
    `printf '%s\\n' '${HOSTILE}'; printf '\\e]0;<b>title</b>\\a\\e]52;c;aGk=\\a\\e]8;;javascript:alert(3)\\alink\\e]8;;\\a\\n'`,
  );
  await stop().click();
  await eventually(() => stop().isVisible()).toBe(false);
  await page.locator('[data-menu="terminal"] summary').click();
  const [player] = await Promise.all([context.waitForEvent('page'), page.getByRole('link', { name: t.list }).click()]);
  const wrong: string[] = [];
  player.on('pageerror', (error) => wrong.push(error.message));
  player.on('console', (message) => message.type() === 'error' && wrong.push(message.text()));
  player.on('dialog', (dialog) => {
    wrong.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  const row = player.locator('[data-recording]');
  await row.waitFor();
  expect(await row.count()).toBe(1);
  await row.getByRole('button', { name: en.recordings.play }).click();
  const shown = player.locator('.ap-player .ap-term');
  await shown.waitFor();
  // To the end: all of it has been drawn.
  await eventually(() => shown.textContent(), 40_000).toContain('recorded-砦');
  await eventually(() => shown.textContent(), 40_000).toContain(HOSTILE);
  expect(
    await player
      .locator('[data-player] img, [data-player] script, [data-player] b, [data-player] a[href^="javascript"]')
      .count(),
  ).toBe(0);
  expect(await axe(player)).toEqual([]);

  const [download] = await Promise.all([
    player.waitForEvent('download'),
    row.getByRole('link', { name: en.recordings.download }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^toride-read-only-.*\.cast$/);
  const lines = readFileSync(await download.path(), 'utf8')
    .trimEnd()
    .split('\n');
  expect(JSON.parse(lines[0]!)).toMatchObject({ version: 2 });
  expect(lines.join('\n')).toContain('recorded-砦');

  // The address plays it again; another's guess does not.
  expect(player.url()).toContain('id=');
  await player.reload();
  await shown.waitFor();
  await player.goto(`${server.url}/en/recordings/?id=00000000-0000-4000-8000-000000000000`);
  await player.getByText(en.recordings.notThere).waitFor();

  await row.getByRole('button', { name: en.recordings.delete }).click();
  await player.getByTestId('confirm-delete').click();
  await player.getByText(en.recordings.none).waitFor();
  expect(wrong).toEqual([]);
});

test('only the player’s page may run WebAssembly', async () => {
  const policy = async (path: string) =>
    (await fetch(server.url + path, { redirect: 'manual' })).headers.get('content-security-policy');
  for (const path of ['/en/recordings/', '/ja/recordings/'])
    expect(await policy(path)).toContain("script-src 'self' 'wasm-unsafe-eval';");
  for (const path of ['/en/', '/en/labs/read-only/', '/en/recordings', '/xx/recordings/', '/api/health'])
    expect(await policy(path)).toContain("script-src 'self';");
});

test('nothing went wrong besides', () => {
  expect(problems).toEqual([]);
});
