/** Workshops: what an instructor plans and sees of the room, below /api/instructor/workshops and on /ws/workshop. */
import { z } from 'zod';
import { personNameSchema } from './accounts.ts';
import { attemptSchema, labIdSchema, languageSchema } from './api.ts';

const WORKSHOP_LABS = 32;
const MESSAGE_LIMIT = 500;

const time = z.iso.datetime();
const cohortLabSchema = z.strictObject({ lab: labIdSchema, locked: z.boolean() });

export const workshopPlanSchema = z
  .strictObject({
    title: z.string().trim().min(1).max(120),
    language: languageSchema,
    startsAt: time,
    endsAt: time,
    /** Learners at the same time; the server has places for so many and no more. */
    capacity: z.number().int().min(1).max(250),
    asksEmail: z.boolean(),
    labs: z.array(cohortLabSchema).min(1).max(WORKSHOP_LABS),
  })
  .refine(({ startsAt, endsAt }) => Date.parse(startsAt) < Date.parse(endsAt), { path: ['endsAt'] })
  .refine(({ labs }) => new Set(labs.map(({ lab }) => lab)).size === labs.length, { path: ['labs'] });
export type WorkshopPlan = z.infer<typeof workshopPlanSchema>;

export const workshopSchema = z.object({
  ...workshopPlanSchema.shape,
  id: z.string(),
  /** Eight letters and digits, shown as ABCD-EFGH. */
  joinCode: z.string(),
  state: z.enum(['planned', 'running', 'ended']),
  /** How many have a place, and how many wait for one. */
  present: z.number(),
  waiting: z.number(),
});
export type Workshop = z.infer<typeof workshopSchema>;

/** GET /workshops. `places`: as many sandboxes as this server runs at the same time. */
export const workshopsSchema = z.object({ workshops: z.array(workshopSchema), places: z.number() });
export type Workshops = z.infer<typeof workshopsSchema>;

/**
 * open: nothing was seen yet; failed: checked, and something in it failed; passed: in the last check; lost: passed before, but
 * not in the last check.
 */
const taskStateSchema = z.enum(['open', 'failed', 'passed', 'lost']);
export type TaskState = z.infer<typeof taskStateSchema>;

const labStandingSchema = z.object({
  lab: labIdSchema,
  /** The best score that counts, of 100; null: never checked. */
  score: z.number().nullable(),
  /** By task, in the order of lab.yaml. */
  tasks: z.array(taskStateSchema),
  /** Checks that were asked for. */
  attempts: z.number(),
});

/** A learner in the matrix. Times are ISO 8601. */
const matrixRowSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  status: z.enum(['waiting', 'in']),
  /** A page of theirs is connected. */
  online: z.boolean(),
  handAt: z.string().nullable(),
  /** When they last typed, were checked, or came; to the ten seconds. */
  activeAt: z.string().nullable(),
  /** The lab whose sandbox they last used, the task that is next in it, and since when that has been so. */
  now: z.object({ lab: labIdSchema, task: z.string(), since: z.string() }).nullable(),
  /** time: longer at the task than it should take; tries: asked for check after check without a step forward. */
  stuck: z.enum(['time', 'tries']).nullable(),
  labs: z.array(labStandingSchema),
  /** Sandboxes that run, and the terminals that are open in them. */
  rooms: z.array(z.object({ lab: labIdSchema, expiresAt: z.string(), terminals: z.array(z.string()) })),
});
export type MatrixRow = z.infer<typeof matrixRowSchema>;

/** What the room as a whole has trouble with, most first. */
const troubleSchema = z.object({
  lab: labIdSchema,
  task: z.string(),
  passed: z.number(),
  failing: z.number(),
  /** What was seen at those who fail, the commonest first. */
  evidence: z.array(
    z.object({
      check: z.string(),
      title: z.object({ en: z.string(), ja: z.string() }),
      expected: z.string(),
      actual: z.string(),
      learners: z.array(z.string()),
    }),
  ),
});
export type Trouble = z.infer<typeof troubleSchema>;

/** Frames of /ws/workshop?id=ID&language=en, server to browser. At first all rows; later those that have changed. */
export const workshopFrameSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('workshop'), workshop: workshopSchema }),
  z.strictObject({ type: z.literal('rows'), rows: z.array(matrixRowSchema), gone: z.array(z.string()) }),
  z.strictObject({ type: z.literal('troubles'), troubles: z.array(troubleSchema) }),
  /** What became of the wish to type in a learner's terminal. */
  z.strictObject({
    type: z.literal('share'),
    member: z.string(),
    state: z.enum(['asked', 'allowed', 'refused', 'ended']),
  }),
]);
export type WorkshopFrame = z.infer<typeof workshopFrameSchema>;

