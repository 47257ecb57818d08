/** The policy as containers-policy.json(5) has it, where the suite's cases would be many. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parsePolicy, type Reference } from '../../../graders/image-signing/policy.ts';
import { rule, unsigned } from '../../../graders/image-signing/ruling.ts';
import { servedDigest } from '../../../graders/image-signing/signatures.ts';
import type { ServedImage, Trust } from '../../../src/inspector/snapshot.ts';

const base64 = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64');
const image: Reference = { registry: 'r.example.org:5000', repository: 'team/app', tag: 'latest' };
const name = 'r.example.org:5000/team/app';
const accept = [{ type: 'insecureAcceptAnything' }];
const reject = [{ type: 'reject' }];
const signedBy = { type: 'signedBy', keyType: 'GPGKeys', keyPath: '/k' };

const statement = (type: string, digest: string, reference: string) => ({
  critical: { type, image: { 'docker-manifest-digest': digest }, identity: { 'docker-reference': reference } },
  optional: null,
});
const blank: ServedImage = { ...unsigned, manifest: base64('{}'), attachmentsUsed: true };
const digest = servedDigest(blank)!;

function simple(reference = `${name}:latest`, about = digest): ServedImage {
  const content = base64(statement('atomic container signature', about, reference));
  return { ...blank, signatures: [{ source: 's', base64: '', contents: { '/k': content } }] };
}
const keyPair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = base64(keyPair.publicKey.export({ type: 'spki', format: 'pem' }) as string);
function sigstore(reference = `${name}:latest`, extra: Record<string, string> = {}): ServedImage {
  const payload = base64(statement('cosign container image signature', digest, reference));
  const signature = sign('sha256', Buffer.from(payload, 'base64'), keyPair.privateKey).toString('base64');
  return {
    ...blank,
    attachments: [
      {
        mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json',
        annotations: { 'dev.cosignproject.cosign/signature': signature, ...extra },
        payload,
      },
    ],
  };
}
const trustOf = (policy: unknown): Trust => ({
  policy: { path: 'policy.json', base64: base64(policy) },
  keys: { '/k': base64('ring'), '/p': pem },
  images: {},
});
const docker = (scopes: object) => ({ default: reject, transports: { docker: scopes } });
const allowed = (policy: unknown, served: ServedImage = blank) => rule(trustOf(policy), image, served).allowed;

describe('scopes', () => {
  it.each([
    ['default', { default: accept }, true],
    ['the transport', docker({ '': accept }), true],
    ['the registry', docker({ 'r.example.org:5000': accept }), true],
    ['a folder', docker({ 'r.example.org:5000/team': accept, '': reject }), true],
    ['the repository before the folder', docker({ [name]: reject, 'r.example.org:5000/team': accept }), false],
    ['the tag before the repository', docker({ [`${name}:latest`]: accept, [name]: reject }), true],
    ['a wildcard of the host', docker({ '*.example.org': accept }), true],
    ['the registry before a wildcard', docker({ 'r.example.org:5000': reject, '*.example.org': accept }), false],
    ['no part of a name', docker({ 'r.example.org:5000/te': accept }), false],
    ['no registry without its port', docker({ 'r.example.org': accept }), false],
    ['no other transport', { default: reject, transports: { 'docker-daemon': { '': accept } } }, false],
    ['all of several requirements', docker({ [name]: [...accept, ...reject] }), false],
  ])('takes %s', (_, policy, expected) => expect(allowed(policy)).toBe(expected));
});

describe('what is no policy', () => {
  it.each([
    '',
    '[]',
    '{}',
    '{"default":[]}',
    '{"default":[{"type":"reject"}],"x":1}',
    '{"default":[{"type":"reject"}],"default":[{"type":"reject"}]}',
    '{"default":[{"type":"nothing"}]}',
    '{"default":[{"type":"signedBy","keyType":"GPGKeys"}]}',
    '{"default":[{"type":"signedBy","keyType":"GPGKeys","keyPath":"/k","keyData":"eA=="}]}',
    '{"default":[{"type":"signedBy","keyType":"GPG","keyPath":"/k"}]}',
    '['.repeat(60_000),
  ])('refuses %.60s', (text) => expect(parsePolicy(base64(text))).toBeUndefined());
});

describe('signedBy', () => {
  const by = (extra: object = {}) => docker({ [name]: [{ ...signedBy, ...extra }] });
  const identity = (signedIdentity: object) => by({ signedIdentity });
  it.each([
    ['the key, name and digest', by(), simple(), true],
    ['no signature', by(), blank, false],
    ['another digest', by(), simple(undefined, 'sha256:0'), false],
    ['another name', by(), simple('r.example.org:5000/team/other:latest'), false],
    ['another tag', by(), simple(`${name}:old`), false],
    ['another key', by({ keyPath: '/other' }), simple(), false],
    [
      'one of several keys',
      docker({ [name]: [{ type: 'signedBy', keyType: 'GPGKeys', keyPaths: ['/other', '/k'] }] }),
      simple(),
      true,
    ],
    ['keys that Podman cannot use', by({ keyType: 'X509Certificates' }), simple(), false],
    ['another tag where the repository matters', identity({ type: 'matchRepository' }), simple(`${name}:old`), true],
    ['another repository there', identity({ type: 'matchRepository' }), simple(`${name}x:old`), false],
    ['a name that is given', identity({ type: 'exactReference', dockerReference: 'x/y:z' }), simple('x/y:z'), true],
    [
      'its own name where another is given',
      identity({ type: 'exactReference', dockerReference: 'x/y:z' }),
      simple(),
      false,
    ],
    [
      'a repository that is given',
      identity({ type: 'exactRepository', dockerRepository: 'x/y' }),
      simple('x/y:z'),
      true,
    ],
    [
      'a mirrored name',
      identity({ type: 'remapIdentity', prefix: 'r.example.org:5000', signedPrefix: 'q' }),
      simple('q/team/app:latest'),
      true,
    ],
    ['a sigstore signature', by(), sigstore(), false],
  ])('judges %s', (_, policy, served, expected) => expect(allowed(policy, served)).toBe(expected));
});

describe('sigstoreSigned', () => {
  const by = (extra: object = {}) => docker({ [name]: [{ type: 'sigstoreSigned', keyPath: '/p', ...extra }] });
  it.each([
    ['the key, name and digest', by(), sigstore(), true],
    ['what registries.d does not use', by(), { ...sigstore(), attachmentsUsed: false }, false],
    ['a name without tag', by(), sigstore(name), false],
    [
      'a name without tag where the repository matters',
      by({ signedIdentity: { type: 'matchRepository' } }),
      sigstore(name),
      true,
    ],
    ['a key that is none', by({ keyPath: '/k' }), sigstore(), false],
    ['a log that it is not in', by({ rekorPublicKeyPath: '/p' }), sigstore(), false],
    ['a simple signature', by(), simple(), false],
  ])('judges %s', (_, policy, served, expected) => expect(allowed(policy, served)).toBe(expected));

  it('does not judge a log entry', () => {
    const served = sigstore(undefined, { 'dev.sigstore.cosign/bundle': '{}' });
    expect(() => allowed(by({ rekorPublicKeyPath: '/p' }), served)).toThrow(/transparency log/);
  });
});
