/** Dynamic Registration 1.0: the platform says what it is, and is told what this tool is. */
import { z } from 'zod';
import { isLoopbackHost, platformUrlSchema } from '../../protocol/lti.ts';
import type { LtiPlatformPlan } from '../../store/lti-platforms.ts';
import { SCOPE } from './claims.ts';
import { askJson, PlatformFailed } from './fetch.ts';

const TOOL = 'https://purl.imsglobal.org/spec/lti-tool-configuration';
const PLATFORM = 'https://purl.imsglobal.org/spec/lti-platform-configuration';

const configurationSchema = z.looseObject({
  issuer: platformUrlSchema,
  authorization_endpoint: platformUrlSchema,
  token_endpoint: platformUrlSchema,
  jwks_uri: platformUrlSchema,
  registration_endpoint: platformUrlSchema,
  /** Brightspace: for whom an assertion is made, where that is not the token endpoint. */
  authorization_server: z.string().max(2000).nullish(),
  [PLATFORM]: z.looseObject({ product_family_code: z.string().nullish() }).nullish(),
});

const registeredSchema = z.looseObject({
  client_id: z.string().min(1).max(255),
  [TOOL]: z.looseObject({ deployment_id: z.string().min(1).max(255).nullish() }).nullish(),
});

export interface Tool {
  readonly name: string;
  readonly description: string;
  /** Without a path. */
  readonly origin: string;
  readonly login: string;
  readonly launch: string;
  readonly keys: string;
}

/**
 * @param configuration the address of the platform's configuration, which must be allowed
 * @param token by which the platform lets the registration in; none where it needs none
 * @throws PlatformFailed
 */
export async function register(
  tool: Tool,
  configuration: string,
  token: string | undefined,
): Promise<Omit<LtiPlatformPlan, 'pageOrigin'>> {
  const { body: platform } = await askJson(configurationSchema, configuration);
  if (new URL(platform.issuer).host !== new URL(configuration).host)
    throw new PlatformFailed(`the configuration at ${configuration} is of another issuer, ${platform.issuer}`);
  const {
    authorization_endpoint: auth,
    token_endpoint: tokens,
    jwks_uri: keys,
    registration_endpoint: door,
  } = platform;
  // Nobody from elsewhere has this server ask its own machine.
  const here = isLoopbackHost(new URL(configuration).host);
  if (!here && [auth, tokens, keys, door].some((url) => isLoopbackHost(new URL(url).host)))
    throw new PlatformFailed(`the configuration at ${configuration} names an address of this machine`);
  const { body: registered } = await askJson(registeredSchema, door, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(description(tool)),
  });
  const deployment = registered[TOOL]?.deployment_id;
  return {
    name: `${platform[PLATFORM]?.product_family_code ?? 'LTI'} · ${new URL(platform.issuer).host}`.slice(0, 120),
    issuer: platform.issuer,
    clientId: registered.client_id,
    authUrl: auth,
    tokenUrl: tokens,
    jwksUrl: keys,
    tokenAudience: platform.authorization_server || null,
    deployments: deployment ? [deployment] : [],
  };
}

const description = ({ name, description: text, origin, login, launch, keys }: Tool) => ({
  application_type: 'web',
  response_types: ['id_token'],
  grant_types: ['implicit', 'client_credentials'],
  initiate_login_uri: login,
  redirect_uris: [launch],
  client_name: name,
  jwks_uri: keys,
  token_endpoint_auth_method: 'private_key_jwt',
  scope: Object.values(SCOPE).join(' '),
  [TOOL]: {
    domain: new URL(origin).host,
    description: text,
    target_link_uri: launch,
    claims: ['iss', 'sub', 'name', 'given_name', 'family_name', 'email'],
    messages: [
      { type: 'LtiResourceLinkRequest', target_link_uri: launch, label: name },
      // Placements are Canvas's names: where a lab can be chosen. Others ignore them.
      {
        ...{ type: 'LtiDeepLinkingRequest', target_link_uri: launch, label: name },
        placements: ['assignment_selection', 'link_selection'],
      },
    ],
  },
});
