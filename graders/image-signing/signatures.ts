/** Is a signature about this image? What it says must name the digest that is served and a name that is accepted. */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';
import { CannotVerify } from '../../src/grading/check.ts';
import type { ServedImage, Trust } from '../../src/inspector/snapshot.ts';
import { fullName, type Identity, nameOf, type Reference } from './policy.ts';
import { strictJson } from './strict.ts';

const SIGSTORE_TYPE = 'application/vnd.dev.cosign.simplesigning.v1+json';
const SIGNATURE = 'dev.cosignproject.cosign/signature';
const REKOR = 'dev.sigstore.cosign/bundle';

/** The same form for both kinds; `type` tells them apart. */
const payloadSchema = z.strictObject({
  critical: z.strictObject({
    type: z.string(),
    image: z.strictObject({ 'docker-manifest-digest': z.string() }),
    identity: z.strictObject({ 'docker-reference': z.string() }),
  }),
  optional: z.record(z.string(), z.unknown()).nullish(),
});

/** 'sha256:…' of the manifest as served. */
export function servedDigest({ manifest }: ServedImage): string | undefined {
  return manifest === null
    ? undefined
    : `sha256:${createHash('sha256').update(Buffer.from(manifest, 'base64')).digest('hex')}`;
}

/** Why a signed statement is not about this image, or undefined when it is. */
function objection(
  payload: string,
  type: string,
  served: ServedImage,
  image: Reference,
  identity: Identity,
): string | undefined {
  const said = payloadSchema.safeParse(strictJson(payload));
  if (!said.success || said.data.critical.type !== type) return 'signed, but it is no statement about an image';
  const { 'docker-manifest-digest': digest } = said.data.critical.image;
  const { 'docker-reference': name } = said.data.critical.identity;
  if (!matches(identity, name, image)) return `it is about ${name.slice(0, 120)}`;
  return digest === servedDigest(served) ? undefined : `it is about another digest, ${digest.slice(0, 19)}…`;
}

const repositoryOf = (reference: string): string => reference.replace(/@.*$/, '').replace(/:[^/:]*$/, '');

function matches(identity: Identity, signed: string, image: Reference): boolean {
  switch (identity.type) {
    case 'matchExact':
    case 'matchRepoDigestOrExact':
      return signed === fullName(image);
    case 'matchRepository':
      return repositoryOf(signed) === nameOf(image);
    case 'exactReference':
      return signed === identity.dockerReference;
    case 'exactRepository':
      return repositoryOf(signed) === identity.dockerRepository;
    case 'remapIdentity': {
      const name = fullName(image);
      const within = name.startsWith(identity.prefix) && /^([/:@]|$)/.test(name.slice(identity.prefix.length));
      return signed === (within ? identity.signedPrefix + name.slice(identity.prefix.length) : name);
    }
  }
}

const defaultIdentity: Identity = { type: 'matchRepoDigestOrExact' };

/** Why no simple signature of these keys is about the image, or undefined when one is. */
export function simpleObjection(
  served: ServedImage,
  image: Reference,
  keys: readonly string[],
  identity: Identity = defaultIdentity,
): string | undefined {
  if (served.signatures.length === 0)
    return `no signature at ${served.lookaside ?? 'any place: registries.d is not valid'}`;
  const objections = served.signatures.map(({ contents }) => {
    const said = keys.flatMap((key) => (Object.hasOwn(contents, key) ? [contents[key]!] : []));
    if (said.length === 0) return 'not made by this key';
    const found = said.map((payload) => objection(payload, 'atomic container signature', served, image, identity));
    return found.includes(undefined) ? undefined : found[0];
  });
  return objections.includes(undefined) ? undefined : objections[0];
}

/** The same for sigstore signatures in the registry. */
export function sigstoreObjection(
  served: ServedImage,
  image: Reference,
  keys: readonly (string | null)[],
  { identity = defaultIdentity, rekor = false }: { identity?: Identity; rekor?: boolean } = {},
): string | undefined {
  const attachments = served.attachments.filter(({ mediaType }) => mediaType === SIGSTORE_TYPE);
  if (attachments.length === 0) return 'no sigstore signature in the registry';
  const publicKeys = keys.flatMap((key) => publicKey(key) ?? []);
  const objections = attachments.map(({ annotations, payload }) => {
    const signature = Buffer.from(annotations[SIGNATURE] ?? '', 'base64');
    if (payload === null) return 'the signed statement is not in the registry';
    const bytes = Buffer.from(payload, 'base64');
    if (!publicKeys.some((key) => verifies(bytes, key, signature))) return 'not made by this key';
    if (rekor && !(REKOR in annotations)) return 'not in a transparency log';
    // No network, so no log either: who has one must not be told that it is wrong.
    if (rekor) throw new CannotVerify('entries of a transparency log cannot be verified here');
    return objection(payload, 'cosign container image signature', served, image, identity);
  });
  return objections.includes(undefined) ? undefined : objections[0];
}

function publicKey(base64: string | null): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(base64 ?? '', 'base64'), format: 'pem' });
    return ['ec', 'rsa', 'ed25519'].includes(key.asymmetricKeyType ?? '') ? key : undefined;
  } catch {
    return undefined;
  }
}

function verifies(bytes: Buffer, key: KeyObject, signature: Buffer): boolean {
  try {
    return verify(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', bytes, key, signature);
  } catch {
    return false;
  }
}

/** The bytes of keys by the names that a policy gives them. */
export const keysBy = (trust: Trust, names: readonly string[]): (string | null)[] =>
  names.map((name) => (Object.hasOwn(trust.keys, name) ? trust.keys[name]! : null));
