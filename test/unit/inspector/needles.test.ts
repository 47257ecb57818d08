import { expect, test } from 'vitest';
import { secretForms } from '../../../src/inspector/needles.ts';

const secret = 'k7w2m9x4q1';
const hidden = (bytes: Buffer) => secretForms(secret).some((form) => bytes.includes(form));

test('a secret is found plain, in hexadecimal and in base64 at any alignment', () => {
  expect(hidden(Buffer.from(`password=${secret}\n`))).toBe(true);
  expect(hidden(Buffer.from(Buffer.from(secret).toString('hex').toUpperCase()))).toBe(true);
  for (const before of ['', 'a', 'ab', 'abc', 'token: '])
    for (const after of ['', '\n', 'xy'])
      expect(hidden(Buffer.from(Buffer.from(before + secret + after).toString('base64')))).toBe(true);
});

test('what only resembles it is not found', () => {
  expect(hidden(Buffer.from('k7w2m9x4q2'))).toBe(false);
  expect(hidden(Buffer.from(Buffer.from('k7w2m9x4q').toString('base64')))).toBe(false);
});
