/** What a terminal is called: by its learner, or by its number. Remembered for each lab, in this browser only. */
import { words } from '../page.ts';
import { recall, remember } from '../storage.ts';
import { ADMINISTRATOR_TERMINAL } from './address.ts';

export const NAME_LENGTH = 24;

/** One line of visible characters: nothing that steers, nothing that turns the direction of what follows. */
export const cleanName = (name: string): string =>
  [
    ...name
      .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  ]
    .slice(0, NAME_LENGTH)
    .join('')
    .trim();

export function readNames(remembered: string | null): Record<string, string> {
  try {
    const names: unknown = JSON.parse(remembered ?? '{}');
    if (typeof names !== 'object' || names === null) return {};
    return Object.fromEntries(
      Object.entries(names).flatMap(([terminal, name]) =>
        /^[a-z0-9]{1,32}$/.test(terminal) && typeof name === 'string' && cleanName(name)
          ? [[terminal, cleanName(name)]]
          : [],
      ),
    );
  } catch {
    // Something else has written there.
    return {};
  }
}

const key = (lab: string) => `names:${lab}`;

export function nameOf(lab: string, terminal: string): string {
  const names = readNames(recall(key(lab)));
  if (Object.hasOwn(names, terminal)) return names[terminal] ?? '';
  return terminal === ADMINISTRATOR_TERMINAL ? words.terminal.administrator : words.terminal.label(terminal);
}

/** @param name empty: its number again */
export function rename(lab: string, terminal: string, name: string): void {
  const { [terminal]: _, ...others } = readNames(recall(key(lab)));
  const clean = cleanName(name);
  const names = clean ? { ...others, [terminal]: clean } : others;
  remember(key(lab), Object.keys(names).length > 0 ? JSON.stringify(names) : null);
}
