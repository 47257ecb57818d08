/** The gradebook: learners by labs or by tasks, sorted by any column, each grade a way to its submissions. */
import { deskSubmissionPath } from '../../i18n/assignment.ts';
import type { Gradebook, GradedSubmission, LabGrade, RosterMember } from '../../protocol/assignments.ts';
import { element, language, need } from '../page.ts';
import { labTitle, t, taskTitle } from './page.ts';

interface Column {
  readonly key: string;
  readonly title: string;
  /** Shown above the title where there are many of one lab. */
  readonly lab?: string;
  value(member: RosterMember): string | number;
  cell(member: RosterMember): Node | string;
}

const words = t.desk.gradebook;
let by: 'lab' | 'task' = 'lab';
let sorted = { key: 'name', down: false };

const gradeOf = (member: RosterMember, lab: string): LabGrade => member.grades.find((grade) => grade.lab === lab)!;
/** That which counts; where an instructor gave points for the lab, the latest that was graded. */
export const chosen = ({ submissions }: LabGrade): GradedSubmission | undefined =>
  submissions.find(({ counts }) => counts) ??
  submissions.findLast(({ points }) => points !== null) ??
  submissions.at(-1);

function marks(member: RosterMember, grade: LabGrade): HTMLElement | false {
  const one = chosen(grade);
  const said = [
    one && one.daysLate > 0 ? (['L', words.late] as const) : undefined,
    grade.override || one?.override ? (['M', words.changed] as const) : undefined,
    member.extension ? (['T', words.more] as const) : undefined,
  ].filter((mark) => mark !== undefined);
  if (said.length === 0) return false;
  return element(
    'span',
    { class: 'assignment-marks' },
    element('span', { 'aria-hidden': 'true' }, said.map(([letter]) => letter).join(' ')),
    element('span', { class: 'visually-hidden' }, ` (${said.map(([, meaning]) => meaning).join(', ')})`),
  );
}

function gradeCell(book: Gradebook, member: RosterMember, lab: string, text: string): Node | string {
  const grade = gradeOf(member, lab);
  const one = chosen(grade);
  if (!one) return grade.override ? element('span', {}, text, marks(member, grade)) : text;
  const address = deskSubmissionPath(language, book.id, one.id);
  const name = words.open(labTitle(lab), member.name);
  return element(
    'span',
    {},
    element('a', { href: address, 'aria-label': `${text}. ${name}`, title: name }, text),
    marks(member, grade),
  );
}

function columns(book: Gradebook): Column[] {
  const shown = (points: number | null) => (points === null ? '–' : String(points));
  const labs = book.labs.map((lab): Column => {
    const value = (member: RosterMember) => gradeOf(member, lab).points ?? -1;
    const cell = (member: RosterMember) => gradeCell(book, member, lab, shown(gradeOf(member, lab).points));
    return { key: lab, title: labTitle(lab), value, cell };
  });
  const tasks = book.tasks.map(({ lab, task }): Column => {
    const points = (member: RosterMember) => {
      const found = chosen(gradeOf(member, lab))?.tasks.find(({ id }) => id === task);
      return found ? found.got - found.hints : null;
    };
    const cell = (member: RosterMember) => gradeCell(book, member, lab, shown(points(member)));
    return {
      key: `${lab}/${task}`,
      title: taskTitle(lab, task),
      lab: labTitle(lab),
      value: (one) => points(one) ?? -1,
      cell,
    };
  });
  return [
    {
      key: 'total',
      title: `${words.total} (${book.maxPoints})`,
      value: ({ points }) => points,
      cell: ({ points }) => element('strong', {}, String(points)),
    },
    ...(by === 'lab' ? labs : tasks),
  ];
}

const collator = new Intl.Collator(language, { numeric: true });
const compare = (a: string | number, b: string | number) =>
  typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));

function headCell(book: Gradebook, column: Pick<Column, 'key' | 'title' | 'lab'>): HTMLElement {
  const own = sorted.key === column.key;
  const sort = own ? (sorted.down ? 'descending' : 'ascending') : 'none';
  const button = element(
    'button',
    {
      type: 'button',
      title: words.sort(column.title),
      'data-sort': column.key,
    },
    column.lab && element('span', { class: 'assignment-of' }, column.lab),
    column.title,
    own && element('span', { 'aria-hidden': 'true' }, sorted.down ? ' ↓' : ' ↑'),
  );
  button.addEventListener('click', () => {
    // Points are first wanted from the top.
    sorted = { key: column.key, down: own ? !sorted.down : column.key !== 'name' };
    showGradebook(book);
    need(`[data-sort="${CSS.escape(column.key)}"]`).focus();
  });
  return element('th', { scope: 'col', 'aria-sort': sort }, button);
}

export function showGradebook(book: Gradebook): void {
  const all = columns(book);
  const value = (member: RosterMember) => all.find(({ key }) => key === sorted.key)?.value(member) ?? member.name;
  const rows = book.members.toSorted((a, b) => compare(value(a), value(b)) * (sorted.down ? -1 : 1));
  const head = [{ key: 'name', title: words.name }, ...all].map((column) => headCell(book, column));
  need('[data-gradebook]').replaceChildren(
    element('thead', {}, element('tr', {}, ...head)),
    element(
      'tbody',
      {},
      ...rows.map((member) =>
        element(
          'tr',
          { 'data-member': member.id },
          element(
            'th',
            { scope: 'row' },
            member.name,
            element(
              'span',
              { class: 'small' },
              ` ${member.state === 'invited' ? words.notYet : (member.externalId ?? '')}`,
            ),
          ),
          ...all.map(({ cell }) => element('td', {}, cell(member))),
        ),
      ),
    ),
  );
  need('[data-no-members]').hidden = rows.length > 0;
  need('[data-gradebook-part]').hidden = rows.length === 0;
}

export function startGradebook(read: () => Gradebook): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-by]'))
    button.addEventListener('click', () => {
      by = button.dataset.by === 'task' ? 'task' : 'lab';
      for (const other of document.querySelectorAll<HTMLButtonElement>('[data-by]'))
        other.setAttribute('aria-pressed', String(other === button));
      showGradebook(read());
    });
}
