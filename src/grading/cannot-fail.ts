/**
 * Finds verify scripts that pass whatever a learner does. Only what is certain from the text is told; what is not understood
 * counts as able to fail. Told are: no command at all; a plain `exit 0` that is reached before anything can end the script
 * otherwise; a last command that always succeeds (echo, printf, true, :, sleep, an assignment, a job in the background, anything
 * followed by `|| true`); a last `if` all of whose branches end so.
 */

interface Statement {
  readonly text: string;
  readonly line: number;
}

/** Ends a script, or gives it another ending, in another way than by its last command. Also in a string: then it is only not told. */
const otherEnd =
  /\bset\s+-[a-zA-Z]*[eu]|errexit|nounset|\bexit\b(?!\s+0\s*($|[;&|)}]))|\b(exec|trap|kill|source|eval)\b|(^|[;&|({\s])\.\s|\$\{[^}]*\?/;

const openers = /^(if|for|while|until|case|select|function)\b|^[A-Za-z_][\w-]*\s*\(\)|^[({](\s|$)/;
const closers = /^(fi|done|esac|[)}])(?=$|[\s;&|<>)}])/;

/** @returns why, with the line; undefined when it can fail or that is not certain */
export function cannotFail(script: string): string | undefined {
  const [first = ''] = script.split('\n', 1);
  if (/^#!.*\s-[a-zA-Z]*[eu]/.test(first)) return undefined;
  if (/^#!/.test(first) && !/\b(ba|da|k|z)?sh\b/.test(first)) return undefined;
  const all = statements(script);
  if (all.length === 0) return 'it has no command: it always passes';
  const end = all.findIndex(({ text }, index) => /^exit\s+0$/.test(text) && depthAt(all, index) === 0);
  const reached = end < 0 ? all : all.slice(0, end);
  if (reached.some(({ text }) => otherEnd.test(text))) return undefined;
  if (end >= 0) return `line ${all[end]!.line}: \`exit 0\` is reached whatever happened before`;
  const last = all.length - 1;
  if (!succeeds(all, last)) return undefined;
  return all[last]!.text === 'fi'
    ? `line ${all[last]!.line}: every way through the last \`if\` ends with a command that always succeeds`
    : `line ${all[last]!.line}: the last command always succeeds: ${all[last]!.text.slice(0, 60)}`;
}

function depthAt(all: readonly Statement[], index: number): number {
  let depth = 0;
  for (const { text } of all.slice(0, index)) {
    // A function on one line opens and closes in the same statement.
    if (openers.test(text) && !/[)}]$/.test(text.replace(/\(\)/, ''))) depth++;
    else if (closers.test(text)) depth--;
  }
  return depth;
}

function succeeds(all: readonly Statement[], index: number): boolean {
  const text = all[index]?.text ?? '';
  return text === 'fi' ? everyBranchSucceeds(all, index) : always(text);
}

function everyBranchSucceeds(all: readonly Statement[], end: number): boolean {
  let depth = 0;
  for (let index = end - 1; index >= 0; index--) {
    const { text } = all[index]!;
    if (closers.test(text)) depth++;
    else if (depth > 0 && openers.test(text)) depth--;
    else if (depth === 0 && /^(else|elif)\b/.test(text) && !succeeds(all, index - 1)) return false;
    // Nothing was chosen: that is a success too.
    else if (depth === 0 && /^if\b/.test(text)) return succeeds(all, end - 1);
  }
  return false;
}

/** Of one simple command. Quoted text is taken out first: what stands in it is no operator. */
function always(command: string): boolean {
  const bare = command
    .replace(/\\./g, 'x')
    .replace(/'[^']*'|"[^"]*"/g, 'q')
    .replace(/\s*\d*>\s*(\/dev\/null|&\d)/g, '')
    .trim();
  if (/[^&]&$/.test(bare)) return true;
  const alternative = /\|\|\s*([^|&]+)$/.exec(bare)?.[1];
  if (alternative !== undefined) return always(alternative.trim());
  if (/[|&<>`]|\$\(/.test(bare)) return false;
  return /^(true|:|echo|printf q|exit 0|sleep \d+)(\s|$)/.test(bare) || /^[A-Za-z_]\w*=\S*$/.test(bare);
}

/**
 * Commands one after the other, keywords apart: comments and the texts of here-documents are left out, what stands in quotes or
 * brackets stays in one piece.
 */
function statements(script: string): Statement[] {
  const found: Statement[] = [];
  const here: string[] = [];
  let text = '';
  let quote = '';
  let depth = 0;
  let start = 1;
  const close = (line: number) => {
    for (const part of keywordsApart(text.trim())) found.push({ text: part, line: start });
    text = '';
    start = line;
  };
  const lines = script.split('\n');
  for (let number = 1; number <= lines.length; number++) {
    const line = lines[number - 1]!;
    if (here.length > 0) {
      if (line.trim() === here[0]) here.shift();
      continue;
    }
    if (text.trim() === '') start = number;
    for (let at = 0; at < line.length; at++) {
      const character = line[at]!;
      if (quote !== '') {
        if (character === '\\' && quote === '"') text += line[at++];
        else if (character === quote) quote = '';
      } else if (character === '\\') text += line[at++];
      else if (character === "'" || character === '"') quote = character;
      else if (character === '#' && /(^|\s)$/.test(line.slice(0, at))) break;
      else if (character === '(') depth++;
      else if (character === ')') depth = Math.max(0, depth - 1);
      else if (character === ';' && depth === 0) {
        close(number);
        continue;
      }
      const marker = quote === '' && /^<<-?\s*(["']?)([A-Za-z_]\w*)\1/.exec(line.slice(at));
      if (marker && line[at - 1] !== '<' && line[at + 2] !== '<') here.push(marker[2]!);
      text += line[at] ?? '';
    }
    const goesOn = /\\$/.test(line) || /(&&|\|\|?)\s*$/.test(text);
    if (quote === '' && depth === 0 && !goesOn) close(number + 1);
    else text += '\n';
  }
  close(lines.length);
  return found;
}

function keywordsApart(text: string): string[] {
  if (text === '') return [];
  const keyword = /^(then|else|do|\{)\s+(?=\S)/.exec(text);
  return keyword ? [keyword[1]!, ...keywordsApart(text.slice(keyword[0].length))] : [text];
}
