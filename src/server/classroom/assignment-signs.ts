/** What is worth a look in an assignment, for its instructor. */
import { signsOf } from '../../classroom/assignment-signs.ts';
import { worksOf } from '../../classroom/assignment-works.ts';
import { signsSchema } from '../../protocol/assignments.ts';
import type { Routes } from '../accounts/access.ts';
import { type AppParts, refuse } from '../http.ts';
import { ownAssignment } from './assignment-parts.ts';

export function assignmentSignRoutes({ store, catalogue, rooms }: AppParts): Routes {
  return {
    'GET /assignments/:id/signs': async (c) => {
      const cohort = await ownAssignment(c, store);
      if (!cohort) return refuse(c, 'no-such-assignment');
      const members = (await store.members(cohort.id)).filter(({ learnerId }) => learnerId !== null);
      const ids = members.map(({ learnerId }) => learnerId!);
      const labs = cohort.labs.flatMap(({ lab }) => catalogue.get(lab)?.lab ?? []);
      const wanted = labs.map(({ id }) => id);
      const [submissions, traces, given, passed, handwork] = await Promise.all([
        store.submissions(cohort.id),
        store.submissionTraces(cohort.id),
        store.firstGiven(ids),
        store.firstPassed(ids, wanted),
        store.handworkOf(ids, wanted),
      ]);
      const records = { members, submissions, traces, given, passed, handwork };
      const signs = labs.flatMap((lab) =>
        signsOf(
          lab,
          worksOf(lab.id, records, (learnerId) => rooms.parametersOf(learnerId, lab)),
        ),
      );
      return c.json(signsSchema.parse({ signs }));
    },
  };
}
