/** The terminal as a person uses it: two windows, sizes, scripts of the world, floods, a cable that is pulled. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { en } from '../../src/i18n/en.ts';
import { openBrowser, openWindow, picturesOnFailure, ShownTerminal } from '../helpers/browser.ts';
import { eventually, openLine, startTestServer, type TestServer } from '../helpers/server.ts';

let server: TestServer;
let line: Awaited<ReturnType<typeof openLine>>;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let terminal: ShownTerminal;
let problems: string[];

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer('terminal'), openBrowser()]);
  line = await openLine(server.url);
  ({ page, context, problems } = await openWindow(browser));
  await page.goto(`${line.url}/en/labs/read-only/`);
  terminal = new ShownTerminal(page);
  await terminal.prompt();
});
afterAll(async () => {
  await browser?.close();
  await line?.close();
  await server?.dispose();
});
picturesOnFailure(() => browser);

/** Rows and columns as the page shows them. */
async function shownRows(one: ShownTerminal): Promise<number> {
  return one.panel.locator('.xterm-rows > div').count();
}

describe('size', () => {
  test('reaches the shell, and again when the window changes', async () => {
    const before = await shownRows(terminal);
    expect(await terminal.run('clear; stty size')).toMatch(new RegExp(`^${before} \\d+$`, 'm'));
    await page.setViewportSize({ width: 1000, height: 620 });
    await eventually(() => shownRows(terminal)).toBeLessThan(before);
    const after = await shownRows(terminal);
    const [, columns] = /^\d+ (\d+)$/m.exec(await terminal.run('clear; stty size'))!;
    expect(await terminal.run('clear; stty size')).toMatch(new RegExp(`^${after} ${columns}$`, 'm'));
    // As many as the shell believes fit on one line, and not one more.
    expect(await terminal.run(`clear; printf '%0${columns}d\\n' 7`)).toMatch(
      new RegExp(`^0{${Number(columns) - 1}}7$`, 'm'),
    );
    await page.setViewportSize({ width: 1280, height: 800 });
    await eventually(() => shownRows(terminal)).toBe(before);
  });

  test('two windows on one terminal show the same, and follow each other’s size', async () => {
    const { page: second } = await openWindow(browser, context);
    await second.goto(page.url());
    const other = new ShownTerminal(second);
    await other.prompt();
    await eventually(() => other.lines()).toEqual(await terminal.lines());
    await other.enter('echo typed in the second');
    await terminal.shows(/^typed in the second$/m);
    await terminal.enter('echo typed in the first');
    await other.shows(/^typed in the first$/m);
    const before = await shownRows(other);
    await second.setViewportSize({ width: 1280, height: 600 });
    const rows = await expect
      .poll(() => shownRows(other))
      .toBeLessThan(before)
      .then(() => shownRows(other));
    await eventually(() => shownRows(terminal)).toBe(rows);
    await second.close();
    // Whoever looks again gets the size that fits.
    await terminal.focus();
    await page.setViewportSize({ width: 1281, height: 800 });
    await eventually(() => shownRows(terminal)).toBeGreaterThan(rows);
  });
});

