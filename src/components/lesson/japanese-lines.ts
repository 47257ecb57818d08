/** A line that ends in Japanese goes on without a space: browsers turn every newline into one. */

/** Kana, ideographs, their punctuation and full-width forms. */
const japanese = '[\\u3000-\\u30ff\\u3400-\\u9fff\\uff00-\\uffef]';
const broken = new RegExp(`(?<=${japanese})\\n *(?=${japanese})`, 'g');
const fence = /^( *```[^\n]*\n[\s\S]*?^ *```)/m;

/** Joins such lines of a lesson's source; code blocks keep theirs. */
export function joinLines(source: string): string {
  return source
    .split(fence)
    .map((part) => (/^ *```/.test(part) ? part : part.replace(broken, '')))
    .join('');
}

/** A Vite plugin, before Markdown is read. */
export const japaneseLines = () => ({
  name: 'toride:japanese-lines',
  enforce: 'pre' as const,
  transform: (source: string, id: string) => (/\/lesson\.ja\.mdx$/.test(id) ? joinLines(source) : undefined),
});
