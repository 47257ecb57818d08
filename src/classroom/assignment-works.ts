/** What is known of each learner's work in one lab, from what is stored: for signs to be looked for. Pure. */
import type { Handwork, Member, Submission } from '../store/store.ts';
import type { LearnersWork } from './assignment-signs.ts';
import { tracesSchema } from './assignment-traces.ts';

interface Of {
  readonly learnerId: string;
  readonly lab: string;
}
export interface WorkRecords {
  /** Who have come. */
  readonly members: readonly Member[];
  /** Oldest first. */
  readonly submissions: readonly Submission[];
  /** By submission. */
  readonly traces: ReadonlyMap<string, unknown>;
  /** When a learner had the first sandbox of a lab, … */
  readonly given: readonly (Of & { readonly at: string })[];
  /** … and first passed it. */
  readonly passed: readonly (Of & { readonly at: string })[];
  /** One for each sandbox. */
  readonly handwork: readonly (Of & { readonly handwork: Handwork | null })[];
}

/** @param parametersOf what is drawn for a learner in this lab */
export function worksOf(
  lab: string,
  records: WorkRecords,
  parametersOf: (learnerId: string) => Readonly<Record<string, string>>,
): LearnersWork[] {
  const byLearner = <T extends Of>(rows: readonly T[]) =>
    Map.groupBy(
      rows.filter((row) => row.lab === lab),
      ({ learnerId }) => learnerId,
    );
  const [given, passed, handwork] = [byLearner(records.given), byLearner(records.passed), byLearner(records.handwork)];
  const submissions = Map.groupBy(
    records.submissions.filter((one) => one.lab === lab),
    ({ memberId }) => memberId,
  );
  return records.members.map(({ id, learnerId }) => {
    const [first] = given.get(learnerId!) ?? [];
    const [pass] = passed.get(learnerId!) ?? [];
    return {
      member: id,
      parameters: parametersOf(learnerId!),
      submissions: (submissions.get(id) ?? []).flatMap((one) => {
        const traces = records.traces.get(one.id);
        if (one.points === null || traces === undefined) return [];
        return [{ id: one.id, points: one.points, traces: tracesSchema.parse(traces) }];
      }),
      took: first && pass ? Math.max(0, Date.parse(pass.at) - Date.parse(first.at)) : null,
      handwork: together((handwork.get(learnerId!) ?? []).map((row) => row.handwork)),
    };
  });
}

function together(all: readonly (Handwork | null)[]): Handwork | null {
  const known = all.filter((one) => one !== null);
  if (known.length === 0 || known.length < all.length) return null;
  const sum = (key: keyof Handwork) => known.reduce((total, one) => total + one[key], 0);
  return { characters: sum('characters'), lines: sum('lines'), saves: sum('saves') };
}
