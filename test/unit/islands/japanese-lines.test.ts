import { expect, test } from 'vitest';
import { japaneseLines } from '../../../src/components/lesson/japanese-lines.ts';

test.each([
  ['注意して\nください。', '注意してください。'],
  ['読みます。\nまた書きます', '読みます。また書きます'],
  ['an English\nline', 'an English\nline'],
  ['コマンド\nls を', 'コマンド\nls を'],
])('%j becomes %j', (value, expected) => {
  const text = { type: 'text', value };
  japaneseLines()({ type: 'root', children: [{ type: 'paragraph', children: [text] }] });
  expect(text.value).toBe(expected);
});

test('code keeps its lines', () => {
  const code = { type: 'code', value: 'あ\nい' };
  japaneseLines()({ type: 'root', children: [code] });
  expect(code.value).toBe('あ\nい');
});
