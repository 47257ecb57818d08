/**
 * A small learning platform, written from the specifications: OIDC login, keys, tokens against signed assertions, line
 * items and scores, members, deep linking, dynamic registration. It checks what a tool sends as strictly as they say, keeps what
 * it was told, and can be wrong in whatever way a test needs.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createLocalJWKSet,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWTPayload,
  jwtVerify,
  SignJWT,
  UnsecuredJWT,
} from 'jose';
import { type GradeBook, gradeServices } from './lti-grades.ts';

const LTI = 'https://purl.imsglobal.org/spec/lti/claim';
const MEMBERSHIP = 'http://purl.imsglobal.org/vocab/lis/v2/membership';
const ROLE = { learner: `${MEMBERSHIP}#Learner`, instructor: `${MEMBERSHIP}#Instructor` } as const;

export interface Person {
  readonly sub: string;
  readonly name?: string;
  readonly roles: readonly string[];
}
export const ada: Person = { sub: 'user-ada', name: 'Ada Lovelace', roles: [ROLE.learner] };
const alan: Person = { sub: 'user-alan', name: 'Alan Turing', roles: [ROLE.learner] };
export const grace: Person = { sub: 'user-grace', name: 'Grace Hopper', roles: [ROLE.instructor] };

/** What is wrong with a launch. */
export interface Lie {
  readonly claims?: JWTPayload;
  /** stranger: a key that is not published, under the published name; hmac: by the published key's text; 'no-kid' names no key. */
  readonly sign?: 'none' | 'stranger' | 'unknown' | 'hmac' | 'no-kid';
}

export interface Message {
  readonly person: Person;
  /** A resource link; none: a lab is to be chosen for a new one. */
  readonly link?: string;
  readonly lab?: string;
  readonly locale?: string;
  readonly lie?: Lie;
  /** Named at login; else the one that the launch is of. */
  readonly loginDeployment?: string | null;
  /** The platform's page keeps data for tools, by messages between windows. */
  readonly storage?: boolean;
}

