/** Workshops as learners have them: join by a code, come back by a personal link, raise a hand, answer who wants to type. */
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import {
  backSchema,
  handSchema,
  joinedSchema,
  joinLookSchema,
  joinSchema,
  joinViewSchema,
  placeAnswerSchema,
  shareAnswerSchema,
} from '../../protocol/workshops.ts';
import { addressOf } from '../accounts/address.ts';
import { openLimiter } from '../accounts/limiter.ts';
import { refuseFor } from '../accounts/limits.ts';
import { type App, type AppParts, type Env, refuse, sent } from '../http.ts';
import type { MessageCode } from '../messages.ts';
import { isSecure, sessionCookie } from '../session.ts';
import { stateOf } from './live.ts';

const BODY_LIMIT = 8 * 1024;
const WRONG_FIELD: Readonly<Record<string, MessageCode>> = {
  code: 'bad-code',
  name: 'bad-name',
  email: 'email-needed',
};

export function placeRoutes({ store, workshops, rooms }: AppParts): App {
  // A room of sixty sits behind one address and joins in a minute; who guesses codes needs 10¹¹ of them.
  const tries = openLimiter(150, 500);
  const app = new Hono<Env>();
  const limit = bodyLimit({ maxSize: BODY_LIMIT, onError: (c) => refuse(c, 'too-large') });
  app.use('/join/*', limit);
  app.use('/join', limit);
  app.use('/workshop/*', limit);

  const enter = (c: Context, token: string) =>
    c.header('Set-Cookie', sessionCookie(token, isSecure(c.req.header('x-forwarded-proto'))));

  async function workshopOf(code: string) {
    const cohort = await store.findCohortByCode(code);
    return cohort?.kind === 'workshop' && stateOf(cohort) !== 'ended' ? cohort : undefined;
  }

  app.post('/join/look', async (c) => {
    const wait = tries.take(addressOf(c));
    if (wait > 0) return refuseFor(c, wait);
    const body = await sent(c, joinLookSchema);
    const cohort = body && (await workshopOf(body.code));
    if (!cohort) return refuse(c, 'bad-code');
    const { title, asksEmail, startsAt } = cohort;
    const own = (await workshops.find(cohort.id))?.memberOf(c.get('learner').id);
    return c.json(joinViewSchema.parse({ title, asksEmail, startsAt, name: own?.name ?? null }));
  });

  app.post('/join', async (c) => {
    const wait = tries.take(addressOf(c));
    if (wait > 0) return refuseFor(c, wait);
    // Not by `sent`: which field it was is told, so that the person can mend it.
    const body = joinSchema.safeParse(await c.req.json().catch(() => undefined));
    if (!body.success) return refuse(c, WRONG_FIELD[String(body.error.issues[0]?.path[0])] ?? 'bad-request');
    const { code, name, email, fresh } = body.data;
    if (name === '') return refuse(c, 'bad-person-name');
    const cohort = await workshopOf(code);
    if (!cohort) return refuse(c, 'bad-code');
    if (cohort.asksEmail && email === undefined) return refuse(c, 'email-needed');
    const other = fresh ? await store.createLearner(cohort.language) : undefined;
    const learner = other?.learner ?? c.get('learner');
    const joining = await store.join(cohort.id, learner.id, { name, email: cohort.asksEmail ? (email ?? null) : null });
    if (!('member' in joining)) return refuse(c, joining.was === 'closed' ? 'workshop-over' : 'taken-out');
    await workshops.changed(cohort.id);
    if (other) enter(c, other.token);
    return c.json(joinedSchema.parse({ link: joining.link ?? null }));
  });

  app.post('/join/back', async (c) => {
    const wait = tries.take(addressOf(c));
    if (wait > 0) return refuseFor(c, wait);
    const body = await sent(c, backSchema);
    const member = body && (await store.findMemberByLink(body.link));
    if (!member?.learnerId) return refuse(c, 'bad-member-link');
    if (member.learnerId !== c.get('learner').id) enter(c, await store.addLearnerSession(member.learnerId));
    return c.json(joinedSchema.parse({ link: null }));
  });

  app.get('/workshop', async (c) => {
    return c.json(placeAnswerSchema.parse({ place: await workshops.place(c.get('learner').id) }));
  });

  app.post('/workshop/hand', async (c) => {
    const body = await sent(c, handSchema);
    const found = workshops.of(c.get('learner').id);
    if (!body) return refuse(c, 'bad-request');
    if (!found || !(await store.setHand(found.member.id, body.raised))) return refuse(c, 'no-workshop');
    await workshops.changed(found.workshop.cohort.id);
    return c.json(placeAnswerSchema.parse({ place: await workshops.place(c.get('learner').id) }));
  });

  app.post('/workshop/link', async (c) => {
    const found = workshops.of(c.get('learner').id);
    if (!found) return refuse(c, 'no-workshop');
    return c.json(joinedSchema.parse({ link: await store.renewMemberLink(found.member.id) }));
  });

  app.post('/workshop/leave', async (c) => {
    const learner = c.get('learner');
    const found = workshops.of(learner.id);
    if (!found) return refuse(c, 'no-workshop');
    const { workshop, member } = found;
    const own = workshops.roomsOf(workshop, member);
    await store.leave(workshop.cohort.id, member.id);
    await Promise.all(own.map((room) => rooms.close(room)));
    await workshops.changed(workshop.cohort.id);
    return c.json(placeAnswerSchema.parse({ place: await workshops.place(learner.id) }));
  });

  app.post('/workshop/share', async (c) => {
    const body = await sent(c, shareAnswerSchema);
    if (!body) return refuse(c, 'bad-request');
    const watch = workshops.shares.answer(c.get('learner').id, body.id, body.allow);
    if (!watch) return refuse(c, 'no-share');
    const action = body.allow ? 'share-allowed' : 'share-refused';
    const detail = { for: workshops.of(watch.learnerId)?.member.name ?? '', lab: watch.lab };
    await store.audit({ by: watch.accountId, action, object: watch.workshopId, detail });
    return c.json(placeAnswerSchema.parse({ place: await workshops.place(c.get('learner').id) }));
  });

  return app;
}
