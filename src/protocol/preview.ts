/** GET /api/labs/:lab/preview: where the page finds the learner's services. */
import { z } from 'zod';

export const previewSchema = z.object({
  /** An origin with {port} in it; null where the address by which the site is visited allows none. */
  origin: z.string().nullable(),
  /** The port that this lab is about, if it is about one. */
  port: z.number().nullable(),
});
export type PreviewState = z.infer<typeof previewSchema>;
