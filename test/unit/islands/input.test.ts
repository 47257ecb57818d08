import { beforeEach, describe, expect, test } from 'vitest';
import { Input } from '../../../src/islands/terminal/input.ts';
import { INPUT_KEPT, INPUT_KEPT_LOST, INPUT_LIMIT, INPUT_ON_THE_WAY } from '../../../src/protocol/terminal.ts';

let live: boolean;
let sent: [number, string][];
let input: Input;

beforeEach(() => {
  live = true;
  sent = [];
  input = new Input({ live: () => live, send: ({ sequence, data }) => void sent.push([sequence, data]) });
});
const type = (...words: string[]) => words.map((word) => input.type(word));
/** A new socket on the same shell. @returns what it carries at once */
function back(accepted: number, shell = 'a'): [number, string][] {
  live = true;
  sent = [];
  input.ready(shell, accepted);
  return sent;
}

describe('input', () => {
  test('is numbered from one and sent at once', () => {
    input.ready('a', 0);
    type('l', 's', '\r');
    expect(sent).toEqual([
      [1, 'l'],
      [2, 's'],
      [3, '\r'],
    ]);
  });

  test('typed before the first shell is there waits for it', () => {
    live = false;
    type('l', 's');
    expect(back(0)).toEqual([[1, 'ls']]);
  });

  test.each([
    [
      0,
      [
        [1, 'a'],
        [2, 'b'],
        [3, 'cd'],
      ],
    ],
    [
      1,
      [
        [2, 'b'],
        [3, 'cd'],
      ],
    ],
    [2, [[3, 'cd']]],
  ])('not accepted when the connection was lost is sent again: the server has %i', (accepted, again) => {
    input.ready('a', 0);
    type('a', 'b');
    live = false;
    type('c', 'd');
    expect(back(accepted)).toEqual(again);
    input.accepted(3);
    expect(back(3)).toEqual([]);
    type('e');
    expect(sent).toEqual([[4, 'e']]);
  });

  test('that was sent once keeps its number and its content, whatever is typed after it', () => {
    input.ready('a', 0);
    type('a');
    live = false;
    type('b');
    expect(back(0)).toEqual([
      [1, 'a'],
      [2, 'b'],
    ]);
    live = false;
    type('c');
    expect(back(1)).toEqual([
      [2, 'b'],
      [3, 'c'],
    ]);
  });

  test('for a shell that is gone is thrown away, and that is said; the next shell starts from one', () => {
    input.ready('a', 0);
    type('rm -rf lab');
    live = false;
    type('\r');
    live = true;
    sent = [];
    expect(input.ready('b', 0)).toBe(false);
    type('ls');
    expect(sent).toEqual([[1, 'ls']]);
  });

  test('nothing waiting: nothing to say about a new shell', () => {
    input.ready('a', 0);
    type('x');
    input.accepted(1);
    expect(input.ready('b', 0)).toBe(true);
  });

  test('is thrown away when the server has forgotten the page: it may have been typed', () => {
    input.ready('a', 0);
    type('x', 'y');
    input.accepted(1);
    sent = [];
    expect(input.ready('a', 0)).toBe(false);
    expect(sent).toEqual([]);
    type('z');
    expect(sent).toEqual([[1, 'z']]);
  });

  test('while lost is kept up to a limit, whole or not at all', () => {
    input.ready('a', 0);
    live = false;
    expect(type('x'.repeat(INPUT_KEPT_LOST - 1), 'yz', 'y')).toEqual([true, false, true]);
    expect(
      back(0)
        .map(([, data]) => data)
        .join(''),
    ).toBe(`${'x'.repeat(INPUT_KEPT_LOST - 1)}y`);
  });

  test('a large paste is on its way in parts, the next when one is accepted', () => {
    input.ready('a', 0);
    const text = '砦'.repeat(INPUT_LIMIT * 5 + 3);
    type(text);
    const most = INPUT_ON_THE_WAY / INPUT_LIMIT;
    expect(sent).toHaveLength(most);
    for (let accepted = 1; accepted <= 6; accepted++) {
      input.accepted(accepted);
      expect(sent).toHaveLength(Math.min(most + accepted, 6));
    }
    expect(sent.map(([, data]) => data).join('')).toBe(text);
    expect(input.waiting).toBe(0);
  });

  test('a paste beyond all measure is refused', () => {
    input.ready('a', 0);
    expect(type('x'.repeat(INPUT_KEPT + 1))).toEqual([false]);
    expect(sent).toEqual([]);
  });

  test('is forgotten when the person asks for another shell', () => {
    input.ready('a', 0);
    live = false;
    type('x');
    input.forget();
    expect(back(0, 'b')).toEqual([]);
  });
});
