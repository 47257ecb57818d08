/** OpenID Connect: authorization code with PKCE, state and nonce, all bound to one secret in the browser's cookie. */
import { createHash } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { z } from 'zod';
import { loginSchema, personNameSchema } from '../../protocol/accounts.ts';
import type { Settings } from '../../setup/settings.ts';

/** Only signatures by a key that the provider alone has. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const TIMEOUT_MS = 10_000;
const CLOCK_TOLERANCE_S = 30;

const providerSchema = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  token_endpoint_auth_methods_supported: z.array(z.string()).optional(),
});
const tokensSchema = z.object({ id_token: z.string().max(64 * 1024) });

export interface Identity {
  /** Issuer and subject. */
  readonly subject: string;
  readonly login: string;
  readonly name: string;
}

/** The provider vouches for this person, and they are no instructor here. */
export class NotAllowed extends Error {}

export interface Oidc {
  /** @param flow the secret in the browser's cookie; state, nonce and verifier are made from it */
  start(flow: string, language: string, redirect: string): Promise<string>;
  /** @returns the language, when the state is the one of this browser's flow */
  stateOf(flow: string, state: string): 'en' | 'ja' | undefined;
  /** @throws NotAllowed, or whatever is wrong with the answer */
  finish(flow: string, code: string, issuer: string | undefined, redirect: string): Promise<Identity>;
}

const derived = (flow: string, use: string) => createHash('sha256').update(`${use} ${flow}`).digest('base64url');
const challenge = (verifier: string) => createHash('sha256').update(verifier).digest('base64url');

/** @throws what is wrong in words; status and body stay out of the person's sight */
async function read<T>(schema: z.ZodType<T>, url: string, init: RequestInit = {}): Promise<T> {
  const answer = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return schema.parse(await answer.json());
}

type OidcSettings = Pick<Settings, 'oidcIssuer' | 'oidcClientId' | 'oidcClientSecret' | 'oidcDomains' | 'oidcClaim'>;

export function openOidc(settings: OidcSettings): Oidc | undefined {
  const { oidcIssuer: issuer, oidcClientId: id, oidcClientSecret: secret, oidcDomains, oidcClaim } = settings;
  if (issuer === undefined || id === undefined || secret === undefined) return undefined;
  let provider: Promise<z.infer<typeof providerSchema> & { keys: ReturnType<typeof createRemoteJWKSet> }> | undefined;

  async function discover() {
    const found = await read(providerSchema, `${issuer!.replace(/\/$/, '')}/.well-known/openid-configuration`);
    if (found.issuer !== issuer) throw new Error(`the provider names itself ${found.issuer}, expected ${issuer}`);
    return { ...found, keys: createRemoteJWKSet(new URL(found.jwks_uri), { timeoutDuration: TIMEOUT_MS }) };
  }
  const known = () => {
    provider ??= discover().catch((error) => {
      // Asked again next time.
      provider = undefined;
      throw error;
    });
    return provider;
  };
  const stateFor = (flow: string, language: string) => `${language}.${derived(flow, 'state')}`;

  function isInstructor(claims: Readonly<Record<string, unknown>>): boolean {
    const { email } = claims;
    const domain = typeof email === 'string' && claims.email_verified === true ? email.split('@').at(-1) : undefined;
    if (domain !== undefined && oidcDomains.includes(domain.toLowerCase())) return true;
    const [name = '', ...rest] = oidcClaim?.split('=') ?? [];
    const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
    const wanted = rest.join('=');
    return wanted !== '' && (value === wanted || (Array.isArray(value) && value.includes(wanted)));
  }

  return {
    async start(flow, language, redirect) {
      const url = new URL((await known()).authorization_endpoint);
      for (const [name, value] of Object.entries({
        response_type: 'code',
        client_id: id,
        redirect_uri: redirect,
        scope: 'openid email profile',
        state: stateFor(flow, language),
        nonce: derived(flow, 'nonce'),
        code_challenge: challenge(derived(flow, 'verifier')),
        code_challenge_method: 'S256',
      }))
        url.searchParams.set(name, value);
      return url.href;
    },

    stateOf: (flow, state) => (['en', 'ja'] as const).find((language) => stateFor(flow, language) === state),

    async finish(flow, code, named, redirect) {
      const { token_endpoint: endpoint, token_endpoint_auth_methods_supported: methods, keys } = await known();
      if (named !== undefined && named !== issuer) throw new Error('the answer is of another issuer');
      const form = { grant_type: 'authorization_code', code, redirect_uri: redirect };
      const byForm = methods !== undefined && !methods.includes('client_secret_basic');
      const basic = Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64');
      const { id_token: token } = await read(tokensSchema, endpoint, {
        method: 'POST',
        headers: byForm ? {} : { authorization: `Basic ${basic}` },
        body: new URLSearchParams({
          ...form,
          code_verifier: derived(flow, 'verifier'),
          ...(byForm && { client_id: id, client_secret: secret }),
        }),
      });
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience: id,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_S,
        requiredClaims: ['sub', 'exp', 'iat', 'nonce'],
      });
      if (payload.nonce !== derived(flow, 'nonce')) throw new Error('the nonce is not that of this browser');
      if ((payload.azp ?? (Array.isArray(payload.aud) && payload.aud.length > 1 ? '' : id)) !== id)
        throw new Error('the token was made for another client');
      if (!isInstructor(payload)) throw new NotAllowed();
      const login = loginSchema.safeParse(payload.email ?? payload.preferred_username);
      if (!login.success) throw new NotAllowed();
      const name = personNameSchema.safeParse(payload.name).data ?? login.data;
      return { subject: `${issuer} ${payload.sub}`, login: login.data, name };
    },
  };
}
