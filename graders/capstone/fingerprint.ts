/** FNV-1a in 64 bits, as the postbox prints it: sixteen hexadecimal digits. */
export function fingerprint(text: string): string {
  let hash = 14695981039346656037n;
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 1099511628211n);
  return hash.toString(16).padStart(16, '0');
}
