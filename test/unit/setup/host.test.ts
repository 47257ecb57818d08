import { expect, test } from 'vitest';
import { freeSubIds, parseSubIds } from '../../../src/setup/host.ts';
import { mappingArguments } from '../../../src/setup/keep.ts';

test('sub-ids are found by name and by number; broken lines are passed over', () => {
  const text =
    'alice:100000:65536\nbob:165536:65536\n1000:300000:10\nalice:x:5\nalice:1:-3\n\n# alice:1:1\nalice:900000:7\n';
  expect(parseSubIds(text, 'alice', 1000)).toEqual([
    { first: 100000, count: 65536 },
    { first: 300000, count: 10 },
    { first: 900000, count: 7 },
  ]);
});

test('a new range lies beside those that are taken', () => {
  expect(freeSubIds(['alice:100000:65536\n', ''], 1000)).toBe(1_000_000);
  expect(freeSubIds(['a:1000500:10\n', 'b:1001000:5\n'], 1000)).toBe(1_001_005);
  expect(freeSubIds(['a:999000:2000\n'], 10)).toBe(1_001_000);
});

test('the user becomes 0 and its sub-ids follow', () => {
  expect(mappingArguments('--map-users', 1000, { first: 2000000, count: 5 })).toEqual([
    '--map-users=0:1000:1',
    '--map-users=1:2000000:5',
  ]);
});
