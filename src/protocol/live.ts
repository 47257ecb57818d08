/**
 * Frames of /ws/lab?lab=ID&language=en: what happens in a learner's room, as it happens. The server begins with how things
 * stand, so that whoever comes back has missed nothing that still holds.
 */
import { z } from 'zod';
import { attemptSchema, sandboxStateSchema } from './api.ts';

/** All that a browser ever says here: is anybody there? */
export const LIVE_PING = 'ping';
export const LIVE_PONG = 'pong';

export const liveFrameSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('sandbox'), sandbox: sandboxStateSchema }),
  z.strictObject({ type: z.literal('attempt'), attempt: attemptSchema.nullable() }),
]);
export type LiveFrame = z.infer<typeof liveFrameSchema>;
