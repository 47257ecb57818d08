/** The numbers and names of terminal.ts, apart from its schemas: the browser needs these at once, and no validator for them. */

/** The browser acknowledges what xterm.js has processed each time this many more bytes are through. */
export const ACKNOWLEDGE_EVERY = 64 * 1024;
/** The server pauses the pty when this many bytes are on the way and not acknowledged, … */
export const PAUSE_ABOVE = 256 * 1024;
/** … and lets it run again below this. */
export const RESUME_BELOW = 64 * 1024;
/** One frame from the browser: a large paste is cut into pieces of at most this many characters. */
export const INPUT_LIMIT = 32 * 1024;
/** The browser has at most this many characters of input on the way that the server has not accepted. */
export const INPUT_ON_THE_WAY = 64 * 1024;
/** While the connection is lost the browser keeps this many characters of what is typed, … */
export const INPUT_KEPT_LOST = 64 * 1024;
/** … and while it is there, this many: the largest paste. */
export const INPUT_KEPT = 16 * 1024 * 1024;

/** WebSocket close codes of ours: whether coming back makes sense. */
export const CLOSE = { expired: 4001, full: 4002, refused: 4003, badFrame: 4004, tooSlow: 4005, gone: 4006 } as const;

/** How a recording ends: asked for, too large, too long, with its shell, or the disk would not take it. */
export const RECORDING_ENDS = ['asked', 'size', 'time', 'shell', 'failed'] as const;
export type RecordingEnd = (typeof RECORDING_ENDS)[number];

/** The name of the terminal of the sandbox's root, in labs whose learner is its administrator too. */
export const ADMINISTRATOR_TERMINAL = 'administrator';
