/** The files of a sandbox in the page: edited, saved, seen by the shell; and what is done when both write. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { messagesFor } from '../../src/i18n/index.ts';
import { axe, openBrowser, openWindow, picturesOnFailure, ShownTerminal } from '../helpers/browser.ts';
import { eventually, openLine, startTestServer, type TestServer } from '../helpers/server.ts';

let server: TestServer;
let browser: Browser;
let line: Awaited<ReturnType<typeof openLine>>;
let page: Page;
let problems: string[];
let terminal: ShownTerminal;
const words = messagesFor('en').files;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer('files-page', { storageMiB: 64 }), openBrowser()]);
  line = await openLine(server.url);
  ({ page, problems } = await openWindow(browser));
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

const work = (name: string) => page.locator(`[data-show-work="${name}"]`).click();
const item = (path: string) => page.locator(`[data-files-tree] [data-path="${path}"]`);
/** Its lines, one after the other. */
const textIn = async (place: string) => (await page.locator(`${place} .cm-line`).allTextContents()).join('\n');
const text = () => textIn('[data-file-editor]');
const status = () => page.locator('[data-file-status]').textContent();
const note = () => page.locator('[data-files-note]').textContent();
const unsaved = () => page.locator('[data-file-unsaved]').isVisible();
const conflict = () => page.locator('[data-file-conflict]').isVisible();

async function shell(command: string): Promise<string> {
  await work('terminal');
  const screen = await terminal.run(`clear; ${command}; echo`, 15_000);
  await work('files');
  return screen;
}
async function type(added: string): Promise<void> {
  await page.locator('[data-file-editor] .cm-content').focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(added);
}

test('the code of the editor comes with the first look at the files', async () => {
  const scripts = () =>
    page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .map(({ name }) => name)
        .filter((name) => name.endsWith('.js')),
    );
  const before = await scripts();
  await page.locator('[data-show-work="terminal"]').focus();
  await page.keyboard.press('ArrowRight');
  await eventually(() => item('.bashrc').isVisible()).toBe(true);
  expect((await scripts()).length).toBeGreaterThan(before.length);
  expect(await page.locator('[data-show-work="files"]').getAttribute('aria-selected')).toBe('true');
  expect(await axe(page)).toEqual([]);
});

test('by keyboard alone: a new file, text, saved, read by the shell', async () => {
  await page.locator('[data-file-act="new-file"]').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type('lab/new.sh');
  await page.keyboard.press('Enter');
  await eventually(() => page.evaluate(() => document.activeElement?.className ?? '')).toContain('cm-content');
  await page.keyboard.type('#!/bin/sh\nif true; then\n\techo "from $0 三"\n');
  await page.keyboard.press('Tab');
  await page.keyboard.type('x');
  expect(await unsaved()).toBe(true);
  expect(await item('lab/new.sh').textContent()).toContain(words.unsaved);
  await page.keyboard.press('Control+s');
  await eventually(status).toBe(words.saved);
  expect(await unsaved()).toBe(false);
  // Tab indents there; after Escape it leaves.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.closest('.cm-editor') === null)).toBe(true);
  expect(await axe(page)).toEqual([]);
  expect(await shell('cat lab/new.sh')).toMatch(/if true; then\n\s+echo "from \$0 三"\n\s+x/);
});

test('the tree is walked, entries are renamed and deleted by keys', async () => {
  await item('lab').click();
  await eventually(() => item('lab').getAttribute('aria-expanded')).toBe('false');
  await page.keyboard.press('ArrowRight');
  await eventually(() => item('lab/new.sh').isVisible()).toBe(true);
  await page.keyboard.press('n');
  await page.keyboard.press('F2');
  await page.locator('[data-name-input]').fill('lab/site');
  await page.keyboard.press('Enter');
  // Over something it is refused, and told where the name is typed.
  await eventually(() => page.locator('[data-name-trouble]').textContent()).toMatch(/already/);
  await page.locator('[data-name-input]').fill('lab/renamed.sh');
  await page.keyboard.press('Enter');
  await eventually(() => item('lab/renamed.sh').getAttribute('aria-selected')).toBe('true');
  expect(await page.locator('[data-file-name]').textContent()).toBe('~/lab/renamed.sh');
  await page.keyboard.press('Delete');
  await page.getByTestId('confirm-remove').click();
  await eventually(() => item('lab/renamed.sh').count()).toBe(0);
  expect(await shell('ls lab')).not.toContain('renamed');
});

