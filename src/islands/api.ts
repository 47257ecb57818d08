/** The server's HTTP interface, as the browser uses it. */
import type { z } from 'zod';
import type { Attempt, AttemptList, LabHints, LabState, Progress, SandboxState, Solution } from '../protocol/api.ts';
import type { ReceiptVerdict } from '../protocol/receipt.ts';
import type { Recording, Recordings } from '../protocol/terminal-recordings.ts';
import { language, words } from './page.ts';

type Schemas = typeof import('./schemas.ts');

/** The server said no (or nothing): `message` is a sentence for the person, in their language. */
export class Refusal extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export async function ask<T>(
  schemaOf: (schemas: Schemas) => z.ZodType<T> | Promise<z.ZodType<T>>,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  sent?: string | object,
): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' };
  // A form of another site cannot send this header, so it cannot act in the learner's name.
  if (method !== 'GET') headers['X-Toride'] = '1';
  const json = typeof sent === 'object' && !(sent instanceof Blob);
  if (json) headers['Content-Type'] = 'application/json';
  let schemas: Schemas;
  let body: unknown;
  let ok = false;
  try {
    const response = await fetch(path, {
      method,
      headers,
      body: json ? JSON.stringify(sent) : ((sent as string | Blob | undefined) ?? null),
      credentials: 'same-origin',
      cache: 'no-store',
    });
    ok = response.ok;
    [body, schemas] = await Promise.all([response.json(), import('./schemas.ts')]);
  } catch {
    throw new Refusal('noAnswer', words.dialog.noAnswer);
  }
  if (!ok) {
    const refusal = schemas.errorSchema.safeParse(body);
    throw refusal.success
      ? new Refusal(refusal.data.error.code, refusal.data.error.message)
      : new Refusal('noAnswer', words.dialog.noAnswer);
  }
  return (await schemaOf(schemas)).parse(body);
}

const inLanguage = `?language=${language}`;
const of = (lab: string) => `/api/labs/${encodeURIComponent(lab)}`;

export const readProgress = (): Promise<Progress> =>
  ask(({ progressSchema }) => progressSchema, 'GET', '/api/progress');
export const readLab = (lab: string): Promise<LabState> =>
  ask(({ labStateSchema }) => labStateSchema, 'GET', of(lab) + inLanguage);
export const checkLab = (lab: string): Promise<Attempt> =>
  ask(({ attemptSchema }) => attemptSchema, 'POST', `${of(lab)}/check${inLanguage}`);
export const resetLab = (lab: string): Promise<SandboxState> =>
  ask(({ sandboxStateSchema }) => sandboxStateSchema, 'POST', `${of(lab)}/reset${inLanguage}`);
export const extendLab = (lab: string): Promise<SandboxState> =>
  ask(({ sandboxStateSchema }) => sandboxStateSchema, 'POST', `${of(lab)}/extend${inLanguage}`);
export const stopLab = (lab: string): Promise<SandboxState> =>
  ask(({ sandboxStateSchema }) => sandboxStateSchema, 'DELETE', `${of(lab)}/sandbox${inLanguage}`);
export const takeHint = (lab: string, task: string, step: number): Promise<LabHints> =>
  ask(({ labHintsSchema }) => labHintsSchema, 'POST', `${of(lab)}/tasks/${task}/hints/${step}${inLanguage}`);
/** @param before an attempt's id: those older than it. */
export const readAttempts = (lab: string, before?: string): Promise<AttemptList> =>
  ask(
    ({ attemptListSchema }) => attemptListSchema,
    'GET',
    `${of(lab)}/attempts${inLanguage}${before === undefined ? '' : `&before=${before}`}`,
  );
export const readAttempt = (lab: string, id: string): Promise<Attempt> =>
  ask(({ attemptSchema }) => attemptSchema, 'GET', `${of(lab)}/attempts/${id}${inLanguage}`);
export const readSolution = (lab: string): Promise<Solution> =>
  ask(({ solutionSchema }) => solutionSchema, 'GET', `${of(lab)}/solution${inLanguage}`);
export const nameRecord = (name: string): Promise<{ name: string | null }> =>
  ask(({ progressNameSchema }) => progressNameSchema, 'PUT', `/api/progress/name${inLanguage}`, { name });
export const verifyReceipt = (receipt: string): Promise<ReceiptVerdict> =>
  ask(({ receiptVerdictSchema }) => receiptVerdictSchema, 'POST', `/api/receipts/verify${inLanguage}`, receipt);

const recordingAt = (lab: string, terminal: string) =>
  `${of(lab)}/terminals/${encodeURIComponent(terminal)}/recording${inLanguage}`;
export const startRecording = (lab: string, terminal: string): Promise<Recording> =>
  ask(({ recordingSchema }) => recordingSchema, 'POST', recordingAt(lab, terminal));
export const stopRecording = (lab: string, terminal: string): Promise<Recording> =>
  ask(({ recordingSchema }) => recordingSchema, 'DELETE', recordingAt(lab, terminal));
export const recordingFile = (id: string): string => `/api/recordings/${encodeURIComponent(id)}`;
export const readRecordings = (lab: string | undefined): Promise<Recordings> => {
  const words = new URLSearchParams({ language, ...(lab !== undefined && { lab }) });
  return ask(({ recordingsSchema }) => recordingsSchema, 'GET', `/api/recordings?${words}`);
};
export const deleteRecording = (id: string): Promise<Recording> =>
  ask(({ recordingSchema }) => recordingSchema, 'DELETE', recordingFile(id) + inLanguage);
