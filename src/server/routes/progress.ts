/** How far a learner has come over the whole course, and the name for their record. */
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { nameChangeSchema } from '../../protocol/receipt.ts';
import { type App, type AppParts, type Env, refuse, sent } from '../http.ts';
import { learnerProgress } from '../learner-progress.ts';

const NAME_BODY_LIMIT = 2048;

export function progressRoutes({ catalogue, store }: AppParts): App {
  const app = new Hono<Env>();

  app.get('/progress', async (c) => c.json(await learnerProgress(store, catalogue, c.get('learner'))));

  app.put(
    '/progress/name',
    bodyLimit({ maxSize: NAME_BODY_LIMIT, onError: (c) => refuse(c, 'too-large') }),
    async (c) => {
      const change = await sent(c, nameChangeSchema);
      if (!change) return refuse(c, 'bad-name');
      const name = change.name === '' ? null : change.name;
      await store.setRecordName(c.get('learner').id, name);
      return c.json({ name });
    },
  );

  return app;
}
