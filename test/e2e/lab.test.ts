/** A learner's way through a lab, in a real browser and a real sandbox: from the course page to 100 points. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { messagesFor } from '../../src/i18n/index.ts';
import { checkout } from '../../src/setup/paths.ts';
import { openBrowser, openWindow, picturesOnFailure, ShownTerminal } from '../helpers/browser.ts';
import { eventually, startTestServer, type TestServer } from '../helpers/server.ts';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer('lab', { poolLimit: 1 }), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.dispose();
});
picturesOnFailure(() => browser);

/** The reference solution as a learner would paste it: their shell must not end at the first error. */
const solution = (lab: string) =>
  readFileSync(join(checkout, 'graders', lab, 'cases', 'solve.sh'), 'utf8').replace(/^(#.*|set -eu)\n/gm, '');

const text = async (page: Page, selector: string) => (await page.locator(selector).textContent())?.trim() ?? '';
const checkOf = (page: Page, id: string) => page.locator(`[data-check-id="${id}"]`);

/** Presses Check and waits until it has an answer. */
async function check(page: Page): Promise<string> {
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url().includes('/check'), { timeout: 30_000 }),
    page.locator('[data-check]').click(),
  ]);
  expect(answer.status()).toBe(200);
  await eventually(() => page.locator('[data-check]').getAttribute('aria-disabled')).toBe('false');
  return text(page, '[data-points]');
}

describe.each([
  ['en', /Start/, '4 of 4 tasks', '100 / 100 points', 'Found', 'passed'],
  ['ja', /はじめる/, '課題 4 / 4', '100 / 100点', '実際の状態', '合格'],
] as const)('%s: read-only', (language, start, allTasks, allPoints, showed, passed) => {
  const words = messagesFor(language);
  let page: Page;
  let terminal: ShownTerminal;
  let problems: string[];

  test('from the course page to a prompt', async () => {
    ({ page, problems } = await openWindow(browser));
    // The big button leads to the first lab that is open; its terminal is there.
    await page.goto(`${server.url}/${language}/`);
    expect(await text(page, '[data-continue-words]')).toMatch(start);
    const first = page.locator('[data-lab-row]').first();
    await page.locator('[data-continue]').click();
    await new ShownTerminal(page).prompt();
    const opened = page.url();
    await page.locator('.bar a.course').click();
    await page.waitForURL(`**/${language}/`);
    expect(opened).toBe(await first.locator('a').evaluate((link: HTMLAnchorElement) => link.href));
    await eventually(() => text(page, '[data-lab-row="read-only"] [data-score-words]')).toBe(words.course.notTried);
    await page.locator('[data-lab-row="read-only"] a').click();
    terminal = new ShownTerminal(page);
    await terminal.prompt();
    expect(await page.title()).toContain(language === 'en' ? 'Read-only containers' : '読み取り専用コンテナ');
    expect(await text(page, '[data-time-words]')).toMatch(language === 'en' ? /^\d+ min left$/ : /^残り\d+分$/);
  });

  test('what is typed runs, nested Podman too', async () => {
    await terminal.enter('podman run --rm busybox echo "from $((40 + 2)) inside"');
    await terminal.shows(/^from 42 inside$/m);
  });

  test('a check with nothing done fails and shows what was found', async () => {
    expect(await check(page)).toBe(words.tasks.points(0, 100));
    const first = checkOf(page, 'service.answers');
    expect(await first.getAttribute('data-state')).toBe('failed');
    expect(await first.getAttribute('open')).not.toBeNull();
    const evidence = await first.locator('.evidence').textContent();
    expect(evidence).toContain(showed);
    expect(evidence).toMatch(/refused|no answer|nothing listens/i);
    expect(await page.locator('#task-serve').getAttribute('data-state')).toBe('failed');
  });

  test('Run on a lesson’s code types it into the terminal and runs it', async () => {
    const token = await text(page, '[data-param="token"]');
    expect(token).toMatch(/^\w{12}$/);
    await page.locator('[data-run-code]').first().click();
    await terminal.shows(new RegExp(`^(?!.*sed).*${token}`, 'm'), 30_000);
    await terminal.prompt();
    expect(await check(page)).toBe(words.tasks.points(20, 100));
    expect(await page.locator('[data-task-status="serve"]').getAttribute('data-state')).toBe('passed');
    expect(await page.locator('#task-lock').getAttribute('data-state')).toBe('failed');
    expect(await page.locator('#task-keep').getAttribute('data-state')).toBe('partial');
  });

  test('the reference solution gives 100, all tasks passed', async () => {
    await terminal.run(`podman rm -f -t 0 notebook\n${solution('read-only')}`);
    expect(await check(page)).toBe(allPoints);
    expect(await text(page, '[data-count]')).toBe(allTasks);
    expect(await page.locator('.task[data-state="passed"]').count()).toBe(4);
    expect(await page.locator('.check[data-state="passed"]').count()).toBe(6);
    expect(await text(page, '#task-keep h2')).toContain(passed);
    expect(await page.locator('[data-all-done]').isVisible()).toBe(true);
  });

  test('after a reload the screen and the result are there again', async () => {
    await terminal.enter('for i in 1 2 3; do echo "line $i 砦"; done');
    await terminal.shows(/^line 3 砦$/m);
    const before = await terminal.lines();
    await page.reload();
    await terminal.state('ready');
    // The task list is closed again, so more lines may be seen above.
    await eventually(async () => (await terminal.lines()).slice(-before.length)).toEqual(before);
    await eventually(() => text(page, '[data-points]')).toBe(allPoints);
    await terminal.enter('echo "still the same: $i"');
    await terminal.shows(/^still the same: 3$/m);
  });

  test('the course page shows it as passed', async () => {
    await page.goto(`${server.url}/${language}/`);
    const score = page.locator('[data-lab-row="read-only"] [data-score]');
    await eventually(() => score.getAttribute('data-state')).toBe('passed');
    expect(await score.textContent()).toContain('100 / 100');
    const all = await page.locator('[data-lab-row]').count();
    expect(await text(page, '[data-count]')).toBe(words.course.standing(1, all));
    expect(problems).toEqual([]);
    await page.context().close();
  });
});

