/**
 * Imported running text as MDX, for text that may be hostile. Only what is written here becomes markup: of the source no brace,
 * angle bracket, backtick, square bracket or backslash is passed on, so that nothing of it can be code, an element, a reference or
 * a definition. Emphasis, pipes of tables and the like stay: they can do nothing.
 */

/** What a paragraph asks for besides its words, in its order. */
export interface Inline {
  readonly mdx: string;
  /** Code that is to be run or copied by a click. */
  readonly actions: readonly { readonly code: string; readonly run: boolean }[];
  /** Sentences about what was changed or left. */
  readonly notes: readonly { readonly fate: 'changed' | 'left'; readonly text: string }[];
}

const reference = (character: string) => `&#${character.codePointAt(0)};`;

/** Every character that Markdown, MDX or an automatic link could act on. For what stands in code. */
const literally = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/[^\p{L}\p{N} /,=-]/gu, reference)
    .trim();

/** As in an address: the marks that encodeURIComponent leaves are marks of Markdown. */
const encoded = (character: string): string => {
  const whole = encodeURIComponent(character.toWellFormed());
  return whole === character ? `%${character.charCodeAt(0).toString(16).padStart(2, '0')}` : whole;
};

/** The preview of a port, at a path. Both are checked: they stand in an attribute. */
const preview = (port: string, path: string, label: string): string => {
  const safe = path.replace(/[^\w/.,?=%+~:-]/gu, (character) => (character === '&' ? '&amp;' : encoded(character)));
  return `<Port number="${port}" path="${safe === '' ? '/' : safe}">${label}</Port>`;
};

