/** Access tokens for a platform's services: a signed assertion against a token, kept until shortly before it ends. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { LtiPlatform } from '../../store/lti-platforms.ts';
import { askJson, type PlatformAnswer, PlatformFailed } from './fetch.ts';
import type { LtiKey } from './key.ts';
import { isOfPlatform } from './urls.ts';

const ASSERTION_S = 120;
/** Where a platform does not say how long, and how long before its end a token is not used any more. */
const LIFE_S = 300;
const EARLY_S = 60;

const tokenSchema = z.looseObject({
  access_token: z.string().min(1).max(16_384),
  expires_in: z.coerce.number().positive().optional(),
});

export interface PlatformServices {
  /** With a token for the scope; one that is not taken any more is replaced once. @throws PlatformFailed */
  ask<T>(
    platform: LtiPlatform,
    scope: string,
    schema: z.ZodType<T>,
    url: string,
    init?: RequestInit,
  ): Promise<PlatformAnswer<T>>;
}

/** @param ending ends every request that is under way */
export function openServices(key: () => Promise<LtiKey>, ending: AbortSignal): PlatformServices {
  const tokens = new Map<string, { token: string; until: number }>();

  async function fresh(platform: LtiPlatform, scope: string): Promise<string> {
    const { clientId, tokenUrl, tokenAudience } = platform;
    const who = { iss: clientId, sub: clientId, aud: tokenAudience ?? tokenUrl, jti: randomUUID() };
    const assertion = await (await key()).sign(who, ASSERTION_S);
    const { body } = await askJson(tokenSchema, tokenUrl, {
      method: 'POST',
      signal: ending,
      headers: { accept: 'application/json' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
        scope,
      }),
    });
    const until = Date.now() + ((body.expires_in ?? LIFE_S) - EARLY_S) * 1000;
    tokens.set(name(platform, scope), { token: body.access_token, until });
    return body.access_token;
  }
  /** A registration that was changed has other tokens. */
  const name = ({ id, clientId, tokenUrl }: LtiPlatform, scope: string) => [id, clientId, tokenUrl, scope].join(' ');

  return {
    async ask(platform, scope, schema, url, init = {}) {
      // A token goes to the platform's own hosts only, whoever named the address.
      if (!isOfPlatform(platform, url))
        throw new PlatformFailed(
          `${new URL(url).origin} is none of the hosts that ${platform.name} is registered with`,
        );
      const kept = tokens.get(name(platform, scope));
      const send = (token: string) =>
        askJson(schema, url, {
          ...init,
          signal: ending,
          headers: { ...init.headers, authorization: `Bearer ${token}` },
        });
      if (!kept || kept.until <= Date.now()) return send(await fresh(platform, scope));
      try {
        return await send(kept.token);
      } catch (error) {
        if (!(error instanceof PlatformFailed) || error.status !== 401) throw error;
        return send(await fresh(platform, scope));
      }
    },
  };
}
