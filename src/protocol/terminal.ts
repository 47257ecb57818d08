/**
 * Frames of /ws/terminal?lab=ID&terminal=NAME&columns=N&rows=N&language=en.
 *
 * Text frames are JSON of the schemas below. Binary frames go from server to browser only: bytes of the pty.
 */
import { z } from 'zod';

/** The browser acknowledges what xterm.js has processed each time this many more bytes are through. */
export const ACKNOWLEDGE_EVERY = 64 * 1024;
/** The server pauses the pty when this many bytes are on the way and not acknowledged, … */
export const PAUSE_ABOVE = 256 * 1024;
/** … and lets it run again below this. */
export const RESUME_BELOW = 64 * 1024;
/** One frame from the browser: a large paste is cut into pieces of at most this many characters. */
export const INPUT_LIMIT = 32 * 1024;

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

/** WebSocket close codes of ours: whether coming back makes sense. */
export const CLOSE = { expired: 4001, full: 4002, refused: 4003, badFrame: 4004, tooSlow: 4005, gone: 4006 } as const;
