/** Time left in the sandbox: minutes, and in the last five the seconds too. */
import { need, words } from '../page.ts';
import { SHORT, timeWords } from './time-words.ts';

export function startTimer(onShort: () => void) {
  const place = need('[data-time]');
  const text = need('[data-time-words]', place);
  let expiresAt: number | undefined;
  let warned = false;
  const tick = () => {
    const seconds = expiresAt === undefined ? undefined : (expiresAt - Date.now()) / 1000;
    const short = seconds !== undefined && seconds <= SHORT;
    text.textContent = seconds === undefined ? '–' : timeWords(seconds, words.lab);
    place.toggleAttribute('data-short', short);
    if (short && seconds > 0 && !warned) {
      warned = true;
      onShort();
    }
  };
  setInterval(tick, 1000);
  return {
    set(iso: string | null): void {
      const time = iso === null ? Number.NaN : Date.parse(iso);
      expiresAt = Number.isNaN(time) ? undefined : time;
      warned = expiresAt !== undefined && expiresAt - Date.now() < SHORT * 1000 && warned;
      tick();
    },
  };
}
