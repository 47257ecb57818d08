/** Lab image-signing (8.4.2): a registry whose images are taken only when the right key has signed them. */
import { CannotVerify, type Check, check, type Evidence, type Grader } from '../../src/grading/check.ts';
import { verdict } from '../../src/grading/observe/verdict.ts';
import type { Facts, ServedImage } from '../../src/inspector/snapshot.ts';
import { fullName, parsePolicy, type Reference } from './policy.ts';
import { type Ruling, rule, unsigned } from './ruling.ts';
import { keysBy, sigstoreObjection, simpleObjection } from './signatures.ts';

const gpgKey = '/home/learner/lab/signer.asc';
const sigstoreKey = '/home/learner/lab/cosign.pub';
const tag = 'latest';
const manifests = /^application\/vnd\.(oci\.image\.manifest\.v1|docker\.distribution\.manifest\.v2)\+json$/;

type Seen = Facts<'trust'>;
type Name = 'notebook' | 'stranger' | 'modern';

function image({ parameters: { port, team } }: Pick<Seen, 'parameters'>, name: Name): Reference {
  if (!port || !team) throw new CannotVerify('no port or team in the snapshot');
  return { registry: `localhost:${port}`, repository: `${team}/${name}`, tag };
}

function served(facts: Seen, name: Name): ServedImage {
  const found = facts.trust.images[image(facts, name).repository];
  if (!found) throw new CannotVerify(`${name} was not asked for`);
  return found;
}

/** Is it there, as one image? */
function serves(facts: Seen, name: Name): [boolean, Evidence] {
  const { status, mediaType, manifest } = served(facts, name);
  const { registry, repository } = image(facts, name);
  return [
    status === 200 && manifest !== null && manifests.test(mediaType ?? ''),
    {
      source: `GET http://${registry}/v2/${repository}/manifests/${tag}`,
      expected: '200, the manifest of one image',
      actual: status === null ? 'no connection' : `${status} ${mediaType ?? ''}`.trim(),
    },
  ];
}

const ruling = (facts: Seen, name: Name): Ruling => rule(facts.trust, image(facts, name), served(facts, name));

function taken(facts: Seen, name: Name, by: 'signedBy' | 'sigstoreSigned') {
  const { allowed, proven, told } = ruling(facts, name);
  return verdict([
    [
      allowed && proven.includes(by),
      {
        source: `${facts.trust.policy.path}: ${fullName(image(facts, name))}`,
        expected: `taken by ${by}`,
        actual: told,
      },
    ],
  ]);
}

const about = { needs: ['trust'], references: ['chapter 8.4.2', 'CIS Docker 1.6 4.5'] } as const;

