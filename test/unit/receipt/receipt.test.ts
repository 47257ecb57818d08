/** Receipts that are genuine, and every way in which one is not. */
import { createHmac } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CompactSign } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nameChangeSchema, type Receipt } from '../../../src/protocol/receipt.ts';
import { openReceiptKey, type ReceiptKey, readReceiptKey } from '../../../src/receipt/key.ts';
import { issueReceipt, verifyReceipt } from '../../../src/receipt/receipt.ts';

let folder: string;
let key: ReceiptKey;
let other: ReceiptKey;
let genuine: string;
const receipt: Receipt = {
  format: 'toride-receipt/1',
  issuer: 'localhost:4321',
  issuedAt: '2026-11-24T12:00:00.000Z',
  course: 'rootless-container-security',
  name: '<b>山田</b> 花',
  learner: 'ab'.repeat(32),
  labs: [
    {
      id: 'seccomp',
      score: 92,
      max: 100,
      passedAt: '2026-11-24T11:00:00.000Z',
      hints: 2,
      grader: 'cd'.repeat(32),
    },
  ],
};
const keys = () => ({ keys: [key.publicJwk] });
const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const parts = () => genuine.split('.') as [string, string, string];
const sign = (payload: unknown, header: Record<string, unknown> = {}) =>
  new CompactSign(Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'EdDSA', kid: key.publicJwk.kid, typ: 'toride-receipt+jws', ...header })
    .sign(key.privateKey);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'toride-receipt-'));
  key = await openReceiptKey(folder);
  other = await openReceiptKey(mkdtempSync(join(folder, 'other-')));
  genuine = await issueReceipt(receipt, key);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the key', () => {
  test('is made once, for its owner only, and the same for all who open at once', async () => {
    const fresh = mkdtempSync(join(folder, 'fresh-'));
    const opened = await Promise.all(Array.from({ length: 8 }, () => openReceiptKey(fresh)));
    expect(new Set(opened.map(({ publicJwk }) => publicJwk.kid)).size).toBe(1);
    expect(readdirSync(fresh)).toEqual(['receipt-key.json']);
    expect(statSync(join(fresh, 'receipt-key.json')).mode & 0o777).toBe(0o600);
  });

  test('what is told of it holds nothing private', () => {
    expect(Object.keys(key.publicJwk).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
  });

  test('a damaged file is said, not replaced', async () => {
    const damaged = mkdtempSync(join(folder, 'damaged-'));
    writeFileSync(join(damaged, 'receipt-key.json'), '{"kty":"oct","k":"AAAA"}');
    await expect(openReceiptKey(damaged)).rejects.toThrow(/expected an Ed25519 key/);
    await expect(readReceiptKey(join(folder, 'nowhere'))).rejects.toThrow(/no such file/);
    expect(existsSync(join(folder, 'nowhere'))).toBe(false);
  });
});

test('a genuine receipt says what was signed', async () => {
  expect(await verifyReceipt(` ${genuine}\n`, keys())).toEqual({ receipt });
});

