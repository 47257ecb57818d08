/** For everyone: what axe can find, what a keyboard can reach, what the page's policy and origin promise. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axe, openBrowser, openWindow, picturesOnFailure, ShownTerminal } from '../helpers/browser.ts';
import { eventually, startTestServer, type TestServer } from '../helpers/server.ts';

let server: TestServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let problems: string[];

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer('accessibility'), openBrowser()]);
  ({ page, context, problems } = await openWindow(browser));
});
afterAll(async () => {
  await browser?.close();
  await server?.dispose();
});
picturesOnFailure(() => browser);

const focused = (selector: string) => page.evaluate((wanted) => document.activeElement?.matches(wanted), selector);

/** Presses a key until what is wanted has the focus. */
async function reach(selector: string, key = 'Tab', most = 80): Promise<void> {
  for (let pressed = 0; pressed < most && !(await focused(selector)); pressed++) await page.keyboard.press(key);
  expect([selector, await focused(selector)]).toEqual([selector, true]);
}

test('by keyboard alone: into the terminal, out of it, a check, its evidence', async () => {
  await page.goto(`${server.url}/en/labs/read-only/`);
  const terminal = new ShownTerminal(page);
  await terminal.prompt();
  await reach('.xterm-helper-textarea');
  await page.keyboard.type('echo by key"board"');
  await page.keyboard.press('Enter');
  await terminal.shows(/^by keyboard$/m);
  // Tab is the shell's own key there.
  await page.keyboard.type('ls la');
  await page.keyboard.press('Tab');
  await terminal.shows(/ls lab\/$/);
  await page.keyboard.press('F6');
  expect(await focused('[data-check]')).toBe(true);
  await page.keyboard.press('Enter');
  await eventually(() => page.locator('[data-points]').textContent(), 20_000).toBe('0 / 100 points');
  await eventually(() => page.locator('[data-announce]').textContent()).toContain('0 of 4 tasks passed');
  expect(await focused('[data-check]')).toBe(true);
  await reach('[data-check-id="service.answers"] > summary');
  const check = page.locator('[data-check-id="service.answers"]');
  expect(await check.locator('.evidence').isVisible()).toBe(true);
  await page.keyboard.press('Enter');
  expect(await check.locator('.evidence').isVisible()).toBe(false);
  await page.keyboard.press('Enter');
  expect(await check.locator('.evidence').isVisible()).toBe(true);
  await reach('.xterm-helper-textarea', 'Shift+Tab');
  await page.keyboard.press('Shift+F6');
  expect(await focused('#lesson')).toBe(true);
});

test('dialogs take the focus, keep it, and give it back', async () => {
  await page.locator('[data-menu="sandbox"] summary').focus();
  await page.keyboard.press('Enter');
  await reach('[data-open-dialog="reset"]');
  await page.keyboard.press('Enter');
  expect(await page.locator('#dialog-reset').isVisible()).toBe(true);
  expect(await axe(page)).toEqual([]);
  await page.keyboard.press('Escape');
  expect(await page.locator('#dialog-reset').isVisible()).toBe(false);
  await page.locator('[data-open-dialog="help"]').click();
  expect(await axe(page)).toEqual([]);
  await page.keyboard.press('Escape');
});

describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
  test.each(['en', 'ja'])('axe finds nothing on the pages in %s', async (language) => {
    await page.emulateMedia({ colorScheme });
    await page.goto(`${server.url}/${language}/`);
    await expect
      .poll(() => page.locator('[data-lab-row="read-only"] [data-score]').getAttribute('data-state'))
      .toBe('partial');
    expect(await axe(page)).toEqual([]);
    await page.goto(`${server.url}/${language}/labs/read-only/`);
    await new ShownTerminal(page).state('ready');
    await eventually(() => page.locator('.check').count()).toBe(6);
    expect(await axe(page)).toEqual([]);
    await page.locator('[data-toggle-tasks]').click();
    expect(await page.locator('[data-check-id="service.answers"] .evidence').isVisible()).toBe(true);
    expect(await axe(page)).toEqual([]);
  });

  test('nor where a terminal has ended, nor on a narrow page', async () => {
    await page.emulateMedia({ colorScheme });
    await page.goto(`${server.url}/en/labs/read-only/`);
    const terminal = new ShownTerminal(page);
    await terminal.state('ready');
    await terminal.enter('\u0015exit');
    await terminal.state('ended');
    expect(await axe(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 800 });
    for (const view of ['lesson', 'terminal', 'tasks']) {
      await page.locator(`.views [data-show-view="${view}"]`).click();
      expect([view, await axe(page)]).toEqual([view, []]);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  });
});

test('axe finds what is wrong, if something is', async () => {
  await page.evaluate(() =>
    document.querySelector('h1')!.insertAdjacentHTML('afterend', '<img src="data:,"><button></button>'),
  );
  expect((await axe(page)).length).toBeGreaterThanOrEqual(2);
  await page.goto(`${server.url}/en/nothing/`);
  expect(await axe(page)).toEqual([]);
});

test('nothing left the origin, no policy was broken, nothing was complained of', async () => {
  expect(problems.filter((problem) => !/404 \(Not Found\)/.test(problem))).toEqual([]);
  // And it would be noticed.
  await page.goto(`${server.url}/en/`);
  await page.evaluate(() => {
    const image = document.createElement('img');
    image.src = 'http://127.0.0.1:1/x.png';
    document.body.append(image);
    const script = document.createElement('script');
    script.textContent = 'document.title = "owned"';
    document.body.append(script);
  });
  await eventually(() => problems.filter((problem) => /Content Security Policy/.test(problem)).length).toBe(2);
  expect(await page.title()).not.toBe('owned');
  expect((await context.cookies()).map(({ name, httpOnly }) => [name, httpOnly])).toEqual([['toride', true]]);
});
