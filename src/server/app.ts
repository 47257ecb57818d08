/** HTTP: the pages, and /api. Made from its parts, so that tests call it without a socket. */
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { SandboxFault, SandboxRefused } from '../sandbox/engine.ts';
import { StoreUnavailable } from '../store/store.ts';
import { bearerOf } from './accounts/access.ts';
import { oidcRoutes } from './accounts/oidc-routes.ts';
import { instructorRoutes } from './accounts/routes.ts';
import { apiDescription } from './api-description.ts';
import { assignmentEntryRoutes } from './classroom/assignment-entry.ts';
import { assignmentRoutes } from './classroom/assignment-learner.ts';
import { placeRoutes } from './classroom/place-routes.ts';
import { type App, type AppParts, type Env, refuse } from './http.ts';
import { ltiLinkRoutes } from './lti/link.ts';
import { ltiRoutes } from './lti/routes.ts';
import { whoAsks } from './lti/session.ts';
import { frameSource, type PreviewPlace, previewPlace } from './preview/address.ts';
import { LabLocked } from './rooms.ts';
import { fileRoutes } from './routes/files.ts';
import { hintRoutes } from './routes/hints.ts';
import { historyRoutes } from './routes/history.ts';
import { labRoutes } from './routes/labs.ts';
import { pageRoutes } from './routes/pages.ts';
import { previewRoutes } from './routes/preview.ts';
import { progressRoutes } from './routes/progress.ts';
import { recordRoutes } from './routes/record.ts';
import { recordingRoutes } from './routes/recordings.ts';
import { solutionRoutes } from './routes/solution.ts';
import { verifyRoutes } from './routes/verify.ts';
import { isSecure } from './session.ts';

const isPlayer = (path: string): boolean => /^\/(?:en|ja)\/recordings\/$/.test(path);

/**
 * xterm.js adds style elements of its own, so styles cannot be bound to files; scripts are. The player of recordings is
 * compiled to WebAssembly: its page may run that, and no other page may.
 *
 * @param frame whose page may show this one: only the platform's by whose launch this reader came
 */
const contentSecurityPolicy = (previews: PreviewPlace | null, player: boolean, frame = "'none'"): string =>
  [
    "default-src 'none'",
    `script-src 'self'${player ? " 'wasm-unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${frame}`,
    ...(previews ? [`frame-src ${frameSource(previews)}`] : []),
  ].join('; ');

export function createApp(parts: AppParts): App {
  const { rooms, store, origins, previewDomain, log } = parts;
  const app = new Hono<Env>();

  app.use(async (c, next) => {
    const host = c.req.header('host');
    if (!origins.host(host)) {
      c.res = c.text('This server does not answer to that name.\n', 421);
      return;
    }
    await next();
    const previews = previewPlace(host, isSecure(c.req.header('x-forwarded-proto')), previewDomain);
    const policy = contentSecurityPolicy(previews, isPlayer(c.req.path), c.get('lti')?.platform.pageOrigin);
    c.header('Content-Security-Policy', c.get('policy') ?? policy);
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Referrer-Policy', 'same-origin');
    c.header('Cross-Origin-Opener-Policy', 'same-origin');
    c.header('Cross-Origin-Resource-Policy', 'same-origin');
    c.header('Permissions-Policy', 'camera=(), microphone=(), geolocation=()');
  });

  app.get('/api/health', (c) => c.json({ status: 'ok', sandboxes: rooms.count }));

  app.route('/', verifyRoutes(parts));
  app.route('/auth/oidc', oidcRoutes(parts));
  app.route('/lti', ltiRoutes(parts));

  app.use('/api/*', async (c, next) => {
    c.header('Cache-Control', 'no-store');
    // No browser adds a token by itself: a program asks, and its cookies, if it has any, count for nothing.
    if (c.req.path.startsWith('/api/instructor/') && bearerOf(c.req.header('authorization')) !== undefined)
      return next();
    const reads = c.req.method === 'GET' || c.req.method === 'HEAD';
    // The header cannot be set by another site's form; the origin cannot be lied about by a browser.
    if (!reads && !(origins.origin(c.req.header('origin'), c.req.header('host')) && c.req.header('x-toride') === '1'))
      return refuse(c, 'foreign-origin');
    // Not even to read: a page of a preview may be of the same site for the browser, and comes with the cookie.
    if (!['same-origin', 'none', undefined].includes(c.req.header('sec-fetch-site')))
      return refuse(c, 'foreign-origin');
    return next();
  });

  app.get('/api/openapi.json', (c) => c.json(apiDescription()));
  app.route('/api/instructor', instructorRoutes(parts));

  app.use('/api/*', async (c, next) => {
    const secure = isSecure(c.req.header('x-forwarded-proto'));
    const { learner, lti, ambiguous } = await whoAsks(store, c.req.header('cookie'), secure);
    if (ambiguous) return refuse(c, 'two-sessions');
    if (!learner) return refuse(c, 'no-session');
    c.set('learner', learner);
    c.set('lti', lti);
    return next();
  });
  app.route('/api/lti', ltiLinkRoutes(parts));
  const learning = [progressRoutes, recordRoutes, labRoutes, hintRoutes, historyRoutes, solutionRoutes];
  const own = [recordingRoutes, fileRoutes, previewRoutes, placeRoutes, assignmentEntryRoutes, assignmentRoutes];
  for (const routes of [...learning, ...own]) app.route('/api', routes(parts));
  app.all('/api/*', (c) => refuse(c, 'not-found'));

  app.route('/', pageRoutes(parts));
  app.notFound(async (c) => {
    const page = await serveStatic({ root: parts.site, path: '404.html' })(c, async () => undefined);
    return page ? new Response(page.body, { status: 404, headers: page.headers }) : c.text('Not found\n', 404);
  });

  app.onError((error, c) => {
    if (error instanceof SandboxRefused) return refuse(c, 'full');
    if (error instanceof LabLocked) return refuse(c, 'lab-locked');
    if (error instanceof StoreUnavailable) {
      log.warn({ reason: error.message, path: c.req.path }, 'no database for a request');
      return refuse(c, 'store-away');
    }
    log.error({ err: error, path: c.req.path }, 'request failed');
    return refuse(c, error instanceof SandboxFault ? 'start-failed' : 'internal');
  });
  return app;
}
