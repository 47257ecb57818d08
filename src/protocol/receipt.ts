/** What a signed receipt says, and the name in it. */
import { z } from 'zod';
import { labIdSchema } from './api.ts';

const NAME_LIMIT = 80;
/** One line of plain text: no control or invisible formatting characters, by which a name could look like another. */
const recordNameSchema = z
  .string()
  .max(NAME_LIMIT * 4)
  .transform((name) =>
    name
      .normalize('NFC')
      .replace(/\p{Zs}+/gu, ' ')
      .trim(),
  )
  .refine((name) => [...name].length <= NAME_LIMIT && !/[\p{C}\p{Zl}\p{Zp}]/u.test(name));
/** PUT /api/progress/name; an empty name forgets it. */
export const nameChangeSchema = z.strictObject({ name: recordNameSchema });

const time = z.iso.datetime();

export const receiptSchema = z.strictObject({
  /** A receipt of another format is not guessed at. */
  format: z.literal('toride-receipt/1'),
  /** The address of the server that issued it, as its learners know it. */
  issuer: z.string().max(300),
  issuedAt: time,
  course: z.literal('rootless-container-security'),
  /** As the learner typed it: the server does not know who they are. */
  name: recordNameSchema.nullable(),
  /** SHA-256 of the learner's id, hex: the same in all receipts of one learner, and says nothing else. */
  learner: z.string().regex(/^[0-9a-f]{64}$/),
  labs: z
    .array(
      z.strictObject({
        id: labIdSchema,
        score: z.int().min(0).max(1000),
        max: z.int().min(1).max(1000),
        passedAt: time,
        hints: z.int().min(0).max(1000),
        /** SHA-256 of the lab and its grader as they were when the receipt was issued, hex. */
        grader: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .max(200),
});
export type Receipt = z.infer<typeof receiptSchema>;

/** Characters of a receipt that is looked at: all labs of the course are about 6,000. */
export const RECEIPT_LIMIT = 64 * 1024;

/** POST /api/receipts/verify, the receipt as text. `receipt` only when it verified. */
export const receiptVerdictSchema = z.object({
  valid: z.boolean(),
  reason: z.enum(['not-a-receipt', 'algorithm', 'other-key', 'altered', 'format']).nullable(),
  receipt: receiptSchema.nullable(),
  /** Lab titles in the language asked for, by id; of labs this server knows. */
  titles: z.record(z.string(), z.string()),
});
export type ReceiptVerdict = z.infer<typeof receiptVerdictSchema>;
