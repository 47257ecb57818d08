/** The built pages. A page gives its reader a session, so that everything after it has one. */
import { getConnInfo } from '@hono/node-server/conninfo';
import { serveStatic } from '@hono/node-server/serve-static';
import { type Context, Hono } from 'hono';
import type { Learner } from '../../store/store.ts';
import { type App, type AppParts, type Env, refuse } from '../http.ts';
import { whoAsks } from '../lti/session.ts';
import { Newcomers } from '../newcomers.ts';
import { isSecure, preferredLanguage, sessionCookie } from '../session.ts';

export function pageRoutes({ catalogue, rooms, store, site, log }: AppParts): App {
  const app = new Hono<Env>();
  const newcomers = new Newcomers();

  app.get('/', (c) => c.redirect(`/${preferredLanguage(c.req.header('accept-language'))}/`, 302));
  for (const start of ['/en', '/ja'])
    app.get(start, (c, next) => (c.req.path === start ? c.redirect(`${start}/`, 301) : next()));

  app.on('GET', ['/en/*', '/ja/*'], async (c, next) => {
    // An instructor is no learner, and needs no row among them.
    if (/^\/(?:en|ja)\/instructor\//.test(c.req.path)) {
      c.header('Cache-Control', 'no-cache');
      return next();
    }
    const secure = isSecure(c.req.header('x-forwarded-proto'));
    const { lti, ambiguous, ...asker } = await whoAsks(store, c.req.header('cookie'), secure);
    c.set('lti', lti);
    let { learner } = asker;
    // Of two sessions one may be the learner's own, which a new cookie would take away for good.
    if (!learner && !ambiguous && !isForLaunches(c.req.path)) {
      if (!newcomers.admit(addressOf(c))) return refuse(c, 'too-many');
      const fresh = await store.createLearner(c.req.path.startsWith('/ja') ? 'ja' : 'en');
      c.header('Set-Cookie', sessionCookie(fresh.token, secure));
      learner = fresh.learner;
    }
    if (learner && isVisit(c)) prepareRoom(learner, c.req.path);
    c.header('Cache-Control', 'no-cache');
    return next();
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
  app.get('/*', serveStatic({ root: site, precompressed: true }));
  return app;
}

/** A person went there: no prefetch, no picture or script of that address, no tool. */
const isVisit = (c: Context<Env>): boolean =>
  ['document', ...(c.get('lti') ? ['iframe'] : [])].includes(c.req.header('sec-fetch-dest') ?? '') &&
  c.req.header('sec-purpose') === undefined;

/** Pages that only somebody who came by a launch has a use for. */
const isForLaunches = (path: string): boolean => /^\/(?:en|ja)\/lti\//.test(path);

/** Tests call the app without a socket. */
const addressOf = (c: Context): string | undefined => (c.env?.incoming ? getConnInfo(c).remote.address : undefined);
