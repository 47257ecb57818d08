/** Asking a platform: bounded in time and size, and never led elsewhere. */
import { z } from 'zod';

export const TIMEOUT_MS = 10_000;
const SIZE_LIMIT = 2 * 1024 * 1024;
const SAID_LIMIT = 200;

/** In words for who runs or teaches there; never holds a token. */
export class PlatformFailed extends Error {
  /** Of the answer, where there was one. */
  readonly status: number | undefined;

  constructor(message: string, status?: number, cause?: unknown) {
    super(message, { cause });
    this.status = status;
  }
}

export interface PlatformAnswer<T> {
  readonly body: T;
  readonly headers: Headers;
}

/** Without query: there may be somebody's key in it. */
const place = (url: string) => `${new URL(url).origin}${new URL(url).pathname}`;

async function bounded(response: Response, url: string): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const pieces: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(pieces).toString('utf8');
    size += value.byteLength;
    if (size > SIZE_LIMIT) {
      await reader.cancel();
      throw new PlatformFailed(`${place(url)} answered more than ${SIZE_LIMIT} bytes`, response.status);
    }
    pieces.push(value);
  }
}

/** A redirect is a failure: where it leads, nobody has allowed. @throws PlatformFailed */
export async function ask(url: string, init: RequestInit = {}): Promise<{ text: string; headers: Headers }> {
  const method = init.method ?? 'GET';
  try {
    const limit = AbortSignal.timeout(TIMEOUT_MS);
    const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit;
    const response = await fetch(url, { ...init, redirect: 'manual', signal });
    const text = await bounded(response, url);
    if (response.ok) return { text, headers: response.headers };
    const said = text.replace(/\s+/g, ' ').slice(0, SAID_LIMIT);
    throw new PlatformFailed(`${method} ${place(url)} answered ${response.status}: ${said}`, response.status);
  } catch (error) {
    if (error instanceof PlatformFailed) throw error;
    const { name, cause } = error as Error;
    const why = name === 'TimeoutError' ? `no answer within ${TIMEOUT_MS / 1000} s` : codeOf(cause);
    throw new PlatformFailed(`${method} ${place(url)}: ${why}`, undefined, error);
  }
}

const codeOf = (cause: unknown): string => {
  const { code } = (cause ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : 'cannot be reached';
};

/** @throws PlatformFailed also when it is not what was expected */
export async function askJson<T>(
  schema: z.ZodType<T>,
  url: string,
  init: RequestInit = {},
): Promise<PlatformAnswer<T>> {
  const { text, headers } = await ask(url, init);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new PlatformFailed(`${place(url)} did not answer in JSON`, undefined, error);
  }
  const { data, error } = schema.safeParse(json);
  if (error) throw new PlatformFailed(`${place(url)} answered something else: ${z.prettifyError(error)}`);
  return { body: data as T, headers };
}