/** One learner by id, or all. */
const whom = z.uuid().nullable();
export const messageToSchema = z.strictObject({ member: whom, text: z.string().trim().min(1).max(MESSAGE_LIMIT) });
export const extendSchema = z.strictObject({ member: whom });
export const resetSchema = z.strictObject({ member: whom, lab: labIdSchema });
/** Without a task: the lab's solution. */
export const openHelpSchema = z.strictObject({
  member: whom,
  lab: labIdSchema,
  hint: z.strictObject({ task: z.string().max(64), step: z.number().int().min(1).max(20) }).nullable(),
});
export const lockSchema = z.strictObject({ lab: labIdSchema, locked: z.boolean() });
export const shareAskSchema = z.strictObject({ member: z.uuid(), lab: labIdSchema, terminal: z.string().max(32) });

/** A learner's last check in a lab, with its evidence; null where there is none. */
export const lastCheckSchema = z.object({ attempt: attemptSchema.nullable() });

/** The answer where something was done to learners: to how many. */
export const doneForSchema = z.object({ done: z.number() });

const emailSchema = z.string().trim().toLowerCase().max(254).pipe(z.email());

/** The answer where an instructor makes a learner's personal link anew: its token, shown this once. */
export const memberLinkSchema = z.object({ link: z.string() });

/** POST /api/join/look and /api/join */
const joinCodeSchema = z
  .string()
  .max(32)
  .transform((text) => text.toUpperCase().replace(/[^A-Z0-9]/g, ''))
  .pipe(z.string().length(8));
export const joinSchema = z.strictObject({
  code: joinCodeSchema,
  name: personNameSchema,
  email: emailSchema.optional(),
  /** Another person at the same browser: they get a session of their own. */
  fresh: z.boolean().default(false),
});
export const joinLookSchema = z.strictObject({ code: joinCodeSchema });
export const backSchema = z.strictObject({ link: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });

export const joinViewSchema = z.object({
  title: z.string(),
  asksEmail: z.boolean(),
  startsAt: z.string(),
  /** Who this browser is in it already, if anybody. */
  name: z.string().nullable(),
});
export type JoinView = z.infer<typeof joinViewSchema>;

/** The answer to POST /api/join: the token of the personal link is shown this once. */
export const joinedSchema = z.object({ link: z.string().nullable() });

const messageSchema = z.object({
  id: z.string(),
  text: z.string(),
  sentAt: z.string(),
  from: z.string(),
  toAll: z.boolean(),
});
export type WorkshopMessage = z.infer<typeof messageSchema>;

/** A learner's own place in a workshop. */
const placeSchema = z.object({
  title: z.string(),
  name: z.string(),
  startsAt: z.string(),
  endsAt: z.string(),
  state: z.enum(['planned', 'running', 'ended']),
  /** In line: how many are before them; null for who has a place. */
  ahead: z.number().nullable(),
  labs: z.array(z.object({ lab: labIdSchema, locked: z.boolean(), score: z.number().nullable() })),
  handAt: z.string().nullable(),
  messages: z.array(messageSchema),
  /** Who looks at which of this learner's terminals. */
  watchers: z.array(
    z.object({
      name: z.string(),
      lab: labIdSchema,
      terminal: z.string(),
      /** asked: wants to type and waits for an answer. */
      typing: z.enum(['no', 'asked', 'yes']),
      /** By which it is answered or ended. */
      id: z.string(),
    }),
  ),
});
export type Place = z.infer<typeof placeSchema>;

/** GET /api/workshop: the one that this learner is in. */
export const placeAnswerSchema = z.object({ place: placeSchema.nullable() });
export const handSchema = z.strictObject({ raised: z.boolean() });
export const shareAnswerSchema = z.strictObject({ id: z.string().max(64), allow: z.boolean() });

/** Frames of /ws/place?language=en, server to browser; null once the workshop is over or its learner was taken out. */
export const placeFrameSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('place'), place: placeSchema.nullable() }),
  /** Its sandbox was made anew by the instructor. */
  z.strictObject({ type: z.literal('reset'), lab: labIdSchema }),
  /** A hint or the solution was opened by the instructor. */
  z.strictObject({ type: z.literal('help'), lab: labIdSchema }),
]);
export type PlaceFrame = z.infer<typeof placeFrameSchema>;
