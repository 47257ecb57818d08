import { describe, expect, test } from 'vitest';
import { firstTerminal } from '../../../src/islands/terminal/address.ts';
import { readLayout, writeLayout } from '../../../src/islands/terminal/layout.ts';

describe('the layout that is remembered', () => {
  test('is read as it was written', () => {
    const layout = { direction: 'below', panes: ['2', 'administrator'], share: 35 } as const;
    expect(readLayout(writeLayout(layout))).toEqual(layout);
  });

  test.each([null, '', 'beside', 'beside,1,1,50', 'over,1,2,50', 'beside,1,2,19', 'beside,1,2,81', 'beside,1,2,5e1'])(
    'is none of ours: %j',
    (text) => expect(readLayout(text)).toBeUndefined(),
  );
});

test.each([
  [undefined, undefined, '1'],
  ['2,3', undefined, '2'],
  ['1,2', 'beside,2,1,50', '2'],
  // The administrator's is never the early one, nor is one that is not open.
  ['1,2', 'beside,administrator,1,50', '1'],
  ['1,2', 'beside,7,1,50', '1'],
])('terminals %j, layout %j: the first that is seen is %s', (terminals, layout, first) => {
  const memory: Record<string, string | undefined> = { 'terminals:x': terminals, 'split:x': layout };
  expect(firstTerminal('x', (key) => memory[key] ?? null)).toBe(first);
});
