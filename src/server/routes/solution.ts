/** The reference solution, for whom it is open. */
import { Hono } from 'hono';
import { loadSolution } from '../../exercise/solution.ts';
import { solutionSchema } from '../../protocol/api.ts';
import { type App, type AppParts, type Env, refuse } from '../http.ts';
import { maySeeSolution } from '../solution-rule.ts';

export function solutionRoutes(parts: AppParts): App {
  return new Hono<Env>().get('/labs/:lab/solution', async (c) => {
    const exercise = c.get('exercise');
    const learner = c.get('learner');
    if (!(await maySeeSolution(parts, learner, exercise))) return refuse(c, 'solution-locked');
    const parameters = parts.rooms.parametersOf(learner.id, exercise.lab);
    return c.json(solutionSchema.parse(await loadSolution(parts.root, exercise, parameters)));
  });
}
