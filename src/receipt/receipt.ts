/**
 * A receipt: what a learner passed, as a compact JWS that anyone with the instance's public key can verify, with this
 * program or any other that knows JWS. Pure.
 */
import { CompactSign, compactVerify, createLocalJWKSet, decodeProtectedHeader, errors, type JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { type Receipt, receiptSchema } from '../protocol/receipt.ts';
import { ALGORITHM, type ReceiptKey } from './key.ts';

const TYPE = 'toride-receipt+jws';

export const issueReceipt = (receipt: Receipt, { privateKey, publicJwk }: ReceiptKey): Promise<string> =>
  new CompactSign(new TextEncoder().encode(JSON.stringify(receipt)))
    .setProtectedHeader({ alg: ALGORITHM, kid: publicJwk.kid, typ: TYPE })
    .sign(privateKey);

/** Why a receipt does not verify. */
export type Refusal = 'not-a-receipt' | 'algorithm' | 'other-key' | 'altered' | 'format';
export type Verdict = { readonly receipt: Receipt } | { readonly refused: Refusal };

const headerSchema = z.object({ alg: z.string(), typ: z.string().optional(), kid: z.string().optional() });

/** Only this algorithm and only the keys given: a receipt cannot choose by what it is verified. */
export async function verifyReceipt(text: string, keys: JSONWebKeySet): Promise<Verdict> {
  const compact = text.trim();
  let header: z.infer<typeof headerSchema>;
  try {
    header = headerSchema.parse(decodeProtectedHeader(compact));
  } catch {
    return { refused: 'not-a-receipt' };
  }
  if (!/^[\w-]+\.[\w-]+\.[\w-]*$/.test(compact)) return { refused: 'not-a-receipt' };
  if (header.alg !== ALGORITHM) return { refused: 'algorithm' };
  if (header.kid === undefined) return { refused: 'not-a-receipt' };
  if (header.typ !== TYPE) return { refused: 'format' };
  let payload: Uint8Array;
  try {
    ({ payload } = await compactVerify(compact, createLocalJWKSet(keys), { algorithms: [ALGORITHM] }));
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return { refused: 'other-key' };
    if (error instanceof errors.JWSSignatureVerificationFailed) return { refused: 'altered' };
    if (error instanceof errors.JOSEError) return { refused: 'not-a-receipt' };
    throw error;
  }
  try {
    return { receipt: receiptSchema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))) };
  } catch {
    // Signed by this key, and not in a form that this version knows.
    return { refused: 'format' };
  }
}
