/** What became of each piece of a scenario. Nothing is left without a line. */
import { UserError } from '../../setup/user-error.ts';

/**
 * carried: as it was. changed: it does the same in another way. check: it is there, and may not work here. left: it has no place.
 */
export type Fate = 'carried' | 'changed' | 'check' | 'left';

export interface Item {
  /** Of the scenario, with the line where that helps. */
  readonly file: string;
  readonly fate: Fate;
  /** What it is, and what became of it or why. */
  readonly text: string;
}

/** A scenario that cannot be imported at all: what is wrong, where, and what to do. */
export const refused = (file: string, message: string): UserError => new UserError('import', `${file}: ${message}`);

const headings: Readonly<Record<Fate, string>> = {
  left: 'Not carried over',
  check: 'Carried over, and to be looked at: it may not work here',
  changed: 'Changed',
  carried: 'Carried over',
};

/** What needs attention first. Text of the scenario's is only quoted where it is a file's name. */
export function reportText(items: readonly Item[]): string {
  return (Object.keys(headings) as Fate[])
    .flatMap((fate) => {
      const some = items.filter((item) => item.fate === fate);
      return some.length === 0
        ? []
        : [`${headings[fate]}:`, ...some.map(({ file, text }) => `  ${shown(file)}: ${shown(text)}`)];
    })
    .join('\n');
}

/** A file's name may hold what moves a terminal's cursor. */
const shown = (text: string) => text.replace(/[\p{Cc}\p{Cf}]/gu, '\ufffd').slice(0, 300);
