/**
 * Names of previews: `p8080-<token>.<domain>`, an origin for each port of each room. Whoever knows the token may look, so it
 * cannot be guessed: 128 bits, drawn from the instance's secret, so that it outlives a restart and ends with the sandbox.
 */
import { createHmac } from 'node:crypto';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const TOKEN_BYTES = 16;

/** 26 letters and digits that a host name may hold, in lower case. */
export function previewToken(secret: string, sandboxId: string): string {
  const bytes = createHmac('sha256', secret).update(`preview/${sandboxId}`).digest().subarray(0, TOKEN_BYTES);
  let number = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n) << 2n;
  let token = '';
  for (let i = 0; i < 26; i++) {
    token = ALPHABET[Number(number & 31n)] + token;
    number >>= 5n;
  }
  return token;
}

export const previewLabel = (port: number | string, token: string): string => `p${port}-${token}`;

export interface PreviewName {
  readonly port: number;
  readonly token: string;
  /** What comes after the label, with the port the browser uses: 'localhost:4321'. */
  readonly rest: string;
}

/** Reads Host headers. @param domain the operator's, besides localhost */
export function previewNames(domain: string | undefined): (host: string | undefined) => PreviewName | undefined {
  const domains = new Set(['localhost', ...(domain ? [domain] : [])]);
  return (host) => {
    const parts = /^p([1-9]\d{0,4})-([a-z2-7]{26})\.([a-z0-9.-]+)(:\d{1,5})?$/.exec(host?.toLowerCase() ?? '');
    if (!parts) return undefined;
    const [, port = '', token = '', name = '', browserPort = ''] = parts;
    if (!domains.has(name) || Number(port) > 65535) return undefined;
    return { port: Number(port), token, rest: name + browserPort };
  };
}
