/** policy.json as containers-policy.json(5) defines it for Podman 5.4: strict, so that what Podman refuses is refused. */
import { z } from 'zod';
import { strictJson } from './strict.ts';

const text = z.string();
const some = z.array(text).min(1);

const identitySchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('matchExact') }),
  z.strictObject({ type: z.literal('matchRepoDigestOrExact') }),
  z.strictObject({ type: z.literal('matchRepository') }),
  z.strictObject({ type: z.literal('exactReference'), dockerReference: text }),
  z.strictObject({ type: z.literal('exactRepository'), dockerRepository: text }),
  z.strictObject({ type: z.literal('remapIdentity'), prefix: text, signedPrefix: text }),
]);
export type Identity = z.infer<typeof identitySchema>;

const signedBySchema = z
  .strictObject({
    type: z.literal('signedBy'),
    keyType: z.enum(['GPGKeys', 'signedByGPGKeys', 'X509Certificates', 'signedByX509CAs']),
    keyPath: text.optional(),
    keyPaths: some.optional(),
    keyData: text.optional(),
    signedIdentity: identitySchema.optional(),
  })
  .refine(({ keyPath, keyPaths, keyData }) => count(keyPath, keyPaths, keyData) === 1);
export type SignedBy = z.infer<typeof signedBySchema>;

const sigstoreSignedSchema = z
  .strictObject({
    type: z.literal('sigstoreSigned'),
    keyPath: text.optional(),
    keyPaths: some.optional(),
    keyData: text.optional(),
    keyDatas: some.optional(),
    fulcio: z.unknown().optional(),
    pki: z.unknown().optional(),
    rekorPublicKeyPath: text.optional(),
    rekorPublicKeyPaths: some.optional(),
    rekorPublicKeyData: text.optional(),
    rekorPublicKeyDatas: some.optional(),
    signedIdentity: identitySchema.optional(),
  })
  .refine((one) => count(one.keyPath, one.keyPaths, one.keyData, one.keyDatas, one.fulcio, one.pki) === 1);
export type SigstoreSigned = z.infer<typeof sigstoreSignedSchema>;

const requirementSchema = z.union([
  z.strictObject({ type: z.literal('insecureAcceptAnything') }),
  z.strictObject({ type: z.literal('reject') }),
  signedBySchema,
  sigstoreSignedSchema,
  z.strictObject({ type: z.literal('signedBaseLayer'), baseLayerIdentity: identitySchema }),
]);
export type Requirement = z.infer<typeof requirementSchema>;

const requirements = z.array(requirementSchema).min(1);
const policySchema = z.strictObject({
  default: requirements,
  transports: z.record(z.string(), z.record(z.string(), requirements)).optional(),
});
export type Policy = z.infer<typeof policySchema>;

const count = (...values: unknown[]): number => values.filter((value) => value !== undefined).length;

/** undefined when it is no valid policy: Podman then takes no image at all. */
export function parsePolicy(base64: string | null): Policy | undefined {
  const parsed = policySchema.safeParse(strictJson(base64));
  return parsed.success ? parsed.data : undefined;
}

export interface Reference {
  /** 'localhost:5000' */
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
}
export const nameOf = ({ registry, repository }: Reference): string => `${registry}/${repository}`;
export const fullName = (image: Reference): string => `${nameOf(image)}:${image.tag}`;

/** The requirements for an image of a registry, and the scope that they stand under: the narrowest that matches. */
export function requirementsFor(policy: Policy, image: Reference): { scope: string; requirements: Requirement[] } {
  const docker = policy.transports?.docker ?? {};
  const parts = nameOf(image).split('/');
  const host = image.registry.replace(/:\d+$/, '');
  const wildcards = [...host.matchAll(/\./g)].map(({ index }) => `*${host.slice(index)}`);
  const scopes = [
    fullName(image),
    ...parts.map((_, index) => parts.slice(0, parts.length - index).join('/')),
    ...wildcards,
    '',
  ];
  const scope = scopes.find((one) => Object.hasOwn(docker, one));
  return scope === undefined
    ? { scope: 'default', requirements: policy.default }
    : { scope: `docker: "${scope}"`, requirements: docker[scope]! };
}
