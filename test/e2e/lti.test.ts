/**
 * A learning platform's course with a lab in a frame, in a Chromium that keeps no cookie for third parties: from the launch to
 * a prompt, to 100 points, to the platform's grade book; and the pages of who teaches and of the owner.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { messagesFor } from '../../src/i18n/index.ts';
import { texts } from '../../src/server/lti/words.ts';
import { checkout } from '../../src/setup/paths.ts';
import {
  axe,
  openBrowser,
  openWindow,
  picture,
  picturesOnFailure,
  ShownTerminal,
  type Window,
} from '../helpers/browser.ts';
import { openCookieless } from '../helpers/cookieless.ts';
import { ada, grace, openPlatform, type TestPlatform } from '../helpers/lti-platform.ts';
import { openSchool, type School } from '../helpers/lti-school.ts';
import { eventually, type TestServer, until } from '../helpers/server.ts';

let server: TestServer;
let browser: Browser;
let platform: TestPlatform;
let school: School;

beforeAll(async () => {
  [school, browser] = await Promise.all([
    // Another site than the server's, so that its cookies are third parties'.
    openSchool('lti-frame', { host: 'localhost', settings: { poolLimit: 1 } }),
    openBrowser('--test-third-party-cookie-phaseout'),
  ]);
  ({ platform, server } = school);
});
afterAll(async () => {
  await browser?.close();
  await school?.dispose();
});
picturesOnFailure(() => browser);

const solution = readFileSync(join(checkout, 'graders/read-only/cases/solve.sh'), 'utf8').replace(
  /^(#.*|set -eu)\n/gm,
  '',
);
const within = async (page: Page, url: RegExp): Promise<Frame> =>
  (await until(() => page.frames().find((frame) => url.test(frame.url())) ?? null, Boolean)) as Frame;
const fits = (frame: Pick<Frame, 'evaluate'>) =>
  frame.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);

/** As the script of a page in a frame sees it where third parties are blocked and partitions are not known. */
const noCookiesInFrames = () => {
  if (window !== window.top)
    Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set: () => undefined });
};

test('a launch in a frame: a prompt, 100 points, the score in the grade book, and no other page may show it', async () => {
  const { page, context } = await openWindow(browser);
  const sites: string[] = [];
  page.on('request', async (request) => {
    if (request.url().startsWith(`${server.url}/api/`))
      sites.push((await request.allHeaders())['sec-fetch-site'] ?? '');
  });
  await page.goto(platform.course({ person: ada, link: 'week-8', lab: 'read-only' }));
  const frame = await within(page, /\/en\/labs\/read-only\/$/);
  const terminal = new ShownTerminal(page, '1', frame);
  await terminal.prompt();
  // What is not partitioned is not kept: this browser does block third parties.
  expect(
    await frame.evaluate(() => {
      // biome-ignore lint/suspicious/noDocumentCookie: whether the browser keeps it is the question
      document.cookie = 'plain=1; SameSite=None; Secure';
      return document.cookie;
    }),
  ).not.toContain('plain');
  expect(await context.cookies(server.url)).toEqual(
    ['toride-lti-flow', 'toride-lti'].map((name) =>
      expect.objectContaining({ name, httpOnly: true, secure: true, partitionKey: 'http://localhost' }),
    ),
  );
  await terminal.run(solution);
  await eventually(() => platform.grades.scores.at(-1), 30_000).toMatchObject({
    userId: ada.sub,
    scoreGiven: 100,
    scoreMaximum: 100,
    activityProgress: 'Completed',
    gradingProgress: 'FullyGraded',
  });
  const checked = page.waitForResponse((response) => response.url().includes('/check'));
  await frame.locator('[data-check]').click();
  await checked;
  expect(sites.length).toBeGreaterThan(2);
  expect(new Set(sites)).toEqual(new Set(['same-origin']));
  // Frames within the frame: the learner's own service, on its origin. A check by itself may hold that up: it is shown again.
  await frame.locator('[data-show-work="preview"]').click();
  const token = (await frame.locator('[data-param="token"]').first().textContent()) ?? '';
  const preview = async () => {
    const shown = await within(page, /\/\/p\d+-[a-z2-7]{26}\.localhost:/);
    const text = (await shown.locator('body').textContent()) ?? '';
    if (!text.includes(token)) await frame.locator('[data-preview-form] button[type="submit"]').click();
    return text;
  };
  await expect.poll(preview, { timeout: 20_000, interval: 1000 }).toContain(token);
  await frame.locator('[data-show-work="terminal"]').click();
  await picture(page, 'lti-frame');

  // A page of the same site as the platform, which the browser gives the same cookies, and of another origin.
  const neighbour = await openPlatform('localhost');
  try {
    const { page: other, problems } = await openWindow(browser, context);
    await other.goto(`${neighbour.url}/jwks`);
    await other.evaluate((src) => {
      document.body.append(Object.assign(document.createElement('iframe'), { src }));
    }, `${server.url}/en/labs/read-only/`);
    await eventually(() => problems.join('\n')).toMatch(/frame-ancestors|refused to (frame|connect)|blocked/i);
    expect(await other.frames()[1]?.locator('[data-testid="terminal-1"]').count()).toBe(0);
  } finally {
    await neighbour.close();
  }
  await context.close();
});

