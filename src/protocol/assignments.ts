/** HTTP bodies of assignments: what an instructor sets and sees, and what learners do. */
import { z } from 'zod';
import { labIdSchema } from './api.ts';
import { nameChangeSchema } from './receipt.ts';
import { isTimeZone } from './time-zone.ts';

/** To the minute is enough for a person; the exact instant is what counts. */
const instant = z.iso.datetime();
const percent = z.int().min(0).max(100);
const id = z.uuid();
const tokenSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const line = nameChangeSchema.shape.name.refine((text) => text !== '');

export const lateSchema = z.discriminatedUnion('accepted', [
  z.strictObject({ accepted: z.literal(false) }),
  z.strictObject({
    accepted: z.literal(true),
    until: instant,
    /** Taken off for each day of 24 hours that has begun since the deadline, … */
    percentPerDay: percent,
    /** … together at most. */
    mostPercent: percent,
  }),
]);

/** What is kept in a cohort's `rules`. */
export const rulesSchema = z.strictObject({
  late: lateSchema,
  /** How often a lab may be submitted; null: as often as one likes. What could not be verified does not count. */
  attempts: z.int().min(1).max(1000).nullable(),
  counts: z.enum(['best', 'last']),
  /** In which its times are told, by its IANA name. */
  timeZone: z.string().max(64).refine(isTimeZone),
});
export type Rules = z.infer<typeof rulesSchema>;

/** POST /assignments, PUT /assignments/:id */
export const assignmentPlanSchema = z
  .strictObject({
    title: line,
    language: z.enum(['en', 'ja']),
    labs: z
      .array(labIdSchema)
      .min(1)
      .max(50)
      .refine((labs) => new Set(labs).size === labs.length),
    opensAt: instant,
    dueAt: instant,
    rules: rulesSchema,
    asksEmail: z.boolean(),
  })
  .refine(({ opensAt, dueAt }) => Date.parse(opensAt) < Date.parse(dueAt))
  .refine(({ dueAt, rules: { late } }) => !late.accepted || Date.parse(late.until) > Date.parse(dueAt));
export type AssignmentPlan = z.infer<typeof assignmentPlanSchema>;
/** POST /assignments */
export const newAssignmentSchema = z.strictObject({ plan: assignmentPlanSchema, signUp: z.boolean() });
/** PUT /assignments/:id/sign-up */
export const signUpSwitchSchema = z.strictObject({ on: z.boolean() });

const planView = {
  title: z.string(),
  language: z.enum(['en', 'ja']),
  labs: z.array(labIdSchema),
  opensAt: z.string(),
  dueAt: z.string(),
  rules: rulesSchema,
};
const taskPoints = z.object({
  id: z.string(),
  passed: z.boolean(),
  got: z.number(),
  of: z.number(),
  hints: z.number(),
});
const submissionState = z.enum(['grading', 'graded', 'ungraded', 'lost']);

/** Of one submission: what became of its points, in this order. */
const gradedSubmission = z.object({
  id,
  lab: labIdSchema,
  askedAt: z.string(),
  state: submissionState,
  /** As graded, without what hints cost; null unless graded. */
  graded: z.number().nullable(),
  /** What an instructor gave instead. */
  override: z.object({ id: z.string(), points: z.number(), reason: z.string(), by: z.string() }).nullable(),
  /** Days of lateness that had begun; 0 in time. */
  daysLate: z.number(),
  /** Percent that are taken off for that. */
  latePercent: z.number(),
  /** What is left; null unless graded. */
  points: z.number().nullable(),
  /** Whether the grade of the lab is this one's. */
  counts: z.boolean(),
  tasks: z.array(taskPoints),
});
export type GradedSubmission = z.infer<typeof gradedSubmission>;

export const labGradeSchema = z.object({
  lab: labIdSchema,
  /** null: nothing handed in yet that was graded. */
  points: z.number().nullable(),
  maxPoints: z.number(),
  /** Of the lab as a whole: nothing is taken off it. */
  override: z.object({ id: z.string(), points: z.number(), reason: z.string(), by: z.string() }).nullable(),
  used: z.number(),
  /** null: as many as one likes. */
  left: z.number().nullable(),
  submissions: z.array(gradedSubmission),
});
export type LabGrade = z.infer<typeof labGradeSchema>;

/** Whether something can be handed in now. over: also the late time has ended. */
export const phaseSchema = z.enum(['before', 'open', 'late', 'over', 'closed']);
export type Phase = z.infer<typeof phaseSchema>;

