/**
 * A learning platform's course with a lab in a frame, in a Chromium that keeps no cookie for third parties: from the launch to
 * a prompt, to 100 points, to the platform's grade book.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkout } from '../../src/setup/paths.ts';
import { openBrowser, openWindow, picturesOnFailure, ShownTerminal } from '../helpers/browser.ts';
import { ada, openPlatform, type TestPlatform } from '../helpers/lti-platform.ts';
import { eventually, startTestServer, type TestServer, until } from '../helpers/server.ts';

let server: TestServer;
let browser: Browser;
let platform: TestPlatform;

beforeAll(async () => {
  // Another site than the server's, so that its cookies are third parties'.
  platform = await openPlatform('localhost');
  [server, browser] = await Promise.all([
    startTestServer('lti-frame', { poolLimit: 1 }),
    openBrowser('--test-third-party-cookie-phaseout'),
  ]);
  platform.tool = server.url;
  await server.withStore(async (store) => {
    const owner = { name: 'Olga', login: 'olga@example.org', passwordHash: 'x', address: '' };
    await store.redeemLink((await store.makeOwnerLink(true))!, owner);
    const { id } = (await store.findAccountByLogin(owner.login))!;
    await store.addLtiPlatform(platform.registration, id, { by: id, action: 'lti-platform-added' });
  });
});
afterAll(async () => {
  await browser?.close();
  await server?.dispose();
  await platform?.close();
});
picturesOnFailure(() => browser);

const solution = readFileSync(join(checkout, 'graders/read-only/cases/solve.sh'), 'utf8').replace(
  /^(#.*|set -eu)\n/gm,
  '',
);
const lab = async (page: Page, url: RegExp): Promise<Frame> =>
  (await until(() => page.frame({ url }), Boolean)) as Frame;

test('a launch in a frame: a prompt, 100 points, and the score in the grade book', async () => {
  const { page, context } = await openWindow(browser);
  const sites: string[] = [];
  page.on('request', async (request) => {
    if (request.url().startsWith(`${server.url}/api/`))
      sites.push((await request.allHeaders())['sec-fetch-site'] ?? '');
  });
  await page.goto(platform.course({ person: ada, link: 'week-8', lab: 'read-only' }));
  const frame = await lab(page, /\/en\/labs\/read-only\/$/);
  const terminal = new ShownTerminal(page, '1', frame);
  await terminal.prompt();
  const kept = await context.cookies(server.url);
  console.log(JSON.stringify(kept));
  await terminal.run(solution);
  await eventually(() => platform.grades.scores.at(-1), 30_000).toMatchObject({
    userId: ada.sub,
    scoreGiven: 100,
    scoreMaximum: 100,
    activityProgress: 'Completed',
    gradingProgress: 'FullyGraded',
  });
  expect(new Set(sites)).toEqual(new Set(['same-origin']));
});
