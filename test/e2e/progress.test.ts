/** Hints that cost, the score that counts, the solution, an old attempt, the record and its receipt: in a real browser. */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { messagesFor } from '../../src/i18n/index.ts';
import { axe, openBrowser, openWindow, picturesOnFailure, ShownTerminal } from '../helpers/browser.ts';
import { eventually, startTestServer, type TestServer } from '../helpers/server.ts';

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer('records', { poolLimit: 1 }), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.dispose();
});
picturesOnFailure(() => browser);

const text = async (page: Page, selector: string) => (await page.locator(selector).first().textContent())?.trim() ?? '';

async function check(page: Page): Promise<void> {
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url().includes('/check'), { timeout: 30_000 }),
    page.locator('[data-check]').click(),
  ]);
  expect(answer.status()).toBe(200);
  await eventually(() => page.locator('[data-check]').getAttribute('aria-disabled')).toBe('false');
}

describe.each(['en', 'ja'] as const)('%s', (language) => {
  const words = messagesFor(language);
  let page: Page;
  let terminal: ShownTerminal;
  let problems: string[];
  let receipt: string;
  const hint = (step: number) => page.locator(`#task-keep [data-hint="${step}"]`);

  test('a hint tells its cost, then its text; the next appears; a reload keeps it', async () => {
    ({ page, problems } = await openWindow(browser, undefined, { acceptDownloads: true }));
    await page.goto(`${server.url}/${language}/labs/read-only/`);
    terminal = new ShownTerminal(page);
    await terminal.prompt();
    await page.locator('[data-toggle-tasks]').click();
    await eventually(() => hint(1).locator('[data-hint-cost]').textContent()).toBe(words.hints.cost(4, 35));
    expect(await text(page, '#tasks')).not.toContain('/data');
    expect(await hint(2).isVisible()).toBe(false);
    expect(await text(page, '#task-keep [data-task-points]')).toBe(words.points.all(35));
    await hint(1).locator('[data-take-hint]').click();
    await eventually(() => hint(1).locator('p').textContent()).toContain('/data');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('SUMMARY');
    expect(await hint(2).isVisible()).toBe(true);
    await page.reload();
    await terminal.state('ready');
    await page.locator('[data-toggle-tasks]').click();
    await eventually(() => hint(1).locator('summary').textContent()).toContain(words.hints.paid(4));
    expect(await hint(2).locator('[data-take-hint]').isVisible()).toBe(true);
    expect(await axe(page)).toEqual([]);
  });

  test('failed: what waits for another says so in words; the solution stays locked', async () => {
    await check(page);
    const waiting = page.locator('[data-check-id="rootfs.read-only"]');
    expect(await waiting.getAttribute('open')).toBeNull();
    await waiting.locator('summary').click();
    const title = await text(page, '[data-check-id="service.answers"] .check-title');
    expect(await waiting.textContent()).toContain(words.points.waitsFor(title));
    expect(await waiting.locator('.evidence').count()).toBe(0);
    expect(await text(page, '#task-keep [data-task-points]')).toBe(words.points.got(0, 35));
    expect(await page.locator('[data-solution-locked]').isVisible()).toBe(true);
    expect(await page.locator('[data-solution]').isVisible()).toBe(false);
  });

  test('passed: the hint is taken off, further ones are free, the solution opens and is the one that works', async () => {
    const source = readFileSync(new URL('../../graders/read-only/cases/solve.sh', import.meta.url), 'utf8');
    await terminal.run(source.replace(/^(#.*|set -eu)\n/gm, ''));
    await check(page);
    expect(await text(page, '[data-points]')).toBe(words.points.withLess(words.tasks.points(96, 100), 4));
    expect(await text(page, '#task-keep [data-task-points]')).toBe(words.points.withLess(words.points.got(35, 35), 4));
    await eventually(() => hint(2).locator('[data-hint-cost]').textContent()).toBe(words.hints.free);
    await hint(2).locator('[data-take-hint]').click();
    await hint(2).locator('details').waitFor();
    await check(page);
    expect(await text(page, '[data-points]')).toBe(words.points.withLess(words.tasks.points(96, 100), 4));

    await page.locator('[data-solution] > summary').click();
    const shown = page.locator('[data-solution-files] code').first();
    await eventually(() => shown.textContent()).toContain('--read-only');
    expect(source).toContain(await shown.textContent());
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.locator('[data-solution-files] [data-copy-code]').first().click();
    await eventually(() => text(page, '[data-solution-files] [data-copy-words]')).toBe(words.code.copied);
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    await terminal.run(`podman rm -f -t 0 notebook\n${copied}`);
    await check(page);
    expect(await text(page, '[data-count]')).toBe(words.tasks.count(4, 4));
  });

  test('an old attempt opens as it was, plainly marked, with a way back', async () => {
    await eventually(() => page.locator('[data-attempt]').count()).toBe(4);
    await page.locator('[data-attempt]').last().click();
    await page.locator('[data-past]').waitFor();
    expect(await page.locator('.task[data-state="failed"]').count()).toBeGreaterThan(0);
    expect(await page.locator('[data-check-id="service.answers"] .evidence').isVisible()).toBe(true);
    // The strip and the lesson stay with the present.
    expect(await text(page, '[data-count]')).toBe(words.tasks.count(4, 4));
    expect(await page.locator('[data-task-status="serve"]').getAttribute('data-state')).toBe('passed');
    expect(await page.evaluate(() => document.activeElement?.matches('[data-past-back]'))).toBe(true);
    expect(await axe(page)).toEqual([]);
    await page.keyboard.press('Enter');
    expect(await page.locator('[data-past]').isVisible()).toBe(false);
    expect(await page.locator('.task[data-state="passed"]').count()).toBe(4);
    expect(await page.evaluate(() => document.activeElement?.matches('[data-attempt]'))).toBe(true);
  });

  test('the course continues after it, and shows the score that counts', async () => {
    await page.goto(`${server.url}/${language}/`);
    await eventually(() => text(page, '[data-lab-row="read-only"] [data-score-words]')).toBe(
      words.course.score(96, 100),
    );
    await eventually(() => page.locator('[data-continue]').getAttribute('href')).toContain('/labs/security-options/');
  });

  test('the progress page: scores, a name as plain text, and a record for paper', async () => {
    await page.goto(`${server.url}/${language}/progress/`);
    const row = page.locator('[data-lab-row="read-only"]');
    await eventually(() => row.getAttribute('data-state')).toBe('passed');
    expect(await row.locator('[data-best]').textContent()).toBe(words.course.score(96, 100));
    expect(await row.locator('[data-hints]').textContent()).toBe('2');
    expect(await row.locator('[data-attempts]').textContent()).toBe('4');
    const name = '<img src=x onerror=alert(1)> 山田';
    await page.locator('#record-name').fill(name);
    await page.locator('[data-name-form] button').click();
    await eventually(() => text(page, '[data-name-said]')).toBe(words.progress.saved);
    expect(await axe(page)).toEqual([]);
    await page.reload();
    await eventually(() => page.locator('#record-name').inputValue()).toBe(name);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('[data-paper]').isVisible()).toBe(true);
    expect(await page.locator('#content').isVisible()).toBe(false);
    expect(await text(page, '[data-paper-name]')).toBe(name);
    expect(await page.locator('[data-paper-labs] tr').count()).toBe(1);
    const sheets = (await page.pdf({ preferCSSPageSize: true })).toString('latin1').match(/\/Type \/Page\b/g);
    expect(sheets).toHaveLength(1);
    await page.emulateMedia({ media: 'screen' });
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('[data-receipt]').click()]);
    expect(download.suggestedFilename()).toBe('toride-receipt.jws');
    receipt = readFileSync((await download.path())!, 'utf8');
  });

  test('the receipt verifies for somebody else; an altered one is refused', async () => {
    const other = await openWindow(browser);
    await other.page.goto(`${server.url}/${language}/verify/`);
    const verdict = other.page.locator('[data-verdict]');
    await other.page.locator('[data-receipt-file]').setInputFiles({
      name: 'toride-receipt.jws',
      mimeType: 'application/jose',
      buffer: Buffer.from(receipt),
    });
    await eventually(() => verdict.textContent()).toContain(words.verify.valid);
    expect(await verdict.textContent()).toContain('<img src=x onerror=alert(1)> 山田');
    expect(await verdict.locator('tbody tr').count()).toBe(1);
    expect(await axe(other.page)).toEqual([]);
    const [header, payload, signature] = receipt.trim().split('.') as [string, string, string];
    const better = Buffer.from(payload, 'base64url').toString().replace('"score":96', '"score":100');
    await other.page.locator('#receipt').fill([header, Buffer.from(better).toString('base64url'), signature].join('.'));
    await other.page.locator('[data-verify-form] [type="submit"]').click();
    await eventually(() => verdict.textContent()).toContain(words.verify.reasons.altered);
    expect(await verdict.textContent()).not.toContain('山田');
    expect(await axe(other.page)).toEqual([]);
    expect([...problems, ...other.problems]).toEqual([]);
    await other.page.context().close();
    await page.context().close();
  });
});

test('pages a new learner sees say what is not there yet', async () => {
  const { page, problems } = await openWindow(browser);
  await page.goto(`${server.url}/en/progress/`);
  await eventually(() => page.locator('[data-no-receipt]').isVisible()).toBe(true);
  expect(await page.locator('[data-receipt]').isVisible()).toBe(false);
  expect(await axe(page)).toEqual([]);
  await page.goto(`${server.url}/en/verify/`);
  await page.locator('[data-verify-form] [type="submit"]').click();
  await eventually(() => text(page, '[data-verdict]')).toContain(messagesFor('en').verify.empty);
  for (const width of [360, 390]) {
    await page.setViewportSize({ width, height: 844 });
    for (const path of ['/en/progress/', '/ja/progress/', '/en/verify/', '/ja/']) {
      await page.goto(server.url + path);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect([path, width, wider]).toEqual([path, width, 0]);
    }
  }
  expect(problems).toEqual([]);
  await page.context().close();
});
