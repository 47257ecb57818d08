/**
 * Verifies OpenPGP messages in a thread of its own, which is ended when it takes too long: keys and messages are the
 * learner's, and one can be made on which an honest library computes for minutes.
 */
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { ObservationError } from '../probe.ts';

const LIMIT_MS = 4000;
const MEMORY_MIB = 128;

/** A key ring, binary or armoured, as base64. */
export interface NamedKey {
  readonly name: string;
  readonly key: string;
}
export interface Work {
  readonly keys: readonly NamedKey[];
  readonly messages: readonly string[];
}

const resultSchema = z.array(z.record(z.string(), z.string()));

/** For each message what it says, as base64, by the name of every key that verifies it; none for one that is not valid. */
export async function verifyMessages(
  keys: readonly NamedKey[],
  messages: readonly string[],
): Promise<Record<string, string>[]> {
  if (keys.length === 0 || messages.length === 0) return messages.map(() => ({}));
  const worker = new Worker(new URL('./openpgp-worker.ts', import.meta.url), {
    workerData: { keys, messages } satisfies Work,
    env: {},
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MIB },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const result = await new Promise<unknown>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error('took too long')), LIMIT_MS);
      worker.once('message', resolve).once('error', reject);
    });
    return resultSchema.parse(result);
  } catch (error) {
    throw new ObservationError('signatures', `OpenPGP signatures could not be verified: ${(error as Error).message}`);
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
