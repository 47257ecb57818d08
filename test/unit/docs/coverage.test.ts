/** docs/coverage.md is a promise: what it names is there, and no task of any lab is left out. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadLabs } from '../../../src/grading/labs.ts';
import { checkout } from '../../../src/setup/paths.ts';

const text = readFileSync(join(checkout, 'docs', 'coverage.md'), 'utf8');
const named = new Set(
  [...text.matchAll(/`([a-z-]+\/[a-z-]+)`/g)].map(([, task]) => task).filter((task) => task !== 'lab/task'),
);
// What somebody imported is no part of the chapter.
const labs = (await loadLabs(checkout)).filter(({ chapter }) => chapter !== '8.9');
const tasks = new Set(labs.flatMap(({ id, tasks }) => tasks.map((task) => `${id}/${task.id}`)));

test('every task it names exists', () => {
  expect([...named].filter((task) => !tasks.has(task!))).toEqual([]);
});

test('every task is named, but those that only start the service', () => {
  const starting = new Set(['serve', 'market']);
  const missing = [...tasks].filter((task) => !named.has(task) && !starting.has(task.split('/')[1]!));
  expect(missing).toEqual([]);
});

test('every lab and every section of the chapter has its place', () => {
  for (const { id } of labs) expect(text, id).toContain(`\`${id}/`);
  for (const section of [
    '8.1.1',
    '8.1.2',
    '8.2.1',
    '8.2.2',
    '8.3.1',
    '8.3.2',
    '8.3.3',
    '8.4.1',
    '8.4.2',
    '8.5.1',
    '8.5.2',
    '8.6.1',
    '8.6.2',
    '8.7.1',
  ])
    expect(text).toContain(`| ${section} `);
  expect(labs.map(({ order }) => order)).toEqual(Array.from({ length: 16 }, (_, index) => index + 1));
});
