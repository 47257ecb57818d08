/** A workshop in real browsers: one instructor, five learners, real sandboxes; from the plan to the results. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { messagesFor } from '../../src/i18n/index.ts';
import { checkout } from '../../src/setup/paths.ts';
import { axe, openBrowser, openWindow, picturesOnFailure, ShownTerminal, type Window } from '../helpers/browser.ts';
import { makeInstructor, makeOwner } from '../helpers/instructors.ts';
import { eventually, startTestServer, type TestServer } from '../helpers/server.ts';

let server: TestServer;
let browser: Browser;
let ivo: Window;
const learners: Record<string, Window> = {};
const words = messagesFor('en').workshop;
const NAMES = ['Aki', 'Ben', 'Chloe', 'Dai', 'Emi'];

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer('workshop', { poolLimit: 1 }), openBrowser()]);
  const client = await makeInstructor(server, await makeOwner(server), 'Ivo');
  ivo = await openWindow(browser, undefined, { viewport: { width: 1440, height: 900 }, acceptDownloads: true });
  const [name = '', value = ''] = client.cookie.split('=');
  await ivo.context.addCookies([{ name, value, url: server.url, httpOnly: true, sameSite: 'Strict' }]);
});
afterAll(async () => {
  await browser?.close();
  await server?.dispose();
});
picturesOnFailure(() => browser);

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.TORIDE_SCREENSHOTS;
  if (folder !== undefined) await page.screenshot({ path: join(folder, `workshop-${name}.png`) });
}
const solution = (lab: string) =>
  readFileSync(join(checkout, 'graders', lab, 'cases', 'solve.sh'), 'utf8').replace(/^(#.*|set -eu)\n/gm, '');
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const rowOf = (name: string) => ivo.page.locator('[data-row]', { hasText: name });
const cells = (name: string) =>
  rowOf(name)
    .locator('.cell')
    .evaluateAll((all) => all.map((cell) => (cell as HTMLElement).dataset.taskState));
const fits = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
const of = (name: string) => learners[name]!.page;

async function openLab(name: string): Promise<ShownTerminal> {
  await of(name).locator('[data-lab-row="read-only"] a').click();
  const terminal = new ShownTerminal(of(name));
  await terminal.prompt();
  return terminal;
}

describe('a workshop', () => {
  let code: string;
  let room: string;

  test('is planned on the instructor’s desk', async () => {
    const { page } = ivo;
    await page.goto(`${server.url}/en/instructor/`);
    await button(page, words.desk.make).click();
    await page.locator('[name="title"]').fill('Rootless by hand');
    await page.locator('[name="capacity"]').fill('4');
    await page.locator('[data-plan-lab="read-only"] [data-plan-chosen]').check();
    // To be locked is to be part of it; seccomp comes before read-only in the course, and after it here.
    await page.locator('[data-plan-lab="seccomp"] [data-plan-locked]').check();
    const order = () =>
      page.locator('[data-plan-lab]').evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.planLab));
    for (let at = (await order()).indexOf('read-only'); at > 0; at--)
      await page.locator('[data-plan-lab="read-only"] [data-plan-up]').press('Enter');
    expect((await order())[0]).toBe('read-only');
    expect(await axe(page)).toEqual([]);
    await picture(page, 'plan');
    await page.locator('[data-plan] [name="endsAt"]').fill('2000-01-01T00:00');
    await button(page, words.desk.form.create).click();
    await eventually(() => page.locator('[data-plan-said]').textContent()).toContain('end after its start');
    ivo.problems.splice(0);
    const end = new Date(Date.now() + 2 * 3_600_000);
    const local = new Date(end.getTime() - end.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
    await page.locator('[data-plan] [name="endsAt"]').fill(local);
    await button(page, words.desk.form.create).click();
    await page.waitForURL('**/instructor/workshop/#*');
    room = page.url();
    const begin = page.locator('[data-begin]');
    await begin.waitFor();
    await begin.click();
    await eventually(() => page.locator('[data-workshop-state]').textContent()).toBe(words.desk.states.running);
    code = (await page.locator('[data-code]').textContent()) ?? '';
    expect(code).toMatch(/^[A-Z2-8]{4}-[A-Z2-8]{4}$/);
    await eventually(() => page.locator('[data-nobody]').textContent()).toBe(words.room.nobody);
    expect(await axe(page)).toEqual([]);
  });

  test('the projector shows where to go and what to type', async () => {
    const [wall] = await Promise.all([ivo.context.waitForEvent('page'), ivo.page.locator('[data-projector]').click()]);
    await eventually(() => wall.locator('[data-code]').textContent()).toBe(code);
    expect(await wall.locator('[data-address]').textContent()).toBe(`${new URL(server.url).host}/en/join`);
    expect(await wall.locator('[data-qr] svg').count()).toBe(1);
    await eventually(() => wall.locator('[data-clock]').textContent()).toMatch(/^(\d:)?\d\d:\d\d$/);
    expect(await axe(wall)).toEqual([]);
    await picture(wall, 'projector');
    await wall.setViewportSize({ width: 360, height: 740 });
    expect(await fits(wall)).toBe(true);
    await wall.close();
  });

  test('five join in one step; four have a place, the fifth waits', async () => {
    for (const name of NAMES) {
      const window = await openWindow(browser);
      learners[name] = window;
      const { page } = window;
      // Two by the QR code's address, the others by hand.
      const byCode = name === 'Aki' || name === 'Ben';
      await page.goto(`${server.url}/en/join/${byCode ? `#${code.replace('-', '')}` : ''}`);
      if (!byCode) await page.locator('[name="code"]').fill(code.toLowerCase());
      await page.locator('[name="name"]').fill(name);
      await eventually(() => page.locator('[data-into]').textContent()).toBe(words.join.into('Rootless by hand'));
      if (name === 'Aki') expect(await axe(page)).toEqual([]);
      if (name === 'Aki') await picture(page, 'join');
      await page.locator('[name="name"]').press('Enter');
      await page.waitForURL('**/en/workshop/');
      await eventually(() => page.locator('[data-as]').textContent()).toBe(words.place.as(name));
    }
    expect(await of('Emi').locator('[data-when]').textContent()).toBe(words.place.line(1));
    expect(await of('Emi').locator('[data-lab-row] a').count()).toBe(0);
    expect(await of('Aki').locator('[data-lab-row="seccomp"]').getAttribute('data-open')).toBe('false');
    await eventually(() => ivo.page.locator('[data-row]').count()).toBe(5);
    expect(await ivo.page.locator('[data-present]').textContent()).toBe(words.room.present(4, 4, 1));
    expect(await axe(of('Aki'))).toEqual([]);
    await picture(of('Aki'), 'place');
    await of('Aki').setViewportSize({ width: 360, height: 740 });
    expect(await fits(of('Aki'))).toBe(true);
    await of('Aki').setViewportSize({ width: 1280, height: 800 });
  });

  test('the matrix shows what fails and what passes, as it happens', async () => {
    const terminal = await openLab('Aki');
    await of('Aki').locator('[data-check]').click();
    await eventually(() => cells('Aki')).toContain('failed');
    await eventually(() => ivo.page.locator('[data-troubles] .trouble').count()).toBeGreaterThan(0);
    expect(await ivo.page.locator('[data-troubles]').textContent()).toContain('Aki');
    await terminal.run(solution('read-only'));
    // Nobody asks for a check: it comes by itself, into both pages.
    await eventually(() => cells('Aki'), 30_000).toEqual([...Array(4).fill('passed'), ...Array(4).fill('open')]);
    expect(await rowOf('Aki').locator('td.number').first().textContent()).toBe('100');
    expect(await axe(ivo.page)).toEqual([]);
    await picture(ivo.page, 'room');
    await ivo.page.setViewportSize({ width: 360, height: 740 });
    expect(await fits(ivo.page)).toBe(true);
    await ivo.page.setViewportSize({ width: 1440, height: 900 });
  });

  test('a raised hand comes first; the instructor looks on, asks, and types once that is allowed', async () => {
    const terminal = await openLab('Ben');
    await of('Ben').locator('[data-workshop-hand]').click();
    await eventually(() => ivo.page.locator('[data-row]').first().textContent()).toContain('Ben');
    expect(await rowOf('Ben').locator('[data-row-state]').getAttribute('data-row-state')).toBe('hand');
    await terminal.enter('echo what-ben-does');
    await terminal.shows(/^what-ben-does$/m);
    await rowOf('Ben').getByRole('button').click();
    await ivo.page.locator('[data-watch-terminal="1"]').click();
    const seen = new ShownTerminal(ivo.page, 'watch');
    await seen.shows('what-ben-does');
    await eventually(() => of('Ben').locator('[data-watcher]').textContent()).toContain(words.lab.watching('Ivo', '1'));
    await seen.enter('echo too-early');
    await ivo.page.locator('[data-watch-ask]').click();
    await of('Ben').locator('[data-typing="asked"]').waitFor();
    expect(await axe(of('Ben'))).toEqual([]);
    await picture(of('Ben'), 'consent');
    await button(of('Ben'), words.lab.allow).click();
    await eventually(() => ivo.page.locator('[data-watch-said]').textContent()).toBe(words.room.detail.allowed);
    await seen.enter('echo with-a-hand-from-ivo');
    await terminal.shows(/^with-a-hand-from-ivo$/m);
    expect((await terminal.lines()).join('\n')).not.toContain('too-early');
    await eventually(() => of('Ben').locator('[data-watcher]').textContent()).toContain(words.lab.typing('Ivo', '1'));
    expect(await axe(ivo.page)).toEqual([]);
    await picture(ivo.page, 'watch');
    await picture(of('Ben'), 'typing');
    await button(of('Ben'), words.lab.endTyping).click();
    await eventually(() => ivo.page.locator('[data-watch-said]').textContent()).toBe(words.room.detail.refused);
    await ivo.page.locator('[data-do="hand"]').click();
    await eventually(() => of('Ben').locator('[data-workshop-hand]').getAttribute('aria-pressed')).toBe('false');
    await ivo.page.keyboard.press('Escape');
    await eventually(() => of('Ben').locator('[data-watcher]').count()).toBe(0);
  });

  test('messages reach all; a lab is unlocked where somebody waits before it; help is opened', async () => {
    await of('Chloe').goto(`${server.url}/en/labs/seccomp/`);
    const waiting = new ShownTerminal(of('Chloe'));
    await eventually(() => of('Chloe').locator('.cover').first().textContent()).toContain('not open yet');
    await ivo.page.locator('[data-message-all] textarea').fill('Lab two is next.\n<b>Slowly</b> 砦');
    await button(ivo.page, words.room.send).click();
    await eventually(() => ivo.page.locator('[data-all-said]').textContent()).toBe(words.room.sent(4));
    for (const name of ['Ben', 'Chloe'])
      await eventually(() => of(name).locator('[data-workshop-notices] [data-message]').textContent()).toContain(
        '<b>Slowly</b> 砦',
      );
    await button(of('Ben'), words.lab.dismiss).click();
    await eventually(() => of('Ben').locator('[data-message]').count()).toBe(0);
    await ivo.page.locator('[data-lock="seccomp"]').click();
    await waiting.prompt();
    await ivo.page.locator('[data-help-all] [data-help-lab]').selectOption('seccomp');
    await ivo.page.locator('[data-help-all] [data-help-what]').selectOption('');
    await button(ivo.page, words.room.helpOpen).click();
    await eventually(() => of('Chloe').locator('[data-workshop-notices]').textContent()).toContain(words.lab.helped);
    await picture(of('Chloe'), 'notices');
  });

  test('the server restarts in the midst of it, and everyone goes on', async () => {
    const before = await cells('Aki');
    await server.restart('end');
    await eventually(() => ivo.page.locator('[data-lost]').textContent(), 30_000).toBe('');
    await new ShownTerminal(of('Ben')).prompt();
    await of('Ben').locator('[data-workshop-hand]').click();
    await eventually(() => rowOf('Ben').locator('[data-row-state="hand"]').count(), 30_000).toBe(1);
    expect(await cells('Aki')).toEqual(before);
    await ivo.page.evaluate(() => scrollTo(0, 0));
    await picture(ivo.page, 'room-later');
    expect(await of('Emi').locator('[data-when]').textContent()).toBe(words.place.line(1));
  });

  test('who is taken out is told; the next in line comes in by itself', async () => {
    await rowOf('Dai').getByRole('button').click();
    await ivo.page.locator('[data-do="remove"]').click();
    await ivo.page.locator('[data-sure-yes]').click();
    await eventually(() => of('Dai').locator('[data-none]').isVisible()).toBe(true);
    await eventually(() => of('Emi').locator('[data-lab-row] a').count()).toBe(2);
    await eventually(() => rowOf('Dai').count()).toBe(0);
  });

  test('results are taken away, then it ends for everyone', async () => {
    const [file] = await Promise.all([
      ivo.page.waitForEvent('download'),
      ivo.page.locator('[data-export="csv"]').click(),
    ]);
    const csv = readFileSync(await file.path(), 'utf8')
      .trim()
      .split('\r\n');
    expect(csv).toHaveLength(5);
    expect(csv[0]).toContain('read-only score');
    expect(csv.find((line) => line.startsWith('Aki,'))).toMatch(/^Aki,,[\dT:.-]+Z,100,100,1,/);
    await ivo.page.locator('[data-end]').click();
    await ivo.page.locator('[data-sure-yes]').click();
    await eventually(() => ivo.page.locator('[data-workshop-state]').textContent()).toBe(words.desk.states.ended);
    await new ShownTerminal(of('Ben')).state('expired');
    await eventually(() => of('Emi').locator('[data-none-text]').textContent()).toBe(words.place.over);
    // Matrix and results stay to be looked at.
    await ivo.page.goto('about:blank');
    await ivo.page.goto(room);
    await eventually(() => cells('Aki')).toContain('passed');
    await server.withSandboxes(async (sandboxes) => expect(sandboxes.length).toBeLessThanOrEqual(1));
    const others = [ivo, ...Object.values(learners)].flatMap(({ problems }) => problems);
    // What a browser says of a server that was away.
    expect(others.filter((problem) => !/ERR_CONNECTION_REFUSED|WebSocket connection/.test(problem))).toEqual([]);
  });
});
