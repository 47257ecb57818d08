/** HTTP: the pages, and /api. Made from its parts, so that tests call it without a socket. */
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { SandboxFault, SandboxRefused } from '../sandbox/engine.ts';
import { type App, type AppParts, type Env, refuse } from './http.ts';
import { fileRoutes } from './routes/files.ts';
import { labRoutes } from './routes/labs.ts';
import { pageRoutes } from './routes/pages.ts';
import { progressRoutes } from './routes/progress.ts';
import { sessionToken } from './session.ts';

/** xterm.js adds style elements of its own, so styles cannot be bound to files; scripts are. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

export function createApp(parts: AppParts): App {
  const { rooms, store, origins, log } = parts;
  const app = new Hono<Env>();

  app.use(async (c, next) => {
    if (!origins.host(c.req.header('host'))) {
      c.res = c.text('This server does not answer to that name.\n', 421);
      return;
    }
    await next();
    c.header('Content-Security-Policy', CONTENT_SECURITY_POLICY);
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Referrer-Policy', 'same-origin');
    c.header('Cross-Origin-Opener-Policy', 'same-origin');
    c.header('Cross-Origin-Resource-Policy', 'same-origin');
    c.header('Permissions-Policy', 'camera=(), microphone=(), geolocation=()');
  });

  app.get('/api/health', (c) => c.json({ status: 'ok', sandboxes: rooms.count }));

  app.use('/api/*', async (c, next) => {
    c.header('Cache-Control', 'no-store');
    const reads = c.req.method === 'GET' || c.req.method === 'HEAD';
    // The header cannot be set by another site's form; the origin cannot be lied about by a browser.
    if (!reads && !(origins.origin(c.req.header('origin'), c.req.header('host')) && c.req.header('x-toride') === '1'))
      return refuse(c, 'foreign-origin');
    const token = sessionToken(c.req.header('cookie'));
    const learner = token && (await store.findLearner(token));
    if (!learner) return refuse(c, 'no-session');
    c.set('learner', learner);
    return next();
  });
  for (const routes of [progressRoutes, labRoutes, fileRoutes]) app.route('/api', routes(parts));
  app.all('/api/*', (c) => refuse(c, 'not-found'));

  app.route('/', pageRoutes(parts));
  app.notFound(async (c) => {
    const page = await serveStatic({ root: parts.site, path: '404.html' })(c, async () => undefined);
    return page ? new Response(page.body, { status: 404, headers: page.headers }) : c.text('Not found\n', 404);
  });

  app.onError((error, c) => {
    if (error instanceof SandboxRefused) return refuse(c, 'full');
    log.error({ err: error, path: c.req.path }, 'request failed');
    return refuse(c, error instanceof SandboxFault ? 'start-failed' : 'internal');
  });
  return app;
}