describe('refused', () => {
  const refusal = async (text: string) => {
    const verdict = await verifyReceipt(text, keys());
    return 'refused' in verdict ? verdict.refused : 'verified';
  };

  test('an altered payload, header or signature', async () => {
    const [header, , signature] = parts();
    const better = { ...receipt, labs: [{ ...receipt.labs[0], score: 100 }] };
    expect(await refusal([header, encode(better), signature].join('.'))).toBe('altered');
    const renamed = encode({ alg: 'EdDSA', kid: key.publicJwk.kid, typ: 'toride-receipt+jws', x: 1 });
    expect(await refusal([renamed, parts()[1], signature].join('.'))).toBe('altered');
    for (const place of [0, 40, 80]) {
      const changed = signature[place] === 'A' ? 'B' : 'A';
      const bent = signature.slice(0, place) + changed + signature.slice(place + 1);
      expect(await refusal([header, parts()[1], bent].join('.'))).toBe('altered');
    }
    expect(await refusal([header, parts()[1], ''].join('.'))).toBe('altered');
  });

  test('another key, also where its id is that of ours', async () => {
    expect(await refusal(await issueReceipt(receipt, other))).toBe('other-key');
    const posing = { ...other, publicJwk: { ...other.publicJwk, kid: key.publicJwk.kid } };
    expect(await refusal(await issueReceipt(receipt, posing))).toBe('altered');
  });

  test('another algorithm: none, or the public key as a shared secret', async () => {
    const [, payload] = parts();
    for (const alg of ['none', 'None', 'NONE'])
      expect(await refusal(`${encode({ alg, typ: 'toride-receipt+jws' })}.${payload}.`)).toBe('algorithm');
    const { kid, x } = key.publicJwk;
    const header = encode({ alg: 'HS256', kid, typ: 'toride-receipt+jws' });
    for (const secret of [Buffer.from(x!, 'base64url'), Buffer.from(JSON.stringify(key.publicJwk))]) {
      const mac = createHmac('sha256', secret).update(`${header}.${payload}`).digest('base64url');
      expect(await refusal(`${header}.${payload}.${mac}`)).toBe('algorithm');
    }
  });

  test('a key that it brings itself', async () => {
    const own = { jwk: other.publicJwk, jku: 'http://127.0.0.1:1/', x5u: 'http://127.0.0.1:1/' };
    const forged = await new CompactSign(Buffer.from(JSON.stringify(receipt)))
      .setProtectedHeader({ alg: 'EdDSA', kid: key.publicJwk.kid, typ: 'toride-receipt+jws', ...own })
      .sign(other.privateKey);
    expect(await refusal(forged)).toBe('altered');
  });

  test('no receipt at all', async () => {
    const [header, payload, signature] = parts();
    const texts = [
      '',
      '.',
      '..',
      'hello',
      '{"payload":"x"}',
      `${header}.${payload}`,
      `${genuine}.${signature}`,
      `${header}.${payload}.${signature}\u0000`,
      `${header} .${payload}.${signature}`,
      `${encode('"text"')}.${payload}.${signature}`,
      `${encode({ alg: 'EdDSA', typ: 'toride-receipt+jws' })}.${payload}.${signature}`,
      // An extension that must be understood, and is not.
      `${encode({ alg: 'EdDSA', kid: key.publicJwk.kid, typ: 'toride-receipt+jws', crit: ['exp'], exp: 1 })}.${payload}.${signature}`,
      'a.'.repeat(20_000),
    ];
    for (const text of texts)
      expect([text.slice(0, 40), await refusal(text)]).toEqual([text.slice(0, 40), 'not-a-receipt']);
  });

  test('signed, and of a form that is not known: never half read', async () => {
    const forms = [
      { ...receipt, format: 'toride-receipt/2' },
      { ...receipt, more: 1 },
      { ...receipt, name: 'a\u202eb' },
      { ...receipt, labs: [{ ...receipt.labs[0], id: '../../etc' }] },
      { ...receipt, issuedAt: 'yesterday' },
      'no json',
      'null',
    ];
    for (const form of forms) expect(await refusal(await sign(form))).toBe('format');
    expect(await refusal(await sign(receipt, { typ: 'JWT' }))).toBe('format');
  });
});

describe('a name', () => {
  const named = (name: unknown) => nameChangeSchema.safeParse({ name }).data?.name;
  test.each([
    ['山田 花', '山田 花'],
    ['  Ann   Lee ', 'Ann Lee'],
    ['<script>alert(1)</script>', '<script>alert(1)</script>'],
    ['e\u0301', '\u00e9'],
    ['', ''],
    ['x'.repeat(80), 'x'.repeat(80)],
    ['𠮷'.repeat(80), '𠮷'.repeat(80)],
  ])('%j becomes %j', (given, kept) => {
    expect(named(given)).toBe(kept);
  });
  test.each(['x'.repeat(81), 'a\nb', 'a\tb', 'a\u0000b', 'a\u001b[31mb', 'a\u202eb', 'a\u200bb', '\ud800', 7, null])(
    '%j is refused',
    (given) => {
      expect(named(given)).toBeUndefined();
    },
  );
});
