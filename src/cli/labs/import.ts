/** `toride labs import killercoda DIR [--id ID] [--to FOLDER] …`: a scenario as a lab, and what became of each piece of it. */
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadLabs } from '../../grading/labs.ts';
import { reportText } from '../../import/killercoda/report.ts';
import { type Imported, importScenario } from '../../import/killercoda/scenario.ts';
import { openSource } from '../../import/killercoda/source.ts';
import { labIdSchema } from '../../protocol/api.ts';
import { checkout } from '../../setup/paths.ts';
import { UserError } from '../../setup/user-error.ts';

const SOLUTION_LIMIT = 256 * 1024;
const wrong = (message: string) => new UserError('usage', `labs import: ${message}`);

function readArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      strict: true,
      options: {
        id: { type: 'string' },
        to: { type: 'string' },
        chapter: { type: 'string', default: '8.9' },
        language: { type: 'string', default: 'en' },
        solution: { type: 'string' },
      },
    });
  } catch (error) {
    throw wrong((error as Error).message);
  }
}

/** @returns 0; what was not carried over is told, and is no failure. @throws UserError where nothing was imported */
export async function importLab(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args);
  const [from, folder, more] = positionals;
  if (from !== 'killercoda' || folder === undefined || more !== undefined)
    throw wrong('expected killercoda DIR, the folder with index.json');
  const { language, chapter, to } = values;
  if (language !== 'en' && language !== 'ja') throw wrong(`--language: expected en or ja, found ${language}`);
  if (!/^8\.\d(\.\d)?$/.test(chapter)) throw wrong(`--chapter: expected a section such as 8.5.1, found ${chapter}`);
  const id =
    values.id ??
    basename(resolve(folder))
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^[^a-z]+|-+$/g, '');
  if (!labIdSchema.safeParse(id).success)
    throw wrong(`--id: expected small letters, digits and dashes, found ${JSON.stringify(id)}`);
  const root = to === undefined ? checkout : resolve(to);
  for (const place of [join(root, 'labs', id), join(root, 'graders', id)])
    if (existsSync(place)) throw wrong(`${place} is there already: choose another --id, or remove it`);
  scenariosBelow(folder);
  const imported = importScenario(openSource(folder), {
    id,
    chapter,
    language,
    order: await nextPlace(root),
    solution: values.solution === undefined ? undefined : readSolution(values.solution),
  });
  write(root, id, imported);
  console.log(reportText(imported.items));
  console.log(`\nlabs/${id} and graders/${id} are written. Next: npx toride labs lint ${id}`);
  return 0;
}

/** A course of scenarios is many labs. */
function scenariosBelow(folder: string): void {
  if (!existsSync(folder) || !lstatSync(folder).isDirectory() || existsSync(join(folder, 'index.json'))) return;
  const inside = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'index.json')));
  const hint = inside.length > 0 ? `: import each by itself: ${inside.slice(0, 20).join(', ')}` : '';
  throw wrong(`${folder} has no index.json${hint}`);
}

async function nextPlace(root: string): Promise<number> {
  if (!existsSync(join(root, 'labs'))) return 1;
  const place = Math.max(0, ...(await loadLabs(root)).map(({ order }) => order)) + 1;
  if (place > 99) throw wrong('the course has 99 labs already');
  return place;
}

function readSolution(path: string): Buffer {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile() || found.size > SOLUTION_LIMIT)
    throw wrong(
      `--solution: expected a script of at most ${SOLUTION_LIMIT} bytes, found ${found ? 'something else' : 'nothing'}`,
    );
  return readFileSync(path);
}

/** All of it or nothing. */
function write(root: string, id: string, { files }: Imported): void {
  try {
    for (const [path, content] of files) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content, { flag: 'wx' });
    }
  } catch (error) {
    for (const part of ['labs', 'graders']) rmSync(join(root, part, id), { recursive: true, force: true });
    throw error;
  }
}
