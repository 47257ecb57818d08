/** How far a learner has come over the whole course. */
import { Hono } from 'hono';
import { progressSchema } from '../../protocol/api.ts';
import type { App, AppParts, Env } from '../http.ts';

export function progressRoutes({ store }: AppParts): App {
  return new Hono<Env>().get('/progress', async (c) =>
    c.json(progressSchema.parse({ labs: await store.progress(c.get('learner').id) })),
  );
}
