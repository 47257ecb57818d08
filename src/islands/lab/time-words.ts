import type { Messages } from '../../i18n/index.ts';

/** From here on the seconds are shown and the person is told. */
export const SHORT = 5 * 60;

/** @param seconds left; minutes are rounded up, as people say them. */
export function timeWords(seconds: number, words: Messages['lab']): string {
  if (seconds <= 0) return words.timeUp;
  if (seconds > SHORT) return words.minutesLeft(Math.ceil(seconds / 60));
  const whole = Math.ceil(seconds);
  return words.secondsLeft(`${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`);
}
