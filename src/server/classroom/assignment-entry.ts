/** How a learner comes into an assignment: by the personal link of the roster, or by a code to sign up with. */
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { rulesOf } from '../../classroom/assignment-rules.ts';
import {
  codeSchema,
  enteredSchema,
  personalLinkSchema,
  personalLinkViewSchema,
  signUpSchema,
  signUpViewSchema,
} from '../../protocol/assignments.ts';
import type { Cohort, Member } from '../../store/store.ts';
import { addressOf } from '../accounts/address.ts';
import { openLimiter } from '../accounts/limiter.ts';
import { refuseFor } from '../accounts/limits.ts';
import { type App, type AppParts, type Env, refuse, sent } from '../http.ts';
import { isSecure, sessionCookie } from '../session.ts';

const BODY_LIMIT = 4 * 1024;
/** A hall of learners behind one address signs up at once; a code is one of 8.5 × 10¹¹. */
const CODES = { burst: 300, everyMs: 2_000 };

export function assignmentEntryRoutes({ store }: AppParts): App {
  const codes = openLimiter(CODES.burst, CODES.everyMs);
  const app = new Hono<Env>();
  app.use('/assignments/*', bodyLimit({ maxSize: BODY_LIMIT, onError: (c) => refuse(c as Context<Env>, 'too-large') }));

  /** Whether this browser's learner is somebody else for this member: then the browser gets another session. */
  async function isStranger(learnerId: string, member: Member): Promise<boolean> {
    if (member.learnerId !== null) return member.learnerId !== learnerId;
    const same = (other: Member) =>
      other.cohortId !== member.cohortId &&
      ((other.email !== null && other.email === member.email) ||
        (other.externalId !== null && other.externalId === member.externalId));
    // A machine that several people use: who came before must not become this one.
    return !(await store.placesOf(learnerId)).every(same);
  }

  /** An open or closed assignment's member: who has a link may always look at what became of their work. */
  async function behind(token: string | undefined): Promise<{ member: Member; cohort: Cohort } | undefined> {
    const member = token === undefined ? undefined : await store.findMemberByLink(token);
    const cohort = member && (await store.findCohort(member.cohortId));
    return member && cohort?.kind === 'assignment' ? { member, cohort } : undefined;
  }

  app.post('/assignments/look', async (c) => {
    const found = await behind((await sent(c, personalLinkSchema))?.token);
    if (!found) return refuse(c, 'bad-personal-link');
    const { member, cohort } = found;
    const switches = await isStranger(c.get('learner').id, member);
    return c.json(personalLinkViewSchema.parse({ name: member.name, title: cohort.title, switches }));
  });

  app.post('/assignments/enter', async (c) => {
    const found = await behind((await sent(c, personalLinkSchema))?.token);
    if (!found) return refuse(c, 'bad-personal-link');
    const { member, cohort } = found;
    const own = c.get('learner').id;
    const stays =
      !(await isStranger(own, member)) && (member.learnerId === own || (await store.bindMember(member.id, own)));
    if (!stays) {
      // Also where somebody came by the same link at the same time.
      const token = await sessionAs(member, cohort);
      if (token === undefined) return refuse(c, 'bad-personal-link');
      c.header('Set-Cookie', sessionCookie(token, isSecure(c.req.header('x-forwarded-proto'))));
    }
    return c.json(enteredSchema.parse({ title: cohort.title, name: member.name, token: null }));
  });

  /** A session as that member, for a browser that is not theirs yet. */
  async function sessionAs({ id, cohortId }: Member, { language }: Cohort): Promise<string | undefined> {
    const now = await store.findMember(cohortId, id);
    if (!now) return undefined;
    if (now.learnerId !== null) return store.addLearnerSession(now.learnerId);
    const { learner, token } = await store.createLearner(language);
    if (await store.bindMember(id, learner.id)) return token;
    const bound = await store.findMember(cohortId, id);
    return bound?.learnerId ? store.addLearnerSession(bound.learnerId) : undefined;
  }

  async function joinable(code: string | undefined): Promise<Cohort | undefined> {
    const cohort = code === undefined ? undefined : await store.findCohortByCode(code);
    return cohort?.kind === 'assignment' ? cohort : undefined;
  }

  app.post('/assignments/sign-up/look', async (c) => {
    const wait = codes.take(addressOf(c));
    if (wait > 0) return refuseFor(c, wait);
    const cohort = await joinable((await sent(c, codeSchema))?.code);
    if (!cohort) return refuse(c, 'bad-assignment-code');
    const there = (await store.placesOf(c.get('learner').id)).find(({ cohortId }) => cohortId === cohort.id);
    return c.json(
      signUpViewSchema.parse({
        title: cohort.title,
        dueAt: cohort.endsAt,
        timeZone: rulesOf(cohort).timeZone,
        asksEmail: cohort.asksEmail,
        name: there?.name ?? null,
      }),
    );
  });

  app.post('/assignments/sign-up', async (c) => {
    const wait = codes.take(addressOf(c));
    if (wait > 0) return refuseFor(c, wait);
    const body = await sent(c, signUpSchema);
    if (!body) return refuse(c, 'bad-person-name');
    const cohort = await joinable(body.code);
    if (!cohort) return refuse(c, 'bad-assignment-code');
    if (cohort.asksEmail && body.email === null) return refuse(c, 'bad-email');
    const email = cohort.asksEmail ? body.email : null;
    const joined = await store.join(cohort.id, c.get('learner').id, { name: body.name, email });
    if (!('member' in joined))
      return refuse(c, joined.was === 'removed' ? 'removed-from-assignment' : 'bad-assignment-code');
    const { member, link } = joined;
    return c.json(enteredSchema.parse({ title: cohort.title, name: member.name, token: link ?? null }));
  });

  return app;
}
