/** The key by which this instance signs to platforms: RSA, since that is the one kind that every platform must take. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose';
import { z } from 'zod';
import { UserError } from '../../setup/user-error.ts';
import { writeOnce } from '../../setup/write-once.ts';

const ALGORITHM = 'RS256';
const part = z.string();

const fileSchema = z.strictObject({
  ...{ kty: z.literal('RSA'), n: part, e: part, d: part },
  ...{ p: part, q: part, dp: part, dq: part, qi: part },
});

export interface LtiKey {
  /** With kid, alg and use; holds no private part. */
  readonly publicJwk: JWK & { readonly kid: string };
  /** @param seconds until it expires */
  sign(claims: JWTPayload, seconds: number): Promise<string>;
}

/** @throws UserError when the file holds no such key */
async function read(path: string): Promise<LtiKey> {
  let jwk: z.infer<typeof fileSchema>;
  try {
    jwk = fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if (!(error instanceof z.ZodError || error instanceof SyntaxError)) throw error;
    throw new UserError('lti', `${path}: expected an RSA key as JWK, found something else`);
  }
  const privateKey = await importJWK({ ...jwk }, ALGORITHM);
  const { kty, n, e } = jwk;
  const kid = await calculateJwkThumbprint({ kty, n, e });
  return {
    publicJwk: { kty, n, e, kid, alg: ALGORITHM, use: 'sig' },
    sign: (claims, seconds) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: ALGORITHM, kid, typ: 'JWT' })
        .setIssuedAt()
        .setExpirationTime(`${seconds} s`)
        .sign(privateKey),
  };
}

/** Made at the first use: most servers have no platform. @param folder the instance's, which exists */
export function openLtiKey(folder: string): () => Promise<LtiKey> {
  const path = join(folder, 'lti-key.json');
  let key: Promise<LtiKey> | undefined;
  const open = async () => {
    if (!existsSync(path)) {
      const { privateKey } = await generateKeyPair(ALGORITHM, { modulusLength: 2048, extractable: true });
      writeOnce(path, JSON.stringify(await exportJWK(privateKey)));
    }
    return read(path);
  };
  return () => {
    key ??= open().catch((error) => {
      key = undefined;
      throw error;
    });
    return key;
  };
}