/** GET /api/assignments */
export const ownAssignmentsSchema = z.object({
  /** By the server's clock, which decides. */
  now: z.string(),
  assignments: z.array(
    z.object({
      ...planView,
      id,
      name: z.string(),
      phase: phaseSchema,
      /** This learner's own deadline, and until when late work is taken: null where none is. */
      ownDueAt: z.string(),
      lateUntil: z.string().nullable(),
      extended: z.boolean(),
      points: z.number(),
      maxPoints: z.number(),
      grades: z.array(labGradeSchema),
    }),
  ),
});
export type OwnAssignments = z.infer<typeof ownAssignmentsSchema>;
export type OwnAssignment = OwnAssignments['assignments'][number];

/** POST /api/assignments/look and /enter: a personal link. */
export const personalLinkSchema = z.strictObject({ token: tokenSchema });
export const personalLinkViewSchema = z.object({
  name: z.string(),
  title: z.string(),
  /** This browser is somebody else's now: it becomes this member's. */
  switches: z.boolean(),
});
/** POST /api/assignments/sign-up/look: typed or from a link. */
export const codeSchema = z.strictObject({
  code: z
    .string()
    .max(40)
    .transform((code) => code.toUpperCase().replace(/[^A-Z0-9]/g, '')),
});
export const signUpViewSchema = z.object({
  title: z.string(),
  dueAt: z.string(),
  timeZone: z.string(),
  asksEmail: z.boolean(),
  /** Under which this browser's learner has signed up already. */
  name: z.string().nullable(),
});
export const emailSchema = z
  .string()
  .max(254)
  .transform((email) => email.trim().toLowerCase())
  .refine((email) => /^[^\s@"<>,;:\p{C}]{1,64}@[^\s@"<>,;:\p{C}]{1,189}$/u.test(email));
/** POST /api/assignments/sign-up */
export const signUpSchema = codeSchema.extend({ name: line, email: emailSchema.nullable() });
export const enteredSchema = z.object({
  title: z.string(),
  name: z.string(),
  /** Of the personal link, where it was made just now. */
  token: z.string().nullable(),
});
export type Entered = z.infer<typeof enteredSchema>;

/** GET /api/assignments/labs/:lab: where this lab can be handed in now. POST …/:id/labs/:lab/submissions answers one of them. */
export const openForLabSchema = z.object({
  now: z.string(),
  assignments: z.array(
    z.object({
      id,
      title: z.string(),
      timeZone: z.string(),
      phase: z.enum(['open', 'late']),
      dueAt: z.string(),
      lateUntil: z.string().nullable(),
      counts: z.enum(['best', 'last']),
      percentPerDay: z.number(),
      mostPercent: z.number(),
      /** What would be taken off now. */
      latePercent: z.number(),
      grade: labGradeSchema,
    }),
  ),
});
export type OpenForLab = z.infer<typeof openForLabSchema>;

/** GET /assignments */
export const assignmentListSchema = z.object({
  assignments: z.array(z.object({ ...planView, id, closed: z.boolean(), members: z.number(), handedIn: z.number() })),
  /** All that can be chosen, in the course's order. */
  labs: z.array(
    z.object({ id: labIdSchema, chapter: z.string(), title: z.object({ en: z.string(), ja: z.string() }) }),
  ),
});
export type AssignmentList = z.infer<typeof assignmentListSchema>;

const rosterMember = z.object({
  id,
  name: z.string(),
  email: z.string().nullable(),
  externalId: z.string().nullable(),
  /** invited: has not come yet. */
  state: z.enum(['invited', 'in']),
  extension: z.object({ dueAt: z.string(), reason: z.string() }).nullable(),
  points: z.number(),
  /** Of the grades that there are, in the order of the labs. */
  grades: z.array(labGradeSchema),
});
export type RosterMember = z.infer<typeof rosterMember>;

/** GET /assignments/:id, and the JSON that is taken away. */
export const gradebookSchema = z.object({
  id,
  ...planView,
  asksEmail: z.boolean(),
  joinCode: z.string().nullable(),
  closedAt: z.string().nullable(),
  now: z.string(),
  maxPoints: z.number(),
  /** Of each lab the tasks, in their order. */
  tasks: z.array(z.object({ lab: labIdSchema, task: z.string() })),
  members: z.array(rosterMember),
});
export type Gradebook = z.infer<typeof gradebookSchema>;

/** The answer to what changes an assignment, and to making one. */
export const assignmentIdSchema = z.object({ id: z.string() });