describe('both write', () => {
  test('what nobody has touched here is shown anew', async () => {
    await shell('echo one > shared.txt');
    await item('shared.txt').click();
    await eventually(text).toContain('one');
    await shell('echo two > shared.txt');
    await eventually(text).toContain('two');
    expect(await status()).toBe(words.reloaded('shared.txt'));
    expect(await unsaved()).toBe(false);
  });

  test('what was touched is kept, compared, and decided on', async () => {
    await type('mine');
    await shell('echo three > shared.txt');
    await eventually(conflict).toBe(true);
    await page.locator('[data-file-compare]').click();
    expect(await textIn('[data-file-theirs-text]')).toContain('three');
    expect(await text()).toContain('mine');
    expect(await axe(page)).toEqual([]);
    await page.locator('[data-file-keep]').click();
    await eventually(status).toBe(words.saved);
    expect(await shell('cat shared.txt')).toMatch(/two\nmine/);

    await type(' again');
    await shell('echo four > shared.txt');
    await eventually(conflict).toBe(true);
    await page.locator('[data-file-take]').click();
    await eventually(text).toContain('four');
    expect([await conflict(), await unsaved()]).toEqual([false, false]);
    // What was given up comes back by undo.
    await page.keyboard.press('Control+z');
    await eventually(text).toContain('mine again');
  });

  test('a save that comes too late is refused and loses nothing', async () => {
    await type('!');
    await page.route('**/files?*', (route) => route.abort());
    await page.route('**/files/content?path=*', (route) => route.abort());
    await shell('echo five > shared.txt');
    await page.unroute('**/files/content?path=*');
    await page.locator('[data-file-editor] .cm-content').focus();
    await page.keyboard.press('Control+s');
    await eventually(conflict).toBe(true);
    expect(await text()).toContain('mine again!');
    expect(await shell('cat shared.txt')).toContain('five');
    await page.unroute('**/files?*');
    await shell('rm shared.txt');
    await eventually(() => page.locator('[data-file-conflict-text]').textContent()).toBe(words.gone);
    await page.locator('[data-file-keep]').click();
    await eventually(status).toBe(words.saved);
    expect(await shell('cat shared.txt')).toContain('mine again!');
  });
});

test('text that is not saved outlives a lost connection and a reset, and a reload asks first', async () => {
  await type(' unsaved');
  line.cut();
  await page.keyboard.press('Control+s');
  await eventually(status).toBe(messagesFor('en').dialog.noAnswer);
  expect(await text()).toContain('mine again! unsaved');
  line.mend();
  let asked = '';
  page.once('dialog', (dialog) => {
    asked = dialog.type();
    void dialog.dismiss();
  });
  await page.reload({ timeout: 3000 }).catch(() => undefined);
  expect(asked).toBe('beforeunload');
  expect(await text()).toContain('unsaved');

  await work('terminal');
  await terminal.state('ready');
  await page.locator('[data-menu="sandbox"] summary').click();
  await page.locator('[data-open-dialog="reset"]').click();
  expect(await page.locator('#dialog-reset [data-unsaved-warning]').textContent()).toBe(words.unsavedElsewhere(1));
  await page.getByTestId('confirm-reset').click();
  await terminal.prompt();
  await work('files');
  await eventually(() => page.locator('[data-file-conflict-text]').textContent()).toBe(words.gone);
  await page.locator('[data-file-keep]').click();
  await eventually(status).toBe(words.saved);
  expect(await shell('cat shared.txt')).toContain('mine again! unsaved');
});

test('what cannot be edited says why, and nothing hangs', async () => {
  await shell(
    'ln -s /etc/passwd out; ln -s ../../../etc/passwd dots; mkfifo pipe; truncate -s 9G huge; head -c 99 /dev/zero > zeros',
  );
  for (const [path, why] of [
    ['out', /leads out of your home/],
    ['dots', /leads out of your home/],
    ['pipe', /not a regular file/],
    ['huge', /larger than 1 MiB/],
    ['zeros', /not text/],
  ] as const) {
    await item(path).click();
    await eventually(note).toMatch(why);
  }
  expect(await item('pipe').textContent()).toContain(words.kinds.fifo);
});

test('a full disk: told, and the old file is whole', async () => {
  await shell('rm huge; printf old > precious; head -c 100M /dev/zero > filler 2>/dev/null');
  await item('precious').click();
  await eventually(text).toContain('old');
  await page.locator('[data-file-editor] .cm-content').evaluate((area) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', 'new '.repeat(50_000));
    area.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  });
  await page.keyboard.press('Control+s');
  await eventually(status).toMatch(/no space left/);
  expect(await unsaved()).toBe(true);
  expect(await shell('cat precious; echo; rm filler')).toMatch(/^old$/m);
  await page.locator('[data-file-save]').click();
  await eventually(status).toBe(words.saved);
});

test('the place is remembered, also on a narrow page, and right before anything is painted', async () => {
  await page.reload();
  expect(await page.locator('#desk-files').isVisible()).toBe(true);
  await eventually(() => item('precious').isVisible()).toBe(true);
  await page.setViewportSize({ width: 390, height: 800 });
  await page.locator('.views [data-show-view="terminal"]').click();
  await item('precious').click();
  await eventually(() => page.locator('[data-file-editor]').isVisible()).toBe(true);
  expect(await item('precious').isVisible()).toBe(false);
  expect(await axe(page)).toEqual([]);
  await page.locator('[data-files-back]').click();
  expect(await item('precious').isVisible()).toBe(true);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await work('terminal');
  await terminal.prompt();
});

test('nothing was complained of but what was provoked', () => {
  expect(
    problems.filter(
      (problem) =>
        !/status of (409|403|413|507|404)|ERR_(FAILED|CONNECTION|EMPTY|SOCKET)|WebSocket connection/.test(problem),
    ),
  ).toEqual([]);
});