const checks: readonly Check[] = [
  check({
    ...about,
    id: 'registry.serves',
    title: { en: 'Your registry serves both images', ja: 'レジストリーが 2 つのイメージを配布している' },
    rationale: {
      en: 'What counts is what a client gets from the registry, not what lies in your own store.',
      ja: '判定するのは手元のイメージではなく、クライアントがレジストリーから受け取るものです。',
    },
    remediation: {
      en: 'Start docker-registry at your port and push notebook and stranger under your team’s name, tag latest.',
      ja: '自分のポートで docker-registry を起動し、notebook と stranger を自分のチーム名・タグ latest で送ってください。',
    },
    severity: 'medium',
    weight: 10,
    evaluate: (facts) => verdict([serves(facts, 'notebook'), serves(facts, 'stranger')]),
  }),
  check({
    ...about,
    id: 'signature.verifies',
    title: { en: 'The notebook is signed with your key', ja: 'notebook が自分の鍵で署名されている' },
    rationale: {
      en: 'A signature binds a key to a name and to the digest of a manifest. Change one byte of the image and it is about something else.',
      ja: '署名は、鍵を名前とマニフェストのダイジェストに結び付けます。イメージが 1 バイトでも変われば、別のものへの署名になります。',
    },
    remediation: {
      en: 'Push it with --sign-by, and export the public key of that signer to ~/lab/signer.asc. Pushed it again? Then sign it again.',
      ja: '--sign-by を付けて送り、その署名者の公開鍵を ~/lab/signer.asc に書き出してください。送り直したら署名もやり直します。',
    },
    severity: 'high',
    weight: 20,
    dependsOn: ['registry.serves'],
    evaluate: (facts) => {
      const reference = image(facts, 'notebook');
      const objection = simpleObjection(served(facts, 'notebook'), reference, [gpgKey]);
      return verdict([
        [
          objection === undefined,
          {
            source: `signatures of ${fullName(reference)}`,
            expected: `one that ${gpgKey} verifies, about the digest that is served`,
            actual: objection ?? 'verified',
          },
        ],
      ]);
    },
  }),
  check({
    ...about,
    id: 'policy.default-rejects',
    title: { en: 'What nobody vouches for is refused', ja: '保証のないものはすべて拒否される' },
    rationale: {
      en: 'Without a default of reject every other registry is a way around the signature.',
      ja: '既定が reject でなければ、ほかのレジストリーがすべて署名の抜け道になります。',
    },
    remediation: {
      en: 'Set "default" of ~/.config/containers/policy.json to reject, and leave no other registry open.',
      ja: '~/.config/containers/policy.json の "default" を reject にし、ほかのレジストリーを許可しないでください。',
    },
    severity: 'high',
    weight: 15,
    evaluate: (facts) => {
      const { policy } = facts.trust;
      const source = policy.path;
      const valid = parsePolicy(policy.base64);
      if (!valid) return verdict([[false, { source, expected: 'a valid policy', actual: 'not valid' }]]);
      const { registry } = image(facts, 'notebook');
      const others = ['docker.io', 'registry.example.com', `${registry}1`].map((other): [boolean, Evidence] => {
        const reference = { registry: other, repository: 'library/app', tag };
        const { allowed, told } = rule(facts.trust, reference, unsigned);
        return [!allowed, { source: `${source}: ${fullName(reference)}`, expected: 'refused', actual: told }];
      });
      const types = valid.default.map(({ type }) => type).join(', ');
      return verdict([
        [types.includes('reject'), { source: `${source}: default`, expected: 'reject', actual: types }],
        ...others,
      ]);
    },
  }),
  check({
    ...about,
    id: 'policy.takes-signed',
    title: { en: 'The signed notebook is taken, by its signature', ja: '署名された notebook は署名によって許可される' },
    rationale: {
      en: 'A policy that refuses everything protects nobody for long: somebody switches it off.',
      ja: '何でも拒否するポリシーは、いずれ誰かに無効にされます。正しいものは通る必要があります。',
    },
    remediation: {
      en: 'Under transports → docker, give your registry one requirement: signedBy, keyType GPGKeys, keyPath of the signer’s public key.',
      ja: 'transports → docker に自分のレジストリーを書き、signedBy・keyType GPGKeys・署名者の公開鍵の keyPath を指定してください。',
    },
    severity: 'high',
    weight: 20,
    dependsOn: ['signature.verifies'],
    evaluate: (facts) => taken(facts, 'notebook', 'signedBy'),
  }),
  check({
    ...about,
    id: 'policy.refuses-unsigned',
    title: { en: 'The stranger is refused', ja: '署名のない stranger は拒否される' },
    rationale: {
      en: 'Who can write to your registry can put any image there. Without the key they cannot make you run it.',
      ja: 'レジストリーに書き込める者は、どんなイメージでも置けます。しかし鍵がなければ、それを実行させることはできません。',
    },
    remediation: {
      en: 'No scope that covers it may accept anything: not its own, not your team’s, not the registry’s.',
      ja: 'stranger に当てはまる範囲（リポジトリー、チーム、レジストリー）で insecureAcceptAnything を使わないでください。',
    },
    severity: 'high',
    weight: 10,
    dependsOn: ['registry.serves'],
    evaluate: (facts) => {
      const { valid, allowed, told } = ruling(facts, 'stranger');
      const source = `${facts.trust.policy.path}: ${fullName(image(facts, 'stranger'))}`;
      return verdict([[valid && !allowed, { source, expected: 'refused by a valid policy', actual: told }]]);
    },
  }),
  check({
    ...about,
    id: 'sigstore.verifies',
    title: { en: 'The modern image has a sigstore signature', ja: 'modern に sigstore の署名がある' },
    rationale: {
      en: 'A sigstore signature lies in the registry, beside the image: whoever gets the one gets the other.',
      ja: 'sigstore の署名はレジストリーの中、イメージの隣に置かれます。イメージを取得できる人は署名も取得できます。',
    },
    remediation: {
      en: 'Push modern with --sign-by-sigstore-private-key, or sign it with cosign, and leave the public key in ~/lab/cosign.pub.',
      ja: '--sign-by-sigstore-private-key を付けて modern を送る（または cosign で署名する）か、公開鍵の場所 ~/lab/cosign.pub を確かめてください。',
    },
    severity: 'medium',
    weight: 10,
    evaluate: (facts) => {
      const here = serves(facts, 'modern');
      if (!here[0]) return verdict([here]);
      const reference = image(facts, 'modern');
      const objection = sigstoreObjection(served(facts, 'modern'), reference, keysBy(facts.trust, [sigstoreKey]), {
        // cosign signs the repository, Podman the tagged name: both are right.
        identity: { type: 'matchRepository' },
      });
      return verdict([
        [
          objection === undefined,
          {
            source: `sigstore signatures of ${fullName(reference)}`,
            expected: `one that ${sigstoreKey} verifies, about the digest that is served`,
            actual: objection ?? 'verified',
          },
        ],
      ]);
    },
  }),
  check({
    ...about,
    id: 'policy.takes-sigstore',
    title: { en: 'It is taken, by that signature', ja: 'その署名によって許可される' },
    rationale: {
      en: 'A signature that nobody demands changes nothing. The policy must ask for it, and Podman must know where to look.',
      ja: '要求されない署名には意味がありません。ポリシーが署名を求め、Podman がその場所を知っている必要があります。',
    },
    remediation: {
      en: 'A narrower scope for modern with sigstoreSigned and keyPath; use-sigstore-attachments: true in registries.d. Signed with cosign? It needs "signedIdentity": {"type": "matchRepository"}.',
      ja: 'modern だけの範囲に sigstoreSigned と keyPath を書き、registries.d に use-sigstore-attachments: true を設定します。cosign で署名した場合は "signedIdentity": {"type": "matchRepository"} も必要です。',
    },
    severity: 'medium',
    weight: 15,
    dependsOn: ['sigstore.verifies'],
    evaluate: (facts) => taken(facts, 'modern', 'sigstoreSigned'),
  }),
];

export default {
  lab: 'image-signing',
  observe: ({ port, team }) => ({
    requests: { registry: { port: Number(port), path: '/v2/' } },
    trust: {
      port: Number(port),
      repositories: ['notebook', 'stranger', 'modern'].map((name) => `${team}/${name}`),
      tag,
      keys: [gpgKey, sigstoreKey],
    },
  }),
  checks,
} satisfies Grader;
