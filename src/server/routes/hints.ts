/** Taking a hint: remembered before its text is told. */
import { Hono } from 'hono';
import { labHintsSchema } from '../../protocol/api.ts';
import { hintsView } from '../hints-view.ts';
import { type App, type AppParts, type Env, language, refuse } from '../http.ts';

export function hintRoutes({ store }: AppParts): App {
  return new Hono<Env>().post('/labs/:lab/tasks/:task/hints/:step', async (c) => {
    const { task: id, step: asked } = c.req.param();
    const exercise = c.get('exercise');
    const learner = c.get('learner');
    const task = exercise.lab.tasks.find((one) => one.id === id);
    const step = /^[1-9]\d?$/.test(asked) ? Number(asked) : 0;
    if (!task?.hints[step - 1]) return refuse(c, 'no-such-hint');
    const taken = (await store.hintsTaken(learner.id, exercise.lab.id)).filter((hint) => hint.task === id);
    const given = (await store.grantsFor(learner.id, exercise.lab.id)).filter((grant) => grant.task === id);
    const has = (wanted: number) => [...taken, ...given].some((hint) => hint.step === wanted);
    if (step > 1 && !has(step - 1)) return refuse(c, 'hint-order');
    if (!has(step)) await store.takeHint(learner.id, exercise.lab.id, id, step);
    return c.json(labHintsSchema.parse(await hintsView(store, learner, exercise, language(c))));
  });
}
