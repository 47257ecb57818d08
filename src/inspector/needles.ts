/** The forms in which a secret may lie about: as it is, and in the encodings that hide it from a plain search. */

/** Byte strings; any of them means that the secret is there. Base64 in each of its three alignments, without its edges. */
export function secretForms(secret: string): Buffer[] {
  const plain = Buffer.from(secret);
  const base64 = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), plain]).toString('base64');
    // A character holds six bits: those that share one with a neighbour's byte are not the secret's own.
    return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + plain.length) * 8) / 6));
  });
  const hex = plain.toString('hex');
  return [secret, ...base64, hex, hex.toUpperCase()].map((form) => Buffer.from(form));
}
