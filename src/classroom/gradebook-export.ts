/** The gradebook as files for other programs: CSV with a line for each learner, and results as PrairieLearn reads them. Pure. */
import { stringify } from 'csv-stringify/sync';
import type { Results } from '../grading/report/results.ts';
import type { Gradebook, GradedSubmission, LabGrade, RosterMember } from '../protocol/assignments.ts';

/** What begins like a formula would be run by a spreadsheet: names and reasons come from anybody. */
const csv = (rows: readonly Readonly<Record<string, unknown>>[], columns: readonly string[]): string =>
  stringify(rows as Record<string, unknown>[], {
    header: true,
    columns: [...columns],
    escape_formulas: true,
    bom: true,
    record_delimiter: 'windows',
    cast: { boolean: (value) => (value ? 'yes' : 'no') },
  });

/** The submission whose points the lab has; where an instructor gave others, the best one that there is, for its tasks. */
const counting = ({ submissions }: LabGrade): GradedSubmission | undefined =>
  submissions.find(({ counts }) => counts) ??
  submissions.reduce<GradedSubmission | undefined>(
    (best, one) => (one.points !== null && (best === undefined || one.points > best.points!) ? one : best),
    undefined,
  );

function labCells(grade: LabGrade, tasks: readonly string[]): [string, unknown][] {
  const { lab } = grade;
  const found = counting(grade);
  const override = grade.override ?? found?.override;
  return [
    [`${lab} points`, grade.points ?? ''],
    [`${lab} of`, grade.maxPoints],
    [`${lab} submissions`, grade.used],
    [`${lab} submitted at`, found?.askedAt ?? ''],
    [`${lab} days late`, found?.daysLate ?? ''],
    [`${lab} late percent`, found?.latePercent ?? ''],
    [`${lab} overridden`, override !== undefined && override !== null],
    [`${lab} reason`, override?.reason ?? ''],
    ...tasks.flatMap((task): [string, unknown][] => {
      const points = found?.tasks.find(({ id }) => id === task);
      return [
        [`${lab}/${task} points`, points ? points.got - points.hints : ''],
        [`${lab}/${task} of`, points?.of ?? ''],
      ];
    }),
  ];
}

function cellsOf(book: Gradebook, member: RosterMember): [string, unknown][] {
  return [
    ['name', member.name],
    ['email', member.email ?? ''],
    ['id', member.externalId ?? ''],
    ['points', member.points],
    ['of', book.maxPoints],
    ['due', member.extension?.dueAt ?? book.dueAt],
    ...member.grades.flatMap((grade) => {
      const tasks = book.tasks.filter(({ lab }) => lab === grade.lab).map(({ task }) => task);
      return labCells(grade, tasks);
    }),
  ];
}

/** Of whom there are only columns. */
const nobody = ({ labs }: Gradebook): RosterMember => ({
  ...{ id: '', name: '', email: null, externalId: null, state: 'invited', extension: null, points: 0 },
  grades: labs.map((lab) => ({
    lab,
    points: null,
    maxPoints: 0,
    override: null,
    used: 0,
    left: null,
    submissions: [],
  })),
});

export function gradebookCsv(book: Gradebook): string {
  const columns = cellsOf(book, nobody(book)).map(([name]) => name);
  return csv(
    book.members.map((member) => Object.fromEntries(cellsOf(book, member))),
    columns,
  );
}

/** @param linkOf a personal link by the member's token */
export function linksCsv(
  made: readonly {
    readonly member: { name: string; email: string | null; externalId: string | null };
    readonly token: string;
  }[],
  linkOf: (token: string) => string,
): string {
  const rows = made.map(({ member, token }) => ({
    ...{ name: member.name, email: member.email ?? '', id: member.externalId ?? '' },
    link: linkOf(token),
  }));
  return csv(rows, ['name', 'email', 'id', 'link']);
}

/** As an external grader of PrairieLearn answers it: one object for each learner and lab, with a test for each task. */
export function gradebookResults(book: Gradebook) {
  const results = (grade: LabGrade): Results => {
    const found = counting(grade);
    const override = grade.override ?? found?.override;
    return {
      gradable: grade.points !== null,
      ...(grade.points !== null && { score: grade.points / grade.maxPoints }),
      message: override ? `${override.points}: ${override.reason}` : '',
      tests: (found?.tasks ?? []).map(({ id, got, of, hints }) => ({
        name: id,
        description: `${grade.lab}: ${id}`,
        points: got - hints,
        max_points: of,
        message: hints > 0 ? `${hints} taken off for hints` : '',
        output: '',
      })),
    };
  };
  return {
    assignment: { id: book.id, title: book.title, dueAt: book.dueAt },
    learners: book.members.map(({ id, name, email, externalId, points, grades }) => ({
      ...{ uid: externalId ?? email ?? id, name },
      score: book.maxPoints === 0 ? 0 : points / book.maxPoints,
      labs: Object.fromEntries(grades.map((grade) => [grade.lab, results(grade)])),
    })),
  };
}
