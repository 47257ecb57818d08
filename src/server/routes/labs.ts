/** One lab of the learner's: its state, a check, more time, reset and stop. */
import { Hono } from 'hono';
import { labStateSchema } from '../../protocol/api.ts';
import { attemptView } from '../attempt-view.ts';
import { hintsView } from '../hints-view.ts';
import { type App, type AppParts, type Env, language, refuse } from '../http.ts';
import { maySeeSolution } from '../solution-rule.ts';
import { sandboxState } from '../views.ts';

export function labRoutes(parts: AppParts): App {
  const { catalogue, rooms, store } = parts;
  const app = new Hono<Env>();

  for (const path of ['/labs/:lab', '/labs/:lab/*'] as const) {
    app.use(path, async (c, next) => {
      const exercise = catalogue.get(c.req.param('lab'));
      if (!exercise) return refuse(c, 'no-such-lab');
      c.set('exercise', exercise);
      return next();
    });
  }

  app.get('/labs/:lab', async (c) => {
    const exercise = c.get('exercise');
    const learner = c.get('learner');
    const latest = await store.latestAttempt(learner.id, exercise.lab.id);
    return c.json(
      labStateSchema.parse({
        lab: exercise.lab.id,
        sandbox: sandboxState(rooms.find(learner.id, exercise.lab.id)),
        attempt: latest ? await attemptView(store, learner.id, latest, exercise, language(c)) : null,
        hints: await hintsView(store, learner, exercise, language(c)),
        solutionOpen: await maySeeSolution(parts, learner, exercise),
      }),
    );
  });

  app.post('/labs/:lab/check', async (c) => {
    const exercise = c.get('exercise');
    const learner = c.get('learner');
    const room = rooms.find(learner.id, exercise.lab.id);
    if (!room) return refuse(c, 'no-sandbox');
    return c.json(await attemptView(store, learner.id, await room.check(), exercise, language(c)));
  });

  app.post('/labs/:lab/extend', async (c) => {
    const room = rooms.find(c.get('learner').id, c.get('exercise').lab.id);
    if (!room) return refuse(c, 'no-sandbox');
    return (await rooms.extend(room)) ? c.json(sandboxState(room)) : refuse(c, 'no-more-time');
  });

  app.post('/labs/:lab/reset', async (c) => {
    const exercise = c.get('exercise');
    const learner = c.get('learner');
    const room = rooms.find(learner.id, exercise.lab.id);
    if (room) await rooms.close(room);
    return c.json(sandboxState(await rooms.open(learner.id, exercise, () => undefined)));
  });

  app.delete('/labs/:lab/sandbox', async (c) => {
    const room = rooms.find(c.get('learner').id, c.get('exercise').lab.id);
    if (room) await rooms.close(room);
    return c.json(sandboxState(undefined));
  });

  return app;
}
