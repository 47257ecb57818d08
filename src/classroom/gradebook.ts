/** All of an assignment's learners and their grades, from what is stored. Pure. */
import type { Gradebook, RosterMember } from '../protocol/assignments.ts';
import type { Lab } from '../protocol/lab.ts';
import type { Cohort, Extension, Member, Override, Submission } from '../store/store.ts';
import { labGrade, MAX_POINTS, totalOf } from './assignment-grades.ts';
import { rulesOf, scheduleOf } from './assignment-rules.ts';

export interface AssignmentRecords {
  readonly cohort: Cohort;
  readonly members: readonly Member[];
  /** Oldest first. */
  readonly submissions: readonly Submission[];
  readonly overrides: readonly Override[];
  readonly extensions: readonly Extension[];
}

/** The grades of one member, in the order of the labs. */
export function gradesOf({ cohort, submissions, overrides, extensions }: AssignmentRecords, memberId: string) {
  const rules = rulesOf(cohort);
  const schedule = scheduleOf(
    cohort,
    rules,
    extensions.find((extension) => extension.memberId === memberId),
  );
  return cohort.labs.map(({ lab }) => {
    const own = <T extends { memberId: string; lab: string }>(rows: readonly T[]) =>
      rows.filter((row) => row.memberId === memberId && row.lab === lab);
    return labGrade(lab, own(submissions), own(overrides), rules, schedule);
  });
}

export const planOf = (cohort: Cohort) => ({
  title: cohort.title,
  language: cohort.language,
  labs: cohort.labs.map(({ lab }) => lab),
  opensAt: cohort.startsAt,
  dueAt: cohort.endsAt,
  rules: rulesOf(cohort),
});

/** @param labs of the course, for their tasks */
export function gradebookOf(records: AssignmentRecords, labs: ReadonlyMap<string, Lab>, now: string): Gradebook {
  const { cohort, members, submissions, overrides, extensions } = records;
  // Two thousand members with each their own rows: by member once, not once for each.
  const of = <T extends { memberId: string }>(rows: readonly T[]) => Map.groupBy(rows, ({ memberId }) => memberId);
  const [handedIn, given, extended] = [of(submissions), of(overrides), of(extensions)];
  return {
    id: cohort.id,
    ...planOf(cohort),
    asksEmail: cohort.asksEmail,
    joinCode: cohort.joinCode,
    closedAt: cohort.closedAt,
    now,
    maxPoints: cohort.labs.length * MAX_POINTS,
    tasks: cohort.labs.flatMap(({ lab }) => (labs.get(lab)?.tasks ?? []).map(({ id }) => ({ lab, task: id }))),
    members: members.map((member): RosterMember => {
      const own = {
        cohort,
        members,
        submissions: handedIn.get(member.id) ?? [],
        overrides: given.get(member.id) ?? [],
        extensions: extended.get(member.id) ?? [],
      };
      const grades = gradesOf(own, member.id);
      const [extension] = own.extensions;
      return {
        id: member.id,
        name: member.name,
        email: member.email,
        externalId: member.externalId,
        state: member.learnerId === null ? 'invited' : 'in',
        extension: extension ? { dueAt: extension.dueAt, reason: extension.reason } : null,
        points: totalOf(grades),
        grades,
      };
    }),
  };
}
