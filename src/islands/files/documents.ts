/** Files that are open in the editor, each with the version it was read as; what happens when the sandbox has another. */
import type { EditorState, Text } from '@codemirror/state';
import type { Entry } from '../../protocol/files.ts';
import { Refusal } from '../api.ts';
import type { FilesApi } from './api.ts';

/** What the sandbox has instead: null, nothing any more. */
export type Theirs = { readonly version: string; readonly text: string | null } | null;

export interface OpenFile {
  path: string;
  /** null: there is no such file in the sandbox. */
  base: string | null;
  state: EditorState;
  /** The text as it is in the sandbox, as far as is known. */
  saved: Text;
  /** Set while the two differ and the person has not said what is to be. */
  theirs?: Theirs;
  /** The folder's word for this version: a look that costs nothing tells whether to read. */
  seen?: string | undefined;
}

export const isUnsaved = (file: OpenFile): boolean => file.theirs !== undefined || !file.state.doc.eq(file.saved);

const mark = (entry: Entry) => `${entry.mtime} ${entry.size}`;

/** @returns null when it is gone @throws Refusal for everything else */
export async function readTheirs(api: FilesApi, path: string): Promise<Theirs> {
  try {
    return await api.read(path);
  } catch (trouble) {
    if (trouble instanceof Refusal && trouble.code === 'file-not-found') return null;
    throw trouble;
  }
}

/**
 * Compares an open file with what its folder says now.
 *
 * @returns what the sandbox has, where that is not what the file was read as; undefined where all is as it was
 */
export async function lookAt(
  api: FilesApi,
  file: OpenFile,
  entry: Entry | null | undefined,
): Promise<{ theirs: Theirs } | undefined> {
  if (entry === undefined) return undefined;
  if (entry === null) return file.base === null || file.theirs === null ? undefined : { theirs: null };
  if (file.seen === mark(entry)) return undefined;
  const theirs = await readTheirs(api, file.path);
  file.seen = mark(entry);
  const known = file.theirs === undefined ? file.base : (file.theirs?.version ?? null);
  return (theirs?.version ?? null) === known ? undefined : { theirs };
}
