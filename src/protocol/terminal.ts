/**
 * Frames of /ws/terminal?lab=ID&terminal=NAME&columns=N&rows=N&language=en.
 *
 * Text frames are JSON of the schemas below. Binary frames go from server to browser only: bytes of the pty.
 */
import { z } from 'zod';
import { INPUT_LIMIT } from './terminal-limits.ts';

export * from './terminal-limits.ts';

export const terminalNameSchema = z.string().regex(/^[a-z0-9-]{1,32}$/);
const columns = z.number().int().min(2).max(500);
const rows = z.number().int().min(1).max(300);

export const clientFrameSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('input'), data: z.string().max(INPUT_LIMIT) }),
  z.strictObject({ type: z.literal('resize'), columns, rows }),
  z.strictObject({
    type: z.literal('acknowledge'),
    bytes: z
      .number()
      .int()
      .positive()
      .max(16 * 1024 * 1024),
  }),
]);
export type ClientFrame = z.infer<typeof clientFrameSchema>;

export const serverFrameSchema = z.discriminatedUnion('type', [
  /** What happens while a sandbox is made ready, step by step. */
  z.strictObject({ type: z.literal('progress'), step: z.enum(['waiting', 'creating', 'seeding', 'opening']) }),
  /**
   * The terminal is live. `screen` restores it: escape sequences for an empty terminal of these dimensions ('' when
   * the pty is new). Answers to queries contained in it must not be sent back while it is written.
   */
  z.strictObject({ type: z.literal('ready'), columns, rows, screen: z.string(), expiresAt: z.string().nullable() }),
  /** Another window changed the size of the shared pty. */
  z.strictObject({ type: z.literal('resized'), columns, rows }),
  /** The shell ended; the next connection opens a new one. */
  z.strictObject({ type: z.literal('exit'), code: z.number().int() }),
  z.strictObject({ type: z.literal('error'), code: z.string(), message: z.string() }),
]);
export type ServerFrame = z.infer<typeof serverFrameSchema>;