const traffic = /\{\{TRAFFIC_HOST(\d+)_(\d{1,5})\}\}([^\s)\]"'<>`{}]*)/y;
const selector = /\{\{TRAFFIC_SELECTOR\}\}/y;
const codeAction = /\{\{\s*(execute|exec|copy)?([^{}]{0,40})\}\}/y;
const link = /(!?)\[((?:[^[\]\\]|\\.)*)\]\(\s*<?((?:[^()\s<>]|\([^()\s<>]*\))*)>?(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)/y;
/** An address as it stands, without the sentence's own marks. */
const bareAddress = /https?:\/\/[^\s<>()[\]{}"'`|\\*]*[^\s<>()[\]{}"'`|\\*.,;:!?]/y;
const autolink = /<(https?:\/\/[^\s<>]+)>/y;
const comment = /<!--[\s\S]*?-->/y;
const element = /<\/?([a-zA-Z][\w-]*)(?:\s[^<>]*)?\/?>/y;

/** Elements that only shape text: their text stays, they go. */
const shaping =
  /^(b|i|u|em|strong|small|sub|sup|kbd|center|p|div|span|details|summary|hr|font|h[1-6]|ul|ol|li|blockquote|mark)$/i;

const at = (pattern: RegExp, text: string, index: number): RegExpExecArray | null => {
  pattern.lastIndex = index;
  return pattern.exec(text);
};

/** What a web page may be asked for. @returns undefined for any other scheme, and for what is relative to the scenario */
function webAddress(url: string): string | undefined {
  if (!/^(https?:\/\/|mailto:)/i.test(url) || !URL.canParse(url)) return undefined;
  return new URL(url).href.replace(/[^\w/.,?=%+~:@&;-]/gu, encoded);
}

export function inline(text: string): Inline {
  const actions: { code: string; run: boolean }[] = [];
  const notes: { fate: 'changed' | 'left'; text: string }[] = [];
  const mdx = scan(text, actions, notes, false);
  // `import` or `export` where a line begins would be a module's.
  return {
    mdx: mdx.replace(
      /(^|\n)([ \t>]*)([ie])(?=(mport|xport)\b)/g,
      (_, line, space, first) => line + space + reference(first),
    ),
    actions,
    notes,
  };
}

/** @param inLink a link holds none */
function scan(
  text: string,
  actions: { code: string; run: boolean }[],
  notes: { fate: 'changed' | 'left'; text: string }[],
  inLink: boolean,
): string {
  let out = '';
  let index = 0;
  const take = (match: RegExpExecArray, mdx: string) => {
    out += mdx;
    index += match[0].length;
  };
  while (index < text.length) {
    const character = text[index]!;
    if (character === '`') {
      const run = /`+/y;
      run.lastIndex = index;
      const ticks = run.exec(text)![0];
      const end = closing(text, ticks, index + ticks.length);
      if (end < 0) {
        out += [...ticks].map(reference).join('');
        index += ticks.length;
        continue;
      }
      const code = text.slice(index + ticks.length, end).trim();
      out += `<code>${literally(withPorts(code))}</code>`;
      index = end + ticks.length;
      const action = at(codeAction, text, index);
      if (action) {
        if (action[1]) actions.push({ code: withPorts(code).replace(/\s*\n\s*/g, ' '), run: action[1] !== 'copy' });
        if (action[2]?.trim())
          notes.push({
            fate: 'left',
            text: `“${action[2].trim()}” of ${action[0]}: a click runs the code in the terminal as it is`,
          });
        index += action[0].length;
      }
      continue;
    }
    const port = at(traffic, text, index);
    if (port) {
      const [, host, number, path] = port as unknown as [string, string, string, string];
      if (host === '1') {
        const shown = literally(`localhost:${number}${path}`);
        take(port, inLink ? shown : preview(number, path, shown));
      } else {
        notes.push({ fate: 'left', text: `${port[0]}: there is no second host` });
        take(port, literally(port[0]));
      }
      continue;
    }
    const ports = at(selector, text, index);
    if (ports) {
      take(ports, inLink ? 'Preview' : '<Port>Preview</Port>');
      continue;
    }
    const linked = !inLink && (character === '[' || character === '!') ? at(link, text, index) : null;
    if (linked) {
      take(linked, linkOrImage(linked, actions, notes));
      continue;
    }
    const bare = character === 'h' ? at(bareAddress, text, index) : null;
    const whole = bare && webAddress(bare[0]);
    if (bare && whole) {
      take(bare, inLink ? literally(bare[0]) : `[${literally(bare[0])}](${whole})`);
      continue;
    }
    if (character === '<') {
      const page = at(autolink, text, index);
      const address = page && webAddress(page[1]!);
      if (page && address) {
        take(page, inLink ? literally(address) : `[${literally(address)}](${address})`);
        continue;
      }
      const hidden = at(comment, text, index);
      if (hidden) {
        notes.push({ fate: 'left', text: 'an HTML comment' });
        take(hidden, '');
        continue;
      }
      const tag = at(element, text, index);
      if (tag && /^br$/i.test(tag[1]!)) {
        take(tag, '<br />');
        continue;
      }
      if (tag && shaping.test(tag[1]!)) {
        notes.push({ fate: 'changed', text: `<${tag[1]!.toLowerCase()}>: its text stays, the element goes` });
        take(tag, '');
        continue;
      }
    }
    if (character === '\\') {
      const next = text[index + 1];
      out += next !== undefined && /[!-/:-@[-`{-~]/.test(next) ? reference(next) : reference(character);
      index += next !== undefined && /[!-/:-@[-`{-~]/.test(next) ? 2 : 1;
      continue;
    }
    out += /[{}<[\]]/.test(character)
      ? reference(character)
      : /[\p{Cc}]/u.test(character) && !/[\n\t]/.test(character)
        ? ''
        : character;
    index++;
  }
  // Three would open a fence behind the mark of a list.
  return out.replace(/~{3,}/g, (run) => [...run].map(reference).join(''));
}

/** Where a run of exactly as many backticks stands. */
function closing(text: string, ticks: string, from: number): number {
  for (let index = text.indexOf(ticks, from); index >= 0; ) {
    let end = index;
    while (text[end] === '`') end++;
    if (end - index === ticks.length) return index;
    index = text.indexOf(ticks, end);
  }
  return -1;
}

function linkOrImage(
  [, image, label, url]: readonly string[],
  actions: { code: string; run: boolean }[],
  notes: { fate: 'changed' | 'left'; text: string }[],
): string {
  const words = scan(label ?? '', actions, notes, true);
  if (image === '!') {
    notes.push({
      fate: 'left',
      text: `the image ${(url ?? '').slice(0, 120)}: its words stay; draw it into the lesson`,
    });
    return words;
  }
  const port = at(traffic, url ?? '', 0);
  if (port?.[1] === '1') return preview(port[2]!, port[3]!, words === '' ? 'Preview' : words);
  if (at(selector, url ?? '', 0)) return `<Port>${words === '' ? 'Preview' : words}</Port>`;
  const address = webAddress(url ?? '');
  if (address !== undefined) return words === '' ? `[${literally(address)}](${address})` : `[${words}](${address})`;
  notes.push({ fate: 'left', text: `the link to ${(url ?? '').slice(0, 120)}: its words stay` });
  return words;
}

/** In code, which is text: the address that a browser on the sandbox itself would take. */
export const withPorts = (code: string): string =>
  code.replace(/\{\{TRAFFIC_HOST1_(\d{1,5})\}\}/g, 'http://localhost:$1');
