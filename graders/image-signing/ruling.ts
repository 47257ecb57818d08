/** What a client with this policy does with an image that a registry serves. */
import { CannotVerify } from '../../src/grading/check.ts';
import type { ServedImage, Trust } from '../../src/inspector/snapshot.ts';
import { parsePolicy, type Reference, type Requirement, requirementsFor } from './policy.ts';
import { keysBy, sigstoreObjection, simpleObjection } from './signatures.ts';

export interface Ruling {
  /** False where there is no valid policy at all. */
  readonly valid: boolean;
  readonly allowed: boolean;
  /** Kinds of signature that were demanded and are there. */
  readonly proven: readonly ('signedBy' | 'sigstoreSigned')[];
  /** 'docker: "localhost:5000" → signedBy: not made by this key' */
  readonly told: string;
}

/** For an image whose signatures nobody looked at. */
export const unsigned: ServedImage = {
  status: 200,
  mediaType: null,
  manifest: null,
  lookaside: '',
  signatures: [],
  attachmentsUsed: false,
  attachments: [],
};

/** All requirements of the narrowest scope must hold. */
export function rule(trust: Trust, image: Reference, served: ServedImage): Ruling {
  const policy = parsePolicy(trust.policy.base64);
  if (!policy) return { valid: false, allowed: false, proven: [], told: `${trust.policy.path} is not valid` };
  const { scope, requirements } = requirementsFor(policy, image);
  const judged = requirements.map((one) => ({ one, objection: against(one, trust, image, served) }));
  const refused = judged.find(({ objection }) => objection !== undefined);
  const proven = judged.flatMap(({ one: { type }, objection }) =>
    objection === undefined && (type === 'signedBy' || type === 'sigstoreSigned') ? [type] : [],
  );
  const words = refused ? `${refused.one.type}: ${refused.objection}` : requirements.map(({ type }) => type).join(', ');
  return { valid: true, allowed: refused === undefined, proven, told: `${scope} → ${words}` };
}

function against(one: Requirement, trust: Trust, image: Reference, served: ServedImage): string | undefined {
  switch (one.type) {
    case 'insecureAcceptAnything':
      return undefined;
    case 'reject':
      return 'refused';
    case 'signedBaseLayer':
      return 'Podman does not implement it';
    case 'signedBy':
      if (one.keyType !== 'GPGKeys') return `Podman does not implement ${one.keyType}`;
      return simpleObjection(served, image, namesOf(one), one.signedIdentity);
    case 'sigstoreSigned': {
      if (one.fulcio !== undefined || one.pki !== undefined)
        throw new CannotVerify('certificates instead of keys cannot be verified here');
      if (!served.attachmentsUsed) return 'registries.d does not say use-sigstore-attachments: true';
      const rekor = Object.keys(one).some((key) => key.startsWith('rekor'));
      return sigstoreObjection(served, image, keysBy(trust, namesOf(one)), { identity: one.signedIdentity, rekor });
    }
  }
}

const namesOf = (one: { keyPath?: string; keyPaths?: string[]; keyData?: string; keyDatas?: string[] }): string[] =>
  [one.keyPath ?? [], one.keyPaths ?? [], one.keyData ?? [], one.keyDatas ?? []].flat();
