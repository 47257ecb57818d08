/** Imported text through the compiler that the pages use: of hostile text nothing becomes code. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { toMdx } from '../../../src/import/killercoda/markdown.ts';
import { importScenario } from '../../../src/import/killercoda/scenario.ts';
import { openSource } from '../../../src/import/killercoda/source.ts';
import { checkout } from '../../../src/setup/paths.ts';

interface Node {
  type: string;
  name?: string | null;
  value?: string;
  url?: string;
  lang?: string | null;
  meta?: string | null;
  attributes?: { type: string; name: string; value: unknown }[];
  children?: Node[];
}

/** Not a dependency of ours: the one that @astrojs/mdx brings. */
const { mdxToMdast, mdxToJs } = await import(
  /* @vite-ignore */ pathToFileURL(createRequire(import.meta.url).resolve('satteri')).href
);

async function nodesOf(mdx: string): Promise<Node[]> {
  const nodes: Node[] = [];
  const visit = (node: Node) => {
    nodes.push(node);
    node.children?.forEach(visit);
  };
  visit(mdxToMdast(mdx));
  // Pages are built from this: it must come to an end without an error.
  await mdxToJs(mdx);
  return nodes;
}

/** What an import may make, and no more. */
function expectTame(nodes: readonly Node[]): void {
  for (const node of nodes) {
    expect(node.type).not.toMatch(/^mdxjsEsm$|^html$|^definition$|^yaml$/);
    if (node.type.endsWith('Expression')) expect(node.value).toBe('/* Made by toride labs import. */');
    if (node.type.startsWith('mdxJsx')) {
      expect(['code', 'br', 'Port', 'Task', 'Note']).toContain(node.name);
      for (const { type, name, value } of node.attributes ?? []) {
        expect(type).toBe('mdxJsxAttribute');
        expect(['id', 'number', 'path']).toContain(name);
        expect(value).toMatch(/^[\w/.,?=%+~&:-]*$/);
      }
    }
    if (node.type === 'link') expect(node.url).toMatch(/^(https?:\/\/|mailto:)/);
    expect(node.type).not.toBe('image');
  }
}

const fixture = (name: string) => openSource(join(checkout, 'test/fixtures/killercoda', name));
const options = { id: 'imported', order: 17, chapter: '8.9', language: 'en' } as const;
const lesson = (name: string, language: 'en' | 'ja' = 'en') =>
  String(importScenario(fixture(name), options).files.get(`labs/imported/lesson.${language}.mdx`));

describe('a hostile scenario', () => {
  test('compiles, and nothing of it is code', async () => {
    for (const language of ['en', 'ja'] as const) expectTame(await nodesOf(lesson('hostile', language)));
  });

  test('is still there to be read, as text', async () => {
    const nodes = await nodesOf(lesson('hostile'));
    const text = nodes.map(({ value }) => value ?? '').join('');
    expect(text).not.toContain('&#');
    for (const piece of [
      '<script>alert(1)</script>',
      '{process.exit(1)}',
      '{inItem()}',
      '{quoted()}',
      '{evil()}',
      '{escaped}',
    ])
      expect(text).toContain(piece);
    // Astro takes three dashes at the top for settings of the page.
    expect(lesson('hostile').startsWith('---')).toBe(false);
  });

  test('its title is data', () => {
    const yaml = String(importScenario(fixture('hostile'), options).files.get('labs/imported/lab.yaml'));
    expect(yaml).toContain('<script>alert(1)</script>');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

/** What trips escapers: each alone, and in pairs beside and around each other. */
const pieces = [
  '{a}',
  '<b>',
  '</b>',
  '<Evil x={1}>',
  '`',
  '``',
  '```',
  '~~~',
  '`{a}`',
  '[a](b)',
  '[x]: javascript:a',
  '![',
  '](',
  '\\',
  '\\{',
  '|',
  '\n| - | - |\n',
  'import a from "b"',
  'export default 1',
  '<!--',
  '-->',
  '{{exec}}',
  '{{TRAFFIC_HOST1_1}}',
  '{{',
  '}}',
  '> ',
  '- ',
  '1. ',
  '# ',
  '\n\n',
  '\n',
  '    ',
  '---',
  '&#123;',
  '*',
  '_',
  '<https://a.b/{c}>',
  '\u2028',
  '$',
  ':::',
];
test('every pair and many triples of what trips escapers compiles to nothing but text', async () => {
  const texts: string[] = [];
  for (const [first, a] of pieces.entries())
    for (const [second, b] of pieces.entries())
      texts.push(`${a}${b}`, `x ${a} y ${b} z ${pieces[(first * 7 + second) % pieces.length]}`);
  // One document for all: the state of one must not leak into the next either.
  for (let start = 0; start < texts.length; start += 200) {
    const part = texts.slice(start, start + 200).map((text) => toMdx(text, 'x.md').mdx);
    expectTame(await nodesOf(part.join('\n\n')));
  }
});

test('text that was read is readable: a real part of the lesson', () => {
  expect(readFileSync(join(checkout, 'test/fixtures/killercoda/every-field/step1/text.md'), 'utf8')).toContain(
    '{{exec interrupt}}',
  );
  expect(lesson('every-field')).toMatchInlineSnapshot(`
    "{/* Made by toride labs import. */}

    ## Before you begin

    ### Welcome

    A *shelf* keeps notes in <code>/home/learner/shelf</code>. It takes a moment until everything is there.

    <br />

    > Services must listen on all addresses.

    ## Write a note

    ### A first note

    Look with <code>ls -la /home/learner/shelf</code> and remember the name <code>note&#46;txt</code>, not <code>&#123;this&#125;</code>.

    \`\`\`bash run
    ls -la /home/learner/shelf
    \`\`\`

    \`\`\`bash
    note.txt
    \`\`\`

    1. Write it:

    \`\`\`bash run
    echo "buy bread" > /home/learner/shelf/note.txt
    \`\`\`

    2. Or copy this:

    \`\`\`bash
    cat > /home/learner/shelf/note.txt
    \`\`\`

    | file | what |
    | --- | --- |
    | <code>a&#124;b</code> | &#123;braces&#125; |

    a shelf

    <Task id="step-1" />

    ## Serve it

    \`\`\`bash run
    bash ~/lab/setup/step-2-background.sh > ~/lab/setup/step-2-background.sh.log 2>&1 &
    \`\`\`

    \`\`\`bash run
    bash ~/lab/setup/step-2-foreground.sh
    \`\`\`

    Serve the folder:

    \`\`\`bash run
    cd /home/learner/shelf && python3 -m http.server 8080 &
    \`\`\`

    Open <Port number="8080" path="/note.txt?a=1&amp;b=2">the shelf</Port>, <Port number="8080" path="/">localhost&#58;8080</Port> or <Port>any port</Port>;
    or ask: <code>curl http&#58;//localhost&#58;8080/note&#46;txt</code>. The second host is &#123;&#123;TRAFFIC&#95;HOST2&#95;80&#125;&#125;&#46;

    \`\`\`bash run
    curl http://localhost:8080/note.txt
    \`\`\`

    On a cluster one would <code>kubectl apply -f shelf&#46;yaml</code>. More at [https&#58;//example&#46;org/shelf](https://example.org/shelf) and [here](https://example.org/a%28b%29).

    <Task id="step-2" />

    \`\`\`bash run
    bash ~/lab/setup/finish-background.sh > ~/lab/setup/finish-background.sh.log 2>&1 &
    \`\`\`

    That is all.
    "
  `);
});
