/** lab.yaml: what an author writes, what pages show. Grading text is not here: it belongs to the grader. */
import { z } from 'zod';
import { labIdSchema } from './api.ts';

const localized = z.strictObject({ en: z.string().min(1), ja: z.string().min(1) });

/** How a value is drawn for each learner, so that a copied answer is wrong. */
const parameter = z.discriminatedUnion('kind', [
  /** A TCP port, both ends included. */
  z.strictObject({
    kind: z.literal('port'),
    from: z.number().int().min(1).max(65535),
    to: z.number().int().min(1).max(65535),
  }),
  /** Lower-case letters and digits. */
  z.strictObject({ kind: z.literal('token'), length: z.number().int().min(6).max(64) }),
  /** A user or group id, both ends included. */
  z.strictObject({ kind: z.literal('id'), from: z.number().int().min(1), to: z.number().int().max(60000) }),
  z.strictObject({ kind: z.literal('choice'), of: z.array(z.string().min(1)).min(2) }),
]);
export type ParameterSpec = z.infer<typeof parameter>;

export const labSchema = z.strictObject({
  id: labIdSchema,
  /** '8.5.1' */
  chapter: z.string().regex(/^8\.\d(\.\d)?$/),
  /** Place in the course, 1 to 16. */
  order: z.number().int().min(1).max(99),
  /** How long it takes, in minutes. */
  minutes: z.number().int().min(5).max(180),
  title: localized,
  summary: localized,
  /** The learner is this small host's administrator too: a second terminal, of the sandbox's own uid 0 with no capability. */
  administrator: z.boolean().default(false),
  /** Checks that are scripts inside the learner's own sandbox, which can be forged: the page says so. */
  notTamperProof: z.array(z.string().min(1)).default([]),
  parameters: z.record(z.string().regex(/^[a-z][a-zA-Z0-9]*$/), parameter).default({}),
  tasks: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z][a-z0-9-]*$/),
        title: localized,
        /** Ids of the grader's checks. Every check belongs to exactly one task. */
        checks: z.array(z.string().min(1)).min(1),
        hints: z.array(localized).default([]),
      }),
    )
    .min(1),
});
export type Lab = z.infer<typeof labSchema>;
export type Task = Lab['tasks'][number];
