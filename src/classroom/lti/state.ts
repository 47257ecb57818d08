/**
 * State and nonce of a login, made from a secret that only the browser has (its cookie). Nothing is kept for a login that
 * never comes back, and several frames of one page can be under way at once.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** From login to launch; a person may have to sign in at the platform in between. */
export const FLOW_MS = 10 * 60_000;

export interface Begun {
  readonly platformId: string;
  readonly nonce: string;
  /** Whether a login that named a deployment named this one; true where it named none. */
  isFor(deploymentId: string): boolean;
}

const derived = (...parts: readonly string[]) => createHash('sha256').update(parts.join(' ')).digest('base64url');
const tagOf = (deploymentId: string) => derived('deployment', deploymentId).slice(0, 16);

/** @param flow the secret in the browser's cookie */
export function begin(
  flow: string,
  platformId: string,
  deploymentId: string | undefined,
  now = Date.now(),
): { state: string; nonce: string } {
  const tag = deploymentId === undefined ? '' : tagOf(deploymentId);
  const parts = [platformId, now.toString(36), tag, randomBytes(16).toString('base64url')];
  return {
    state: [...parts, derived('state', flow, ...parts)].join('.'),
    nonce: derived('nonce', flow, ...parts),
  };
}

/** Of which platform a state says that it is: not to be believed, but to show a refusal in its frame. */
export const claimedPlatform = (state: string): string | undefined => state.split('.')[0];

/** @returns nothing when this browser did not begin it, or too long ago */
export function begunBy(flow: string, state: string, now = Date.now()): Begun | undefined {
  const parts = state.split('.');
  const [platformId = '', at = '', tag = ''] = parts;
  const proof = Buffer.from(parts[4] ?? '');
  const expected = Buffer.from(derived('state', flow, ...parts.slice(0, 4)));
  if (parts.length !== 5 || proof.length !== expected.length || !timingSafeEqual(proof, expected)) return undefined;
  const age = now - Number.parseInt(at, 36);
  if (!(age >= 0 && age <= FLOW_MS)) return undefined;
  return {
    platformId,
    nonce: derived('nonce', flow, ...parts.slice(0, 4)),
    isFor: (deploymentId) => tag === '' || tag === tagOf(deploymentId),
  };
}
