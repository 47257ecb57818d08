/** Reads a frame without zod, which would cost the prompt 20 ms; a test holds it to serverFrameSchema. */
import type { ServerFrame } from '../../protocol/terminal.ts';

import { RECORDING_ENDS } from '../../protocol/terminal-limits.ts';

type Field = (value: unknown) => boolean;
type Fields<F extends ServerFrame> = { [K in Exclude<keyof F, 'type'>]: Field };

const text: Field = (value) => typeof value === 'string';
const whole: Field = (value) => Number.isSafeInteger(value);
const count: Field = (value) => whole(value) && Number(value) >= 0;
const size: Field = (value) => whole(value) && Number(value) > 0;

const frames: { [T in ServerFrame['type']]: Fields<Extract<ServerFrame, { type: T }>> } = {
  progress: { step: (value) => ['waiting', 'creating', 'seeding', 'opening'].includes(String(value)) },
  ready: {
    columns: size,
    rows: size,
    screen: text,
    expiresAt: (value) => value === null || text(value),
    shell: text,
    accepted: count,
  },
  accepted: { sequence: count },
  pong: {},
  resized: { columns: size, rows: size },
  recording: {
    since: (value) => value === null || text(value),
    why: (value) => value === null || RECORDING_ENDS.some((why) => why === value),
  },
  exit: { code: whole },
  error: { code: text, message: text },
};

/** @throws when it is not a frame of ours */
export function readFrame(data: string): ServerFrame {
  const frame = JSON.parse(data);
  const fields: Record<string, Field> | undefined = Object.hasOwn(frames, frame?.type)
    ? frames[frame.type as ServerFrame['type']]
    : undefined;
  const broken = Object.entries(fields ?? {}).find(([name, good]) => !good(frame[name]));
  if (!fields || broken) throw new TypeError(`The server sent an unknown frame: ${data.slice(0, 200)}`);
  return frame;
}
