/** The learner's files over HTTP. Every function throws Refusal. */
import type { FileContent, Folder } from '../../protocol/files.ts';
import { ask } from '../api.ts';
import { language } from '../page.ts';

export interface FilesApi {
  /** At most 16 folders are asked for at once. */
  folders(paths: readonly string[]): Promise<Folder[]>;
  read(path: string): Promise<FileContent>;
  /** @param base the version that was edited, null for a file that is new @returns the new version */
  save(path: string, base: string | null, text: string): Promise<string>;
  makeFolder(path: string): Promise<unknown>;
  rename(path: string, to: string): Promise<unknown>;
  remove(path: string, tree: boolean): Promise<unknown>;
}

const AT_ONCE = 16;

export function filesApi(lab: string): FilesApi {
  const at = (rest: string, query: string[][] = []) =>
    `/api/labs/${encodeURIComponent(lab)}/files${rest}?${new URLSearchParams([...query, ['language', language]])}`;
  return {
    async folders(paths) {
      const all: Folder[] = [];
      for (let i = 0; i < paths.length; i += AT_ONCE) {
        const query = paths.slice(i, i + AT_ONCE).map((path) => ['path', path]);
        all.push(...(await ask(({ foldersSchema }) => foldersSchema, 'GET', at('', query))).folders);
      }
      return all;
    },
    read: (path) => ask(({ fileSchema }) => fileSchema, 'GET', at('/content', [['path', path]])),
    save: async (path, base, text) =>
      (await ask(({ savedSchema }) => savedSchema, 'PUT', at('/content'), { path, base, text })).version,
    makeFolder: (path) => ask(({ doneSchema }) => doneSchema, 'POST', at('/folder'), { path }),
    rename: (path, to) => ask(({ doneSchema }) => doneSchema, 'POST', at('/rename'), { path, to }),
    remove: (path, tree) => ask(({ doneSchema }) => doneSchema, 'POST', at('/remove'), { path, tree }),
  };
}
