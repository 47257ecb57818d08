/** The one place where a launch is believed or not. */
import { createRemoteJWKSet, customFetch, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import type { LtiPlatform } from '../../store/lti-platforms.ts';
import { CLAIM, type Launch, readLaunch } from './claims.ts';
import { ask, TIMEOUT_MS } from './fetch.ts';
import { type Begun, FLOW_MS } from './state.ts';

/** Only signatures by a key that the platform alone has: no 'none', and no HMAC with what everyone may read. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const CLOCK_TOLERANCE_S = 30;
/** A key that is not known is asked for again, as when a platform has changed its keys; at most so often. */
const KEYS_COOLDOWN_MS = 2000;

export type LaunchTrouble = 'bad-launch' | 'bad-message' | 'no-user' | 'other-deployment';

/** Why a launch is not believed: the code for the person, the message for the log. */
export class LaunchRefused extends Error {
  readonly code: LaunchTrouble;

  constructor(code: LaunchTrouble, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

export type PlatformKeys = (platform: Pick<LtiPlatform, 'jwksUrl'>) => JWTVerifyGetKey;

/** One set for each address, read when it is needed. */
export function openPlatformKeys(): PlatformKeys {
  const sets = new Map<string, JWTVerifyGetKey>();
  return ({ jwksUrl }) => {
    let set = sets.get(jwksUrl);
    if (!set) {
      set = createRemoteJWKSet(new URL(jwksUrl), {
        timeoutDuration: TIMEOUT_MS,
        cooldownDuration: KEYS_COOLDOWN_MS,
        [customFetch]: async (url) => {
          const { text } = await ask(url, { headers: { accept: 'application/json' } });
          return new Response(text, { headers: { 'content-type': 'application/json' } });
        },
      });
      sets.set(jwksUrl, set);
    }
    return set;
  };
}

/** @throws LaunchRefused, or PlatformFailed when the platform's keys cannot be had */
export async function verifyLaunch(
  token: string,
  platform: LtiPlatform,
  begun: Begun,
  keys: JWTVerifyGetKey,
): Promise<Launch> {
  const payload = await verifySignature(token, platform, keys);
  if (payload.nonce !== begun.nonce) throw new LaunchRefused('bad-launch', 'the nonce is not the one of this login');
  const { aud, azp } = payload;
  const several = Array.isArray(aud) && aud.length > 1;
  if ((azp ?? (several ? undefined : platform.clientId)) !== platform.clientId)
    throw new LaunchRefused('bad-launch', 'the token was made for another client');
  // The specification lets a platform launch without saying who comes: there is no one whose work that could be.
  if (payload.sub === undefined) throw new LaunchRefused('no-user', 'the launch names no user');
  const launch = understood(payload);
  const deployment = launch.claims[CLAIM.deploymentId];
  const allowed = platform.deployments.length === 0 || platform.deployments.includes(deployment);
  if (!allowed || !begun.isFor(deployment))
    throw new LaunchRefused('other-deployment', `deployment ${deployment} is not let in, or not the login's`);
  return launch;
}

function understood(payload: JWTPayload): Launch {
  try {
    return readLaunch(payload);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    throw new LaunchRefused('bad-message', z.prettifyError(error), error);
  }
}

async function verifySignature(token: string, platform: LtiPlatform, keys: JWTVerifyGetKey): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: platform.issuer,
      audience: platform.clientId,
      algorithms: ALGORITHMS,
      clockTolerance: CLOCK_TOLERANCE_S,
      maxTokenAge: FLOW_MS / 1000,
      requiredClaims: ['exp', 'iat', 'nonce'],
    });
    return payload;
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    throw new LaunchRefused('bad-launch', error.message, error);
  }
}
