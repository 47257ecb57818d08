/** `toride receipt verify FILE [--key JWKS]`: whether a receipt is genuine, without a server and without a network. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { RECEIPT_LIMIT, type Receipt } from '../../protocol/receipt.ts';
import { readReceiptKey } from '../../receipt/key.ts';
import { type Refusal, verifyReceipt } from '../../receipt/receipt.ts';
import { SERVICE_HOME } from '../../setup/host.ts';
import { instancePaths } from '../../setup/paths.ts';
import { loadSettings } from '../../setup/settings.ts';
import { UserError } from '../../setup/user-error.ts';

const REFUSED: Record<Refusal, string> = {
  'not-a-receipt': 'this is no receipt: expected a compact JWS (three parts with dots between them)',
  algorithm: 'not valid: it is not signed by EdDSA, the only algorithm of receipts',
  'other-key':
    'not valid here: it was signed by another key; give the public key of the server that issued it with --key',
  altered: 'not valid: the signature does not fit, so it was altered or made up',
  format: 'signed, and in a form that this version does not know',
};

const keysSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) });

function readText(path: string): string {
  try {
    const { size } = statSync(path);
    if (size > RECEIPT_LIMIT)
      throw new UserError('receipt', `${path}: expected at most ${RECEIPT_LIMIT} bytes, found ${size}`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('receipt', `${path}: expected a readable file, found ${(error as NodeJS.ErrnoException).code}`);
  }
}

async function readKeys(path: string | undefined): Promise<JSONWebKeySet> {
  if (path !== undefined) {
    try {
      return keysSchema.parse(JSON.parse(readText(path))) as JSONWebKeySet;
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw new UserError('receipt', `${path}: expected a JWKS, such as /.well-known/jwks.json of the server gives`);
    }
  }
  // Root's own server runs as the service's user and keeps its state there.
  const served = process.getuid?.() === 0 ? { TORIDE_STATE: join(SERVICE_HOME, 'state') } : {};
  const { state, instance } = loadSettings({ ...served, ...process.env });
  try {
    return { keys: [(await readReceiptKey(instancePaths(state, instance).folder)).publicJwk] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError('receipt', `${error.message}. Give the public key of the server that issued it with --key`);
  }
}

function lines({ name, issuer, issuedAt, learner, labs }: Receipt): string[] {
  return [
    'valid',
    `  name      ${name ?? '(none given)'}`,
    `  learner   ${learner}`,
    `  issued    ${issuedAt} by ${issuer}`,
    ...labs.map(
      ({ id, score, max, passedAt, hints }) =>
        `  ${id.padEnd(18)} ${String(score).padStart(3)} / ${max}  passed ${passedAt}  hints ${hints}`,
    ),
  ];
}

/** @returns 0 when it is genuine, 1 when it is not. @throws UserError, which ends with 2 */
export async function receipt(args: string[]): Promise<number> {
  let parsed: { values: { key?: string }; positionals: string[] };
  try {
    parsed = parseArgs({ args, allowPositionals: true, strict: true, options: { key: { type: 'string' } } });
  } catch (error) {
    throw new UserError('usage', `receipt: ${(error as Error).message}`);
  }
  const [verb, path, more] = parsed.positionals;
  if (verb !== 'verify' || path === undefined || more !== undefined)
    throw new UserError('usage', 'receipt: expected verify FILE [--key JWKS]');
  const verdict = await verifyReceipt(readText(path), await readKeys(parsed.values.key));
  console.log('receipt' in verdict ? lines(verdict.receipt).join('\n') : REFUSED[verdict.refused]);
  return 'receipt' in verdict ? 0 : 1;
}
