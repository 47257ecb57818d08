/** An instructor's assignments: making, changing, closing, and what is taken away of them. */
import type { Context } from 'hono';
import { gradebookOf, planOf } from '../../classroom/gradebook.ts';
import { gradebookCsv, gradebookResults } from '../../classroom/gradebook-export.ts';
import {
  type AssignmentPlan,
  assignmentIdSchema,
  assignmentListSchema,
  assignmentPlanSchema,
  type Gradebook,
  gradebookSchema,
  newAssignmentSchema,
  signUpSwitchSchema,
} from '../../protocol/assignments.ts';
import type { Cohort, CohortPlan } from '../../store/store.ts';
import type { Routes } from '../accounts/access.ts';
import { type AppParts, type Env, refuse, sent } from '../http.ts';
import { entryOf, ownAssignment, recordsOf } from './assignment-parts.ts';

const cohortPlan = ({ title, language, labs, opensAt, dueAt, rules, asksEmail }: AssignmentPlan): CohortPlan => ({
  ...{ title, language, asksEmail, rules, capacity: null, startsAt: opensAt, endsAt: dueAt },
  labs: labs.map((lab) => ({ lab, locked: false })),
});

export function assignmentInstructorRoutes({ store, catalogue }: AppParts): Routes {
  const labs = new Map([...catalogue].map(([id, { lab }]) => [id, lab]));
  const known = (plan: AssignmentPlan) => plan.labs.every((lab) => catalogue.has(lab));

  async function book(cohort: Cohort): Promise<Gradebook> {
    return gradebookSchema.parse(gradebookOf(await recordsOf(store, cohort), labs, new Date().toISOString()));
  }

  /** A file of the gradebook, named after the assignment. */
  const file = (type: string, ending: string, write: (book: Gradebook) => string) => async (c: Context<Env>) => {
    const cohort = await ownAssignment(c, store);
    if (!cohort) return refuse(c, 'no-such-assignment');
    const name = `${cohort.title.replace(/[^\p{L}\p{N} ._-]/gu, '_').slice(0, 80)}${ending}`;
    c.header(
      'Content-Disposition',
      `attachment; filename="gradebook${ending}"; filename*=UTF-8''${encodeURIComponent(name)}`,
    );
    c.header('Content-Type', type);
    return c.body(write(await book(cohort)));
  };
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

  return {
    'GET /assignments': async (c) => {
      const { account } = c.get('signedIn');
      const cohorts = await store.cohorts('assignment', account.role === 'owner' ? undefined : account.id);
      const counts = await store.submitters(cohorts.map(({ id }) => id));
      const assignments = cohorts.map((cohort) => ({
        id: cohort.id,
        ...planOf(cohort),
        closed: cohort.closedAt !== null,
        ...(counts.get(cohort.id) ?? { members: 0, handedIn: 0 }),
      }));
      const choice = [...labs.values()].map(({ id, chapter, title }) => ({ id, chapter, title }));
      return c.json(assignmentListSchema.parse({ assignments, labs: choice }));
    },

    'POST /assignments': async (c) => {
      const body = await sent(c, newAssignmentSchema);
      if (!body || !known(body.plan)) return refuse(c, 'bad-assignment');
      const { account } = c.get('signedIn');
      const entry = entryOf(c, 'assignment-made', '', { title: body.plan.title });
      const made = await store.addCohort('assignment', account.id, cohortPlan(body.plan), body.signUp, entry);
      return c.json(assignmentIdSchema.parse({ id: made.id }));
    },

    'GET /assignments/:id': async (c) => {
      const cohort = await ownAssignment(c, store);
      return cohort ? c.json(await book(cohort)) : refuse(c, 'no-such-assignment');
    },

    'PUT /assignments/:id': async (c) => {
      const cohort = await ownAssignment(c, store);
      if (!cohort) return refuse(c, 'no-such-assignment');
      const plan = await sent(c, assignmentPlanSchema);
      if (!plan || !known(plan)) return refuse(c, 'bad-assignment');
      // Old and new: who asks later why a grade is another one finds it here.
      const detail = { title: plan.title, before: JSON.stringify(planOf(cohort)), after: JSON.stringify(plan) };
      const done = await store.changeCohort(
        cohort.id,
        cohortPlan(plan),
        entryOf(c, 'assignment-changed', cohort.id, detail),
      );
      return done ? c.json(assignmentIdSchema.parse(cohort)) : refuse(c, 'assignment-closed');
    },

    'POST /assignments/:id/close': async (c) => {
      const cohort = await ownAssignment(c, store);
      if (!cohort) return refuse(c, 'no-such-assignment');
      const done = await store.closeCohort(
        cohort.id,
        entryOf(c, 'assignment-closed', cohort.id, { title: cohort.title }),
      );
      return done ? c.json(assignmentIdSchema.parse(cohort)) : refuse(c, 'assignment-closed');
    },

    'PUT /assignments/:id/sign-up': async (c) => {
      const cohort = await ownAssignment(c, store);
      if (!cohort) return refuse(c, 'no-such-assignment');
      const body = await sent(c, signUpSwitchSchema);
      if (!body) return refuse(c, 'bad-request');
      const action = body.on ? 'sign-up-opened' : 'sign-up-ended';
      const done = await store.setSignUp(cohort.id, body.on, entryOf(c, action, cohort.id, { title: cohort.title }));
      return done ? c.json(assignmentIdSchema.parse(cohort)) : refuse(c, 'assignment-closed');
    },

    'GET /assignments/:id/gradebook.csv': file('text/csv; charset=utf-8', '.csv', gradebookCsv),
    'GET /assignments/:id/gradebook.json': file('application/json', '.json', json),
    'GET /assignments/:id/results.json': file('application/json', '-results.json', (found) =>
      json(gradebookResults(found)),
    ),
  };
}
