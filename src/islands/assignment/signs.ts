/** What is worth a look: each with its reason, and a way to look. */
import { deskSubmissionPath } from '../../i18n/assignment.ts';
import type { Gradebook, Sign } from '../../protocol/assignments.ts';
import { element, language, need } from '../page.ts';
import { readSigns } from './desk-api.ts';
import { chosen } from './gradebook.ts';
import { labTitle, t } from './page.ts';

const words = t.desk.signs;
const duration = (seconds: number) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

function reasons(sign: Sign): string[] {
  if (sign.kind === 'nothing-typed') return [words.typed(sign.points)];
  if (sign.kind === 'fast') {
    const [took, bound] = [duration(sign.took), duration(sign.bound)];
    return [sign.from === 'others' ? words.tookOthers(took, bound, sign.others) : words.tookStated(took, bound)];
  }
  return [
    ...(sign.answers.length > 0
      ? [words.answers(sign.answers.map(({ check, given }) => `${check} = ${given}`).join(', '))]
      : []),
    ...(sign.values.length > 0 ? [words.values(sign.values.join(', '))] : []),
  ];
}

export async function showSigns(book: Gradebook): Promise<void> {
  const { signs } = await readSigns(book.id);
  const member = (id: string) => book.members.find((one) => one.id === id);
  const name = (id: string) => member(id)?.name ?? '–';
  need('[data-signs]').replaceChildren(
    ...signs.map((sign) => {
      const grade = member(sign.member)?.grades.find(({ lab }) => lab === sign.lab);
      const submission = 'submission' in sign ? sign.submission : grade && chosen(grade)?.id;
      const title = sign.kind === 'same-answers' ? words[sign.kind](name(sign.other)) : words[sign.kind];
      return element(
        'li',
        { 'data-sign': sign.kind },
        element('strong', {}, `${name(sign.member)} · ${labTitle(sign.lab)}: ${title}. `),
        `${reasons(sign).join(' ')} `,
        submission !== undefined &&
          element('a', { href: deskSubmissionPath(language, book.id, submission) }, words.see),
      );
    }),
  );
  need('[data-no-signs]').hidden = signs.length > 0;
}
