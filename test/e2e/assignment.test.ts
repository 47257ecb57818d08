/** An assignment from roster to export: an instructor and a learner, two browsers, a real sandbox, pages seen by axe. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assignmentWords } from '../../src/i18n/assignment.ts';
import { axe, openBrowser, openWindow, picturesOnFailure, ShownTerminal, type Window } from '../helpers/browser.ts';
import { eventually, startTestServer, type TestServer } from '../helpers/server.ts';

let server: TestServer;
let browser: Browser;
let ivo: Window;
const LAB = 'rootless-basics';

beforeAll(async () => {
  server = await startTestServer('assignment-pages', { pool: 1, poolLimit: 2 });
  browser = await openBrowser();
  ivo = await openWindow(browser);
  const link = await server.withStore((store) => store.makeOwnerLink(false));
  await ivo.page.goto(`${server.url}/en/instructor/welcome/#${link}`);
  const fields = { name: 'Ivo 砦', login: 'ivo@example.org', password: 'four words in a row' };
  for (const [name, value] of Object.entries(fields)) await ivo.page.locator(`[name="${name}"]:visible`).fill(value);
  await ivo.page.locator('[data-do]').click();
  await ivo.page.waitForURL(`${server.url}/en/instructor/`);
});
afterAll(async () => {
  await browser?.close();
  await server?.dispose();
});
picturesOnFailure(() => browser);

/** In TORIDE_SCREENSHOTS, to be looked at: both themes, wide and narrow. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.TORIDE_SCREENSHOTS;
  if (folder === undefined) return;
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [1280, 360]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${width}.png`), fullPage: true });
    }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 800 });
}

async function seen(page: Page, name: string): Promise<void> {
  await picture(page, name);
  expect(await axe(page)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 800 });
  const over = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
  expect([name, await page.evaluate(over)]).toEqual([name, 0]);
  await page.setViewportSize({ width: 1280, height: 800 });
}

const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name, exact: typeof name === 'string' });

async function downloaded(page: Page, act: () => Promise<unknown>): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), act()]);
  return readFileSync(await download.path(), 'utf8');
}

describe.each(['en', 'ja'] as const)('%s', (language) => {
  const t = assignmentWords(language);
  let ken: Window;
  let desk: string;
  let personal: string;
  beforeAll(async () => {
    ken = await openWindow(browser);
  });
  afterAll(() => ken.context.close());

  test('the instructor makes an assignment and brings a roster; a bad one is told by its lines', async () => {
    const { page } = ivo;
    await page.goto(`${server.url}/${language}/instructor/assignments/`);
    await page.locator('[data-new-part]').waitFor();
    const form = page.locator('[data-new]');
    await form.locator('[name="title"]').fill(`Homework ${language} 砦`);
    await form.locator('[name="zone"]').fill('Asia/Tokyo');
    await form.locator('[name="attempts"]').fill('2');
    await form.locator('[name="late"][value="yes"]').check();
    await seen(page, `${language}-assignments-desk`);
    await button(page, t.desk.make).click();
    await eventually(() => page.locator('[data-form-said]').textContent()).toBe(t.desk.form.noLabs);
    await form.locator(`[name="lab"][value="${LAB}"]`).check();
    await form.locator('[name="lab"][value="seccomp"]').check();
    await button(page, t.desk.make).click();
    await page.waitForURL(/\/instructor\/assignment\/\?id=/);
    desk = page.url();
    await page.locator('[data-all]').waitFor();
    const bring = async (text: string) => {
      const buffer = Buffer.from(text);
      await page.locator('[name="roster"]').setInputFiles({ name: 'r.csv', mimeType: 'text/csv', buffer });
      await button(page, t.desk.roster.import).click();
    };
    await bring('name,email,id\nKen,ken@example.org,1\nMei,nowhere,2\n');
    await eventually(() => page.locator('[data-problems] li').allTextContents()).toEqual([
      t.desk.roster.line(3, t.desk.roster.problem['bad-email'], null),
    ]);
    await bring('氏名,email,id\n田中 健,ken@example.org,1\n"Mei, =1+1",mei@example.org,2\n');
    await eventually(() => page.locator('[data-roster-said]').textContent()).toBe(t.desk.roster.imported(2, 0));
    const csv = await downloaded(page, () => button(page, t.desk.roster.links).click());
    const rows: Record<string, string>[] = parse(csv, { bom: true, columns: true });
    expect(rows.map(({ name }) => name)).toEqual(['田中 健', 'Mei, =1+1']);
    personal = rows[0]!.link!;
    expect(personal).toMatch(new RegExp(`^${server.url}/en|ja/assignment/#[\\w-]{43}$`));
    await eventually(() => page.locator('[data-gradebook] tbody tr').count()).toBe(2);
    await seen(page, `${language}-assignment-desk-new`);
  });

  test('the learner comes by the personal link, sees what counts, and hands in from the lab', async () => {
    const { page } = ken;
    await page.goto(personal.replace('/en/', `/${language}/`));
    await button(page, t.entry.enter('田中 健')).waitFor();
    expect(page.url()).not.toContain('#');
    await seen(page, `${language}-assignment-entry`);
    await button(page, t.entry.enter('田中 健')).click();
    await page.waitForURL(`${server.url}/${language}/assignments/`);
    const own = page.locator('[data-assignment]');
    await own.waitFor();
    expect(await own.textContent()).toContain('Asia/Tokyo');
    expect(await own.textContent()).toContain(t.rules.attempts(2));
    await page.goto(`${server.url}/${language}/labs/${LAB}/`);
    const terminal = new ShownTerminal(page);
    await terminal.prompt();
    await page.getByTestId('submit').waitFor();
    expect(await page.getByTestId('submit').textContent()).toBe(t.submit.button + t.submit.left(2));
    await terminal.run('podman run -d --user "$TORIDE_APP_UID" localhost/busybox sleep 3600');
    await page.getByTestId('submit').click();
    const dialog = page.locator('#dialog-submit');
    await dialog.waitFor();
    await seen(page, `${language}-assignment-submit`);
    await page.getByTestId('confirm-submit').click();
    await eventually(() => dialog.locator('[data-submit-said]').textContent(), 60_000).toBe(t.submit.done(20, 100));
    await eventually(() => page.getByTestId('submit').textContent()).toBe(t.submit.button + t.submit.left(1));
    await page.goto(`${server.url}/${language}/assignments/`);
    await eventually(() => page.locator(`[data-lab-row="${LAB}"] [data-points]`).textContent()).toBe(t.points(20, 100));
    await seen(page, `${language}-assignments-own`);
    expect(ken.problems).toEqual([]);
  });

  test('the instructor opens the evidence, grades the snapshot again, gives points; the learner sees why', async () => {
    const { page } = ivo;
    await page.goto(desk);
    const cell = page.locator('[data-gradebook] a').first();
    await cell.waitFor();
    await button(page, t.desk.gradebook.byTask).click();
    await page.locator(`[data-sort="${LAB}/run"]`).click();
    expect(await page.locator('[data-gradebook] tbody th').first().textContent()).toContain('田中 健');
    await seen(page, `${language}-assignment-desk`);
    await cell.click();
    await page.waitForURL(/assignment-submission/);
    const passed = page.locator('[data-check="process.app"]');
    await passed.waitFor();
    expect(await passed.getAttribute('data-state')).toBe('passed');
    await passed.locator('summary').click();
    expect(await passed.textContent()).toContain('/proc');
    await button(page, t.review.replay).click();
    await eventually(() => page.locator('[data-replay-said]').textContent()).toContain(t.review.same);
    expect(await page.locator('[data-take]').isVisible()).toBe(false);
    const snapshot = JSON.parse(await downloaded(page, () => page.locator('[data-snapshot]').click()));
    expect(snapshot).toMatchObject({ lab: LAB, processes: { ok: true } });
    await page.locator('[name="points"]').fill('75');
    await page.locator('[name="reason"]').fill('The projector failed');
    await button(page, t.review.save).click();
    await eventually(() => page.locator('[data-given]').textContent()).toContain(t.review.ofSubmission(75));
    await seen(page, `${language}-assignment-review`);
    await ken.page.reload();
    const told = t.own.override(75, 'The projector failed', 'Ivo 砦');
    await eventually(() => ken.page.locator('[data-submission]').textContent()).toContain(told);
  });

  test('more time for one, then the gradebook is taken away as CSV and JSON', async () => {
    const { page } = ivo;
    await page.goto(desk);
    await button(page, `${t.desk.roster.extend}: 田中 健`).click();
    await page.locator('[name="extend-until"]').fill('2099-01-01T12:00');
    await page.locator('[name="extend-reason"]').fill('ill');
    await seen(page, `${language}-assignment-extend`);
    await button(page, t.desk.roster.extendSave).click();
    await eventually(() => page.locator('[data-roster] tr').first().textContent()).toContain('ill');
    const exported = (path: string) => downloaded(page, () => page.locator(`[data-export="${path}"]`).click());
    const rows: Record<string, string>[] = parse(await exported('gradebook.csv'), { bom: true, columns: true });
    expect(rows[0]).toMatchObject({ name: '田中 健', points: '75', of: '200', due: '2099-01-01T03:00:00.000Z' });
    expect(rows[0]).toMatchObject({ [`${LAB} reason`]: 'The projector failed', [`${LAB}/run points`]: '20' });
    expect(JSON.parse(await exported('gradebook.json'))).toMatchObject({
      rules: { attempts: 2, timeZone: 'Asia/Tokyo' },
    });
    const results = JSON.parse(await exported('results.json'));
    expect(results.learners[0]).toMatchObject({ uid: '1', labs: { [LAB]: { score: 0.75 } } });
    expect(ivo.problems).toEqual([]);
  });

  test('whoever has the sign-up link comes in by name, and back by the personal link that is shown then', async () => {
    await ivo.page.goto(desk);
    await button(ivo.page, t.desk.roster.codeOn).click();
    const link = ivo.page.locator('[data-code-field]');
    await eventually(() => link.inputValue()).toMatch(/#join=[A-Z2-8]{4}-[A-Z2-8]{4}$/);
    const { page, context, problems } = await openWindow(browser);
    await page.goto(`${server.url}/${language}/assignments/`);
    await page.locator('[data-none]:visible').waitFor();
    await page.locator('[name="code"]').fill((await link.inputValue()).split('=')[1]!.toLowerCase());
    await button(page, t.own.useCode).click();
    await page.locator('[name="name"]').fill('Rin 凛');
    await button(page, t.entry.signUp).click();
    const personalLink = page.locator('[data-link-field]');
    await eventually(() => personalLink.inputValue()).toMatch(/#[\w-]{43}$/);
    await seen(page, `${language}-assignment-signed-up`);
    const other = await openWindow(browser);
    await other.page.goto(await personalLink.inputValue());
    await other.page.locator('[data-enter] [type="submit"]').click();
    await eventually(() => other.page.locator('[data-assignment]').textContent()).toContain('Rin 凛');
    expect([...problems, ...other.problems]).toEqual([]);
    await other.context.close();
    await context.close();
  });

  test('a token for a program is shown once, reads the gradebook, and is revoked', async () => {
    const { page } = ivo;
    await page.goto(`${server.url}/${language}/instructor/api/`);
    await page.locator('[data-all]').waitFor();
    await page.locator('[name="name"]').fill(`ci ${language}`);
    await button(page, t.api.make).click();
    const field = page.locator('[data-link-field]');
    await eventually(() => field.inputValue()).toMatch(/^toride_/);
    const headers = { authorization: `Bearer ${await field.inputValue()}` };
    const id = new URL(desk).searchParams.get('id');
    const read = async () =>
      (await fetch(`${server.url}/api/instructor/assignments/${id}/gradebook.csv`, { headers })).status;
    expect(await read()).toBe(200);
    await seen(page, `${language}-assignment-api`);
    await button(page, `${t.api.revoke}: ci ${language}`).click();
    await page.locator('[data-none]').waitFor();
    expect(await read()).toBe(401);
    expect(ivo.problems).toEqual([]);
  });
});