test('where the browser keeps no cookie in a frame, the lab opens in a window by one click', async () => {
  const { page, context } = await openWindow(browser);
  await context.addInitScript(() => {
    if (window !== window.top)
      Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set: () => undefined });
  });
  await page.goto(platform.course({ person: { ...ada, sub: 'window' }, link: 'week-9', lab: 'seccomp', locale: 'ja' }));
  const frame = await within(page, /\/lti\/login$/);
  const button = frame.getByRole('link', { name: texts.newWindow.en, exact: true });
  await button.waitFor();
  expect(await axe(page)).toEqual([]);
  const [opened] = await Promise.all([context.waitForEvent('page'), button.click()]);
  await opened.waitForURL(`${server.url}/ja/labs/seccomp/`);
  await new ShownTerminal(opened).prompt();
  await frame.getByText(texts.opened.en).waitFor();
  await context.close();
});

test('where the platform’s page keeps the secret, a lab is chosen in the frame, and another opens in a window', async () => {
  const way = await openCookieless(server.url);
  platform.tool = way.url;
  const { page, context } = await openWindow(browser);
  try {
    await context.addInitScript(noCookiesInFrames);
    await page.goto(platform.course({ person: grace, storage: true }));
    const choice = await within(page, /\/lti\/launch$/);
    await choice.getByRole('button', { name: '8.3.2 Seccomp profiles' }).waitFor();
    expect(await axe(page)).toEqual([]);
    await choice.getByRole('button', { name: '8.3.2 Seccomp profiles' }).click();
    await (await within(page, /\/return$/)).getByText('Your choice is in the course.').waitFor();
    expect(platform.choices.at(-1)).toMatchObject({
      'https://purl.imsglobal.org/spec/lti-dl/claim/content_items': [{ custom: { lab: 'seccomp' } }],
    });
    const person = { ...ada, sub: 'storage' };
    await page.goto(platform.course({ person, link: 'week-9', lab: 'seccomp', storage: true }));
    const frame = await within(page, /\/lti\/launch$/);
    const button = frame.getByRole('button', { name: texts.newWindow.en, exact: true });
    await button.waitFor();
    expect(await context.cookies(way.url)).toEqual([]);
    const [opened] = await Promise.all([context.waitForEvent('page'), button.click()]);
    await opened.waitForURL(`${way.url}/en/labs/seccomp/`);
    expect(await opened.evaluate(async () => (await fetch('/api/progress')).status)).toBe(200);
  } finally {
    platform.tool = server.url;
    await context.close();
    await way.close();
  }
});

