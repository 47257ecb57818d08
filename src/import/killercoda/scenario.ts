/**
 * A Killercoda scenario as a lab: files by path below the folder that holds labs/ and graders/, and what became of each piece.
 * Writes nothing. No code comes of it: scripts run in sandboxes only, text is escaped, the grader is data.
 */
import { stringify } from 'yaml';
import { maxScore } from '../../grading/score.ts';
import type { Scripts } from '../../grading/script-checks.ts';
import type { Suite } from '../../grading/suites.ts';
import { readAssets } from './assets.ts';
import { type IndexSection, readIndex } from './index-json.ts';
import { inline } from './inline.ts';
import { fence, toMdx } from './markdown.ts';
import { type Item, refused, reportText } from './report.ts';
import { atHome } from './scripts.ts';
import { readScript, setupScript } from './setup.ts';
import type { Source } from './source.ts';

const TEXT_LIMIT = 512 * 1024;
const INDEX_LIMIT = 512 * 1024;
const VERIFY_SECONDS = 15;
const HINT_LIMIT = 2000;

export interface ImportOptions {
  readonly id: string;
  /** Place in the course. */
  readonly order: number;
  /** Section of the course. */
  readonly chapter: string;
  /** What the scenario is written in. */
  readonly language: 'en' | 'ja';
  /** A script that solves it, if its author has one. */
  readonly solution?: Buffer | undefined;
}

export interface Imported {
  readonly files: ReadonlyMap<string, string | Buffer>;
  readonly items: readonly Item[];
}

interface Part {
  /** 'intro', 'step-1', …, 'finish' */
  readonly id: string;
  readonly title: string;
  readonly section: IndexSection;
}

/** @throws UserError for what cannot be imported at all */
export function importScenario(source: Source, options: ImportOptions): Imported {
  const { index, items } = readIndex(source.read('index.json', INDEX_LIMIT).toString('utf8'));
  const { intro, steps, finish, assets: byHost } = index.details;
  const parts: Part[] = [
    ...(intro ? [{ id: 'intro', title: intro.title ?? '', section: intro }] : []),
    ...steps.map((section, at) => ({ id: `step-${at + 1}`, title: section.title ?? `Step ${at + 1}`, section })),
    ...(finish ? [{ id: 'finish', title: finish.title ?? '', section: finish }] : []),
  ];
  const verified = parts.filter(({ section }) => section.verify);
  if (verified.length === 0)
    throw refused(
      'index.json',
      'no step has a verify script, so there is nothing to grade: add one, or write the lab by hand (docs/authoring.md)',
    );
  const lab = `labs/${options.id}`;
  const grader = `graders/${options.id}`;
  const files = new Map<string, string | Buffer>();
  const assets = readAssets(source, byHost);
  for (const [path, content] of assets.files) files.set(`${lab}/files/${path}`, content);
  items.push(...assets.items, ...environment(index.backend?.imageid));

  const atStart: string[] = [];
  const lesson = parts.map((part, at) => {
    const early = part.id === 'intro' || part.id === 'step-1' || (at === 0 && part.id !== 'finish');
    const scripts = setupScripts(source, part, items, (name, text) => files.set(`${lab}/files/setup/${name}`, text));
    if (early) atStart.push(...scripts);
    return lessonPart(source, part, early ? [] : scripts, items);
  });
  if (assets.laying.length + atStart.length > 0) files.set(`${lab}/setup.sh`, setupScript(assets.laying, atStart));

  for (const { id, section } of verified) {
    const { text, items: told } = readScript(source, section.verify!);
    files.set(`${grader}/scripts/${id}.sh`, text);
    items.push(...told, {
      file: section.verify!,
      fate: 'carried',
      text: `check verify.${id}, run in the sandbox, not tamper-proof`,
    });
  }
  const both = (text: string) => ({ en: text, ja: text });
  files.set(`${grader}/scripts.yaml`, stringify(scriptsOf(options.id, verified)));
  files.set(`${grader}/suite.yaml`, stringify(suiteOf(options, verified)));
  if (options.solution) files.set(`${grader}/cases/solve.sh`, options.solution);
  files.set(
    `${lab}/lab.yaml`,
    stringify({
      id: options.id,
      chapter: options.chapter,
      order: options.order,
      minutes: minutes(index.time, items),
      title: both(oneLine(index.title)),
      summary: both(oneLine(index.description ?? '') || oneLine(index.title)),
      notTamperProof: verified.map(({ id }) => `verify.${id}`),
      tasks: verified.map((part) => ({
        id: part.id,
        title: both(oneLine(part.title) || part.id),
        checks: [`verify.${part.id}`],
        hints: hints(source, part, items).map(both),
      })),
    }),
  );
  for (const language of ['en', 'ja'] as const)
    files.set(`${lab}/lesson.${language}.mdx`, `${head(language, options.language)}\n\n${lesson.join('\n\n')}\n`);
  items.push(...unused(source, parts, byHost.host01?.length ?? 0));
  files.set(`${grader}/IMPORT.txt`, `${reportText(items)}\n`);
  return { files, items };
}

const oneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim();

