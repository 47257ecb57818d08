/**
 * A page of the learner's making runs in the learner's browser, beside the site and its session. Here one that attacks the
 * site by every way known to its author, in the frame and in a tab of its own, seen from its side and from the site's.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Frame, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { messagesFor } from '../../src/i18n/index.ts';
import { axe, openBrowser, openWindow, picturesOnFailure, ShownTerminal } from '../helpers/browser.ts';
import { eventually, startTestServer, type TestServer, until } from '../helpers/server.ts';

const PORT = 8080;
const helpers = join(import.meta.dirname, '../helpers');
const program = readFileSync(join(helpers, 'preview-server.pl'), 'utf8');
const hostile = readFileSync(join(helpers, 'hostile-page.html'), 'utf8');
let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer('preview-page', { poolLimit: 2 }), openBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.dispose();
});
picturesOnFailure(() => browser);

const openSandboxes = () => server.withStore((store) => store.openSandboxes());

/** Starts the server of the learner's in the sandbox that was opened last. */
async function serve(id: string, page: string): Promise<void> {
  await server.withSandboxes(async (sandboxes) => {
    const own = sandboxes.find(({ handle }) => handle.id === id)!;
    const put = (name: string, text: string) =>
      own.run({ command: ['/bin/sh', '-c', `cat > ${name}`], input: Buffer.from(text), timeoutMs: 10_000 });
    await put('server.pl', program);
    await put('page.html', page);
    const start = `setsid perl server.pl ${PORT} page.html >/dev/null 2>&1 & sleep 0.3`;
    await own.run({ command: ['/bin/bash', '-c', start], timeoutMs: 10_000 });
  });
}

const previewFrame = (page: Page): Promise<Frame> =>
  until(
    () => page.frames().find((frame) => /^http:\/\/p\d+-[a-z2-7]{26}\.localhost/.test(frame.url())),
    (frame): frame is Frame => frame !== undefined,
  ) as Promise<Frame>;

async function resultsIn(place: Page | Frame): Promise<Record<string, string>> {
  const text = await until(() => place.locator('#results').textContent(), Boolean, 60_000);
  return JSON.parse(text!);
}

/** What must have come of every attack, from inside a frame or a tab. */
function expectHeld(told: Record<string, string>, framed: boolean): void {
  expect(told['own cookies']).toBe('');
  expect(told['request cookies']).toBe('none');
  expect(told.referrer).toBe('');
  expect(told.opener).toBe('null');
  expect(told['document.domain']).not.toBe('set');
  if (framed) {
    expect(told['parent document']).toBe('SecurityError');
    expect(told['parent address']).toBe('SecurityError');
    expect(told.popup).toBe('null');
    expect(told.top).not.toBe('is top');
  }
  for (const site of ['0', '1']) {
    expect(told[`${site} read`]).toBe('TypeError');
    expect(told[`${site} read blind`]).toMatch(/^(opaque|TypeError)$/);
    expect(told[`${site} reset`]).toBe('TypeError');
    expect(told[`${site} reset blind`]).toMatch(/^(opaque|TypeError)$/);
    expect(told[`${site} terminal`]).toBe('refused');
    expect(told[`${site} frame`]).toBe('SecurityError');
    expect(told[`${site} script`]).toBe('refused');
    expect(told[`${site} worker`]).toMatch(/^(SecurityError|TypeError)$/);
  }
}