describe.each(['en', 'ja'] as const)('%s', (language) => {
  const words = messagesFor(language).lti;

  test('who teaches chooses a lab in a frame, and then sees by its link who has come', async () => {
    const { page, context } = await openWindow(browser);
    await page.goto(platform.course({ person: grace, locale: language }));
    const frame = await within(page, new RegExp(`/${language}/lti/choose/$`));
    await frame.getByRole('heading', { name: words.choose.title }).waitFor();
    expect(await axe(page)).toEqual([]);
    await picture(page, `lti-choose-${language}`);
    await page.setViewportSize({ width: 360, height: 800 });
    expect(await fits(frame)).toBe(true);
    await page.setViewportSize({ width: 1280, height: 800 });
    const before = platform.choices.length;
    const title = language === 'en' ? 'Read-only containers' : '読み取り専用コンテナ';
    await frame.getByRole('button', { name: words.choose.actionFor(title), exact: true }).click();
    const done = await within(page, /\/return$/);
    await done.getByText('Your choice is in the course.').waitFor();
    expect(platform.choices.slice(before)).toMatchObject([
      { 'https://purl.imsglobal.org/spec/lti-dl/claim/content_items': [{ custom: { lab: 'read-only' }, title }] },
    ]);

    await page.goto(platform.course({ person: grace, link: 'week-8', locale: language }));
    const desk = await within(page, new RegExp(`/${language}/lti/link/$`));
    await eventually(() => desk.locator('[data-people] tr').allTextContents()).toEqual([
      `Ada Lovelace${words.link.points('100', '100')} · ${words.link.passed} ${words.link.states.sent}`,
      `Alan Turing–${words.link.notCome}`,
    ]);
    expect(await axe(page)).toEqual([]);
    await picture(page, `lti-link-${language}`);
    await page.setViewportSize({ width: 360, height: 800 });
    expect(await fits(desk)).toBe(true);
    await context.close();
  });

  test('the owner registers by hand and by a link, changes and removes', async () => {
    const t = words.platforms;
    const olga: Window = await openWindow(browser);
    const { page, context, problems } = olga;
    const session = await school.ownerSession();
    await context.addCookies([{ name: 'toride-account', value: session, url: server.url, sameSite: 'Strict' }]);
    await page.goto(`${server.url}/${language}/instructor/`);
    await page.getByRole('link', { name: t.title }).click();
    await eventually(() => page.locator('[data-table="platforms"]').textContent()).toContain(platform.url);
    expect(await page.locator('[data-ours="login"]').inputValue()).toBe(`${server.url}/lti/login`);
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    const fill = async (values: Record<string, string>) => {
      for (const [name, value] of Object.entries(values)) await page.locator(`[name="${name}"]`).fill(value);
    };
    const { name, issuer, authUrl, tokenUrl, jwksUrl } = platform.registration;
    await fill({ name: `${name} ${language}`, issuer, clientId: `by hand ${language}`, authUrl, tokenUrl, jwksUrl });
    await button(t.add).click();
    await eventually(() => page.locator('[data-platform-said]').textContent()).toBe(t.added(`${name} ${language}`));
    await button(`${t.edit}: ${name} ${language}`).click();
    expect(await page.locator('[name="pageOrigin"]').inputValue()).toBe(platform.url);
    await fill({ deployments: 'one, two' });
    await button(t.save).click();
    await eventually(() => page.locator('[data-platform-said]').textContent()).toBe(t.saved(`${name} ${language}`));
    await button(t.makeLink).click();
    const link = page.locator('[data-link-field]');
    await eventually(() => link.inputValue()).toMatch(new RegExp(`^${server.url}/lti/register\\?link=[\\w-]{43}$`));
    expect(await axe(page)).toEqual([]);
    await picture(page, `lti-platforms-${language}`);
    await page.setViewportSize({ width: 360, height: 800 });
    expect(await fits(page)).toBe(true);
    await page.setViewportSize({ width: 1280, height: 800 });
    page.once('dialog', (dialog) => dialog.accept());
    await button(`${t.remove}: ${name} ${language}`).click();
    await eventually(() => page.locator('[data-table="platforms"]').textContent()).not.toContain(`by hand ${language}`);
    expect(problems).toEqual([]);
    await context.close();
  });
});
