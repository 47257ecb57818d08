/** Paths below the home, and what is shown of them. Pure. */
import type { Entry } from '../../protocol/files.ts';

export const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0));
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
export const join = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);
export const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** As typed: 'a//b/', './a' and '~/a' mean what people mean by them. */
export const tidy = (typed: string): string =>
  typed
    .trim()
    .replace(/^~\//, '')
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');

/** Folders first, hidden ones last of their kind. */
export function inOrder(entries: readonly Entry[]): Entry[] {
  const rank = ({ kind, name }: Entry) => (kind === 'directory' ? 0 : 2) + (name.startsWith('.') ? 1 : 0);
  return [...entries].sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

export interface Row {
  readonly path: string;
  readonly entry: Entry;
  /** From 1. */
  readonly level: number;
  readonly position: number;
  readonly of: number;
}

/** What is seen of the tree, from top to bottom. */
export function visibleRows(
  folders: ReadonlyMap<string, readonly Entry[]>,
  expanded: ReadonlySet<string>,
  folder = '',
  level = 1,
): Row[] {
  const entries = folders.get(folder) ?? [];
  return entries.flatMap((entry, index) => {
    const path = join(folder, entry.name);
    const row = { path, entry, level, position: index + 1, of: entries.length };
    return entry.kind === 'directory' && expanded.has(path)
      ? [row, ...visibleRows(folders, expanded, path, level + 1)]
      : [row];
  });
}

/** How a text ends its lines, so that it is saved as it came; where they differ, a carriage return is a character. */
export const lineEnd = (text: string): '\n' | '\r\n' =>
  text.includes('\r\n') && !/(^|[^\r])\n|\r(?!\n)/.test(text) ? '\r\n' : '\n';
