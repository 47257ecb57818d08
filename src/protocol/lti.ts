/** HTTP bodies about learning platforms: the owner's page below /api/instructor/lti, and a link's page at /api/lti/link. */
import { z } from 'zod';
import { labIdSchema } from './api.ts';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
const LONGEST = 2000;

/** https; without TLS on this machine only. Neither a password nor a fragment. */
export function isPlatformUrl(value: string): boolean {
  if (value.length > LONGEST || !URL.canParse(value)) return false;
  const { protocol, hostname, username, password, hash } = new URL(value);
  if (username !== '' || password !== '' || hash !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname));
}

/** Of a name or an address, with or without a port. */
export const isLoopbackHost = (host: string): boolean => LOOPBACK.has(host.replace(/:\d+$/, '').toLowerCase());

export const platformUrlSchema = z.string().refine(isPlatformUrl);
/** Without a path: 'https://moodle.example.org'. */
const originSchema = z.string().refine((value) => isPlatformUrl(value) && new URL(value).origin === value);
const idSchema = z.string().min(1).max(255);

/** POST /lti/platforms, PUT /lti/platforms/:id: what a platform's administrator reads off there. */
export const platformPlanSchema = z.strictObject({
  name: z.string().trim().min(1).max(120),
  issuer: platformUrlSchema,
  clientId: idSchema,
  authUrl: platformUrlSchema,
  tokenUrl: platformUrlSchema,
  jwksUrl: platformUrlSchema,
  /** For whom assertions are made; null: the token URL. */
  tokenAudience: z.string().min(1).max(LONGEST).nullable(),
  /** Whose pages show labs in a frame. */
  pageOrigin: originSchema,
  /** None: all of this client. */
  deployments: z.array(idSchema).max(50),
});
export type PlatformPlan = z.infer<typeof platformPlanSchema>;

const stateSchema = z.enum(['none', 'waiting', 'sent', 'ended']);

/** GET /lti */
export const platformsSchema = z.object({
  platforms: z.array(platformPlanSchema.extend({ id: z.string() }).loose()),
  links: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      contextTitle: z.string(),
      platformName: z.string(),
      lab: z.string().nullable(),
      seenAt: z.string(),
    }),
  ),
  /** Scores that have failed to arrive, and are tried again. */
  stuck: z.array(
    z.object({
      id: z.string(),
      /** null where the platform does not tell. */
      name: z.string().nullable(),
      title: z.string(),
      contextTitle: z.string(),
      score: z.number(),
      tries: z.number(),
      nextTryAt: z.string(),
      error: z.string(),
    }),
  ),
});
export type Platforms = z.infer<typeof platformsSchema>;
export type PlatformView = Platforms['platforms'][number];

/** The answer where something was changed or ended. */
export const changedSchema = z.object({ id: z.string() });

/** PUT /api/lti/link/lab */
export const labChoiceSchema = z.strictObject({ lab: labIdSchema });

/** GET /api/lti/link, for who teaches in its course. */
export const ltiLinkSchema = z.object({
  title: z.string(),
  contextTitle: z.string(),
  platformName: z.string(),
  lab: labIdSchema.nullable(),
  /** Whether the platform takes grades by this link. */
  grades: z.boolean(),
  /** absent: the platform does not tell who is in the course; failed: it could not be asked just now. */
  members: z.enum(['told', 'absent', 'failed']),
  people: z.array(
    z.object({
      /** null: has not come yet. */
      id: z.string().nullable(),
      /** null where the platform does not tell. */
      name: z.string().nullable(),
      score: z.number().nullable(),
      maxScore: z.number().nullable(),
      passed: z.boolean(),
      state: stateSchema,
      error: z.string().nullable(),
    }),
  ),
});
export type LtiLinkView = z.infer<typeof ltiLinkSchema>;
