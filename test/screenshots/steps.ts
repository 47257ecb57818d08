/** What scenes have in common. */
import type { Page } from 'playwright-core';
import { ShownTerminal } from '../helpers/browser.ts';
import type { TestServer } from '../helpers/server.ts';

export interface Scene {
  readonly name: string;
  /** Below /en/ or /ja/. */
  readonly path: string;
  /** The whole page, not what fits into the window. */
  readonly whole?: boolean;
  /** As paper. */
  readonly print?: boolean;
  prepare?(page: Page, server: TestServer): Promise<void>;
  /** After each change of the window's size. */
  resized?(page: Page, size: 'wide' | 'narrow'): Promise<void>;
  leave?(page: Page): Promise<void>;
}

export const LAB = 'labs/read-only/';

export const ready = async (page: Page) => {
  // The tab that was seen last is seen again.
  await page.locator('[data-show-work="terminal"]').click();
  await new ShownTerminal(page).prompt();
};
/** On a narrow page only one part is seen. */
export const show = (view: 'lesson' | 'terminal' | 'tasks') => (page: Page, size: 'wide' | 'narrow') =>
  size === 'narrow' ? page.locator(`.views [data-show-view="${view}"]`).click() : Promise.resolve();
