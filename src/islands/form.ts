/** A form that is sent by script, once at a time, and says what came of it. */
import { words } from './page.ts';

export const reason = (trouble: unknown): string =>
  trouble instanceof Error ? trouble.message : words.dialog.noAnswer;

export function say(place: HTMLElement, text: string, bad = false): void {
  place.toggleAttribute('data-bad', bad);
  place.textContent = text;
}

/** @param send throws what is to be said; returns what is to be said instead, or nothing */
export function onSubmit(
  form: HTMLFormElement,
  place: HTMLElement,
  send: (value: (name: string) => string) => Promise<string | undefined>,
): void {
  let busy = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    say(place, '');
    try {
      const data = new FormData(form);
      say(place, (await send((name) => String(data.get(name) ?? ''))) ?? '');
    } catch (trouble) {
      say(place, reason(trouble), true);
    } finally {
      busy = false;
    }
  });
}
