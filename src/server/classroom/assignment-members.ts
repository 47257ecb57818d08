/** Who belongs to an assignment: the roster, personal links, more time for one. */
import { parseRoster } from '../../classroom/assignment-roster.ts';
import { linksCsv } from '../../classroom/gradebook-export.ts';
import {
  assignmentIdSchema,
  extensionSchema,
  linksFileSchema,
  memberLinkSchema,
  rosterAnswerSchema,
} from '../../protocol/assignments.ts';
import type { Routes } from '../accounts/access.ts';
import { type AppParts, refuse, sent } from '../http.ts';
import { isSecure } from '../session.ts';
import { entryOf, memberIn, ownAssignment } from './assignment-parts.ts';

export function assignmentMemberRoutes({ store }: AppParts): Routes {
  return {
    'POST /assignments/:id/roster': async (c) => {
      const cohort = await ownAssignment(c, store);
      if (!cohort) return refuse(c, 'no-such-assignment');
      const roster = parseRoster(new Uint8Array(await c.req.arrayBuffer()));
      if ('refused' in roster) return refuse(c, `roster-${roster.refused}`);
      if ('problems' in roster) {
        return c.json(rosterAnswerSchema.parse({ added: 0, known: 0, problems: roster.problems.slice(0, 100) }));
      }
      const entry = entryOf(c, 'roster-imported', cohort.id, { title: cohort.title });
      const done = await store.importRoster(cohort.id, roster.people, entry);
      return done ? c.json(rosterAnswerSchema.parse({ ...done, problems: [] })) : refuse(c, 'assignment-closed');
    },

    /** Of all who have not come yet: those that they had end. */
    'POST /assignments/:id/links': async (c) => {
      const cohort = await ownAssignment(c, store);
      if (!cohort) return refuse(c, 'no-such-assignment');
      const members = (await store.members(cohort.id)).filter(({ learnerId }) => learnerId === null);
      const entry = entryOf(c, 'personal-links-made', cohort.id, { title: cohort.title, made: String(members.length) });
      const made = await store.renewLinks(members, entry);
      const protocol = isSecure(c.req.header('x-forwarded-proto')) ? 'https' : 'http';
      const page = `${protocol}://${c.req.header('host')}/${cohort.language}/assignment/`;
      return c.json(linksFileSchema.parse({ csv: linksCsv(made, (token) => `${page}#${token}`) }));
    },

    'POST /assignments/:id/members/:member/link': async (c) => {
      const cohort = await ownAssignment(c, store);
      if (!cohort) return refuse(c, 'no-such-assignment');
      const member = await memberIn(c, store, cohort);
      if (!member) return refuse(c, 'no-such-learner');
      const entry = entryOf(c, 'personal-link-made', cohort.id, { title: cohort.title, for: member.name });
      const [made] = await store.renewLinks([member], entry);
      return c.json(memberLinkSchema.parse({ token: made!.token }));
    },

    'DELETE /assignments/:id/members/:member': async (c) => {
      const cohort = await ownAssignment(c, store);
      if (!cohort) return refuse(c, 'no-such-assignment');
      const member = await memberIn(c, store, cohort);
      const entry = entryOf(c, 'member-removed', cohort.id, { title: cohort.title, for: member?.name ?? '' });
      const done = member && (await store.removeMember(cohort.id, member.id, entry));
      return done ? c.json(assignmentIdSchema.parse(cohort)) : refuse(c, 'no-such-learner');
    },

    'PUT /assignments/:id/members/:member/extension': async (c) => {
      const cohort = await ownAssignment(c, store);
      if (!cohort) return refuse(c, 'no-such-assignment');
      const body = await sent(c, extensionSchema);
      if (!body || (body.dueAt !== null && Date.parse(body.dueAt) <= Date.parse(cohort.startsAt)))
        return refuse(c, 'bad-extension');
      const member = await memberIn(c, store, cohort);
      if (!member) return refuse(c, 'no-such-learner');
      const { dueAt, reason } = body;
      const detail = { title: cohort.title, for: member.name, due: dueAt ?? cohort.endsAt, reason };
      const action = dueAt === null ? 'extension-ended' : 'extended';
      const { account } = c.get('signedIn');
      await store.setExtension(member.id, dueAt, reason, account.id, entryOf(c, action, cohort.id, detail));
      return c.json(assignmentIdSchema.parse(cohort));
    },
  };
}