test('rootless-setup: the administrator’s code runs in the administrator’s terminal, the learner’s in the learner’s', async () => {
  const { page, problems } = await openWindow(browser);
  await page.goto(`${server.url}/en/labs/rootless-setup/`);
  const learner = new ShownTerminal(page);
  await learner.prompt();
  await page.locator('[data-run-code="administrator"]').first().click();
  const administrator = new ShownTerminal(page, 'administrator');
  await administrator.shows(/^hana:\d+:\d+$/m);
  expect(await page.locator('[data-close-terminal]').isVisible()).toBe(false);
  await administrator.enter('id -un; echo "seen by $((1 + 1))" > /dev/shm/seen; chmod 644 /dev/shm/seen');
  await administrator.shows(/^root$/m);
  await page.locator('[data-run-code=""]').first().click();
  await learner.shows(/no subuid ranges found/, 30_000);
  await learner.prompt();
  await learner.enter('cat /dev/shm/seen');
  await learner.shows(/^seen by 2$/m);
  // Both are there again after a reload, and no third.
  await page.reload();
  await learner.state('ready');
  expect(await page.locator('[data-terminal-tabs] [role="tab"]').allTextContents()).toEqual([
    'Terminal 1',
    'Administrator (root)',
  ]);
  expect(problems).toEqual([]);
  await page.context().close();
});

test('seccomp: over a profile that allows all, to 100', async () => {
  const { page, problems } = await openWindow(browser);
  await page.goto(`${server.url}/en/`);
  await page.locator('[data-lab-row="seccomp"] a').click();
  const terminal = new ShownTerminal(page);
  await terminal.prompt();
  await terminal.run(`echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
echo '{"defaultAction": "SCMP_ACT_ALLOW"}' > profile.json
podman run -d --name web --security-opt seccomp=profile.json -v ./lab/site:/usr/share/nginx/html:ro -p "$TORIDE_PORT:80" localhost/nginx
curl -fsS -o /dev/null --retry 10 --retry-all-errors --retry-delay 1 "http://localhost:$TORIDE_PORT/"`);

  expect(await check(page)).toBe('30 / 100 points');
  // The number in /proc says that a filter is there; what it lets through says the rest.
  expect(await checkOf(page, 'filter.active').getAttribute('data-state')).toBe('passed');
  const failed = checkOf(page, 'calls.escape-denied');
  expect(await failed.getAttribute('data-state')).toBe('failed');
  expect(await failed.locator('.evidence').textContent()).toMatch(/allowed: .*unshare/);
  expect(await checkOf(page, 'list.at-most-140').locator('.evidence').textContent()).toMatch(/[23]\d\d: /);

  await terminal.run(`podman rm -f -t 0 web\n${solution('seccomp')}`, 90_000);
  expect(await check(page)).toBe('100 / 100 points');
  expect(await page.locator('.task[data-state="passed"]').count()).toBe(4);
  expect(problems).toEqual([]);
  await page.context().close();
});