describe.each(['127.0.0.1', 'localhost'])('the site as %s', (name) => {
  let page: Page;
  let problems: string[];
  let terminal: ShownTerminal;
  let site: string;
  let sandbox: string;

  test('a service is seen in its frame, on an origin of its own', async () => {
    ({ page, problems } = await openWindow(browser));
    const { port } = new URL(server.url);
    site = `http://${name}:${port}`;
    const before = (await openSandboxes()).map(({ id }) => id);
    await page.goto(`${site}/en/labs/read-only/`);
    terminal = new ShownTerminal(page);
    await terminal.prompt();
    sandbox = (await openSandboxes()).find(({ id }) => !before.includes(id))!.id;

    await page.locator('[data-show-work="preview"]').click();
    const frame = await previewFrame(page);
    await eventually(() => frame.locator('h1').textContent()).toMatch(/^Nothing listens on port 8\d{3}$/);
    expect(await axe(page)).toEqual([]);
    const origins = [`http://127.0.0.1:${port}`, `http://localhost:${port}`];
    await serve(sandbox, hostile.replaceAll('SITES', JSON.stringify(origins)));
  });

  test('a hostile page in the frame gets nowhere', async () => {
    const session = await page.context().cookies(site);
    await page.locator('[data-preview-port]').fill(String(PORT));
    await page.locator('[data-preview-path]').fill('//evil.example/');
    await page.locator('[data-preview-form] button[type="submit"]').click();
    await eventually(() => page.frames().some((frame) => new URL(frame.url()).host.startsWith('p8080-'))).toBe(true);
    const frame = page.frames().find((one) => new URL(one.url()).host.startsWith('p8080-'))!;
    expectHeld(await resultsIn(frame), true);
    // Frames of the site that it made are empty errors.
    for (const inner of page.frames().filter((one) => /^(site|form)\d/.test(one.name())))
      expect(inner.url()).toMatch(/^(chrome-error:|about:blank)/);
    // Seen from the site: it stays where it is, with the session it had and no other.
    expect(page.url()).toBe(`${site}/en/labs/read-only/`);
    expect(await page.context().cookies(site)).toEqual(session);
    expect(session.map(({ name: cookie }) => cookie)).toEqual(['toride']);
  });

  test('nor does it in a tab of its own', async () => {
    const [tab] = await Promise.all([
      page.context().waitForEvent('page'),
      page.locator('[data-preview-tab] a').click(),
    ]);
    const told = await resultsIn(tab);
    expectHeld(told, false);
    // Its origin is its own, to the point that a worker may serve it; what it tossed reached nobody else.
    expect(told['own worker']).toBe(`${new URL(tab.url()).origin}/`);
    const cookies = await page.context().cookies();
    const tossed = cookies.filter(({ value }) => value === 'A'.repeat(43));
    expect(tossed.filter(({ domain }) => !domain.startsWith('p8080-'))).toEqual([]);
    expect(tossed.length).toBeGreaterThan(0);
    // It may open the site in a window, as any page may: a visit like others, which it cannot see into.
    for (const { domain } of cookies) expect(domain).toMatch(/^(p8080-.*\.localhost|localhost|127\.0\.0\.1)$/);
    expect((await page.context().cookies(site)).filter(({ name: cookie }) => cookie === 'toride')).toHaveLength(1);
    await tab.close();
  });

  test('its worker holds its own origin alone', async () => {
    const registered = await page.evaluate(async () =>
      ((await navigator.serviceWorker?.getRegistrations()) ?? []).map(({ scope }) => scope),
    );
    expect(registered).toEqual([]);
  });

  test('the site works on, with the same session and the same sandbox', async () => {
    expect((await openSandboxes()).some(({ id }) => id === sandbox)).toBe(true);
    const state = await page.evaluate(async () => (await fetch('/api/labs/read-only')).json());
    expect(state.sandbox.state).toBe('ready');
    expect(state.attempt).toBeNull();
    await page.locator('[data-show-work="terminal"]').click();
    expect(await terminal.run('ls owned 2>&1')).toContain('No such file');
    await page.reload();
    await terminal.prompt();
    expect((await openSandboxes()).filter(({ id }) => id === sandbox)).toHaveLength(1);
    // The page's own scripts and policy had nothing to complain of; what the frame did is the frame's.
    expect(problems.filter((problem) => problem.startsWith('error:'))).toEqual([]);
    const policy = (await (await fetch(`${site}/en/`)).headers.get('content-security-policy')) ?? '';
    expect(policy).toContain(`frame-src http://*.localhost:${new URL(site).port}`);
    expect(policy).toContain("frame-ancestors 'none'");
  });
});

test('the attacks would be noticed: the site’s own page does all that', async () => {
  const { page } = await openWindow(browser);
  await page.goto(`${server.url}/en/`);
  const told = await page.evaluate(async () => ({
    read: (await fetch('/api/progress')).status,
    terminal: await new Promise((end) => {
      const socket = new WebSocket(
        `ws://${location.host}/ws/terminal?lab=seccomp&terminal=1&client=${crypto.randomUUID()}&columns=80&rows=24`,
      );
      socket.onopen = () => end('opened');
      socket.onerror = () => end('refused');
    }),
  }));
  expect(told).toEqual({ read: 200, terminal: 'opened' });
});

test('where there is no name for a preview, it says so', async () => {
  const { page } = await openWindow(browser);
  await page.route('**/preview?*', (route) => route.fulfill({ json: { origin: null, port: 8100 } }));
  await page.goto(`${server.url}/ja/labs/read-only/`);
  await new ShownTerminal(page).state('ready');
  await page.locator('[data-show-work="preview"]').click();
  const words = messagesFor('ja').preview;
  await eventually(() => page.locator('[data-preview-title]').textContent()).toBe(words.nowhereTitle);
  expect(await page.locator('iframe').count()).toBe(0);
});
