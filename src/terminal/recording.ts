/**
 * A terminal's output as an asciicast, written while it comes: https://docs.asciinema.org/manual/asciicast/v2/. Every line
 * is whole when it is written, so what is on disk is a cast whenever the server ends. Input is never in it: secrets are
 * typed, and a program that asks for one does not show it.
 */
import { type FileHandle, open, readFile, stat, truncate } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import type { RecordingEnd } from '../protocol/terminal.ts';
import type { Terminal, Viewer } from './terminal.ts';

/** Of the file, in bytes: a working hour of a person, or a minute of a program that floods. */
export const RECORDING_LIMIT = 5 * 1024 * 1024;
const RECORDING_MS = 60 * 60_000;

export interface RecordingLimits {
  readonly bytes: number;
  readonly ms: number;
}

export interface RunningRecording {
  stop(why: RecordingEnd): void;
  /** Resolves when it is over and all of it is on disk. */
  readonly ended: Promise<{ why: RecordingEnd; bytes: number; error?: unknown }>;
}

/** Records from now on, what is on the screen first. @throws when the file cannot be made */
export async function record(
  terminal: Terminal,
  path: string,
  limits: RecordingLimits = { bytes: RECORDING_LIMIT, ms: RECORDING_MS },
): Promise<RunningRecording> {
  const file = await open(path, 'wx', 0o600);
  const writer = new CastWriter(file, limits.bytes);
  const { promise: ended, resolve } = Promise.withResolvers<Awaited<RunningRecording['ended']>>();
  let over = false;
  // What comes while the screen is written down follows the screen.
  let held: Buffer[] | undefined = [];

  const finish = (why: RecordingEnd, error?: unknown) => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    terminal.detach(viewer);
    terminal.tellRecording(null, why);
    const close = async () => {
      const failed = await writer.close().then(
        () => error,
        (closing: unknown) => error ?? closing,
      );
      resolve({ why: failed ? 'failed' : why, bytes: writer.bytes, ...(failed ? { error: failed } : {}) });
    };
    void close();
  };
  const write = (line: (seconds: string) => string | undefined, after: () => void = () => undefined) =>
    writer.write(line).then(
      (fits) => {
        after();
        if (!fits) finish('size');
      },
      (error: unknown) => finish('failed', error),
    );
  const output = (data: Buffer) =>
    void write(
      (seconds) => writer.output(seconds, data),
      () => terminal.acknowledge(viewer, data.length),
    );
  const viewer: Viewer = {
    output: (data) => (held ? void held.push(data) : output(data)),
    resized: (columns, rows) => void write((seconds) => `[${seconds},"r","${columns}x${rows}"]\n`),
    exited: () => finish('shell'),
    ended: () => finish('shell'),
    dropped: () => finish('failed', new Error('the disk did not keep up')),
    recording: () => undefined,
  };
  const timer = setTimeout(() => finish('time'), limits.ms);

  const { columns, rows } = terminal;
  const screen = await terminal.attachRecorder(viewer);
  terminal.tellRecording(new Date().toISOString(), null);
  void write(() => {
    const header = { version: 2, width: columns, height: rows, timestamp: Math.floor(Date.now() / 1000) };
    return `${JSON.stringify({ ...header, env: { TERM: 'xterm-256color' } })}\n`;
  });
  if (screen !== '') void write((seconds) => `[${seconds},"o",${JSON.stringify(screen)}]\n`);
  for (const data of held) output(data);
  held = undefined;
  await writer.settled();
  return { stop: finish, ended };
}

class CastWriter {
  readonly #file: FileHandle;
  readonly #limit: number;
  readonly #began = performance.now();
  readonly #decoder = new StringDecoder('utf8');
  #queue: Promise<unknown> = Promise.resolve();
  #full = false;
  bytes = 0;

  constructor(file: FileHandle, limit: number) {
    this.#file = file;
    this.#limit = limit;
  }

  /** @returns an event's line; none for the first bytes of a character whose rest is still to come */
  output(seconds: string, data: Buffer): string | undefined {
    const text = this.#decoder.write(data);
    return text === '' ? undefined : `[${seconds},"o",${JSON.stringify(text)}]\n`;
  }

  /** @param make called now, with the seconds since the beginning. @returns false when it does not fit, and nothing more does */
  write(make: (seconds: string) => string | undefined): Promise<boolean> {
    const line = make(((performance.now() - this.#began) / 1000).toFixed(6));
    const written = this.#queue.then(async () => {
      if (line === undefined || this.#full) return !this.#full;
      const data = Buffer.from(line);
      this.#full = this.bytes + data.length > this.#limit;
      if (this.#full) return false;
      await this.#file.appendFile(data);
      this.bytes += data.length;
      return true;
    });
    this.#queue = written.catch(() => undefined);
    return written;
  }

  async settled(): Promise<void> {
    await this.#queue;
  }

  async close(): Promise<void> {
    await this.#queue;
    try {
      await this.#file.sync();
    } finally {
      await this.#file.close();
    }
  }
}

/** After a server that ended in the middle of a line: cuts it off. @returns bytes and time of the last writing; undefined without a file */
export async function repairCast(path: string): Promise<{ bytes: number; changedAt: Date } | undefined> {
  try {
    const { mtime } = await stat(path);
    const bytes = (await readCast(path)).length;
    await truncate(path, bytes);
    return { bytes, changedAt: mtime };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The whole lines of a cast, also of one that is being written. */
export async function readCast(path: string): Promise<Buffer> {
  const data = await readFile(path);
  return data.subarray(0, data.lastIndexOf('\n') + 1);
}
