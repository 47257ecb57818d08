/** The work area: terminals side by side, their menu, search, recordings; files and preview. */
import type { Page } from 'playwright-core';
import { ShownTerminal } from '../helpers/browser.ts';
import { LAB, ready, type Scene, show } from './steps.ts';

const work = (page: Page, name: string) => page.locator(`[data-show-work="${name}"]`).click();
const menu = (page: Page) => page.locator('[data-menu="terminal"] > summary').click();
const openFile = async (page: Page, ...path: string[]) => {
  await work(page, 'files');
  for (const [index] of path.entries()) {
    const item = page.locator(`[data-files-tree] [data-path="${path.slice(0, index + 1).join('/')}"]`);
    await item.waitFor();
    // What is open stays open.
    if (index === path.length - 1 || (await item.getAttribute('aria-expanded')) === 'false') await item.click();
  }
  await page.locator('[data-file-editor] .cm-line').first().waitFor();
};
const backToTerminal = (page: Page) => work(page, 'terminal');

export const workScenes: readonly Scene[] = [
  {
    name: 'menu-terminal',
    path: LAB,
    prepare: async (page) => {
      await ready(page);
      await menu(page);
    },
    resized: async (page, size) => {
      await show('terminal')(page, size);
      if (!(await page.locator('[data-search]').isVisible())) await menu(page);
    },
  },
  {
    name: 'terminal-split-search',
    path: LAB,
    prepare: async (page) => {
      await ready(page);
      await new ShownTerminal(page).run('podman images');
      await menu(page);
      await page.locator('[data-split="beside"]').click();
      await new ShownTerminal(page, '2').prompt();
      await new ShownTerminal(page).focus();
      await page.keyboard.press('Control+Shift+F');
      await page.locator('.terminal-search input').waitFor();
      await page.keyboard.type('localhost');
    },
    resized: show('terminal'),
    leave: async (page) => {
      await page.keyboard.press('Escape');
      await menu(page);
      await page.locator('[data-split=""]').click();
    },
  },
  {
    name: 'terminal-recording',
    path: LAB,
    prepare: async (page) => {
      await ready(page);
      await menu(page);
      await page.locator('[data-record]').click();
      await page.locator('[data-stop-recording]').waitFor();
      await new ShownTerminal(page).run('ls -la; podman ps');
    },
    resized: show('terminal'),
    leave: async (page) => {
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.locator('[data-stop-recording]').click();
    },
  },
  {
    name: 'recordings',
    path: 'recordings/?lab=read-only',
    prepare: async (page) => {
      await page.locator('main button, main a').first().waitFor();
      await page.waitForTimeout(1500);
    },
  },
  {
    name: 'files',
    path: LAB,
    prepare: async (page) => {
      await ready(page);
      await openFile(page, 'lab', 'site', 'index.html');
    },
    resized: show('terminal'),
    leave: backToTerminal,
  },
  {
    name: 'files-conflict',
    path: LAB,
    prepare: async (page) => {
      await ready(page);
      await new ShownTerminal(page).run('printf \'{\\n  "one": 1\\n}\\n\' > lab/example.json');
      await openFile(page, 'lab', 'example.json');
      await page.locator('[data-file-editor] .cm-content').focus();
      await page.keyboard.type('// mine ');
      await work(page, 'terminal');
      await new ShownTerminal(page).run('printf \'{\\n  "two": 2\\n}\\n\' > lab/example.json');
      await work(page, 'files');
      await page.locator('[data-file-editor] .cm-content').focus();
      await page.keyboard.press('Control+S');
      await page.locator('[data-file-conflict]').waitFor();
    },
    resized: show('terminal'),
    leave: backToTerminal,
  },
  {
    name: 'preview-nothing',
    path: LAB,
    prepare: async (page) => {
      await ready(page);
      await work(page, 'preview');
      await page.locator('[data-preview-port]').fill('8099');
      await page.locator('[data-preview-form] button[type="submit"]').click();
      await page.frameLocator('iframe').locator('h1').waitFor();
    },
    resized: show('terminal'),
    leave: backToTerminal,
  },
  {
    name: 'preview',
    path: LAB,
    prepare: async (page) => {
      await ready(page);
      await new ShownTerminal(page).run(
        'podman run -d --name seen -p "$TORIDE_PORT:80" -v ~/lab/site:/usr/share/nginx/html:ro localhost/nginx; sleep 1',
      );
      await work(page, 'preview');
      const port = await page.locator('[data-param="port"][data-known]').first().textContent();
      await page.locator('[data-preview-port]').fill(port ?? '');
      await page.locator('[data-preview-form] button[type="submit"]').click();
      await page.frameLocator('iframe').locator('h1').waitFor();
    },
    resized: show('terminal'),
    leave: async (page) => {
      await page.setViewportSize({ width: 1280, height: 800 });
      await backToTerminal(page);
      // The port is the next one's too.
      await new ShownTerminal(page).run('podman rm -f -t 0 seen');
    },
  },
];
