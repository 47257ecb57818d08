import { expect, test } from 'vitest';
import { Typists } from '../../../src/terminal/typists.ts';

test('a page is known again by its name', () => {
  const typists = new Typists();
  typists.of('one').accepted = 7;
  typists.of('other').accepted = 1;
  expect(typists.of('one').accepted).toBe(7);
});

test('a learner who makes up names fills no memory, and pushes out nobody who is there', () => {
  const typists = new Typists();
  const there = typists.of('there');
  there.accepted = 5;
  for (let name = 0; name < 10_000; name++) {
    typists.of(`made-up-${name}`).accepted = 1;
    if (name % 50 === 0) typists.of('there');
  }
  expect(typists.of('there')).toBe(there);
  const kept = Array.from({ length: 10_000 }, (_, name) => typists.of(`made-up-${name}`).accepted);
  expect(kept.filter(Boolean).length).toBeLessThanOrEqual(64);
});
