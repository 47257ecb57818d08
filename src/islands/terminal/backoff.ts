const FIRST = 400;
const LONGEST = 15_000;

/**
 * How long to wait before try number `attempt` (from 0), in milliseconds. Spread by a fifth either way, so that a
 * whole classroom does not come back in the same instant.
 */
export function backoff(attempt: number, dice: () => number = Math.random): number {
  const wait = Math.min(FIRST * 2 ** attempt, LONGEST);
  return Math.round(wait * (0.8 + dice() * 0.4));
}
