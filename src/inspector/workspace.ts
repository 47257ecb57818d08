/**
 * The learner's files for the editor: list, read, save, from outside. Nothing of the learner's runs; the probe does it
 * with the learner's own rights, beneath their home (containers/probe/home.c).
 */
import { z } from 'zod';
import { type Folder, foldersSchema } from '../protocol/files.ts';
import { type InitProcess, initArguments, runProbe } from './run-probe.ts';

const LIMIT_MS = 4000;

const fileSchema = z.object({ path: z.string(), mode: z.string(), version: z.string(), base64: z.string() });
const doneSchema = z.object({ path: z.string(), version: z.string().nullable() });

/** Whose files, and where. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/**
 * Paths are relative to the home, '' is the home itself. Everything throws ObservationError with one of: not-found, outside,
 * not-a-file, too-large, not-permitted, no-space, exists, not-empty, too-many, bad-name, changed.
 */
export interface Workspace {
  /** At most 16 folders, 2000 entries each. */
  list(init: InitProcess, paths: readonly string[]): Promise<Folder[]>;
  /** A regular file of at most 1 MiB. Its version is a hash of its content. */
  read(init: InitProcess, path: string): Promise<{ path: string; mode: string; version: string; bytes: Buffer }>;
  /** @param base the version that is replaced, null for a new file @returns the new version */
  write(init: InitProcess, path: string, base: string | null, bytes: Uint8Array): Promise<string>;
  makeFolder(init: InitProcess, path: string): Promise<void>;
  rename(init: InitProcess, path: string, to: string): Promise<void>;
  /** @param tree a folder with what is in it, up to 1000 entries */
  remove(init: InitProcess, path: string, tree: boolean): Promise<void>;
}

export function openWorkspace(binary: string, owner: Owner): Workspace {
  const run = <T extends z.ZodType>(
    schema: T,
    init: InitProcess,
    verb: string,
    args: readonly string[],
    input?: Uint8Array,
  ): Promise<z.infer<T>> =>
    runProbe(
      binary,
      schema,
      LIMIT_MS,
      [
        'home',
        ...initArguments(init),
        ...['--uid', owner.uid, '--gid', owner.gid, '--home', owner.home, '--do', verb],
        ...args,
      ],
      input,
    );
  // With `=`, so that a name that begins with a dash is no option.
  const at = (path: string) => `--path=${path}`;
  return {
    list: async (init, paths) => (await run(foldersSchema, init, 'list', paths.map(at))).folders,
    read: async (init, path) => {
      const { base64, ...file } = await run(fileSchema, init, 'read', [at(path)]);
      return { ...file, bytes: Buffer.from(base64, 'base64') };
    },
    write: async (init, path, base, bytes) => {
      const { version } = await run(doneSchema, init, 'write', [at(path), `--base=${base ?? 'none'}`], bytes);
      return version ?? '';
    },
    makeFolder: async (init, path) => void (await run(doneSchema, init, 'folder', [at(path)])),
    rename: async (init, path, to) => void (await run(doneSchema, init, 'rename', [at(path), `--to=${to}`])),
    remove: async (init, path, tree) =>
      void (await run(doneSchema, init, 'remove', [at(path), ...(tree ? ['--tree'] : [])])),
  };
}
