import { describe, expect, it } from 'vitest';
import { Places } from '../../../src/exercise/trials.ts';

describe('places', () => {
  it('are given first come, first served', async () => {
    const places = new Places(1);
    expect(await places.take(10)).toBe(true);
    const order: number[] = [];
    const later = [1, 2].map((n) => places.take(1000).then((given) => given && order.push(n)));
    places.leave();
    await later[0];
    places.leave();
    await Promise.all(later);
    expect(order).toEqual([1, 2]);
  });

  it('are refused after a while, and not lost', async () => {
    const places = new Places(1);
    await places.take(10);
    expect(await places.take(5)).toBe(false);
    places.leave();
    expect(await places.take(5)).toBe(true);
    expect(await places.take(5)).toBe(false);
  });
});
