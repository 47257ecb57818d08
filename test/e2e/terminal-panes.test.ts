/** Terminals as people expect: two at once, names, search, copy and paste, and what programs may do with the clipboard. */
import { createHash } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { en } from '../../src/i18n/en.ts';
import { axe, openBrowser, openWindow, picturesOnFailure, ShownTerminal } from '../helpers/browser.ts';
import { eventually, startTestServer, type TestServer } from '../helpers/server.ts';

const t = en.terminal;
let server: TestServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let terminal: ShownTerminal;
let problems: string[];

beforeAll(async () => {
  [server, browser] = await Promise.all([startTestServer('terminal-panes'), openBrowser()]);
  ({ page, context, problems } = await openWindow(browser));
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${server.url}/en/labs/read-only/`);
  terminal = new ShownTerminal(page);
  await terminal.prompt();
});
afterAll(async () => {
  await browser?.close();
  await server?.dispose();
});
picturesOnFailure(() => browser);

const menu = () => page.locator('[data-menu="terminal"]');
const openMenu = async () => {
  if ((await menu().getAttribute('open')) === null) await menu().locator('summary').click();
};
const choose = async (name: string) => {
  await openMenu();
  await menu().getByRole('button', { name, exact: true }).click();
};
const box = async (one: ShownTerminal) => (await one.panel.boundingBox())!;
const clipboard = () => page.evaluate(() => navigator.clipboard.readText());

describe('two at once', () => {
  test('side by side: both live, each in half of the width, and the shell knows', async () => {
    await choose(t.layoutBeside);
    const second = new ShownTerminal(page, '2');
    await second.prompt();
    const [left, right] = [await box(terminal), await box(second)];
    expect(left.y).toBe(right.y);
    expect(right.x).toBeGreaterThanOrEqual(left.x + left.width);
    expect(Math.abs(left.width - right.width)).toBeLessThan(20);
    await second.run('clear; mine=second');
    expect(await terminal.run('clear; stty size')).toMatch(/^\d+ (3\d|40)$/m);
    expect(await second.run('echo "[$mine]"')).toMatch(/^\[second\]$/m);
    // The tab of the one that has the focus is the one that is meant.
    const meant = page.locator('[role="tab"][data-meant]');
    expect(await meant.textContent()).toContain(t.label('2'));
    await terminal.focus();
    expect(await meant.textContent()).toContain(t.label('1'));
  });

  test('the divider moves by pointer and by keyboard, and the shells follow', async () => {
    const divider = page.getByRole('separator', { name: t.splitDivider });
    const before = await box(terminal);
    const at = (await divider.boundingBox())!;
    await page.mouse.move(at.x + at.width / 2, at.y + 100);
    await page.mouse.down();
    await page.mouse.move(at.x + at.width / 2 + 80, at.y + 100, { steps: 4 });
    await page.mouse.up();
    const moved = await box(terminal);
    expect(moved.width).toBeGreaterThan(before.width + 60);
    await divider.press('Home');
    expect((await box(terminal)).width).toBeLessThan(before.width / 2);
    expect(await divider.getAttribute('aria-valuenow')).toBe('20');
    await divider.press('ArrowRight');
    expect(await divider.getAttribute('aria-valuenow')).toBe('22');
  });

  test('one above the other; and so it is again when the page is opened again', async () => {
    await choose(t.layoutBelow);
    const second = new ShownTerminal(page, '2');
    const check = async () => {
      const [above, below] = [await box(terminal), await box(second)];
      expect(above.x).toBe(below.x);
      expect(below.y).toBeGreaterThanOrEqual(above.y + above.height);
      expect(above.height).toBeLessThan(below.height);
    };
    await check();
    // With all that can be open at once: menu and search bar.
    await terminal.focus();
    await page.keyboard.press('Control+Shift+F');
    await terminal.panel.getByRole('search').waitFor();
    await openMenu();
    expect(await axe(page)).toEqual([]);
    await page.reload();
    await Promise.all([terminal.prompt(), second.prompt()]);
    await check();
  });

  test('the screen reader’s mode is on for both', async () => {
    await choose(t.screenReader);
    await page.keyboard.press('Escape');
    for (const name of ['1', '2'])
      await page.getByTestId(`terminal-${name}`).locator('.xterm-accessibility-tree').waitFor({ state: 'attached' });
    const second = new ShownTerminal(page, '2');
    await second.run('echo heard in the second');
    await eventually(() => second.panel.locator('.xterm-accessibility-tree').textContent()).toContain(
      'heard in the second',
    );
    await choose(t.screenReader);
    await page.keyboard.press('Escape');
  });

  test('another tab takes the place of the one that is meant; one alone again', async () => {
    await terminal.focus();
    await page.locator('[data-add-terminal]').click();
    const third = new ShownTerminal(page, '3');
    await third.prompt();
    expect(await terminal.panel.isVisible()).toBe(false);
    expect(await page.getByTestId('terminal-2').isVisible()).toBe(true);
    await page.locator('[data-close-terminal]').click();
    expect(await page.getByRole('separator', { name: t.splitDivider }).count()).toBe(0);
    await choose(t.layoutOne);
    await page.locator('[data-terminal-tabs]').getByRole('tab').first().click();
    await terminal.prompt();
  });

  test.each(['beside,1,1,50', 'beside,1,9,50', 'beside,<b>,2,50', 'below,1,2,0', '{}'])(
    'what is remembered is not believed: %j',
    async (layout) => {
      const { page: other } = await openWindow(browser, context);
      await other.addInitScript((text) => localStorage.setItem('toride:split:read-only', text), layout);
      await other.goto(page.url());
      await new ShownTerminal(other).prompt();
      expect(await other.locator('[data-split-divider]').isVisible()).toBe(false);
      await other.evaluate(() => localStorage.removeItem('toride:split:read-only'));
      await other.close();
    },
  );
});

describe('names', () => {
  test('are the learner’s to give, as text, and stay', async () => {
    const tab = page.locator('[data-terminal-tabs]').getByRole('tab').first();
    await tab.press('F2');
    await page.locator('#dialog-rename input').fill('<b>砦</b>\u202e build');
    await page.keyboard.press('Enter');
    await eventually(() => tab.textContent()).toContain('<b>砦</b> build');
    await page.reload();
    await terminal.prompt();
    expect(await tab.textContent()).toContain('<b>砦</b> build');
    expect(await tab.locator('b').count()).toBe(0);
    await choose(t.rename);
    await page.locator('#dialog-rename input').fill('');
    await page.keyboard.press('Enter');
    await eventually(() => tab.textContent()).toContain(t.label('1'));
    await choose(t.rename);
    await page.locator('#dialog-rename input').fill('not kept');
    await page.keyboard.press('Escape');
    expect(await tab.textContent()).toContain(t.label('1'));
  });
});

describe('search', () => {
  test('finds, counts, goes on and back, minds case, and closes', async () => {
    await terminal.run('clear; for i in 1 2 3; do echo "Stone $i"; done; echo stone 4');
    // With what was typed itself.
    await terminal.run("clear; printf 'Stone 1\\nStone 2\\nstone 3\\n' > stones; clear; cat stones");
    await page.keyboard.press('Control+Shift+F');
    const bar = terminal.panel.getByRole('search');
    await bar.getByRole('searchbox').fill('Stone ');
    const count = bar.locator('output');
    await eventually(() => count.textContent()).toMatch(/ of 3$/);
    const first = await count.textContent();
    await page.keyboard.press('Enter');
    await eventually(() => count.textContent()).not.toBe(first);
    await page.keyboard.press('Shift+Enter');
    await eventually(() => count.textContent()).toBe(first);
    await bar.getByRole('button', { name: t.search.matchCase }).click();
    await eventually(() => count.textContent()).toMatch(/ of 2$/);
    await bar.getByRole('searchbox').fill('no such stone');
    await eventually(() => count.textContent()).toBe(t.search.none);
    await page.keyboard.press('Escape');
    expect(await bar.count()).toBe(0);
    expect(await terminal.run('echo focus is back')).toMatch(/^focus is back$/m);
  });
});

test('a search on a narrow page, far above the prompt, shows what it has found', async () => {
  const { page: phone, context: own } = await openWindow(browser, undefined, { viewport: { width: 390, height: 800 } });
  await phone.goto(page.url());
  await phone.locator('[data-show-view="terminal"]').click();
  const small = new ShownTerminal(phone);
  await small.prompt();
  await small.run('clear; ls -la /; seq 1 60');
  await phone.locator('[data-menu="terminal"] summary').click();
  await phone.locator('[data-menu="terminal"] [data-split="beside"]').click();
  const second = new ShownTerminal(phone, '2');
  await second.prompt();
  await second.enter('echo here');
  await second.shows(/^here$/m);
  await small.focus();
  await phone.keyboard.press('Control+Shift+F');
  await small.panel.getByRole('searchbox').waitFor();
  await phone.keyboard.type('root');
  await small.panel.getByText(/^1 of \d+$/).waitFor();
  const [panel, row] = [await small.panel.boundingBox(), await small.panel.locator('.xterm-rows').boundingBox()];
  expect(row!.y).toBeGreaterThanOrEqual(panel!.y);
  expect(row!.y).toBeLessThan(panel!.y + 20);
  await own.close();
});

describe('copy and paste', () => {
  test('Ctrl-Shift-C copies the selection, which stays; Ctrl-Shift-V and Shift-Insert paste', async () => {
    await terminal.run('clear; echo 砦の石');
    const row = await terminal.panel.locator('.xterm-rows > div', { hasText: /^砦の石/ }).boundingBox();
    await page.mouse.dblclick(row!.x + 20, row!.y + 8);
    await page.keyboard.press('Control+Shift+C');
    await eventually(clipboard).toBe('砦の石');
    await eventually(() => terminal.panel.locator('.xterm-selection > div').count()).toBeGreaterThan(0);
    await terminal.type('clear; echo pasted-');
    await page.keyboard.press('Control+Shift+V');
    await page.keyboard.press('Shift+Insert');
    await page.keyboard.press('Enter');
    await terminal.shows(/^pasted-砦の石砦の石$/m);
  });

  test('200 KB of mixed Japanese with bracketed paste arrive whole, byte by byte', async () => {
    const line = '砦の壁、漢字かな交じり文とASCII 🏯 ｶﾀｶﾅ é 한글 ';
    const lines = Array.from({ length: 3000 }, (_, number) => `${number} ${line}`);
    const text = lines.join('\n');
    expect(Buffer.byteLength(text)).toBeGreaterThan(200_000);
    await terminal.run('clear');
    await terminal.enter("printf '\\e[?2004h'; echo 'rea''dy'; stty -echo; cat > pasted");
    await terminal.shows(/^ready$/m);
    await page.waitForTimeout(300);
    await terminal.paste(text);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+d');
    await terminal.prompt();
    const wanted = createHash('sha256').update(`\x1b[200~${text}\x1b[201~\n`).digest('hex');
    expect(await terminal.run("printf '\\e[?2004l'; stty echo; clear; sha256sum < pasted")).toContain(wanted);
  });
});

describe('programs and the clipboard', () => {
  const write = (text: string) => `printf '\\e]52;c;${Buffer.from(text).toString('base64')}\\a'; clear; echo do''ne`;

  test('may not write it, until the learner lets them; may never read it', async () => {
    await page.evaluate(() => navigator.clipboard.writeText('the learner’s own'));
    await terminal.run(write('from a program'));
    expect(await clipboard()).toBe('the learner’s own');
    await choose(t.programsCopy);
    await page.keyboard.press('Escape');
    await terminal.run(write('砦 from a program'));
    await eventually(clipboard).toBe('砦 from a program');
    await terminal.panel.getByText(t.programCopied).waitFor();
    await terminal.panel.getByRole('button', { name: t.dismiss }).click();
    // A question gets no answer: what would be one would be typed into the shell.
    const asked = await terminal.run('clear; printf \'\\e]52;c;?\\a\'; read -t 1 -n 5 answer; echo "[$answer]"');
    expect(asked).toMatch(/^\[\]$/m);
    await page.reload();
    await terminal.prompt();
    await terminal.run(write('still allowed'));
    await eventually(clipboard).toBe('still allowed');
    await choose(t.programsCopy);
    await page.keyboard.press('Escape');
    await terminal.run(write('no more'));
    expect(await clipboard()).toBe('still allowed');
  });
});

test('nothing went wrong besides', () => {
  expect(problems).toEqual([]);
});
