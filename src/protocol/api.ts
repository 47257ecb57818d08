/** HTTP bodies under /api: the only thing browser and server share, together with the terminal frames. */
import { z } from 'zod';

export const languageSchema = z.enum(['en', 'ja']);
export const labIdSchema = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/);

const evidenceSchema = z.object({ source: z.string(), expected: z.string(), actual: z.string() });

/** One check as the learner sees it, in the language asked for. */
const checkResultSchema = z.object({
  id: z.string(),
  title: z.string(),
  rationale: z.string(),
  remediation: z.string(),
  severity: z.enum(['low', 'medium', 'high', 'critical']),
  weight: z.number(),
  status: z.enum(['passed', 'failed', 'error', 'notApplicable']),
  evidence: z.array(evidenceSchema),
  /** Set for error and notApplicable. */
  reason: z.string().nullable(),
  /** The title of the check that this one waits for, where that decided it. */
  waitsFor: z.string().nullable(),
  /** Only where it is false: judged by a script inside the learner's own sandbox. */
  tamperProof: z.literal(false).optional(),
});
export type CheckResult = z.infer<typeof checkResultSchema>;

export const attemptSchema = z.object({
  id: z.string(),
  lab: labIdSchema,
  /** ungraded: something could not be verified; it does not count, try again. */
  status: z.enum(['passed', 'failed', 'ungraded']),
  /** automatic: the server saw that something had changed. */
  trigger: z.enum(['asked', 'automatic']),
  score: z.number(),
  maxScore: z.number(),
  /** ISO 8601. */
  gradedAt: z.string(),
  checks: z.array(checkResultSchema),
  /** The score without what hints cost. */
  counted: z.number(),
  /** In the order of lab.yaml. `of`: the points that apply on this host; `hints`: what is taken off, 0 unless passed. */
  tasks: z.array(z.object({ id: z.string(), passed: z.boolean(), got: z.number(), of: z.number(), hints: z.number() })),
});
export type Attempt = z.infer<typeof attemptSchema>;

/** Absent: nothing runs. starting/ready/closing/done only ever go forward. */
export const sandboxStateSchema = z.object({
  state: z.enum(['absent', 'starting', 'ready', 'closing', 'done']),
  /** ISO 8601; null while nothing runs. */
  expiresAt: z.string().nullable(),
  parameters: z.record(z.string(), z.string()),
});
export type SandboxState = z.infer<typeof sandboxStateSchema>;

/** GET /api/labs/:lab/attempts?before=ID: newest first. */
export const attemptListSchema = z.object({
  attempts: z.array(attemptSchema.omit({ checks: true, tasks: true })),
  /** Whether there are older ones. */
  more: z.boolean(),
});
export type AttemptList = z.infer<typeof attemptListSchema>;

/** A hint that was not taken shows its cost only. Also the answer to POST …/tasks/:task/hints/:step. */
const hintSchema = z.object({
  /** Points of the task; 0 once the task has been passed without it. */
  cost: z.number(),
  text: z.string().nullable(),
});
/** By task id, in the order of the steps. */
export const labHintsSchema = z.record(z.string(), z.object({ points: z.number(), steps: z.array(hintSchema) }));
export type LabHints = z.infer<typeof labHintsSchema>;

/** GET /api/labs/:lab/solution */
export const solutionSchema = z.object({
  files: z.array(z.object({ runAs: z.enum(['learner', 'administrator']), text: z.string() })),
  /** What the learner's terminals have in their environment. */
  values: z.record(z.string(), z.string()),
});
export type Solution = z.infer<typeof solutionSchema>;

/** GET /api/labs/:lab?language=en */
export const labStateSchema = z.object({
  lab: labIdSchema,
  sandbox: sandboxStateSchema,
  attempt: attemptSchema.nullable(),
  hints: labHintsSchema,
  solutionOpen: z.boolean(),
});
export type LabState = z.infer<typeof labStateSchema>;

/** The answer to PUT /api/progress/name: as it was kept; null when there is none. */
export const progressNameSchema = z.object({ name: z.string().nullable() });

/** GET /api/progress */
export const progressSchema = z.object({
  /** Only labs that were worked in. */
  labs: z.array(
    z.object({
      lab: labIdSchema,
      /** The best score that counts: without what hints cost. */
      best: z.number(),
      maxScore: z.number(),
      passed: z.boolean(),
      attempts: z.number(),
      /** ISO 8601. */
      firstPassedAt: z.string().nullable(),
      /** How many hints were taken. */
      hints: z.number(),
    }),
  ),
  /** The lab last worked in. */
  last: labIdSchema.nullable(),
  /** For the record. */
  name: z.string().nullable(),
});
export type Progress = z.infer<typeof progressSchema>;

/** Every refusal: a stable code, a sentence for the person (what is wrong, what to do). */
export const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
