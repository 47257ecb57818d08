/** A real Chromium on our pages: what is on the terminal's screen, what the page complains of, what axe finds. */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterEach } from 'vitest';
import { until } from './server.ts';

/** @param more words for Chromium */
export { openBrowser } from './chromium.ts';

export interface Window {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What should not happen: errors in the console, refusals by the page's policy, requests to other origins. */
  readonly problems: string[];
}

/** @param own undefined for a new learner, a context for one more window of the same learner */
export async function openWindow(
  browser: Browser,
  own?: BrowserContext,
  options: BrowserContextOptions = {},
): Promise<Window> {
  const context = own ?? (await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options }));
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const problems: string[] = [];
  page.on('console', (message) => message.type() === 'error' && problems.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
  const origins = new Set<string>();
  const note = (url: string) => {
    const origin = new URL(url).origin.replace(/^ws/, 'http');
    if (url.startsWith('data:') || url.startsWith('blob:')) return;
    origins.add(origin);
    if (origins.size > 1) problems.push(`request to ${url}`);
  };
  page.on('request', (request) => note(request.url()));
  page.on('websocket', (socket) => note(socket.url().replace(/^ws/, 'http')));
  return { page, context, problems };
}

/** A picture of every open page when a test of this file fails, in TORIDE_SCREENSHOTS or a folder for temporary files. */
export function picturesOnFailure(browser: () => Browser | undefined): void {
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail') return;
    const folder = process.env.TORIDE_SCREENSHOTS ?? mkdtempSync(join(tmpdir(), 'toride-pictures-'));
    mkdirSync(folder, { recursive: true });
    const pages = browser()
      ?.contexts()
      .flatMap((context) => context.pages());
    for (const [index, page] of (pages ?? []).entries()) {
      const path = join(folder, `${task.name.replace(/\W+/g, '-')}-${index + 1}.png`);
      await page.screenshot({ path, timeout: 5000 }).then(
        () => console.error(`picture: ${path}`),
        (error) => console.error(`no picture: ${error.message}`),
      );
    }
  });
}

/** In TORIDE_SCREENSHOTS, to be looked at: both themes, wide and narrow. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.TORIDE_SCREENSHOTS;
  if (folder === undefined) return;
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [1280, 390]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${width}.png`), fullPage: true });
    }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 800 });
}

const PROMPT = /learner:\S* ?\$ ?$/;

/** One terminal tab of a lab page, as its reader sees it. */
export class ShownTerminal {
  readonly page: Page;
  readonly panel: ReturnType<Page['locator']>;

  /** @param within the frame that it is in, where the page has it in one */
  constructor(page: Page, name = '1', within: Pick<Page, 'getByTestId'> = page) {
    this.page = page;
    this.panel = within.getByTestId(`terminal-${name}`);
  }

  async state(wanted: string, timeout = 30_000): Promise<void> {
    await until(
      () => this.panel.getAttribute('data-state'),
      (state) => state === wanted,
      timeout,
    );
  }

  /** Lines on the screen without the blanks at their ends, and without the empty ones below. */
  async lines(): Promise<string[]> {
    const rows = await this.panel.locator('.xterm-rows > div').allTextContents();
    const lines = rows.map((line) => line.replaceAll('\u00a0', ' ').trimEnd());
    while (lines.at(-1) === '') lines.pop();
    return lines;
  }

  async shows(text: string | RegExp, timeout = 15_000): Promise<void> {
    const good = (lines: string[]) =>
      typeof text === 'string' ? lines.join('\n').includes(text) : text.test(lines.join('\n'));
    await until(() => this.lines(), good, timeout);
  }

  /** A prompt on the last line, waiting for input. */
  async prompt(timeout = 30_000): Promise<void> {
    await this.state('ready', timeout);
    await until(
      () => this.lines(),
      (lines) => PROMPT.test(lines.at(-1) ?? ''),
      timeout,
    );
  }

  focus(): Promise<void> {
    return this.panel.locator('.xterm-helper-textarea').focus();
  }

  /** By the keyboard, key by key. */
  async type(text: string): Promise<void> {
    await this.focus();
    await this.page.keyboard.type(text);
  }

  async enter(line: string): Promise<void> {
    await this.type(line);
    await this.page.keyboard.press('Enter');
  }

  /** Into whatever has the focus, which must be this terminal; then Enter. */
  async keys(...pieces: string[]): Promise<void> {
    for (const piece of pieces) await this.page.keyboard.type(piece);
    await this.page.keyboard.press('Enter');
  }

  /** A prompt on the last line that stays there: what was run has ended, and nothing waits behind it. */
  async settled(timeout = 60_000): Promise<void> {
    let steady = 0;
    let before = '';
    await until(
      async () => {
        const lines = await this.lines();
        const now = lines.join('\n');
        steady = PROMPT.test(lines.at(-1) ?? '') && now === before ? steady + 1 : 0;
        before = now;
        return steady;
      },
      (times) => times >= 12,
      timeout,
    );
  }

  /** As Ctrl-V does: a paste event with the text. */
  async paste(text: string): Promise<void> {
    await this.panel.locator('.xterm-helper-textarea').evaluate((area, data) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', data);
      area.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  }

  /** Pastes commands and waits until the last has ended. @returns what is on the screen then */
  async run(commands: string, timeout = 60_000): Promise<string> {
    const mark = Math.random().toString(36).slice(2, 10);
    await this.paste(`${commands.trimEnd()}\necho "${mark.slice(0, 4)}""${mark.slice(4)}"`);
    await this.focus();
    await this.page.keyboard.press('Enter');
    await this.shows(new RegExp(`^${mark}$`, 'm'), timeout);
    await this.prompt();
    return (await this.lines()).join('\n');
  }
}

/** @returns one line for each finding */
export async function axe(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.target.join(' ')}`));
}
