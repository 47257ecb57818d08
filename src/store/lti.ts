/** Learning platforms: all that is remembered of them, by what it is about. */
import type { Kysely } from 'kysely';
import { ltiLinkQueries } from './lti-links.ts';
import { ltiPlatformQueries } from './lti-platforms.ts';
import { ltiScoreQueries } from './lti-scores.ts';
import { ltiSessionQueries } from './lti-sessions.ts';
import type { Database } from './schema.ts';

export const ltiQueries = (db: Kysely<Database>) => ({
  ...ltiPlatformQueries(db),
  ...ltiSessionQueries(db),
  ...ltiLinkQueries(db),
  ...ltiScoreQueries(db),
});
