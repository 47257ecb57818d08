/** HTTP: the pages, and /api. Made from its parts, so that tests call it without a socket. */
import { serveStatic } from '@hono/node-server/serve-static';
import { type Context, Hono } from 'hono';
import type { Logger } from 'pino';
import type { Exercise } from '../exercise/catalogue.ts';
import type { TrialRunner } from '../exercise/trials.ts';
import { feedback } from '../grading/feedback.ts';
import { maxScore } from '../grading/score.ts';
import type { Probe } from '../inspector/probe.ts';
import {
  type Attempt,
  attemptSchema,
  labStateSchema,
  progressSchema,
  type SandboxState,
  sandboxStateSchema,
} from '../protocol/api.ts';
import { SandboxFault, SandboxRefused } from '../sandbox/engine.ts';
import type { AttemptRecord, Learner, Store } from '../store/store.ts';
import { type MessageCode, message } from './messages.ts';
import type { OriginRules } from './origin.ts';
import type { Room } from './room.ts';
import type { Rooms } from './rooms.ts';
import { languageOf, preferredLanguage, sessionCookie, sessionToken } from './session.ts';

export interface AppParts {
  readonly catalogue: ReadonlyMap<string, Exercise>;
  readonly rooms: Rooms;
  readonly store: Store;
  readonly probe: Probe;
  readonly trials: TrialRunner;
  readonly origins: OriginRules;
  /** The built pages. */
  readonly site: string;
  readonly cgroupLimits: boolean;
  readonly log: Logger;
}

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

const STATUS: Partial<Record<MessageCode, 400 | 401 | 403 | 404 | 409 | 500 | 503>> = {
  'no-session': 401,
  'no-such-lab': 404,
  'no-sandbox': 409,
  full: 503,
  'start-failed': 503,
  'bad-request': 400,
  'foreign-origin': 403,
  'not-found': 404,
  internal: 500,
};

type Variables = { learner: Learner; exercise: Exercise };

export function createApp(parts: AppParts): Hono<{ Variables: Variables }> {
  const { catalogue, rooms, store, probe, origins, log } = parts;
  const app = new Hono<{ Variables: Variables }>();
  const language = (c: Context) => languageOf(c.req.query('language'));
  const refuse = (c: Context, code: MessageCode) =>
    c.json({ error: { code, message: message(code, language(c)) } }, STATUS[code]);

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

  app.get('/api/progress', async (c) =>
    c.json(progressSchema.parse({ labs: await store.progress(c.get('learner').id) })),
  );

  app.use('/api/labs/:lab/*', loadExercise);
  app.use('/api/labs/:lab', loadExercise);
  async function loadExercise(c: Context<{ Variables: Variables }>, next: () => Promise<void>) {
    const exercise = catalogue.get(c.req.param('lab') ?? '');
    if (!exercise) return refuse(c, 'no-such-lab');
    c.set('exercise', exercise);
    return next();
  }

  app.get('/api/labs/:lab', async (c) => {
    const { lab, grader } = c.get('exercise');
    const learner = c.get('learner');
    const latest = await store.latestAttempt(learner.id, lab.id);
    return c.json(
      labStateSchema.parse({
        lab: lab.id,
        sandbox: sandboxState(rooms.find(learner.id, lab.id)),
        attempt: latest ? attempt(latest, { lab, grader }, language(c)) : null,
      }),
    );
  });

  app.post('/api/labs/:lab/check', async (c) => {
    const exercise = c.get('exercise');
    const room = rooms.find(c.get('learner').id, exercise.lab.id);
    if (!room) return refuse(c, 'no-sandbox');
    const record = await room.check(probe, exercise, store, parts.cgroupLimits, parts.trials);
    return c.json(attempt(record, exercise, language(c)));
  });

  app.post('/api/labs/:lab/reset', async (c) => {
    const exercise = c.get('exercise');
    const learner = c.get('learner');
    const room = rooms.find(learner.id, exercise.lab.id);
    if (room) await rooms.close(room);
    return c.json(sandboxState(await rooms.open(learner.id, exercise, () => undefined)));
  });

  app.delete('/api/labs/:lab/sandbox', async (c) => {
    const room = rooms.find(c.get('learner').id, c.get('exercise').lab.id);
    if (room) await rooms.close(room);
    return c.json(sandboxState(undefined));
  });

  app.all('/api/*', (c) => refuse(c, 'not-found'));

  app.get('/', (c) => c.redirect(`/${preferredLanguage(c.req.header('accept-language'))}/`, 302));
  for (const start of ['/en', '/ja'])
    app.get(start, (c, next) => (c.req.path === start ? c.redirect(`${start}/`, 301) : next()));

  // A page gives its reader a session, so that everything after it has one.
  app.on('GET', ['/en/*', '/ja/*'], async (c, next) => {
    const token = sessionToken(c.req.header('cookie'));
    let learner = token && (await store.findLearner(token));
    if (!learner) {
      const fresh = await store.createLearner(c.req.path.startsWith('/ja') ? 'ja' : 'en');
      c.header('Set-Cookie', sessionCookie(fresh.token, c.req.header('x-forwarded-proto') === 'https'));
      learner = fresh.learner;
    }
    if (isVisit(c)) prepareRoom(learner, c.req.path);
    c.header('Cache-Control', 'no-cache');
    await next();
  });

  /** The page will ask for its room in a moment: until then half of the work is done. */
  function prepareRoom(learner: Learner, path: string): void {
    const exercise = catalogue.get(/^\/(?:en|ja)\/labs\/([a-z0-9-]+)\/?$/.exec(path)?.[1] ?? '');
    if (!exercise) return;
    rooms
      .open(learner.id, exercise, () => undefined)
      .catch((error) => log.info({ err: error }, 'no room yet for a page that was opened'));
  }
  app.use('/_astro/*', async (c, next) => {
    await next();
    if (c.res.ok) c.header('Cache-Control', 'public, max-age=31536000, immutable');
  });
  app.get('/*', serveStatic({ root: parts.site }));
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

/** A person went there: no prefetch, no picture or script of that address, no tool. */
const isVisit = (c: Context): boolean =>
  c.req.header('sec-fetch-dest') === 'document' && c.req.header('sec-purpose') === undefined;

function sandboxState(room: Room | undefined): SandboxState {
  return sandboxStateSchema.parse({
    state: room?.sandbox.state ?? 'absent',
    expiresAt: room?.sandbox.expiresAt.toISOString() ?? null,
    parameters: room?.record.parameters ?? {},
  });
}

function attempt(record: AttemptRecord, { grader }: Exercise, language: 'en' | 'ja'): Attempt {
  return attemptSchema.parse({
    ...record,
    maxScore: record.maxScore ?? maxScore,
    checks: feedback(grader, record.results, language),
  });
}
