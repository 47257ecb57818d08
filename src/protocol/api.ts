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

/** GET /api/labs/:lab?language=en */
export const labStateSchema = z.object({
  lab: labIdSchema,
  sandbox: sandboxStateSchema,
  attempt: attemptSchema.nullable(),
});
export type LabState = z.infer<typeof labStateSchema>;

/** GET /api/progress: best score a lab. */
export const progressSchema = z.object({
  labs: z.array(
    z.object({ lab: labIdSchema, best: z.number(), maxScore: z.number(), passed: z.boolean(), attempts: z.number() }),
  ),
});
export type Progress = z.infer<typeof progressSchema>;

/** Every refusal: a stable code, a sentence for the person (what is wrong, what to do). */
export const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
