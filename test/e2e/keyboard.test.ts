/** A whole lab without a mouse: from the course page through the lesson to 100 points, and out again. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axe, openBrowser, openWindow, picturesOnFailure, ShownTerminal } from '../helpers/browser.ts';
import { eventually, startTestServer, type TestServer } from '../helpers/server.ts';

let server: TestServer;
let browser: Browser;
let page: Page;
let problems: string[];
let terminal: ShownTerminal;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer('keyboard'), openBrowser()]);
  ({ page, problems } = await openWindow(browser));
  // From here on nothing is clicked, focused or scrolled but by keys.
  await page.goto(`${server.url}/en/`);
  terminal = new ShownTerminal(page);
});
afterAll(async () => {
  await browser?.close();
  await server?.dispose();
});
picturesOnFailure(() => browser);

const press = (key: string) => page.keyboard.press(key);
const isFocused = (selector: string) => page.evaluate((wanted) => document.activeElement?.matches(wanted), selector);
const points = () => page.locator('[data-points]').textContent();

/** Tab by Tab, and each stop must be seen: in view, and with an outline. */
async function reach(selector: string, key = 'Tab', most = 120): Promise<void> {
  for (let pressed = 0; !(await isFocused(selector)); pressed++) {
    if (pressed === most) throw new Error(`${selector} was not reached with ${most} times ${key}`);
    await press(key);
    const unseen = await page.evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body || at.closest('.xterm')) return '';
      const { top, bottom, left, right } = at.getBoundingClientRect();
      const outside = bottom <= 0 || right <= 0 || top >= innerHeight || left >= innerWidth;
      const { outlineStyle, outlineWidth } = getComputedStyle(at);
      const marked = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
      return outside || !marked ? at.outerHTML.slice(0, 120) : '';
    });
    expect(unseen).toBe('');
  }
}

/** Runs the lesson's next block of commands and waits until the shell has done them. */
async function runNext(block: number): Promise<void> {
  await reach(`#run-${block}`);
  await press('Enter');
  expect(await isFocused(`#run-${block}`)).toBe(true);
  await terminal.settled();
}

test('to the lab from the course page', async () => {
  await press('Tab');
  expect(await isFocused('.skip')).toBe(true);
  await press('Enter');
  await reach('[data-lab-row="read-only"] a');
  await press('Enter');
  await page.waitForURL('**/en/labs/read-only/');
  await terminal.prompt();
});

test('every block of the lesson is run by its button, and the tasks turn green by themselves', async () => {
  const blocks = await page.locator('[data-run-code]').evaluateAll((buttons) => {
    for (const [index, button] of buttons.entries()) button.id = `run-${index}`;
    return buttons.length;
  });
  expect(blocks).toBeGreaterThanOrEqual(7);
  for (let block = 0; block < blocks; block++) await runNext(block);
  await eventually(points, 20_000).toMatch(/^[1-9]\d \/ 100 points$/);
  await eventually(() => page.locator('[data-task="scratch"]').getAttribute('data-state')).toBe('passed');
  expect(await page.locator('[data-task="keep"]').getAttribute('data-state')).not.toBe('passed');
});

test('what is missing is read in the task list, done in the terminal, and found by itself', async () => {
  await reach('.xterm-helper-textarea');
  await press('F6');
  expect(await isFocused('[data-check]')).toBe(true);
  await reach('[data-toggle-tasks]', 'Shift+Tab');
  await press('Enter');
  await reach('[data-task="keep"] .check[data-state="failed"] > summary');
  const failed = page.locator('[data-task="keep"] .check[data-state="failed"]').first();
  for (const word of ['Expected', 'Found', 'Read from', 'What to try'])
    expect(await failed.getByText(word, { exact: true }).first().isVisible()).toBe(true);
  expect(await axe(page)).toEqual([]);
  await reach('.xterm-helper-textarea', 'Shift+Tab');
  await terminal.keys('podman rm -f -t 2 notebook');
  await terminal.settled();
  await terminal.keys(
    'podman run -d --name notebook --read-only --read-only-tmpfs=false --tmpfs /run:rw,noexec,nosuid,nodev,size=1m',
    ' --tmpfs /var/cache/nginx:rw,noexec,nosuid,nodev,size=64m -v notes:/data',
    ' -p "$TORIDE_PORT:80" -v ~/lab/site:/usr/share/nginx/html:ro localhost/nginx; sleep 1',
    '; curl -sS -T note.txt "http://localhost:$TORIDE_PORT/notes/note.txt"',
  );
  await terminal.settled();
  await eventually(points, 20_000).toBe('100 / 100 points');
  await eventually(() => page.locator('[data-announce]').textContent()).toContain('100 of 100 points');
});

test('more time, and home again', async () => {
  await press('Shift+F6');
  expect(await isFocused('#lesson')).toBe(true);
  const before = await page.getByTestId('time-left').textContent();
  await reach('[data-menu="sandbox"] > summary', 'Shift+Tab');
  await press('Enter');
  await reach('[data-extend]');
  await press('Enter');
  await eventually(() => page.getByTestId('time-left').textContent()).not.toBe(before);
  await press('Escape');
  expect(await isFocused('[data-menu="sandbox"] > summary')).toBe(true);
  await reach('.bar a.course', 'Shift+Tab');
  await press('Enter');
  await page.waitForURL('**/en/');
  await eventually(() => page.locator('[data-lab-row="read-only"] [data-score]').getAttribute('data-state')).toBe(
    'passed',
  );
  expect(problems).toEqual([]);
});
