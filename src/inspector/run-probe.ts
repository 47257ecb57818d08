/** Runs a command of containers/probe to its end: limited, in no environment, its one JSON object checked. */
import { execFile } from 'node:child_process';
import { z } from 'zod';

/** Ours comes a little later than the probe's own limit and is only for a probe that went wrong. */
const GRACE_MS = 1500;
const OUTPUT_LIMIT = 64 * 1024 * 1024;

/** Something could not be observed: never a fail, never a pass. The code is stable, the message says what. */
export class ObservationError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = 'ObservationError';
    this.code = code;
  }
}

export interface InitProcess {
  readonly pid: number;
  readonly startTime: number;
}

export const initArguments = (init: InitProcess) => ['--init', init.pid, '--init-start', init.startTime] as const;

const errorSchema = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** @param input for its standard input @throws ObservationError with the probe's code, or one for a probe that failed */
export async function runProbe<T extends z.ZodType>(
  binary: string,
  schema: T,
  limitMs: number,
  [command, ...args]: readonly [string, ...(string | number)[]],
  input?: Uint8Array,
): Promise<z.infer<T>> {
  const text = await output(binary, [command, ...args.map(String), '--time-limit-ms', String(limitMs)], limitMs, input);
  const parsed = parse(text, command);
  const fault = errorSchema.safeParse(parsed);
  if (fault.success) throw new ObservationError(fault.data.error.code, fault.data.error.message);
  const value = schema.safeParse(parsed);
  if (!value.success) throw new ObservationError('probe-output', `${command}: ${z.prettifyError(value.error)}`);
  return value.data;
}

function output(binary: string, args: string[], limitMs: number, input?: Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      binary,
      args,
      { timeout: limitMs + GRACE_MS, killSignal: 'SIGKILL', maxBuffer: OUTPUT_LIMIT, env: {} },
      (error, stdout, stderr) => {
        if (stdout.length > 0 && (!error || error.code === 1)) return resolve(stdout);
        reject(new ObservationError('probe-failed', stderr.trim() || error?.message || 'no output'));
      },
    );
    if (!input) return;
    // It may refuse before it has read everything; why, it says itself.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}

function parse(text: string, command: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ObservationError('probe-output', `${command}: not JSON`);
  }
}
