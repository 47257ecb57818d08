/** The server ends, or dies, and comes back while a page is open. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, openWindow, picturesOnFailure, ShownTerminal } from '../helpers/browser.ts';
import { eventually, serverProcess, startTestServer, type TestServer } from '../helpers/server.ts';

let server: TestServer;
let browser: Browser;
let page: Page;
let terminal: ShownTerminal;

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer('restart', {}, serverProcess), openBrowser()]);
  ({ page } = await openWindow(browser));
  await page.goto(`${server.url}/en/labs/read-only/`);
  terminal = new ShownTerminal(page);
  await terminal.prompt();
});
afterAll(async () => {
  await browser?.close();
  await server?.dispose();
});
picturesOnFailure(() => browser);

const started = 'podman inspect -f \'{{.State.Status}} {{.State.StartedAt}}\' sleeper; cat made; echo "$TORIDE_TOKEN"';
const points = () => page.locator('[data-points]').textContent();
const attempts = async (): Promise<number | undefined> => {
  const { labs } = await page.evaluate(async () => (await fetch('/api/progress')).json());
  return labs.find(({ lab }: { lab: string }) => lab === 'read-only')?.attempts;
};
/** Podman services of this server: one, and none that a dead server left. */
const services = () =>
  readdirSync('/proc').filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(
        `/instances/${server.settings.instance}/podman.sock`,
      );
    } catch {
      return false; // no process, or it ended while it was looked at
    }
  });

/** The lines a command printed, without prompt and echo. */
const printed = async (command: string) =>
  (await terminal.run(`clear\n${command}`)).split('\n').filter((line) => !/^learner:|^[a-z0-9]{8}$|^[>"]/.test(line));

test.each(['end', 'crash'] as const)('%s: page, sandbox, containers and progress are there again', async (how) => {
  await terminal.run(`podman rm -f -t 0 sleeper; podman run -d --name sleeper busybox sleep 1000; echo ${how} > made`);
  await page.locator('[data-check]').click();
  // The page shows the points of the first case already: the attempt itself says when this one is stored.
  await eventually(attempts, 20_000).toBe(how === 'end' ? 1 : 2);
  await eventually(points).toBe('0 / 100 points');
  const before = await printed(started);
  expect(before.join('\n')).toMatch(new RegExp(`^running .*\\n${how}\\n\\w{12}$`));
  const pids = () => server.withSandboxes(async (sandboxes) => sandboxes.map(({ init }) => init.pid).sort());
  const pidsBefore = await pids();

  const restarted = server.restart(how);
  await terminal.state('lost');
  await restarted;
  await terminal.prompt();
  expect(await printed(started)).toEqual(before);
  expect(await pids()).toEqual(expect.arrayContaining(pidsBefore));
  expect((await pids()).length).toBeLessThanOrEqual(pidsBefore.length + 1);

  expect(services()).toHaveLength(1);

  await page.reload();
  await terminal.prompt();
  await eventually(points).toBe('0 / 100 points');
  expect(await attempts()).toBe(how === 'end' ? 1 : 2);
});
