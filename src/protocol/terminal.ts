/**
 * Frames of /ws/terminal?lab=ID&terminal=NAME&client=ID&columns=N&rows=N&language=en.
 *
 * `client` names one terminal of one page for as long as that page lives, over all its sockets: by it, input that is sent
 * again after a broken connection is known again. Input frames are numbered from 1 for each pair of client and shell.
 *
 * Text frames are JSON of the schemas below. Binary frames go from server to browser only: bytes of the pty.
 */
import { z } from 'zod';
import { INPUT_LIMIT, RECORDING_ENDS } from './terminal-limits.ts';

export * from './terminal-limits.ts';

export const terminalNameSchema = z.string().regex(/^[a-z0-9-]{1,32}$/);
export const clientIdSchema = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/);
const sequence = z.number().int().max(Number.MAX_SAFE_INTEGER);
const columns = z.number().int().min(2).max(500);
const rows = z.number().int().min(1).max(300);

export const clientFrameSchema = z.discriminatedUnion('type', [
  /** A number that was accepted before is a repeat and is not typed twice; one that leaves a gap ends the connection. */
  z.strictObject({ type: z.literal('input'), sequence: sequence.positive(), data: z.string().max(INPUT_LIMIT) }),
  /** Is anybody there? Answered by `pong`. */
  z.strictObject({ type: z.literal('ping') }),
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
   * `shell` is another for every shell: what was typed into one must never be sent to the next. `accepted` is the highest
   * number of input that this shell has from this client, 0 if it has none.
   */
  z.strictObject({
    type: z.literal('ready'),
    columns,
    rows,
    screen: z.string(),
    expiresAt: z.string().nullable(),
    shell: z.string(),
    accepted: sequence.nonnegative(),
  }),
  /** Input up to this number is with the shell. */
  z.strictObject({ type: z.literal('accepted'), sequence: sequence.nonnegative() }),
  z.strictObject({ type: z.literal('pong') }),
  /** Another window changed the size of the shared pty. */
  z.strictObject({ type: z.literal('resized'), columns, rows }),
  /** Somebody records this terminal since then (ISO 8601), or no longer; then `why` tells how it ended. */
  z.strictObject({
    type: z.literal('recording'),
    since: z.string().nullable(),
    why: z.enum(RECORDING_ENDS).nullable(),
  }),
  /** The shell ended; the next connection opens a new one. */
  z.strictObject({ type: z.literal('exit'), code: z.number().int() }),
  z.strictObject({ type: z.literal('error'), code: z.string(), message: z.string() }),
]);
export type ServerFrame = z.infer<typeof serverFrameSchema>;
