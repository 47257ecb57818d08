/** What the owner does about learning platforms: registering, links for dynamic registration, scores that do not arrive. */
import { z } from 'zod';
import { madeLinkSchema } from '../../protocol/accounts.ts';
import { changedSchema, platformPlanSchema, platformsSchema } from '../../protocol/lti.ts';
import { PlatformTaken } from '../../store/lti-platforms.ts';
import type { Routes } from '../accounts/access.ts';
import { addressOf } from '../accounts/address.ts';
import { type AppParts, refuse, sent } from '../http.ts';

const idSchema = z.uuid();
const SHOWN = 100;

export function platformRoutes({ store }: AppParts): Routes {
  const unlessTaken = async <T>(change: Promise<T>): Promise<T | 'taken'> => {
    try {
      return await change;
    } catch (error) {
      if (error instanceof PlatformTaken) return 'taken';
      throw error;
    }
  };

  return {
    'GET /lti': async (c) => {
      const [platforms, links, stuck] = await Promise.all([
        store.ltiPlatforms(),
        store.ltiLinks(SHOWN),
        store.stuckLtiScores(SHOWN),
      ]);
      return c.json(
        platformsSchema.parse({
          platforms: platforms.map(({ createdAt: _, ...platform }) => platform),
          links,
          stuck: stuck.map(({ id, user, link, score, tries, nextTryAt, lastError }) => {
            const { title, contextTitle } = link;
            return { id, name: user.name, title, contextTitle, score, tries, nextTryAt, error: lastError };
          }),
        }),
      );
    },

    'POST /lti/platforms': async (c) => {
      const plan = await sent(c, platformPlanSchema);
      if (!plan) return refuse(c, 'bad-platform');
      const { id } = c.get('signedIn').account;
      const detail = { address: addressOf(c), for: plan.name, issuer: plan.issuer };
      const made = await unlessTaken(store.addLtiPlatform(plan, id, { by: id, action: 'lti-platform-added', detail }));
      return made === 'taken' ? refuse(c, 'platform-taken') : c.json(changedSchema.parse(made));
    },

    'PUT /lti/platforms/:id': async (c) => {
      const id = idSchema.safeParse(c.req.param('id')).data;
      const plan = await sent(c, platformPlanSchema);
      if (!plan) return refuse(c, 'bad-platform');
      const detail = { address: addressOf(c), for: plan.name, issuer: plan.issuer };
      const entry = { by: c.get('signedIn').account.id, action: 'lti-platform-changed', object: id, detail };
      const done = id && (await unlessTaken(store.changeLtiPlatform(id, plan, entry)));
      if (done === 'taken') return refuse(c, 'platform-taken');
      return done ? c.json(changedSchema.parse({ id })) : refuse(c, 'no-such-platform');
    },

    'DELETE /lti/platforms/:id': async (c) => {
      const id = idSchema.safeParse(c.req.param('id')).data;
      const platform = id && (await store.findLtiPlatform(id));
      if (!platform) return refuse(c, 'no-such-platform');
      const detail = { address: addressOf(c), for: platform.name };
      const entry = { by: c.get('signedIn').account.id, action: 'lti-platform-removed', object: id, detail };
      return (await store.removeLtiPlatform(id, entry))
        ? c.json(changedSchema.parse({ id }))
        : refuse(c, 'no-such-platform');
    },

    'POST /lti/registrations': async (c) => {
      const { id } = c.get('signedIn').account;
      const entry = { by: id, action: 'lti-registration-link', detail: { address: addressOf(c) } };
      return c.json(madeLinkSchema.parse(await store.makeLtiRegistration(id, entry)));
    },

    'DELETE /lti/scores/:id': async (c) => {
      const id = idSchema.safeParse(c.req.param('id')).data;
      const entry = { by: c.get('signedIn').account.id, action: 'lti-score-ended', object: id };
      const done = id && (await store.endLtiScore(id, { ...entry, detail: { address: addressOf(c) } }));
      return done ? c.json(changedSchema.parse({ id })) : refuse(c, 'no-such-score');
    },
  };
}
