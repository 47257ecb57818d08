/** Imported Markdown as MDX of a lesson: blocks, fences with their buttons, headings one level down. See inline.ts for why it is safe. */
import { inline, withPorts } from './inline.ts';
import type { Item } from './report.ts';
import { missingNeeds } from './scripts.ts';

const fenceOpens = /^([\s>]*)(`{3,}|~{3,})([^`]*)$/;
const action = /\{\{\s*(execute|exec|copy)?([^{}]{0,40})\}\}/;
/** What a line is before its words: quotes, a heading, an item of a list. */
const structure = /^((?:\s*>)*\s*)(#{1,6}\s+|[-*+]\s+|\d{1,9}[.)]\s+)?/;

/** Blocks are pushed in order, an empty line between them. */
export function toMdx(text: string, file: string): { mdx: string; items: Item[] } {
  const blocks: string[] = [];
  const items: Item[] = [];
  let buffer: string[] = [];
  const flush = () => {
    if (buffer.length > 0) blocks.push(...paragraph(buffer, file, items));
    buffer = [];
  };
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!;
    const opens = fenceOpens.exec(line);
    if (opens) {
      flush();
      const end = endOfFence(lines, index, opens[2]!);
      const content = lines.slice(index + 1, end).map((one) => withoutPrefix(one, opens[1]!));
      const said = action.exec(lines[end] ?? '') ?? action.exec(opens[3]!);
      blocks.push(fence(content.join('\n'), opens[3]!.replace(action, '').trim(), said?.[1]));
      if (said?.[2]?.trim())
        items.push({
          file: `${file}:${end + 1}`,
          fate: 'left',
          text: `“${said[2].trim()}” of ${said[0]}: a click runs the code as it is`,
        });
      items.push(...missingNeeds(`${'\n'.repeat(index + 1)}${content.join('\n')}`, file));
      index = end;
    } else if (/^\s*$/.test(line)) flush();
    else if (/^\s*(=+|-{2,})\s*$/.test(line) && buffer.length === 1 && !/^\s*[|>#*+-]/.test(buffer[0]!)) {
      buffer[0] = `${line.includes('=') ? '#' : '##'} ${buffer[0]}`;
      flush();
    } else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) {
      flush();
      blocks.push('***');
    } else buffer.push(line);
  }
  flush();
  return { mdx: blocks.join('\n\n'), items: once(items) };
}

/** The same thing said twice of a file tells no more. */
function once(items: readonly Item[]): Item[] {
  const seen = new Set<string>();
  return items.filter(({ file, fate, text }) => {
    const key = `${file.replace(/:\d+$/, '')} ${fate} ${text}`;
    return !seen.has(key) && Boolean(seen.add(key));
  });
}

/** The line that closes it, or one past the last. */
function endOfFence(lines: readonly string[], start: number, mark: string): number {
  const closes = new RegExp(`^[\\s>]*${mark[0]}{${mark.length},}\\s*(\\{\\{[^{}]*\\}\\})?\\s*$`);
  const found = lines.findIndex((line, index) => index > start && closes.test(line));
  return found < 0 ? lines.length : found;
}

function withoutPrefix(line: string, prefix: string): string {
  const quoted = prefix.includes('>') ? line.replace(/^(\s*>\s?)+/, '') : line;
  const room = prefix.replaceAll('>', ' ').length;
  return quoted.replace(new RegExp(`^\\s{0,${prefix.includes('>') ? 0 : room}}`), '');
}

/** Longer than any run of backticks in it, at the start of a line, and always closed. */
export function fence(content: string, language: string, button: string | undefined): string {
  const longest = Math.max(2, ...(content.match(/`+/g) ?? []).map(({ length }) => length));
  const marks = '`'.repeat(longest + 1);
  const run = button !== undefined && button !== 'copy';
  const known = /^[a-z][a-z0-9+#-]{0,19}$/.test(language) && language !== 'plain' ? language : 'text';
  const info = run ? 'bash run' : button === 'copy' && known === 'text' ? 'bash' : known;
  // A lesson fills in its own parameters in code; those of an import are none.
  const text = withPorts(content).replace(/[\p{Cc}]/gu, (character) => (/[\n\t]/.test(character) ? character : ''));
  return `${marks}${info}\n${text.replace(/\n+$/, '')}\n${marks}`;
}

/** Pieces that stand by themselves: each item, heading and row, and what follows it without a mark of its own. */
function paragraph(lines: readonly string[], file: string, items: Item[]): string[] {
  const pieces: { prefix: string; words: string[] }[] = [];
  for (const line of lines) {
    const [whole, quote = '', mark = ''] = structure.exec(line) ?? [''];
    const starts = mark !== '' || quote.includes('>') || /^\s*\|/.test(line) || pieces.length === 0;
    if (starts) pieces.push({ prefix: quote + deeper(mark), words: [line.slice(whole.length)] });
    else pieces.at(-1)!.words.push(line);
  }
  const fences: string[] = [];
  const shown = pieces.map(({ prefix, words }) => {
    const { mdx, actions, notes } = inline(words.join('\n'));
    items.push(...notes.map(({ fate, text }): Item => ({ file, fate, text })));
    for (const { code } of actions) items.push(...missingNeeds(code, file).map((item) => ({ ...item, file })));
    fences.push(...actions.map(({ code, run }) => fence(code, 'bash', run ? 'exec' : 'copy')));
    const alone = actions.length === 1 && pieces.length === 1 && /^<code>[^<]*<\/code>$/.test(mdx.trim());
    return alone ? '' : `${prefix}${mdx}`;
  });
  return [shown.join('\n'), ...fences].filter((block) => block.trim() !== '');
}

/** Below the step's own heading. */
function deeper(mark: string): string {
  const level = /^#+/.exec(mark)?.[0].length;
  return level === undefined ? mark : `${'#'.repeat(Math.min(6, Math.max(3, level + 1)))} `;
}
