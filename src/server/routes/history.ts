/** A learner's attempts of a lab: the list, and each with its evidence as it was. */
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { attemptListSchema } from '../../protocol/api.ts';
import { attemptView, pointsOf, standing } from '../attempt-view.ts';
import { type App, type AppParts, type Env, language, refuse } from '../http.ts';

const PAGE = 20;
const isId = (text: string) => z.uuid().safeParse(text).success;

export function historyRoutes({ store }: AppParts): App {
  const app = new Hono<Env>();
  const find = (c: Context<Env>, id: string) => store.findAttempt(c.get('learner').id, c.get('exercise').lab.id, id);

  app.get('/labs/:lab/attempts', async (c) => {
    const exercise = c.get('exercise');
    const learner = c.get('learner');
    const before = c.req.query('before');
    if (before !== undefined && !isId(before)) return refuse(c, 'bad-attempt-id');
    if (before !== undefined && !(await find(c, before))) return refuse(c, 'no-such-attempt');
    const found = await store.attemptsOf(learner.id, exercise.lab.id, PAGE + 1, before);
    const stands = await standing(store, learner.id, exercise);
    return c.json(
      attemptListSchema.parse({
        attempts: found.slice(0, PAGE).map((record) => ({ ...record, ...pointsOf(record, exercise, stands) })),
        more: found.length > PAGE,
      }),
    );
  });

  app.get('/labs/:lab/attempts/:id', async (c) => {
    const id = c.req.param('id');
    if (!isId(id)) return refuse(c, 'bad-attempt-id');
    const record = await find(c, id);
    if (!record) return refuse(c, 'no-such-attempt');
    return c.json(await attemptView(store, c.get('learner').id, record, c.get('exercise'), language(c)));
  });

  return app;
}