export const rosterProblemSchema = z.object({
  /** From 1, the header's being 1. */
  line: z.number(),
  code: z.enum(['no-name', 'bad-name', 'bad-email', 'bad-id', 'same-id', 'same-email', 'too-many-cells', 'not-csv']),
  /** Of which line the same is, where it is the same. */
  other: z.number().nullable(),
});
export type RosterProblem = z.infer<typeof rosterProblemSchema>;
/** POST /assignments/:id/roster, a CSV file as it is. Nothing was imported where there are problems. */
export const rosterAnswerSchema = z.object({
  added: z.number(),
  known: z.number(),
  problems: z.array(rosterProblemSchema),
});
export type RosterAnswer = z.infer<typeof rosterAnswerSchema>;
/** POST /assignments/:id/links: a file of the personal links of all who have not come yet. */
export const linksFileSchema = z.object({ csv: z.string() });
export const memberLinkSchema = z.object({ token: tokenSchema });

/** PUT /assignments/:id/members/:member/extension */
export const extensionSchema = z.strictObject({ dueAt: instant.nullable(), reason: line });

const reasonSchema = z
  .string()
  .max(2000)
  .transform((text) => text.normalize('NFC').replace(/\r\n?/g, '\n').trim())
  .refine((text) => text.length >= 3 && text.length <= 500 && !/[^\P{C}\n]/u.test(text));
/** POST /assignments/:id/overrides */
export const overrideSchema = z.strictObject({
  member: id,
  lab: labIdSchema,
  /** Its points before a late deduction; null: the lab's, as they are. */
  submission: id.nullable(),
  points: z.int().min(0).max(100),
  reason: reasonSchema,
});

const evidence = z.object({ source: z.string(), expected: z.string(), actual: z.string() });
const judged = z.object({
  status: z.enum(['passed', 'failed', 'error', 'notApplicable']),
  evidence: z.array(evidence),
  reason: z.string().nullable(),
});
/** GET /assignments/:id/submissions/:submission */
export const submissionViewSchema = z.object({
  assignment: z.object({ id, title: z.string(), timeZone: z.string() }),
  member: z.object({ id, name: z.string(), email: z.string().nullable(), externalId: z.string().nullable() }),
  submission: gradedSubmission,
  labOverride: labGradeSchema.shape.override,
  overrides: z.array(
    z.object({
      id: z.string(),
      ofLab: z.boolean(),
      points: z.number(),
      reason: z.string(),
      by: z.string(),
      madeAt: z.string(),
      revertedAt: z.string().nullable(),
    }),
  ),
  /** Drawn for this learner. */
  parameters: z.record(z.string(), z.string()),
  score: z.number().nullable(),
  checks: z.array(z.object({ id: z.string(), title: z.string(), weight: z.number(), ...judged.shape })),
});
export type SubmissionView = z.infer<typeof submissionViewSchema>;

/** GET …/submissions/:submission/replay: the stored snapshot before today's grader. Nothing is changed by it. */
export const replaySchema = z.object({
  score: z.object({ before: z.number(), after: z.number() }),
  /** Without what hints cost. */
  points: z.object({ before: z.number(), after: z.number() }),
  status: z.object({
    before: z.enum(['passed', 'failed', 'ungraded']),
    after: z.enum(['passed', 'failed', 'ungraded']),
  }),
  checks: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      /** null: the grader did not have it then, or has it no more. */
      before: judged.nullable(),
      after: judged.nullable(),
      /** none: judged as before; evidence: as before, but by other evidence. */
      change: z.enum(['none', 'evidence', 'verdict', 'new', 'gone']),
    }),
  ),
});
export type Replay = z.infer<typeof replaySchema>;

/** GET /assignments/:id/signs: worth a look, and never a verdict. */
export const signsSchema = z.object({
  signs: z.array(
    z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('same-answers'),
        lab: labIdSchema,
        member: id,
        submission: id,
        other: id,
        /** Answers that are right for the other's values and wrong for this member's own. */
        answers: z.array(z.object({ check: z.string(), given: z.string() })),
        /** Values drawn for the other that stand in this member's files. */
        values: z.array(z.string()),
      }),
      z.object({
        kind: z.literal('fast'),
        lab: labIdSchema,
        member: id,
        /** Seconds from the first sandbox to the first pass, … */
        took: z.number(),
        /** … against so many, … */
        bound: z.number(),
        /** … which come from others' times, or from what the lab says it takes. */
        from: z.enum(['others', 'stated']),
        /** How many others. */
        others: z.number(),
      }),
      z.object({
        kind: z.literal('nothing-typed'),
        lab: labIdSchema,
        member: id,
        submission: id,
        points: z.number(),
      }),
    ]),
  ),
});
export type Signs = z.infer<typeof signsSchema>;
export type Sign = Signs['signs'][number];
