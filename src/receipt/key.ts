/** The key by which an instance signs: made once, kept beside its database, never handed out. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { z } from 'zod';
import { UserError } from '../setup/user-error.ts';
import { writeOnce } from '../setup/write-once.ts';

export const ALGORITHM = 'EdDSA';
const CURVE = 'Ed25519';

export interface ReceiptKey {
  readonly privateKey: CryptoKey;
  /** With kid, alg and use; holds no private part. */
  readonly publicJwk: JWK & { readonly kid: string };
}

const fileSchema = z.strictObject({
  kty: z.literal('OKP'),
  crv: z.literal(CURVE),
  x: z.string(),
  d: z.string(),
});

const keyFile = (folder: string) => join(folder, 'receipt-key.json');

/** @throws UserError when the file holds no such key */
export async function readReceiptKey(folder: string): Promise<ReceiptKey> {
  const path = keyFile(folder);
  let jwk: z.infer<typeof fileSchema>;
  try {
    jwk = fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    const privateKey = (await importJWK({ ...jwk }, ALGORITHM)) as CryptoKey;
    const { kty, crv, x } = jwk;
    const kid = await calculateJwkThumbprint({ kty, crv, x });
    return { privateKey, publicJwk: { kty, crv, x, kid, alg: ALGORITHM, use: 'sig' } };
  } catch (error) {
    const found = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : 'something else';
    throw new UserError('receipt', `${path}: expected an Ed25519 key as JWK, found ${found}`);
  }
}

/** @param folder the instance's, which exists */
export async function openReceiptKey(folder: string): Promise<ReceiptKey> {
  if (!existsSync(keyFile(folder))) {
    const { privateKey } = await generateKeyPair(ALGORITHM, { crv: CURVE, extractable: true });
    writeOnce(keyFile(folder), JSON.stringify(await exportJWK(privateKey)));
  }
  return readReceiptKey(folder);
}
