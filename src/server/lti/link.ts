/** /api/lti/link: what who teaches in a course sees of the link by which they came. */
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { PlatformFailed } from '../../classroom/lti/fetch.ts';
import { type CourseMember, courseMembers } from '../../classroom/lti/members.ts';
import { changedSchema, type LtiLinkView, labChoiceSchema, ltiLinkSchema } from '../../protocol/lti.ts';
import type { LtiLink } from '../../store/lti-links.ts';
import type { LtiPlatform } from '../../store/lti-platforms.ts';
import { addressOf } from '../accounts/address.ts';
import { type App, type AppParts, type Env, refuse, sent } from '../http.ts';

const BODY_LIMIT = 1024;
const idSchema = z.uuid();

export function ltiLinkRoutes({ store, catalogue, lti, log }: AppParts): App {
  const app = new Hono<Env>();
  app.use(bodyLimit({ maxSize: BODY_LIMIT, onError: (c) => refuse(c, 'too-large') }));
  app.use(async (c, next) => {
    const session = c.get('lti');
    return session?.role === 'instructor' && session.linkId !== null ? next() : refuse(c, 'role-needed');
  });

  async function membersOf(platform: LtiPlatform, link: LtiLink): Promise<CourseMember[] | 'absent' | 'failed'> {
    if (link.membershipsUrl === null) return 'absent';
    try {
      return await courseMembers(lti.services, platform, link.membershipsUrl);
    } catch (error) {
      if (!(error instanceof PlatformFailed)) throw error;
      log.warn({ platform: platform.id, reason: error.message }, 'the members of a course could not be read');
      return 'failed';
    }
  }

  async function view(c: Context<Env>): Promise<LtiLinkView> {
    const { platform, linkId } = c.get('lti')!;
    const link = (await store.findLtiLink(linkId!))!;
    const [rows, told] = await Promise.all([store.ltiScoresOfLink(link.id), membersOf(platform, link)]);
    const members = Array.isArray(told) ? told : [];
    const names = new Map(members.map(({ sub, name }) => [sub, name]));
    const came = rows.map(({ id, user, score, maxScore, passed, state, lastError }) => {
      const name = user.name ?? names.get(user.sub) ?? null;
      return { id, name, score, maxScore, passed, state, error: lastError };
    });
    const here = new Set(rows.map(({ user }) => user.sub));
    const missing = members.filter(({ sub, role }) => role === 'learner' && !here.has(sub));
    const nothing = { id: null, score: null, maxScore: null, passed: false, state: 'none' as const, error: null };
    const people = [...came, ...missing.map(({ name }) => ({ ...nothing, name }))];
    return ltiLinkSchema.parse({
      title: link.title,
      contextTitle: link.contextTitle,
      platformName: platform.name,
      lab: link.lab,
      grades: (link.lineItemUrl ?? link.lineItemsUrl) !== null,
      members: Array.isArray(told) ? 'told' : told,
      people: people.sort((a, b) => (a.name ?? '').localeCompare(b.name ?? '')),
    });
  }

  app.get('/link', async (c) => c.json(await view(c)));

  app.put('/link/lab', async (c) => {
    const choice = await sent(c, labChoiceSchema);
    if (!choice || !catalogue.has(choice.lab)) return refuse(c, 'no-such-lab');
    return (await store.chooseLtiLab(c.get('lti')!.linkId!, choice.lab))
      ? c.json(await view(c))
      : refuse(c, 'lab-chosen');
  });

  app.delete('/link/scores/:id', async (c) => {
    const id = idSchema.safeParse(c.req.param('id')).data;
    const { user, linkId } = c.get('lti')!;
    const detail = { address: addressOf(c), by: 'lti', person: user.name ?? user.sub };
    const entry = { by: null, action: 'lti-score-ended', object: id, detail };
    const done = id && (await store.endLtiScore(id, entry, linkId!));
    return done ? c.json(changedSchema.parse({ id })) : refuse(c, 'no-such-score');
  });

  return app;
}