describe('scripts of the world', () => {
  const words = '砦の壁、漢字かな交じり文 🏯 👩‍👩‍👧 é 한글 end';

  test('pasted, they come back as they were, byte by byte', async () => {
    await terminal.run('clear');
    await terminal.paste(`echo '${words}'; printf %s '砦🏯' | od -An -tx1`);
    await terminal.focus();
    await page.keyboard.press('Enter');
    await terminal.shows(`\n${words}\n`);
    await terminal.shows(/e7 a0 a6 f0 9f 8f af/);
  });

  test('typed with an input method, they arrive once', async () => {
    await terminal.run('clear');
    await terminal.type("echo '");
    const keys = await context.newCDPSession(page);
    for (const text of ['と', 'とり', 'とりで', '砦'])
      await keys.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
    await keys.send('Input.insertText', { text: '砦' });
    await terminal.shows(/echo '砦$/);
    await terminal.enter("' end");
    await terminal.shows(/^砦 end$/m);
  });

  test('wide characters take two columns for the shell as for the page: editing in the middle goes right', async () => {
    await terminal.run('clear');
    await terminal.paste('echo 砦砦砦x');
    for (let step = 0; step < 2; step++) await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Backspace');
    await terminal.type('-');
    await page.keyboard.press('Enter');
    await terminal.shows(/^砦-砦x$/m);
  });
});

describe('floods', () => {
  test('five megabytes end, and the terminal is of use', async () => {
    const start = Date.now();
    await terminal.run("head -c 5000000 /dev/zero | base64; echo 'that was it'", 40_000);
    console.log(`flood of 6.7 MB: ${Date.now() - start} ms`);
    await terminal.shows(/^that was it$/m);
    expect(await terminal.run('echo of use')).toMatch(/^of use$/m);
  });

  test('Ctrl-C stops endless output within a second', async () => {
    await terminal.enter('yes flood');
    await terminal.shows(/^flood\nflood\nflood$/m);
    const start = Date.now();
    await page.keyboard.press('Control+c');
    await eventually(async () => (await terminal.lines()).at(-1)).toMatch(/\$$/);
    const took = Date.now() - start;
    console.log(`Ctrl-C: ${took} ms`);
    expect(took).toBeLessThan(1000);
    expect(await terminal.run('echo over')).toMatch(/^over$/m);
  });
});

describe('a cable that is pulled', () => {
  test('is said, heals by itself, and costs neither screen nor work', async () => {
    await terminal.run('clear; echo before the cut');
    await terminal.enter('for i in 1 2 3 4 5; do sleep 0.3; echo tick $i; done');
    await terminal.shows(/^tick 1$/m);
    line.cut();
    await terminal.state('lost');
    expect(await terminal.panel.locator('.cover').textContent()).toContain(en.terminal.lost);
    expect(await terminal.lines()).toContain('before the cut');
    // Typed under the banner: kept, and not shown as if it had arrived.
    await terminal.enter('touch typed-while-lost');
    expect((await terminal.lines()).join('\n')).not.toContain('typed-while-lost');
    line.mend();
    await terminal.state('ready');
    expect(await terminal.panel.locator('.cover').textContent()).toBe('');
    await terminal.shows(/before the cut[\s\S]*tick 1\n[\s\S]*tick 2\n[\s\S]*tick 3\n[\s\S]*tick 4\n[\s\S]*tick 5\n/);
    await terminal.prompt();
    expect(await terminal.run('clear; ls -d typed*')).toMatch(/^typed-while-lost$/m);
  });

  test('“Try now” does not wait', async () => {
    line.cut();
    await terminal.state('lost');
    // After four tries in vain the next one of its own is six seconds away.
    await eventually(() => line.refused).toBe(4);
    const button = terminal.panel.getByRole('button', { name: en.terminal.retryNow });
    await button.waitFor();
    line.mend();
    await button.click();
    await terminal.state('ready', 3000);
  });

  test('gone for good meanwhile: a new sandbox is built, step by step, and not taken for the old one', async () => {
    await terminal.run('touch of-the-old');
    line.cut();
    await terminal.state('lost');
    await server.withSandboxes(async (sandboxes) => {
      for (const { init } of sandboxes) process.kill(init.pid, 'SIGKILL');
    });
    line.mend();
    await terminal.prompt();
    expect(await terminal.run('ls of-the-old')).toContain('No such file');
  });
});

describe('tabs and ends', () => {
  test('each tab has a shell of its own; a closed one is found again', async () => {
    await terminal.run('clear; tab=first');
    await page.locator('[data-add-terminal]').click();
    const second = new ShownTerminal(page, '2');
    await second.prompt();
    expect(await second.run('echo "tab is [$tab]"; tab=second')).toMatch(/^tab is \[\]$/m);
    await page
      .locator('[data-terminal-tabs]')
      .getByRole('tab', { name: en.terminal.label('2') })
      .press('ArrowLeft');
    await terminal.prompt();
    expect(await terminal.run('echo "tab is [$tab]"')).toMatch(/^tab is \[first\]$/m);
    await page
      .locator('[data-terminal-tabs]')
      .getByRole('tab', { name: en.terminal.label('2') })
      .click();
    await page.locator('[data-close-terminal]').click();
    expect(await page.locator('[data-terminal-tabs]').getByRole('tab').count()).toBe(1);
    await page.locator('[data-add-terminal]').click();
    await second.prompt();
    expect(await second.run('echo "tab is [$tab]"')).toMatch(/^tab is \[second\]$/m);
    await page.locator('[data-close-terminal]').click();
  });

  test('exit is said with its code; a new shell has the old files', async () => {
    await terminal.run('touch kept');
    await terminal.enter('exit 3');
    await terminal.state('ended');
    expect(await terminal.panel.locator('.cover').textContent()).toContain(en.terminal.endedText(3));
    await terminal.panel.getByRole('button', { name: en.terminal.newShell }).click();
    await terminal.prompt();
    expect(await terminal.run('clear; echo "tab is [$tab]"; ls kept')).toMatch(/^tab is \[\]\nkept$/m);
  });

  const choose = async (what: 'reset' | 'stop') => {
    await page.locator('[data-menu="sandbox"] summary').click();
    await page.locator(`[data-menu="sandbox"] [data-open-dialog="${what}"]`).click();
    await page.getByTestId(`confirm-${what}`).click();
  };

  test('stopped by its owner: that is said, not that a shell ended; and a new one can be had', async () => {
    await choose('stop');
    await terminal.state('stopped');
    expect(await terminal.panel.locator('.cover').textContent()).toContain(en.terminal.stoppedTitle);
    await eventually(() => page.locator('[data-time-words]').textContent()).toBe('–');
    // A check now says in words why there is none.
    await page.locator('[data-check]').click();
    await eventually(() => page.locator('[data-tasks-message]').textContent()).toContain('No sandbox is running');
    await terminal.panel.getByRole('button', { name: en.terminal.newSandbox }).click();
    await terminal.prompt();
    expect(await terminal.run('clear; ls')).toMatch(/^lab$/m);
  });

  test('reset: a fresh sandbox under the same page', async () => {
    await terminal.run('touch of-the-old');
    await choose('reset');
    await eventually(async () => (await terminal.lines()).length).toBeLessThanOrEqual(1);
    await terminal.prompt();
    expect(await terminal.run('ls of-the-old')).toContain('No such file');
    await eventually(() => page.locator('[data-time-words]').textContent()).toMatch(/min left$/);
  });
});

test('nothing went wrong besides', () => {
  // The cut line and the refused check are reported by Chromium itself.
  expect(problems.filter((problem) => !/ERR_|409 \(Conflict\)|WebSocket connection/.test(problem))).toEqual([]);
});
