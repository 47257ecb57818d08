import { expect, test } from 'vitest';
import { Newcomers } from '../../../src/server/newcomers.ts';

test('a whole classroom may come from one address in a minute, a flood may not, another address is not held to it', () => {
  const newcomers = new Newcomers();
  const now = Date.now();
  const admitted = Array.from({ length: 1000 }, () => newcomers.admit('192.0.2.1', now)).filter(Boolean).length;
  expect(admitted).toBe(120);
  expect(newcomers.admit('192.0.2.2', now)).toBe(true);
  expect(newcomers.admit('192.0.2.1', now + 30_000)).toBe(false);
  expect(newcomers.admit('192.0.2.1', now + 61_000)).toBe(true);
});
