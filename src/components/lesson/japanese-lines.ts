/** A line that ends in Japanese goes on without a space: browsers turn every newline into one. */

interface Node {
  readonly type: string;
  value?: string;
  readonly children?: readonly Node[];
}

/** Kana, ideographs, their punctuation and full-width forms. */
const japanese = '[\\u3000-\\u30ff\\u3400-\\u9fff\\uff00-\\uffef]';
const broken = new RegExp(`(?<=${japanese})\\n(?=${japanese})`, 'g');

function join(node: Node): void {
  if (node.type === 'text' && node.value) node.value = node.value.replace(broken, '');
  for (const child of node.children ?? []) join(child);
}

/** A remark plugin. */
export const japaneseLines = () => join;
