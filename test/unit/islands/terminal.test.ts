import { describe, expect, test } from 'vitest';
import { terminalNames } from '../../../src/islands/terminal/address.ts';
import { backoff } from '../../../src/islands/terminal/backoff.ts';
import { pieces } from '../../../src/islands/terminal/pieces.ts';
import { INPUT_LIMIT } from '../../../src/protocol/terminal.ts';

describe('a large paste', () => {
  test('is cut into frames the server accepts, and nothing is lost', () => {
    const text = 'x'.repeat(INPUT_LIMIT * 2 + 5);
    const cut = [...pieces(text)];
    expect(cut.map(({ length }) => length)).toEqual([INPUT_LIMIT, INPUT_LIMIT, 5]);
    expect(cut.join('')).toBe(text);
  });

  test('is never cut through a character outside the basic plane', () => {
    const cut = [...pieces('a😀😀', 2)];
    expect(cut).toEqual(['a', '😀', '😀']);
  });

  test('keeps a lone half, which is all there is', () => {
    expect([...pieces('\ud83dab', 1)]).toEqual(['\ud83d', 'a', 'b']);
  });

  test('of nothing sends nothing', () => {
    expect([...pieces('')]).toEqual([]);
  });
});

describe('waiting before the next try', () => {
  const exact = (attempt: number) => backoff(attempt, () => 0.5);

  test('doubles from 0.4 s and stays at 15 s', () => {
    expect([0, 1, 2, 3, 10, 1000].map(exact)).toEqual([400, 800, 1600, 3200, 15_000, 15_000]);
  });

  test('is spread by a fifth either way', () => {
    expect(backoff(0, () => 0)).toBe(320);
    expect(backoff(0, () => 1)).toBe(480);
  });
});

describe('the terminals that were open', () => {
  test.each([
    [null, ['1']],
    ['', ['1']],
    ['2,3', ['2', '3']],
    ['1,<b>,10', ['1']],
  ])('%j: %j', (remembered, names) => {
    expect(terminalNames(remembered)).toEqual(names);
  });
});
