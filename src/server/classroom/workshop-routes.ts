/** What an instructor does with a workshop: plans, begins, ends it, and takes the results away. */
import type { Context } from 'hono';
import { exported, toCsv } from '../../classroom/workshop-export.ts';
import { labIdSchema } from '../../protocol/api.ts';
import {
  doneForSchema,
  lastCheckSchema,
  lockSchema,
  workshopPlanSchema,
  workshopSchema,
  workshopsSchema,
} from '../../protocol/workshops.ts';
import type { CohortPlan } from '../../store/store.ts';
import type { Routes } from '../accounts/access.ts';
import { addressOf } from '../accounts/address.ts';
import { attemptView } from '../attempt-view.ts';
import { type AppParts, type Env, language, refuse, sent } from '../http.ts';
import { helpRoutes } from './help-routes.ts';
import { stateOf } from './live.ts';
import { entryFor, memberIn, withWorkshop } from './own-workshop.ts';
import { workshopView } from './room-pages.ts';

export function workshopRoutes(parts: AppParts): Routes {
  const { store, workshops, rooms, catalogue, places } = parts;

  async function planOf(c: Context<Env>): Promise<CohortPlan | 'bad-plan' | 'too-many-places'> {
    const plan = await sent(c, workshopPlanSchema);
    if (!plan?.labs.every(({ lab }) => catalogue.has(lab))) return 'bad-plan';
    return plan.capacity > places ? 'too-many-places' : { ...plan, rules: {} };
  }

  return {
    ...helpRoutes(parts),

    'GET /workshops': async (c) => {
      const { account } = c.get('signedIn');
      const cohorts = await store.cohorts('workshop', account.role === 'owner' ? undefined : account.id);
      const found = await Promise.all(cohorts.map(({ id }) => workshops.find(id)));
      const list = found.flatMap((workshop) => (workshop ? [workshopView(workshop)] : []));
      return c.json(workshopsSchema.parse({ workshops: list, places }));
    },

    'POST /workshops': async (c) => {
      const plan = await planOf(c);
      if (typeof plan === 'string') return refuse(c, plan);
      const { account } = c.get('signedIn');
      const entry = entryFor(c, 'workshop-made', null, { for: plan.title });
      const cohort = await store.addCohort('workshop', account.id, plan, true, entry);
      await workshops.add(cohort);
      return c.json(workshopSchema.parse(workshopView((await workshops.find(cohort.id))!)));
    },

    'GET /workshops/:id': withWorkshop(
      parts,
      (c, workshop) => c.json(workshopSchema.parse(workshopView(workshop))),
      false,
    ),

    'PUT /workshops/:id': withWorkshop(parts, async (c, { cohort }) => {
      const plan = await planOf(c);
      if (typeof plan === 'string') return refuse(c, plan);
      const changed = await store.changeCohort(cohort.id, plan, entryFor(c, 'workshop-changed', cohort.id));
      if (!changed) return refuse(c, 'workshop-over');
      await store.letWaitingIn(cohort.id);
      await workshops.changed(cohort.id);
      return c.json(workshopSchema.parse(workshopView((await workshops.find(cohort.id))!)));
    }),

    'POST /workshops/:id/start': withWorkshop(parts, async (c, { cohort }) => {
      const plan = { ...cohort, startsAt: new Date().toISOString() };
      if (stateOf(cohort) === 'planned') {
        await store.changeCohort(cohort.id, plan, entryFor(c, 'workshop-started', cohort.id));
        await workshops.changed(cohort.id);
      }
      return c.json(workshopSchema.parse(workshopView((await workshops.find(cohort.id))!)));
    }),

    'POST /workshops/:id/end': withWorkshop(parts, async (c, { cohort }) => {
      await workshops.end(cohort.id, { accountId: c.get('signedIn').account.id, address: addressOf(c) });
      return c.json(workshopSchema.parse(workshopView((await workshops.find(cohort.id))!)));
    }),

    'POST /workshops/:id/lock': withWorkshop(parts, async (c, { cohort }) => {
      const body = await sent(c, lockSchema);
      if (!body) return refuse(c, 'bad-request');
      const action = body.locked ? 'lab-locked' : 'lab-unlocked';
      const entry = entryFor(c, action, cohort.id, { lab: body.lab });
      if (!(await store.lockLab(cohort.id, body.lab, body.locked, entry))) return refuse(c, 'no-such-lab');
      await workshops.changed(cohort.id);
      return c.json(workshopSchema.parse(workshopView((await workshops.find(cohort.id))!)));
    }),

    'DELETE /workshops/:id/members/:member': withWorkshop(parts, async (c, workshop) => {
      const member = memberIn(workshop, c.req.param('member'));
      const { id } = workshop.cohort;
      const entry = entryFor(c, 'member-removed', id, { for: member?.name ?? '' });
      const next = member && (await store.removeMember(id, member.id, entry));
      if (!member || !next) return refuse(c, 'no-such-member');
      await Promise.all(workshops.roomsOf(workshop, member).map((room) => rooms.close(room)));
      await workshops.changed(id);
      return c.json(doneForSchema.parse({ done: 1 }));
    }),

    'GET /workshops/:id/members/:member/labs/:lab': withWorkshop(
      parts,
      async (c, workshop) => {
        const member = memberIn(workshop, c.req.param('member'));
        const lab = labIdSchema.safeParse(c.req.param('lab')).data;
        const exercise = lab !== undefined && workshop.labs.includes(lab) ? catalogue.get(lab) : undefined;
        if (!member?.learnerId) return refuse(c, 'no-such-member');
        if (!exercise) return refuse(c, 'no-such-lab');
        const latest = await store.latestAttempt(member.learnerId, exercise.lab.id);
        const counts = latest && member.joinedAt !== null && latest.gradedAt >= member.joinedAt;
        const attempt = counts ? await attemptView(store, member.learnerId, latest, exercise, language(c)) : null;
        return c.json(lastCheckSchema.parse({ attempt }));
      },
      false,
    ),

    'GET /workshops/:id/export': withWorkshop(
      parts,
      (c, workshop) => {
        const { id, title } = workshop.cohort;
        const members = workshop.members
          .filter(({ status }) => status === 'in')
          .map((member) => ({
            name: member.name,
            email: member.email,
            joinedAt: member.joinedAt,
            labs: workshop.labs.flatMap((lab) => {
              const standing = workshop.standing(member, lab);
              return standing ? [exported(standing)] : [];
            }),
          }));
        const csv = c.req.query('format') === 'csv';
        c.header('Content-Disposition', `attachment; filename="workshop-${id.slice(0, 8)}.${csv ? 'csv' : 'json'}"`);
        if (csv) return c.body(toCsv(members), 200, { 'Content-Type': 'text/csv; charset=utf-8' });
        return c.json({ workshop: { id, title }, exportedAt: new Date().toISOString(), learners: members });
      },
      false,
    ),
  };
}
