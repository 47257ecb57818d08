/** What an instructor does for learners in the midst of a workshop: for one, or for all. */
import {
  doneForSchema,
  extendSchema,
  memberLinkSchema,
  messageToSchema,
  openHelpSchema,
  resetSchema,
  shareAskSchema,
} from '../../protocol/workshops.ts';
import type { Member } from '../../store/store.ts';
import type { Routes } from '../accounts/access.ts';
import { type AppParts, refuse, sent } from '../http.ts';
import type { LiveWorkshop } from './live.ts';
import { entryFor, memberIn, withWorkshop } from './own-workshop.ts';

/** The one who is meant, or all; nothing where the one is not there. */
function meant(workshop: LiveWorkshop, id: string | null): readonly Member[] | undefined {
  if (id === null) return workshop.members.filter(({ status }) => status === 'in');
  const member = memberIn(workshop, id);
  return member && [member];
}

const whom = (members: readonly Member[], id: string | null) => ({
  for: id === null ? 'all' : (members[0]?.name ?? ''),
});

export function helpRoutes(parts: AppParts): Routes {
  const { store, workshops, rooms, catalogue, log } = parts;

  return {
    'POST /workshops/:id/message': withWorkshop(parts, async (c, workshop) => {
      const body = await sent(c, messageToSchema);
      if (!body) return refuse(c, 'bad-request');
      const members = meant(workshop, body.member);
      if (!members) return refuse(c, 'no-such-member');
      const { id } = workshop.cohort;
      const { account } = c.get('signedIn');
      await store.addMessage(
        { cohort_id: id, member_id: body.member, account_id: account.id, text: body.text },
        entryFor(c, 'message', id, whom(members, body.member)),
      );
      workshops.tellLearners(workshop, body.member);
      return c.json(doneForSchema.parse({ done: members.length }));
    }),

    'POST /workshops/:id/extend': withWorkshop(parts, async (c, workshop) => {
      const body = await sent(c, extendSchema);
      if (!body) return refuse(c, 'bad-request');
      const members = meant(workshop, body.member);
      if (!members) return refuse(c, 'no-such-member');
      let done = 0;
      for (const member of members) {
        const extended = [];
        for (const room of workshops.roomsOf(workshop, member)) extended.push(await rooms.extend(room));
        if (extended.includes(true)) done++;
      }
      await store.audit(entryFor(c, 'extended', workshop.cohort.id, whom(members, body.member)));
      return c.json(doneForSchema.parse({ done }));
    }),

    'POST /workshops/:id/reset': withWorkshop(parts, async (c, workshop) => {
      const body = await sent(c, resetSchema);
      const exercise = body && workshop.labs.includes(body.lab) ? catalogue.get(body.lab) : undefined;
      if (!body || !exercise) return refuse(c, 'bad-request');
      const members = meant(workshop, body.member);
      if (!members) return refuse(c, 'no-such-member');
      const { id } = workshop.cohort;
      await store.audit(entryFor(c, 'reset', id, { ...whom(members, body.member), lab: body.lab }));
      let done = 0;
      for (const member of members) {
        const [room] = workshops.roomsOf(workshop, member, body.lab);
        if (!room || member.learnerId === null) continue;
        await rooms.close(room);
        // A place that was just given up is there again; where another was quicker, the learner's page asks by itself.
        await rooms
          .open(member.learnerId, exercise, () => undefined)
          .catch((error) => log.warn({ err: error, workshop: id }, 'no sandbox after a reset'));
        workshops.tellLearners(workshop, member.id, { type: 'reset', lab: body.lab });
        done++;
      }
      return c.json(doneForSchema.parse({ done }));
    }),

    'POST /workshops/:id/help': withWorkshop(parts, async (c, workshop) => {
      const body = await sent(c, openHelpSchema);
      const lab = body && workshop.labs.includes(body.lab) ? catalogue.get(body.lab)?.lab : undefined;
      if (!body || !lab) return refuse(c, 'bad-request');
      const members = meant(workshop, body.member);
      if (!members) return refuse(c, 'no-such-member');
      const { hint } = body;
      if (hint && !lab.tasks.find(({ id }) => id === hint.task)?.hints[hint.step - 1]) return refuse(c, 'no-such-hint');
      const grant = { memberId: body.member, lab: lab.id, task: hint?.task ?? null, step: hint?.step ?? null };
      const what = { lab: lab.id, ...(hint && { hint: `${hint.task} ${hint.step}` }) };
      const entry = entryFor(c, hint ? 'hint-opened' : 'solution-opened', workshop.cohort.id, {
        ...whom(members, body.member),
        ...what,
      });
      await store.addGrant(workshop.cohort.id, grant, entry);
      workshops.tellLearners(workshop, body.member, { type: 'help', lab: lab.id });
      return c.json(doneForSchema.parse({ done: members.length }));
    }),

    'POST /workshops/:id/share': withWorkshop(parts, async (c, workshop) => {
      const body = await sent(c, shareAskSchema);
      const member = body && memberIn(workshop, body.member);
      if (!body || !member) return refuse(c, 'no-such-member');
      const { account } = c.get('signedIn');
      if (!workshops.shares.ask(account.id, member.id, body.lab, body.terminal)) return refuse(c, 'no-share');
      await store.audit(entryFor(c, 'share-asked', workshop.cohort.id, { for: member.name, lab: body.lab }));
      return c.json(doneForSchema.parse({ done: 1 }));
    }),

    'POST /workshops/:id/members/:member/hand': withWorkshop(parts, async (c, workshop) => {
      const member = memberIn(workshop, c.req.param('member'));
      if (!member || !(await store.setHand(member.id, false))) return refuse(c, 'no-such-member');
      await workshops.changed(workshop.cohort.id);
      return c.json(doneForSchema.parse({ done: 1 }));
    }),

    'POST /workshops/:id/members/:member/link': withWorkshop(parts, async (c, workshop) => {
      const member = memberIn(workshop, c.req.param('member'));
      if (!member) return refuse(c, 'no-such-member');
      await store.audit(entryFor(c, 'member-link', workshop.cohort.id, { for: member.name }));
      return c.json(memberLinkSchema.parse({ link: await store.renewMemberLink(member.id) }));
    }),
  };
}
