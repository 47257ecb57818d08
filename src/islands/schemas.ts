/** What the server's answers are checked with. Fetched when the first is awaited: zod is large, and the prompt needs none. */
import { z } from 'zod';

// zod would compile its parsers with `new Function`, which the page's policy forbids and reports.
z.config({ jitless: true });

export {
  accountSchema,
  accountsSchema,
  auditSchema,
  disabledSchema,
  linkViewSchema,
  madeLinkSchema,
  revokedSchema,
  waysSchema,
} from '../protocol/accounts.ts';
export {
  attemptListSchema,
  attemptSchema,
  errorSchema,
  labHintsSchema,
  labStateSchema,
  progressNameSchema,
  progressSchema,
  sandboxStateSchema,
  solutionSchema,
} from '../protocol/api.ts';
export { doneSchema, fileSchema, foldersSchema, savedSchema } from '../protocol/files.ts';
export { liveFrameSchema } from '../protocol/live.ts';
export { changedSchema, ltiLinkSchema, platformPlanSchema, platformsSchema } from '../protocol/lti.ts';
export { previewSchema } from '../protocol/preview.ts';
export { receiptVerdictSchema } from '../protocol/receipt.ts';
export { recordingSchema, recordingsSchema } from '../protocol/terminal-recordings.ts';
export {
  doneForSchema,
  joinedSchema,
  joinViewSchema,
  lastCheckSchema,
  memberLinkSchema,
  placeAnswerSchema,
  placeFrameSchema,
  workshopFrameSchema,
  workshopSchema,
  workshopsSchema,
} from '../protocol/workshops.ts';
