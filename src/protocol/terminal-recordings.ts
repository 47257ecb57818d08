/** Recordings of terminals under /api/recordings. A recording is an asciicast (version 2) of what a terminal showed. */
import { z } from 'zod';
import { labIdSchema } from './api.ts';
import { terminalNameSchema } from './terminal.ts';

export const recordingIdSchema = z.uuid();

export const recordingSchema = z.object({
  id: recordingIdSchema,
  lab: labIdSchema,
  terminal: terminalNameSchema,
  /** ISO 8601. */
  startedAt: z.string(),
  /** null while it runs. */
  endedAt: z.string().nullable(),
  /** Of the file; 0 while it runs. */
  bytes: z.number(),
});
export type Recording = z.infer<typeof recordingSchema>;

/** GET /api/recordings?lab=ID: the learner's own, newest first; of all labs where none is named. */
export const recordingsSchema = z.object({ recordings: z.array(recordingSchema) });
export type Recordings = z.infer<typeof recordingsSchema>;
