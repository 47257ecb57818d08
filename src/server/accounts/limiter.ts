/** Token buckets in memory. Full ones are forgotten, and of others at most so many are remembered. */

export interface Limiter {
  /** @returns 0 when it may go on, else the seconds until it may */
  take(key: string, now?: number): number;
  /** What was taken was well spent: the bucket is full again. */
  refill(key: string): void;
  readonly size: number;
}

/**
 * @param burst so many at once
 * @param everyMs then one each so many milliseconds
 * @param most keys that are remembered: beyond that the one longest unused is forgotten
 */
export function openLimiter(burst: number, everyMs: number, most = 10_000): Limiter {
  /** By key: when the bucket will be full. In the order of use. */
  const fullAt = new Map<string, number>();
  return {
    take(key, now = Date.now()) {
      const full = Math.max(fullAt.get(key) ?? now, now);
      const over = full + everyMs - (now + burst * everyMs);
      if (over > 0) return Math.ceil(over / 1000);
      fullAt.delete(key);
      fullAt.set(key, full + everyMs);
      if (fullAt.size > most) {
        for (const [other, at] of fullAt) if (at <= now) fullAt.delete(other);
        for (const other of fullAt.keys()) {
          if (fullAt.size <= most) break;
          fullAt.delete(other);
        }
      }
      return 0;
    },
    refill: (key) => void fullAt.delete(key),
    get size() {
      return fullAt.size;
    },
  };
}