function environment(image: string | undefined): Item[] {
  if (image === undefined) return [];
  const file = 'index.json';
  const named = `backend.imageid ${oneLine(image)}`;
  return /^ubuntu/.test(image)
    ? [
        {
          file,
          fate: 'changed',
          text: `${named}: the sandbox of this course, Debian with rootless Podman and no network`,
        },
      ]
    : [
        {
          file,
          fate: 'left',
          text: `${named}: every lab has the sandbox of this course, Debian with rootless Podman and no network`,
        },
      ];
}

function minutes(time: string | undefined, items: Item[]): number {
  const found = Number(/\d+/.exec(time ?? '')?.[0] ?? Number.NaN);
  if (found >= 5 && found <= 180) return found;
  items.push({ file: 'index.json', fate: 'changed', text: 'time: none from 5 to 180 minutes; lab.yaml says 20' });
  return 20;
}

/** @returns names below ~/lab/setup */
function setupScripts(
  source: Source,
  part: Part,
  items: Item[],
  write: (name: string, text: string) => void,
): string[] {
  const { background, courseData, foreground, code } = part.section;
  return [
    ['background', background ?? courseData],
    ['foreground', foreground ?? code],
  ].flatMap(([kind, file]) => {
    if (file === undefined) return [];
    const { text, items: told } = readScript(source, file);
    const name = `${part.id}-${kind}.sh`;
    write(name, text);
    const when =
      part.id === 'intro' || part.id === 'step-1'
        ? 'as the learner, when the sandbox is made'
        : 'by a click in the lesson';
    items.push(...told, {
      file,
      fate: 'changed',
      text: `${kind} script of ${part.id}: ~/lab/setup/${name}, run ${when}`,
    });
    return [name];
  });
}

function lessonPart(source: Source, { id, title, section }: Part, scripts: readonly string[], items: Item[]): string {
  const heading = oneLine(title) === '' ? [] : [`## ${inline(oneLine(title)).mdx}`];
  const setUp = scripts.map((name) =>
    fence(
      name.includes('background')
        ? `bash ~/lab/setup/${name} > ~/lab/setup/${name}.log 2>&1 &`
        : `bash ~/lab/setup/${name}`,
      'bash',
      'exec',
    ),
  );
  const body: string[] = [];
  if (section.text) {
    const read = atHome(source.read(section.text, TEXT_LIMIT).toString('utf8'), section.text);
    const { mdx, items: told } = toMdx(read.text, section.text);
    items.push(...read.items, ...told, { file: section.text, fate: 'carried', text: `text of ${id}` });
    body.push(mdx);
  }
  const task = section.verify ? [`<Task id="${id}" />`] : [];
  return [...heading, ...setUp, ...body, ...task].join('\n\n');
}

function hints(source: Source, { id, section }: Part, items: Item[]): string[] {
  if (!section.answer) return [];
  const text = source.read(section.answer, TEXT_LIMIT).toString('utf8').trim();
  const fits = text.length > 0 && text.length <= HINT_LIMIT;
  items.push({
    file: section.answer,
    fate: fits ? 'changed' : 'left',
    text: fits
      ? `answer of ${id}: a hint, as plain text`
      : `answer of ${id}: longer than ${HINT_LIMIT} characters, or empty; shorten it into a hint`,
  });
  return fits ? [text] : [];
}

function scriptsOf(lab: string, verified: readonly Part[]): Scripts {
  const each = Math.floor(maxScore / verified.length);
  return {
    lab,
    from: 'killercoda',
    checks: verified.map(({ id, title }, at) => ({
      id: `verify.${id}`,
      script: `scripts/${id}.sh`,
      title: {
        en: `The scenario's own script accepts: ${oneLine(title) || id}`,
        ja: `教材付属のスクリプトが合格とする: ${oneLine(title) || id}`,
      },
      weight: each + (at < maxScore - each * verified.length ? 1 : 0),
      seconds: VERIFY_SECONDS,
    })),
  };
}

function suiteOf({ id, solution }: ImportOptions, verified: readonly Part[]): Suite {
  return {
    lab: id,
    cases: [
      {
        name: 'start',
        kind: 'start',
        expect: { failed: verified.map((part) => `verify.${part.id}`) },
        why: 'Nothing has been done yet, so no script may accept it.',
      },
      ...(solution
        ? [
            {
              name: 'solve',
              kind: 'solve' as const,
              run: 'cases/solve.sh',
              expect: { all: 'passed' as const },
              why: "The author's solution.",
            },
          ]
        : []),
    ],
  };
}

/** Never the source's own words first: three dashes there would be read as settings of the page. */
function head(page: 'en' | 'ja', written: 'en' | 'ja'): string {
  const note = {
    en: 'This imported lesson is written in Japanese only.',
    ja: 'この解説は取り込んだ教材で、本文は英語のみです。',
  };
  return page === written ? '{/* Made by toride labs import. */}' : `<Note>\n${note[page]}\n</Note>`;
}

/** Files that nothing in index.json names. */
function unused(source: Source, parts: readonly Part[], assets: number): Item[] {
  const named = new Set(
    parts.flatMap(({ section }) => Object.values(section)).map((name) => String(name).replace(/^(\.\/)+/, '')),
  );
  return source.files
    .filter((file) => file !== 'index.json' && !named.has(file) && !(assets > 0 && file.startsWith('assets/')))
    .map((file) => ({ file, fate: 'left', text: 'index.json does not name it' }));
}
