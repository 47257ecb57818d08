/** The server's HTTP interface, as the browser uses it. */
import type { z } from 'zod';
import type { Attempt, LabState, Progress, SandboxState } from '../protocol/api.ts';
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
  schemaOf: (schemas: Schemas) => z.ZodType<T>,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  json?: object,
): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' };
  // A form of another site cannot send this header, so it cannot act in the learner's name.
  if (method !== 'GET') headers['X-Toride'] = '1';
  if (json) headers['Content-Type'] = 'application/json';
  let schemas: Schemas;
  let body: unknown;
  let ok = false;
  try {
    const response = await fetch(path, {
      method,
      headers,
      body: json ? JSON.stringify(json) : null,
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
  return schemaOf(schemas).parse(body);
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
  ask(({ sandboxStateSchema }) => sandboxStateSchema, 'POST', `${of(lab)}/reset`);
export const stopLab = (lab: string): Promise<SandboxState> =>
  ask(({ sandboxStateSchema }) => sandboxStateSchema, 'DELETE', `${of(lab)}/sandbox`);
