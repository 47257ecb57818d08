import { expect, test } from 'vitest';
import { joinLines } from '../../../src/components/lesson/japanese-lines.ts';

test.each([
  ['注意して\nください。', '注意してください。'],
  ['- 読みます。\n  また書きます', '- 読みます。また書きます'],
  ['an English\nline', 'an English\nline'],
  ['コマンド\nls を', 'コマンド\nls を'],
  ['段落。\n\n次の段落', '段落。\n\n次の段落'],
  ['見出し\n\n```bash run\nあ\nい\n```\n\nあ\nい', '見出し\n\n```bash run\nあ\nい\n```\n\nあい'],
])('%j becomes %j', (source, expected) => {
  expect(joinLines(source)).toBe(expected);
});
