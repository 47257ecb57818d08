/**
 * `npm run screenshots`: every page and every state worth looking at, light and dark, wide and narrow, in both languages, with
 * contact sheets to look at many at once. Into TORIDE_SCREENSHOTS, or toride-screenshots in the folder for temporary files.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBrowser, openWindow } from '../helpers/browser.ts';
import { startTestServer, type TestServer } from '../helpers/server.ts';
import { scenes } from './scenes.ts';
import type { Scene } from './steps.ts';

const folder = process.env.TORIDE_SCREENSHOTS ?? join(tmpdir(), 'toride-screenshots');
const languages = ['en', 'ja'] as const;
const sizes = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } };
const themes = ['light', 'dark'] as const;
/** On a contact sheet. */
const COLUMNS = 4;

let server: TestServer;
let browser: Browser;
const made: string[] = [];

beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  [server, browser] = await Promise.all([
    startTestServer('screenshots', { pool: 1, poolLimit: 2, sandboxLimit: 12 }),
    openBrowser(),
  ]);
});
afterAll(async () => {
  await contactSheets();
  await browser?.close();
  await server?.dispose();
  console.log(`${made.length} screenshots in ${folder}`);
});

describe.each(languages)('%s', (language) => {
  let context: BrowserContext;
  let page: Page;
  beforeAll(async () => {
    ({ context, page } = await openWindow(browser, undefined, { locale: language }));
  });
  afterAll(async () => {
    // Their learner's sandboxes would keep the next language waiting.
    await page.goto(`${server.url}/${language}/`);
    for (const lab of new Set(scenes.flatMap(({ path }) => /^labs\/([^/]+)/.exec(path)?.[1] ?? [])))
      await page.evaluate(
        (id) => fetch(`/api/labs/${id}/sandbox`, { method: 'DELETE', headers: { 'x-toride': '1' } }),
        lab,
      );
    await context?.close();
  });

  test.each(scenes.map((scene) => [scene.name, scene] as const))('%s', async (_, scene) => {
    await page.setViewportSize(sizes.wide);
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await page.goto(`${server.url}/${language}/${scene.path}`);
    await scene.prepare?.(page, server);
    for (const [size, viewport] of Object.entries(sizes)) {
      await page.setViewportSize(viewport);
      await scene.resized?.(page, size as keyof typeof sizes);
      for (const colorScheme of themes) {
        await page.emulateMedia({ colorScheme });
        await picture(page, scene, `${scene.name}-${language}-${size}-${colorScheme}`);
      }
    }
    await scene.leave?.(page);
  });
});

async function picture(page: Page, { whole, print }: Scene, name: string): Promise<void> {
  if (print) await page.emulateMedia({ media: 'print' });
  await page.waitForTimeout(150);
  const bytes = await page.screenshot({ path: join(folder, `${name}.png`), fullPage: whole ?? false });
  if (print) await page.emulateMedia({ media: 'screen' });
  expect(bytes.length).toBeGreaterThan(4000);
  made.push(name);
}

/** Pages of many pictures, small: one for each language, size and theme. */
async function contactSheets(): Promise<void> {
  const page = await browser.newPage();
  for (const language of languages)
    for (const size of Object.keys(sizes))
      for (const theme of themes) {
        const kind = `${language}-${size}-${theme}`;
        const names = made.filter((name) => name.endsWith(kind));
        const columns = size === 'wide' ? COLUMNS - 1 : COLUMNS * 2;
        const figures = names.map((name) => {
          const data = readFileSync(join(folder, `${name}.png`)).toString('base64');
          return `<figure><img src="data:image/png;base64,${data}"><figcaption>${name}</figcaption></figure>`;
        });
        await page.setViewportSize({ width: 1800, height: 800 });
        await page.setContent(
          `<style>body{margin:8px;background:#888;display:grid;gap:8px;grid-template-columns:repeat(${columns},1fr);align-items:start;grid-auto-rows:max-content}
          figure{margin:0;max-height:640px;overflow:hidden}img{width:100%;display:block}figcaption{font:12px sans-serif;background:#fff}</style>${figures.join('')}`,
        );
        await page.evaluate(() => Promise.all([...document.images].map((image) => image.decode())));
        await page.screenshot({ path: join(folder, `sheet-${kind}.png`), fullPage: true });
      }
  await page.close();
}
