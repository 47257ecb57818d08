/** A small OpenID provider that is real: discovery, keys, one-time codes, PKCE. What it signs can be changed, to be wrong. */
import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';

export interface Lie {
  readonly claims?: JWTPayload;
  /** none: unsigned; stranger: a key that is not among the published; hmac: by the client's secret. */
  readonly sign?: 'none' | 'stranger' | 'hmac';
}

export const CLIENT = { id: 'toride', secret: 'a secret: of%two' };

/** @param host 'localhost' is another site than 127.0.0.1 for a browser */
export async function openProvider(host: '127.0.0.1' | 'localhost' = '127.0.0.1') {
  const own = await generateKeyPair('ES256');
  const stranger = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'one', alg: 'ES256', use: 'sig' };
  const codes = new Map<string, { challenge: string; nonce: string; redirect: string }>();
  let person: JWTPayload = {};
  let lie: Lie = {};
  const issuer = () => `http://${host}:${(server.address() as AddressInfo).port}`;

  async function token(nonce: string): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const standard = { iss: issuer(), aud: CLIENT.id, iat: now, exp: now + 300, nonce };
    const claims: JWTPayload = { ...standard, ...person, ...lie.claims };
    if (lie.sign === 'none') return new UnsecuredJWT(claims).encode();
    if (lie.sign === 'hmac')
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', kid: 'one' })
        .sign(new TextEncoder().encode(CLIENT.secret));
    const strange = lie.sign === 'stranger';
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid: strange ? 'two' : 'one' })
      .sign((strange ? stranger : own).privateKey);
  }

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', issuer());
    const json = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (url.pathname === '/.well-known/openid-configuration')
      return json(200, {
        issuer: issuer(),
        authorization_endpoint: `${issuer()}/authorize`,
        token_endpoint: `${issuer()}/token`,
        jwks_uri: `${issuer()}/jwks`,
      });
    if (url.pathname === '/jwks') return json(200, { keys: [jwk] });
    if (url.pathname === '/authorize') {
      const asked = url.searchParams;
      const code = randomUUID();
      const [challenge, nonce, redirect] = ['code_challenge', 'nonce', 'redirect_uri'].map((name) => asked.get(name)!);
      codes.set(code, { challenge: challenge!, nonce: nonce!, redirect: redirect! });
      const back = new URL(redirect!);
      for (const [name, value] of Object.entries({ code, state: asked.get('state')!, iss: issuer() }))
        back.searchParams.set(name, value);
      return response.writeHead(302, { location: back.href }).end();
    }
    if (url.pathname === '/token' && request.method === 'POST') {
      let body = '';
      for await (const chunk of request) body += chunk;
      const form = new URLSearchParams(body);
      const [id, secret] = Buffer.from(request.headers.authorization?.split(' ')[1] ?? '', 'base64')
        .toString()
        .split(':')
        .map(decodeURIComponent);
      const given = codes.get(form.get('code') ?? '');
      codes.delete(form.get('code') ?? '');
      const proof = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url');
      const good = id === CLIENT.id && secret === CLIENT.secret && given?.challenge === proof;
      if (!good || given.redirect !== form.get('redirect_uri')) return json(400, { error: 'invalid_grant' });
      return json(200, { id_token: await token(given.nonce), access_token: 'unused', token_type: 'Bearer' });
    }
    return json(404, {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    issuer: issuer(),
    /** Who signs in next, and what is wrong about it. */
    next(claims: JWTPayload, wrong: Lie = {}) {
      person = claims;
      lie = wrong;
    },
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
