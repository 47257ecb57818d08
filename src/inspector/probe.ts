/** The trusted helper as a function: what containers/probe observes. */
import { z } from 'zod';
import { type InitProcess, ObservationError, initArguments as of, runProbe } from './run-probe.ts';
import {
  type Attributes,
  attributesSchema,
  type FileObservation,
  type ProcessTable,
  processTableSchema,
  type RequestObservation,
  requestSchema,
  type SyscallObservation,
  syscallSchema,
  type Tree,
  treeSchema,
} from './snapshot.ts';

export { type InitProcess, ObservationError } from './run-probe.ts';

const LIMIT_MS = 2000;
/** For as much as a learner can store, read once. */
const TREE_LIMIT_MS = 10_000;

/** What a learner puts in the place of a file: found for certain, so nothing that was not observed. */
export const REFUSALS: ReadonlySet<string> = new Set(['not-a-file', 'too-large', 'not-permitted', 'too-many-links']);

const contentSchema = z.object({
  path: z.string(),
  size: z.number(),
  mode: z.string(),
  uid: z.number(),
  gid: z.number(),
  base64: z.string(),
});
const listSchema = z.object({ entries: z.array(z.object({ name: z.string() })) });

function nullWhenAbsent(error: unknown): null {
  if (error instanceof ObservationError && error.code === 'not-found') return null;
  throw error;
}

export interface Probe {
  processes(init: InitProcess): Promise<ProcessTable>;
  /** findMs: how long to look for the server behind a forwarder; 0 where nobody asks who answered. */
  request(
    init: InitProcess,
    request: { port: number; path?: string; method?: string; accept?: string; findMs?: number },
  ): Promise<RequestObservation>;
  /** childOnly: never try a call in the process itself, since its filter may kill. */
  syscalls(process: InitProcess, calls: readonly string[] | 'all', childOnly: boolean): Promise<SyscallObservation>;
  /** null when there is no such file, refused when there is something else in its place. */
  file(process: InitProcess, path: string, maxBytes?: number): Promise<FileObservation>;
  /** null when there is nothing at this path. */
  attributes(process: InitProcess, path: string): Promise<Attributes>;
  /** What lies below a directory, on its file system alone; `find`: byte strings to look for. */
  tree(process: InitProcess, path: string, find?: readonly Buffer[]): Promise<Tree>;
  /** The names in a directory, sorted; null when there is no such directory. */
  list(process: InitProcess, path: string): Promise<string[] | null>;
}

export function openProbe(binary: string): Probe {
  const run = <T extends z.ZodType>(schema: T, command: string, ...args: (string | number)[]): Promise<z.infer<T>> =>
    runProbe(binary, schema, command === 'tree' ? TREE_LIMIT_MS : LIMIT_MS, [command, ...args]);
  return {
    processes: (init) => run(processTableSchema, 'snapshot', ...of(init)),
    request: (init, { port, path = '/', method = 'GET', accept, findMs }) =>
      run(
        requestSchema,
        'request',
        ...of(init),
        ...['--port', port, '--path', path, '--method', method],
        ...(accept === undefined ? [] : ['--accept', accept]),
        ...(findMs === undefined ? [] : ['--find-ms', findMs]),
      ),
    syscalls: (target, calls, childOnly) =>
      run(
        syscallSchema,
        'syscalls',
        '--pid',
        target.pid,
        '--start-time',
        target.startTime,
        '--calls',
        calls === 'all' ? 'all' : calls.join(','),
        ...(childOnly ? ['--child-only'] : []),
      ),
    file: (init, path, maxBytes = 1024 * 1024) =>
      run(contentSchema, 'read', ...of(init), '--path', path, '--max', maxBytes).catch((error) => {
        if (error instanceof ObservationError && REFUSALS.has(error.code)) return { path, refused: error.message };
        return nullWhenAbsent(error);
      }),
    attributes: (init, path) =>
      run(attributesSchema, 'read', ...of(init), '--path', path, '--attributes').catch((error) => {
        if (error instanceof ObservationError && error.code === 'not-found') return null;
        throw error;
      }),
    tree: (init, path, find = []) =>
      run(
        treeSchema,
        'tree',
        ...of(init),
        '--path',
        path,
        ...(find.length > 0 ? ['--find', find.map((bytes) => bytes.toString('hex')).join(',')] : []),
      ),
    list: (init, path) =>
      run(listSchema, 'read', ...of(init), '--path', path, '--list').then(
        ({ entries }) => entries.map(({ name }) => name),
        nullWhenAbsent,
      ),
  };
}
