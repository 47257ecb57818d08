/** /lti: where platforms send browsers, and what they read of us. Apart from /api, since all of it comes from other sites. */
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { type App, type AppParts, type Env, refuse } from '../http.ts';
import { choiceRoute } from './choice.ts';
import { enterRoute } from './enter.ts';
import { launchRoute } from './launch.ts';
import { loginRoute } from './login.ts';
import { registerRoute } from './register.ts';

/** A launch with every claim there is. */
const BODY_LIMIT = 128 * 1024;

export function ltiRoutes(parts: AppParts): App {
  const app = new Hono<Env>();
  app.use(bodyLimit({ maxSize: BODY_LIMIT, onError: (c) => refuse(c, 'too-large') }));
  app.get('/jwks.json', async (c) => c.json({ keys: [(await parts.lti.key()).publicJwk] }));
  const login = loginRoute(parts);
  app.get('/login', login);
  app.post('/login', login);
  app.post('/launch', launchRoute(parts));
  app.post('/enter', enterRoute(parts));
  app.post('/choice', choiceRoute(parts));
  app.get('/register', registerRoute(parts));
  return app;
}
