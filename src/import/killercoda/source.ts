/** A scenario's folder, which may be anybody's: only plain files inside it are read, through no link, up to a size. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refused } from './report.ts';

const MAX_FILES = 2000;
const MAX_DEPTH = 12;

export interface Source {
  /** Every plain file, relative, sorted. */
  readonly files: readonly string[];
  /** @param name as the scenario gives it. @throws UserError naming what is wrong with it */
  read(name: string, limit: number): Buffer;
}

/** @throws UserError for a link, a pipe, a device, too many files or too deep folders */
export function openSource(folder: string): Source {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw refused(folder, 'expected the folder of a scenario, found none');
  const files: string[] = [];
  const visit = (inner: string, depth: number) => {
    if (depth > MAX_DEPTH) throw refused(inner, `folders are nested more than ${MAX_DEPTH} deep`);
    for (const entry of readdirSync(join(folder, inner), { withFileTypes: true })) {
      const path = inner === '' ? entry.name : `${inner}/${entry.name}`;
      if (entry.name === '.git') continue;
      if (entry.isDirectory()) visit(path, depth + 1);
      else if (entry.isFile()) files.push(path);
      else
        throw refused(
          path,
          'expected files and folders only, found a link, a pipe or a device: remove it or put the file there',
        );
      if (files.length > MAX_FILES) throw refused(folder, `expected at most ${MAX_FILES} files`);
    }
  };
  visit('', 0);
  files.sort();
  const known = new Set(files);
  return {
    files,
    read: (name, limit) => {
      const path = name.replace(/^(\.\/)+/, '');
      if (path.startsWith('/') || path.split('/').includes('..') || path.includes('\\'))
        throw refused(
          'index.json',
          `expected the name of a file inside the scenario, found ${JSON.stringify(name).slice(0, 120)}`,
        );
      if (!known.has(path))
        throw refused('index.json', `it names ${JSON.stringify(path).slice(0, 120)}, and there is no such file`);
      return readPlain(join(folder, path), path, limit);
    },
  };
}

/** What was a file when the folder was listed may be a link by now. */
function readPlain(full: string, path: string, limit: number): Buffer {
  const file = openSync(full, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw refused(path, 'expected a plain file');
    if (found.size > limit) throw refused(path, `expected at most ${limit} bytes, found ${found.size}`);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}
