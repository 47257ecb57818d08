/** /api/instructor: every route by its name in the table of who may. */
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { ROSTER_BYTES } from '../../classroom/assignment-roster.ts';
import { assignmentInstructorRoutes } from '../classroom/assignment-instructor.ts';
import { assignmentMemberRoutes } from '../classroom/assignment-members.ts';
import { assignmentReviewRoutes } from '../classroom/assignment-review.ts';
import { assignmentSignRoutes } from '../classroom/assignment-signs.ts';
import { workshopRoutes } from '../classroom/workshop-routes.ts';
import { type App, type AppParts, type Env, refuse } from '../http.ts';
import { platformRoutes } from '../lti/platforms.ts';
import { type RouteName, requireRole } from './access.ts';
import { refuseFor } from './limits.ts';
import { ownRoutes } from './own.ts';
import { ownerRoutes } from './owner.ts';
import { TooBusy } from './password.ts';
import { signInRoutes } from './sign-in.ts';
import { tokenRoutes } from './tokens.ts';

const BODY_LIMIT = 8 * 1024;
/** Of the routes that take more. */
const BODY_LIMITS: Partial<Record<RouteName, number>> = { 'POST /assignments/:id/roster': ROSTER_BYTES };

export function instructorRoutes(parts: AppParts): App {
  const app = new Hono<Env>();
  const routes = {
    ...signInRoutes(parts),
    ...ownRoutes(parts),
    ...ownerRoutes(parts),
    ...tokenRoutes(parts),
    ...assignmentInstructorRoutes(parts),
    ...assignmentMemberRoutes(parts),
    ...assignmentReviewRoutes(parts),
    ...assignmentSignRoutes(parts),
    ...workshopRoutes(parts),
    ...platformRoutes(parts),
  };
  for (const [name, handle] of Object.entries(routes)) {
    const [method, path] = name.split(' ') as [string, string];
    const maxSize = BODY_LIMITS[name as RouteName] ?? BODY_LIMIT;
    const limit = bodyLimit({ maxSize, onError: (c) => refuse(c, 'too-large') });
    // The role before the body: who may not, need not send one.
    app.on(method, path, requireRole(parts.store, name as RouteName), limit, handle);
  }
  app.all('/*', (c) => refuse(c, 'not-found'));
  app.onError((error, c) => {
    if (error instanceof TooBusy) return refuseFor(c, 2);
    throw error;
  });
  return app;
}
