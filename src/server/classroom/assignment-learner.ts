/** What a learner asks of assignments: which are mine, and handing in. */
import { Hono } from 'hono';
import { MAX_POINTS, totalOf } from '../../classroom/assignment-grades.ts';
import { latenessAt, phaseAt, rulesOf, scheduleOf } from '../../classroom/assignment-rules.ts';
import { gradesOf, planOf } from '../../classroom/gradebook.ts';
import { type OwnAssignment, openForLabSchema, ownAssignmentsSchema } from '../../protocol/assignments.ts';
import type { Place, Store } from '../../store/store.ts';
import { type App, type AppParts, type Env, refuse } from '../http.ts';
import { idOf, recordsOfMember } from './assignment-parts.ts';
import { type Outcome, submit } from './assignment-submit.ts';

const OUTCOMES = {
  busy: 'submission-under-way',
  lost: 'submission-lost',
  'none-left': 'no-attempts-left',
  closed: 'assignment-closed',
} as const satisfies Record<Exclude<Outcome, 'graded'>, string>;
const PHASES = { before: 'not-open-yet', over: 'assignment-over', closed: 'assignment-closed' } as const;

/** An assignment as one of its learners sees it at this moment. */
async function standingOf(store: Store, { cohort, member }: Place, at: number) {
  const records = await recordsOfMember(store, cohort, member);
  const extension = records.extensions.find(({ memberId }) => memberId === member.id);
  const rules = rulesOf(cohort);
  const schedule = scheduleOf(cohort, rules, extension);
  const phase = phaseAt(schedule, cohort.closedAt !== null, at);
  return { rules, schedule, phase, extended: extension !== undefined, grades: gradesOf(records, member.id) };
}

export function assignmentRoutes(parts: AppParts): App {
  const { store, catalogue, rooms } = parts;
  const app = new Hono<Env>();

  app.get('/assignments', async (c) => {
    const at = Date.now();
    const places = await store.assignmentsOf(c.get('learner').id);
    const assignments = await Promise.all(
      places.map(async (place): Promise<OwnAssignment> => {
        const { schedule, phase, extended, grades } = await standingOf(store, place, at);
        return {
          id: place.cohort.id,
          ...planOf(place.cohort),
          name: place.member.name,
          phase,
          ownDueAt: new Date(schedule.dueAt).toISOString(),
          lateUntil: schedule.endsAt > schedule.dueAt ? new Date(schedule.endsAt).toISOString() : null,
          extended,
          points: totalOf(grades),
          maxPoints: grades.length * MAX_POINTS,
          grades,
        };
      }),
    );
    return c.json(ownAssignmentsSchema.parse({ now: new Date(at).toISOString(), assignments }));
  });

  app.get('/assignments/labs/:lab', async (c) => {
    const lab = c.req.param('lab');
    const at = Date.now();
    const places = await store.assignmentsOf(c.get('learner').id);
    const found = await Promise.all(
      places
        .filter(({ cohort }) => cohort.labs.some((one) => one.lab === lab))
        .map(async (place) => {
          const { rules, schedule, phase, grades } = await standingOf(store, place, at);
          if (phase !== 'open' && phase !== 'late') return [];
          const { late } = rules;
          return {
            ...{ id: place.cohort.id, title: place.cohort.title, timeZone: rules.timeZone, phase },
            dueAt: new Date(schedule.dueAt).toISOString(),
            lateUntil: schedule.endsAt > schedule.dueAt ? new Date(schedule.endsAt).toISOString() : null,
            counts: rules.counts,
            percentPerDay: late.accepted ? late.percentPerDay : 0,
            mostPercent: late.accepted ? late.mostPercent : 0,
            latePercent: latenessAt(schedule, rules, at).percent,
            grade: grades.find((grade) => grade.lab === lab),
          };
        }),
    );
    return c.json(openForLabSchema.parse({ now: new Date(at).toISOString(), assignments: found.flat() }));
  });

  app.post('/assignments/:id/labs/:lab/submissions', async (c) => {
    // Before anything that waits: this is the time that counts.
    const at = Date.now();
    const learner = c.get('learner');
    const id = idOf(c.req.param('id'));
    const place = (await store.assignmentsOf(learner.id)).find(({ cohort }) => cohort.id === id);
    const lab = c.req.param('lab');
    const exercise = catalogue.get(lab);
    if (!place?.cohort.labs.some((one) => one.lab === lab) || !exercise) return refuse(c, 'no-such-assignment');
    const { rules, phase } = await standingOf(store, place, at);
    if (phase !== 'open' && phase !== 'late') return refuse(c, PHASES[phase]);
    const room = rooms.find(learner.id, lab);
    if (!room) return refuse(c, 'no-sandbox');
    const wanted = { cohortId: place.cohort.id, memberId: place.member.id, lab, sandboxId: room.record.id };
    const outcome = await submit(parts, { ...wanted, askedAt: new Date(at).toISOString() }, rules.attempts, room);
    if (outcome !== 'graded') return refuse(c, OUTCOMES[outcome]);
    const { grades } = await standingOf(store, place, at);
    return c.json(grades.find((grade) => grade.lab === lab));
  });

  return app;
}
