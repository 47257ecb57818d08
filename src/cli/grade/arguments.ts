/** What was written after `toride grade`. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Format, formats } from '../../grading/report/report.ts';
import { UserError } from '../../setup/user-error.ts';

/** How long run.sh may take, in seconds. */
const DEFAULT_LIMIT_S = 120;

const options = {
  submission: { type: 'string' },
  all: { type: 'boolean', default: false },
  param: { type: 'string', multiple: true },
  seed: { type: 'string' },
  format: { type: 'string', multiple: true },
  output: { type: 'string', multiple: true },
  timeout: { type: 'string', default: String(DEFAULT_LIMIT_S) },
  language: { type: 'string', default: 'en' },
} as const;

export interface GradeArguments {
  /** undefined: every lab of the course. */
  readonly lab: string | undefined;
  readonly submission: string;
  readonly given: Readonly<Record<string, string>>;
  readonly seed: string | undefined;
  readonly limitMs: number;
  readonly language: 'en' | 'ja';
  /** One without a file goes to standard output. Never empty; with more than one, each has a file. */
  readonly outputs: readonly { readonly format: Format; readonly file: string | undefined }[];
}

const wrong = (message: string) => new UserError('usage', `grade: ${message}`);

/** @throws UserError that says what is missing or not understood */
export function parseGrade(args: string[]): GradeArguments {
  const { positionals, values } = readArguments(args);
  const [lab, ...more] = positionals;
  if (values.all && lab) throw wrong(`expected one lab or --all, found both: ${lab}`);
  if (!values.all && (!lab || more.length > 0))
    throw wrong("expected one lab, as in 'toride grade read-only --submission DIR --format json', or --all");
  if (!values.submission)
    throw wrong(`--submission DIR is missing: the folder with ${values.all ? 'LAB/run.sh for each lab' : 'run.sh'}`);
  if (values.language !== 'en' && values.language !== 'ja')
    throw wrong(`--language: expected en or ja, found ${values.language}`);
  const seconds = Number(values.timeout);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 3600)
    throw wrong(`--timeout: expected 1 to 3600 seconds, found ${values.timeout}`);
  if (values.seed === '') throw wrong('--seed: expected a text, found nothing');
  const given = (values.param ?? []).map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw wrong(`--param: expected name=value, found ${pair}`);
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  if (values.all && given.length > 0)
    throw wrong('--param belongs to one lab; with --all, --seed TEXT decides all values');
  return {
    lab,
    submission: resolve(values.submission),
    given: Object.fromEntries(given),
    seed: values.seed,
    limitMs: seconds * 1000,
    language: values.language,
    outputs: pairs(values.format ?? ['json'], values.output ?? []),
  };
}

/** The first --format goes to the first --output, and so on. */
function pairs(given: readonly string[], files: readonly string[]): GradeArguments['outputs'] {
  for (const format of given) {
    if (!formats.includes(format as Format))
      throw wrong(`--format: expected one of ${formats.join(', ')}, found ${format}`);
  }
  if (files.length > 0 && files.length !== given.length)
    throw wrong(
      `expected an --output for each --format, in the same order; found ${given.length} and ${files.length} files`,
    );
  if (files.length === 0 && given.length > 1)
    throw wrong(`several formats need a file each: --format ${given[0]} --output FILE --format ${given[1]} …`);
  return given.map((format, index) => {
    const file = files[index];
    if (file === '') throw wrong('--output: expected a file, found nothing');
    return { format: format as Format, file: file && resolve(file) };
  });
}

function readArguments(args: string[]) {
  try {
    return parseArgs({ args, allowPositionals: true, strict: true, options });
  } catch (error) {
    throw wrong((error as Error).message);
  }
}
