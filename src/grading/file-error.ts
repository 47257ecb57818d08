/** Reading files that people write: what is wrong is said with the path, the place, what was expected, what was found. */
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { isCollection, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';

export class FileError extends Error {
  override readonly name = 'FileError';
  /** Relative to the working directory where that is shorter to read. */
  readonly path: string;
  readonly problems: readonly string[];
  constructor(path: string, problems: readonly string[]) {
    const shown = relative(process.cwd(), path);
    const name = shown === '' || shown.startsWith('..') ? path : shown;
    super(problems.map((problem) => `${name}${problem}`).join('\n'));
    this.path = name;
    this.problems = problems;
  }
}

/** Parses a YAML file by a schema; throws a FileError that names every mistake at once, each with line and column. */
export async function readYaml<T extends z.ZodType>(path: string, schema: T): Promise<z.output<T>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new FileError(path, [`: expected a readable file, found: ${(error as NodeJS.ErrnoException).code}`]);
  }
  return parseYaml(text, path, schema);
}

/** The same for a text that is there already; the path is for the message. Text of a stranger's is no danger. */
export function parseYaml<T extends z.ZodType>(text: string, path: string, schema: T): z.output<T> {
  const lines = new LineCounter();
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `:${line}:${col}`;
  };
  const { document, value } = load(text, path, lines);
  if (document.errors.length > 0) {
    throw new FileError(
      path,
      document.errors.map(
        ({ pos, message }) =>
          `${at(pos[0])}: expected YAML, found: ${message.replace(/ at line \d+, column \d+:[\s\S]*$/, '')}`,
      ),
    );
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const place = (keys: readonly PropertyKey[]): string => {
    // A missing key has no node: its nearest ancestor has.
    for (let end = keys.length; end >= 0; end--) {
      const node = end === 0 ? document.contents : document.getIn(keys.slice(0, end), true);
      if ((isScalar(node) || isCollection(node)) && node.range) return at(node.range[0]);
    }
    return '';
  };
  const problems = parsed.error.issues.map(
    (issue) => `${place(issue.path)}: ${dotted(issue.path)}${expectation(issue, pick(value, issue.path))}`,
  );
  throw new FileError(path, problems);
}

/** Aliases without end and a depth without end are told by an exception of the parser's. */
function load(text: string, path: string, lineCounter: LineCounter) {
  try {
    const document = parseDocument(text, { lineCounter });
    return { document, value: document.errors.length > 0 ? undefined : (document.toJS() as unknown) };
  } catch (error) {
    throw new FileError(path, [`: expected YAML, found: ${(error as Error).message}`]);
  }
}

function dotted(keys: readonly PropertyKey[]): string {
  const name = keys.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return name === '' ? '' : `${name.replace(/^\./, '')}: `;
}

function pick(value: unknown, keys: readonly PropertyKey[]): unknown {
  return keys.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);
}

function expectation(issue: z.core.$ZodIssue, found: unknown): string {
  const shown = found === undefined ? 'nothing' : inShort(found);
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${issue.expected}, found ${shown}`;
    case 'invalid_value':
      return `expected one of ${issue.values.map(String).join(', ')}, found ${shown}`;
    case 'unrecognized_keys':
      return `expected only known keys, found ${issue.keys.join(', ')}`;
    default:
      return `expected otherwise (${issue.message}), found ${shown}`;
  }
}

/** An alias can lead a value back into itself, and then it has no JSON. */
function inShort(value: unknown): string {
  try {
    return JSON.stringify(value).slice(0, 120);
  } catch {
    return 'something that holds itself';
  }
}
