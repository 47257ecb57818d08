/** What is worth a picture: a page, and how to bring it into the state that is meant. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { parse } from 'yaml';
import { checkout } from '../../src/setup/paths.ts';
import { ShownTerminal } from '../helpers/browser.ts';
import { eventually } from '../helpers/server.ts';
import { classroomScenes } from './classroom-scenes.ts';
import { LAB, ready, type Scene, show } from './steps.ts';
import { workScenes } from './work-scenes.ts';

const solution = (lab: string) =>
  readFileSync(join(checkout, 'graders', lab, 'cases', 'solve.sh'), 'utf8').replace(/^(#.*|set -eu)\n/gm, '');
const labs: string[] = (
  [
    'isolation-layers',
    'threat-model',
    'rootless-basics',
    'rootless-setup',
    'capabilities',
    'seccomp',
    'selinux',
    'image-scan',
    'image-signing',
    'read-only',
    'security-options',
    'audit-script',
    'security-policy',
    'build-hygiene',
    'secrets',
    'capstone',
  ] as const
).filter((id) => parse(readFileSync(join(checkout, 'labs', id, 'lab.yaml'), 'utf8')).id === id);

const openTasks = async (page: Page) => {
  if ((await page.locator('[data-toggle-tasks]').getAttribute('aria-expanded')) !== 'true')
    await page.locator('[data-toggle-tasks]').click();
};
const check = async (page: Page) => {
  const answered = page.waitForResponse((response) => response.url().includes('/check'), { timeout: 60_000 });
  await page.locator('[data-check]').click();
  await answered;
  await eventually(() => page.locator('[data-check]').getAttribute('aria-disabled')).toBe('false');
};
const dialog = (id: string, open: string): Scene => ({
  name: `dialog-${id}`,
  path: LAB,
  prepare: async (page) => {
    await ready(page);
    if (open.includes('data-menu')) await page.locator('[data-menu="sandbox"] > summary').click();
    await page.locator(open).first().click();
  },
  leave: (page) => page.keyboard.press('Escape'),
});

const known = async (page: Page) => {
  await page.locator('[data-lab-row="read-only"][data-state="passed"]').waitFor();
};

export const scenes: readonly Scene[] = [
  { name: 'course-first-visit', path: '', whole: true },
  { name: 'not-found', path: 'nothing/' },
  { name: 'instructor-sign-in', path: 'instructor/sign-in/' },
  { name: 'instructor-welcome', path: 'instructor/welcome/' },
  { name: 'lti-choose', path: 'lti/choose/', whole: true },
  ...labs.map(
    (id): Scene => ({
      name: `lab-${id}`,
      path: `labs/${id}/`,
      prepare: ready,
      // Each takes a place, and a learner has three.
      leave: (page) =>
        page
          .evaluate((lab) => fetch(`/api/labs/${lab}/sandbox`, { method: 'DELETE', headers: { 'x-toride': '1' } }), id)
          .then(() => undefined),
    }),
  ),
  { name: 'terminal', path: LAB, prepare: ready, resized: show('terminal') },
  ...workScenes,
  {
    name: 'tasks-failed',
    path: LAB,
    prepare: async (page) => {
      await ready(page);
      await check(page);
      await openTasks(page);
      const hint = page.locator('[data-hint="1"] [data-take-hint][aria-disabled="false"]').first();
      await hint.click();
      await page.locator('[data-hint] details[open]').first().waitFor();
    },
    resized: show('tasks'),
  },
  {
    name: 'tasks-passed',
    path: LAB,
    prepare: async (page) => {
      await ready(page);
      await new ShownTerminal(page).run(solution('read-only'));
      await check(page);
      await openTasks(page);
    },
    resized: show('tasks'),
  },
  {
    name: 'tasks-afterwards',
    path: LAB,
    prepare: async (page) => {
      await ready(page);
      await openTasks(page);
      await page.locator('[data-solution] > summary').click();
      await page.locator('[data-solution-files] pre').first().waitFor();
    },
    resized: async (page, size) => {
      await show('tasks')(page, size);
      await page.locator('#solution-title').evaluate((title) => title.scrollIntoView());
    },
  },
  {
    name: 'attempt-of-before',
    path: LAB,
    prepare: async (page) => {
      await ready(page);
      await openTasks(page);
      await page.locator('[data-attempt]').last().click();
      await page.locator('[data-past]').waitFor();
    },
    resized: show('tasks'),
  },
  dialog('help', '[data-open-dialog="help"]'),
  dialog('reset', '[data-menu="sandbox"] [data-open-dialog="reset"]'),
  {
    name: 'menu-sandbox',
    path: LAB,
    prepare: async (page) => {
      await ready(page);
      await page.locator('[data-menu="sandbox"] > summary').click();
    },
  },
  {
    name: 'terminal-ended',
    path: LAB,
    prepare: async (page) => {
      await ready(page);
      await new ShownTerminal(page).enter('exit 3');
      await new ShownTerminal(page).state('ended');
    },
    resized: show('terminal'),
  },
  {
    name: 'terminal-stopped',
    path: LAB,
    prepare: async (page) => {
      await new ShownTerminal(page).state('ready');
      await page.evaluate(() =>
        fetch('/api/labs/read-only/sandbox', { method: 'DELETE', headers: { 'x-toride': '1' } }),
      );
      await new ShownTerminal(page).state('stopped');
    },
    resized: show('terminal'),
  },
  { name: 'course-under-way', path: '', whole: true },
  { name: 'progress', path: 'progress/', whole: true, prepare: known },
  { name: 'record', path: 'progress/', whole: true, print: true, prepare: known },
  {
    name: 'receipt-genuine',
    path: 'verify/',
    whole: true,
    prepare: async (page) => {
      await page.locator('#receipt').fill(await page.evaluate(async () => (await fetch('/api/receipt')).text()));
      await page.locator('[data-verify-form] [type="submit"]').click();
      await page.locator('[data-valid="true"]').waitFor();
    },
  },
  {
    name: 'receipt-refused',
    path: 'verify/',
    prepare: async (page) => {
      await page.locator('#receipt').fill('eyJhbGciOiJub25lIn0.eyJuYW1lIjoiQW5uIn0.');
      await page.locator('[data-verify-form] [type="submit"]').click();
      await page.locator('[data-valid="false"]').waitFor();
    },
  },
  ...classroomScenes,
];
