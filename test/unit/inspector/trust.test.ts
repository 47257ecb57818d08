/** What is read for image trust, with text and keys that mean harm. */
import { createMessage, generateKey, sign } from 'openpgp';
import { describe, expect, it } from 'vitest';
import { lookasideFor } from '../../../src/inspector/trust/lookaside.ts';
import { verifyMessages } from '../../../src/inspector/trust/openpgp.ts';

const image = { registry: 'localhost:5000', repository: 'team/app', tag: 'latest' };
const preset = { base: 'file:///home/learner/.local/share/containers/sigstore', attachments: false };

describe('registries.d', () => {
  it.each([
    ['nothing', [], preset],
    ['an empty file', [''], preset],
    ['the default', ['default-docker: {lookaside: "file:///a/"}'], { base: 'file:///a', attachments: false }],
    [
      'the narrowest scope, each setting by itself',
      [
        'docker: {"localhost:5000": {lookaside: "file:///a"}}',
        'docker: {"localhost:5000/team": {use-sigstore-attachments: true}}',
      ],
      { base: 'file:///a', attachments: true },
    ],
    [
      'the old name',
      ['docker: {"localhost:5000/team/app:latest": {sigstore: "file:///b"}}'],
      { base: 'file:///b', attachments: false },
    ],
    ['another registry', ['docker: {"localhost:50001": {lookaside: "file:///a"}}'], preset],
    ['a name set twice', ['docker: {"localhost:5000": {}}', 'docker: {"localhost:5000": {}}'], undefined],
    ['a wrong type', ['docker: [1]'], undefined],
    ['no YAML', ['{{{'], undefined],
    ['depth', ['['.repeat(60_000)], undefined],
    [
      'aliases',
      [`a: &a [x]\nb: &b [${'*a,'.repeat(50)}]\ndocker: {"localhost:5000": [${'*b,'.repeat(50)}]}`],
      undefined,
    ],
  ])('reads %s', (_, files, expected) => {
    expect(lookasideFor(files, image)).toEqual(expected);
  });
});

describe('OpenPGP messages', () => {
  it('takes nothing from what is no key or no message', async () => {
    const rubbish = Buffer.from('-----BEGIN PGP PUBLIC KEY BLOCK-----\nx').toString('base64');
    expect(await verifyMessages([{ name: 'k', key: rubbish }], [rubbish, ''])).toEqual([{}, {}]);
    expect(await verifyMessages([], [rubbish])).toEqual([{}]);
  });

  it('verifies a message by the key that made it only, and none that is long', async () => {
    const [one, two] = await Promise.all([
      generateKey({ userIDs: [{ name: 'one' }], format: 'object' }),
      generateKey({ userIDs: [{ name: 'two' }], format: 'object' }),
    ]);
    const signed = async (text: string) => {
      const message = await createMessage({ text });
      return base64(await sign({ message, signingKeys: one.privateKey, format: 'binary' }));
    };
    const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
    const keys = [
      { name: 'one', key: base64(one.publicKey.write()) },
      { name: 'two', key: Buffer.from(two.publicKey.armor()).toString('base64') },
    ];
    const messages = [await signed('said'), await signed('x'.repeat(1_000_000))];
    expect(await verifyMessages(keys, messages)).toEqual([{ one: 'c2FpZA==' }, {}]);
    const both = { name: 'both', key: Buffer.from(two.publicKey.armor() + one.publicKey.armor()).toString('base64') };
    expect(await verifyMessages([both], messages.slice(0, 1))).toEqual([{ both: 'c2FpZA==' }]);
  });
});
