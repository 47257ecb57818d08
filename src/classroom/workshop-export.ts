/** Scores of a workshop by learner and task, to take away. Pure. */
import { stringify } from 'csv-stringify/sync';
import type { LabStanding } from './standing.ts';

export interface ExportedMember {
  readonly name: string;
  readonly email: string | null;
  /** ISO 8601. */
  readonly joinedAt: string | null;
  readonly labs: readonly Omit<LabStanding, 'failing' | 'steppedAt' | 'inVain'>[];
}

export const exported = ({ lab, score, tasks, attempts, passedAt }: LabStanding): ExportedMember['labs'][number] => ({
  lab,
  score,
  tasks,
  attempts,
  passedAt,
});

/**
 * A line for each learner, columns by lab and task. What a spreadsheet would take for a formula is escaped; with a byte order
 * mark, without which one of them takes Japanese for something else.
 */
export function toCsv(members: readonly ExportedMember[]): string {
  const labs = members[0]?.labs ?? [];
  const columns = [
    'name',
    'email',
    'joined',
    'score',
    ...labs.flatMap(({ lab, tasks }) => [
      `${lab} score`,
      `${lab} attempts`,
      `${lab} passed`,
      ...tasks.flatMap(({ id, of }) => [`${lab}/${id} points of ${of}`, `${lab}/${id} passed`, `${lab}/${id} minutes`]),
    ]),
  ];
  const rows = members.map(({ name, email, joinedAt, labs: own }) => [
    name,
    email,
    joinedAt,
    own.reduce((sum, { score }) => sum + (score ?? 0), 0),
    ...own.flatMap(({ score, attempts, passedAt, tasks }) => [
      score,
      attempts,
      passedAt,
      ...tasks.flatMap(({ points, passedAt: at, seconds }) => [
        points,
        at,
        seconds === null ? null : Math.round(seconds / 6) / 10,
      ]),
    ]),
  ]);
  return stringify([columns, ...rows], { escape_formulas: true, bom: true, record_delimiter: 'windows' });
}