const CLIENT_ID = 'toride at school/1';
const DEPLOYMENT = 'deployment-1';

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
const page = (body: string) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Platform</title>${body}`;
const form = (action: string, fields: Record<string, string>) =>
  `<form action="${escaped(action)}" method="post">${Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escaped(value)}">`)
    .join('')}</form><script>document.forms[0].submit()</script>`;

/** Of a course's page: a store for each tool's origin. */
const storage = `<script>const kept = new Map();
addEventListener('message', ({ data, origin, source }) => {
  const { subject, key, value, message_id } = data ?? {};
  if (!['lti.put_data', 'lti.get_data'].includes(subject)) return;
  const own = kept.get(origin) ?? new Map();
  if (subject === 'lti.put_data') kept.set(origin, own.set(key, value));
  source.postMessage({ subject: subject + '.response', message_id, key, value: own.get(key) }, origin);
});</script>`;

/** What a form of a page would send, and where to. */
export function formIn(html: string): { action: string; fields: Record<string, string> } {
  const plain = (text: string) => text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&amp;', '&');
  const inputs = [...html.matchAll(/<input[^>]*name="([^"]*)" value="([^"]*)"/g)];
  return {
    action: plain(/<form[^>]*action="([^"]*)"/.exec(html)?.[1] ?? ''),
    fields: Object.fromEntries(inputs.map(([, name, value]) => [name!, plain(value!)])),
  };
}

export type TestPlatform = Awaited<ReturnType<typeof openPlatform>>;

/** @param host 'localhost' is another site than 127.0.0.1 for a browser */
export async function openPlatform(host: '127.0.0.1' | 'localhost' = '127.0.0.1') {
  let own = await generateKeyPair('RS256', { extractable: true });
  let kid = 'first';
  const stranger = await generateKeyPair('RS256');
  const messages = new Map<string, Message>();
  const assertions = new Set<string>();
  const registrations: Record<string, unknown>[] = [];
  /** What tools returned from choosing: verified messages. */
  const choices: JWTPayload[] = [];
  const people: Person[] = [ada, grace, alan];
  /** Where the tool is; its keys are read there. */
  let tool = '';
  /** The next so many requests for a token are answered with this. */
  const tokenTrouble: number[] = [];
  /** And so many for its keys. */
  const keyTrouble: number[] = [];
  const tokens = new Map<string, string[]>();
  const url = () => `http://${host}:${(server.address() as AddressInfo).port}`;

  const toolKeys = async () => createLocalJWKSet(await (await fetch(`${tool}/lti/jwks.json`)).json());

  async function idToken(message: Message, nonce: string): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const { person, link, lab, locale, lie = {} } = message;
    const about = link
      ? {
          [`${LTI}/message_type`]: 'LtiResourceLinkRequest',
          [`${LTI}/resource_link`]: { id: link, title: 'Week 8: read-only' },
          'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': grades.claim(link),
          'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': {
            context_memberships_url: `${url()}/members?page=0`,
            service_versions: ['2.0'],
          },
        }
      : {
          [`${LTI}/message_type`]: 'LtiDeepLinkingRequest',
          'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings': {
            deep_link_return_url: `${url()}/return`,
            accept_types: ['link', 'ltiResourceLink'],
            accept_presentation_document_targets: ['iframe'],
            data: 'opaque & "data"',
          },
        };
    const claims: JWTPayload = {
      ...{ iss: url(), aud: CLIENT_ID, sub: person.sub, iat: now, exp: now + 60, nonce, name: person.name },
      [`${LTI}/version`]: '1.3.0',
      [`${LTI}/deployment_id`]: DEPLOYMENT,
      [`${LTI}/target_link_uri`]: `${tool}/lti/launch`,
      [`${LTI}/roles`]: person.roles,
      [`${LTI}/context`]: { id: 'course-1', title: 'Containers' },
      [`${LTI}/custom`]: lab === undefined ? {} : { lab },
      [`${LTI}/launch_presentation`]: {
        locale: locale ?? 'en',
        document_target: 'iframe',
        return_url: `${url()}/back`,
      },
      'https://example.org/extension': { unknown: true },
      ...about,
      ...lie.claims,
    };
    if (lie.sign === 'none') return new UnsecuredJWT(claims).encode();
    if (lie.sign === 'hmac')
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', kid })
        .sign(new TextEncoder().encode(await exportSPKI(own.publicKey)));
    const strange = lie.sign === 'stranger' || lie.sign === 'unknown';
    const named = lie.sign === 'no-kid' ? {} : { kid: lie.sign === 'unknown' ? 'unknown' : kid };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', ...named })
      .sign((strange ? stranger : own).privateKey);
  }

  /** As the first request of a launch, by a form of the platform's page. */
  function loginFields(message: Message): Record<string, string> {
    const hint = randomUUID();
    messages.set(hint, message);
    const deployment = message.loginDeployment === undefined ? DEPLOYMENT : message.loginDeployment;
    return {
      iss: url(),
      client_id: CLIENT_ID,
      login_hint: message.person.sub,
      lti_message_hint: hint,
      target_link_uri: `${tool}/lti/launch`,
      ...(deployment !== null && { lti_deployment_id: deployment }),
      ...(message.storage && { lti_storage_target: '_parent' }),
    };
  }

  const grades: GradeBook = gradeServices(url);
  const bearer = (request: IncomingMessage, scope: string) =>
    tokens.get(request.headers.authorization?.replace(/^Bearer /, '') ?? '')?.includes(scope) ?? false;

  async function token(fields: URLSearchParams): Promise<[number, object]> {
    const trouble = tokenTrouble.shift();
    if (trouble !== undefined) return [trouble, { error: 'temporarily_unavailable' }];
    const { payload } = await jwtVerify(fields.get('client_assertion') ?? '', await toolKeys(), {
      ...{ issuer: CLIENT_ID, subject: CLIENT_ID, audience: `${url()}/token`, algorithms: ['RS256'] },
      requiredClaims: ['exp', 'iat', 'jti'],
      maxTokenAge: 300,
    });
    const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
    const good = fields.get('grant_type') === 'client_credentials' && fields.get('client_assertion_type') === type;
    if (!good || assertions.has(payload.jti!)) return [400, { error: 'invalid_client' }];
    assertions.add(payload.jti!);
    const name = randomUUID();
    tokens.set(name, (fields.get('scope') ?? '').split(' '));
    return [200, { access_token: name, token_type: 'Bearer', expires_in: 3600, scope: fields.get('scope') }];
  }

  function members(request: IncomingMessage, asked: URL): [number, object, Record<string, string>] {
    if (!bearer(request, 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly'))
      return [401, {}, {}];
    const at = Number(asked.searchParams.get('page'));
    const more = at + 1 < people.length;
    const shown = people
      .slice(at, at + 1)
      .map(({ sub, name, roles }) => ({ user_id: sub, name, roles, status: 'Active' }));
    const link: Record<string, string> = more ? { link: `<${url()}/members?page=${at + 1}>; rel="next"` } : {};
    return [200, { id: `${url()}/members`, context: { id: 'course-1' }, members: shown }, link];
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = new URL(request.url ?? '/', url());
    let body = '';
    for await (const chunk of request) body += chunk;
    const json = (status: number, value: unknown, headers: Record<string, string> = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
    };
    const html = (status: number, text: string) => {
      response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(page(text));
    };
    const route = `${request.method} ${asked.pathname}`;
    const fields = new URLSearchParams(body);
    if (route === 'GET /jwks') {
      const trouble = keyTrouble.shift();
      if (trouble !== undefined) return json(trouble, {});
      const jwk = { ...(await exportJWK(own.publicKey)), kid, alg: 'RS256', use: 'sig' };
      return json(200, { keys: [jwk] });
    }
    if (route === 'GET /course') {
      const message = JSON.parse(asked.searchParams.get('message') ?? '{}');
      const query = new URLSearchParams({ message: JSON.stringify(message) });
      return html(
        200,
        `<h1>A course</h1>${message.storage ? storage : ''}<iframe title="Lab" name="lab" src="/open?${escaped(String(query))}" style="width:100%;height:740px;border:0"></iframe>`,
      );
    }
    if (route === 'GET /open') {
      const message = JSON.parse(asked.searchParams.get('message') ?? '{}') as Message;
      return html(200, form(`${tool}/lti/login`, loginFields(message)));
    }
    if (route === 'GET /auth') {
      const query = Object.fromEntries(asked.searchParams);
      const message = messages.get(query.lti_message_hint ?? '');
      messages.delete(query.lti_message_hint ?? '');
      const expected = { scope: 'openid', response_type: 'id_token', response_mode: 'form_post', prompt: 'none' };
      const good = Object.entries(expected).every(([name, value]) => query[name] === value);
      if (!good || !message || query.login_hint !== message.person.sub || query.client_id !== CLIENT_ID)
        return html(400, 'invalid request');
      if (query.redirect_uri !== `${tool}/lti/launch` || !query.nonce || !query.state)
        return html(400, 'invalid request');
      const token = await idToken(message, query.nonce);
      const answer: Record<string, string> = { id_token: token, state: query.state };
      if (message.storage) answer.lti_storage_target = '_parent';
      return html(200, form(query.redirect_uri, answer));
    }
    if (route === 'POST /token') return json(...(await token(fields)));
    if (route === 'GET /members') return json(...members(request, asked));
    if (route === 'POST /return') {
      const { payload } = await jwtVerify(fields.get('JWT') ?? '', await toolKeys(), {
        ...{ issuer: CLIENT_ID, audience: url(), algorithms: ['RS256'], maxTokenAge: 300 },
        requiredClaims: ['exp', 'iat', 'nonce'],
      });
      choices.push(payload);
      return html(200, '<p>Your choice is in the course.</p>');
    }
    if (route === 'GET /openid-configuration')
      return json(200, {
        issuer: url(),
        authorization_endpoint: `${url()}/auth`,
        token_endpoint: `${url()}/token`,
        jwks_uri: `${url()}/jwks`,
        registration_endpoint: `${url()}/register`,
        token_endpoint_auth_methods_supported: ['private_key_jwt'],
        'https://purl.imsglobal.org/spec/lti-platform-configuration': {
          product_family_code: 'simulator',
          version: '1',
        },
      });
    if (route === 'POST /register') {
      if (request.headers.authorization !== 'Bearer registration-token') return json(401, {});
      const said = JSON.parse(body);
      registrations.push(said);
      const configuration = said['https://purl.imsglobal.org/spec/lti-tool-configuration'];
      return json(200, {
        ...said,
        client_id: CLIENT_ID,
        'https://purl.imsglobal.org/spec/lti-tool-configuration': { ...configuration, deployment_id: DEPLOYMENT },
      });
    }
    const graded = grades.answer(route, asked, body, (scope) => bearer(request, scope));
    return graded ? json(graded.status, graded.body, graded.headers) : json(404, {});
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      response.writeHead(400, { 'content-type': 'text/plain' }).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: url(),
    /** As its owner would type it into the tool. */
    get registration() {
      return {
        ...{ name: 'School', issuer: url(), clientId: CLIENT_ID, authUrl: `${url()}/auth`, tokenUrl: `${url()}/token` },
        ...{ jwksUrl: `${url()}/jwks`, tokenAudience: null, pageOrigin: url(), deployments: [] as string[] },
      };
    },
    set tool(value: string) {
      tool = value;
    },
    /** The address of a course's page with the tool in a frame. */
    course: (message: Message) => `${url()}/course?${new URLSearchParams({ message: JSON.stringify(message) })}`,
    loginFields,
    people,
    grades,
    choices,
    registrations,
    tokenTrouble,
    keyTrouble,
    /** All that were given out are worth nothing any more. */
    forgetTokens: () => tokens.clear(),
    /** Another key from now on, under another name. */
    async rotate() {
      own = await generateKeyPair('RS256', { extractable: true });
      kid = randomUUID();
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
