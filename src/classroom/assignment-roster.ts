/** A roster as a CSV file that came from anywhere: taken whole or not at all. Pure. */
import { CsvError, parse } from 'csv-parse/sync';
import { emailSchema, type RosterProblem } from '../protocol/assignments.ts';
import { nameChangeSchema } from '../protocol/receipt.ts';
import type { RosterPerson } from '../store/store.ts';

/** Of one file, without the header. */
export const ROSTER_MOST = 2000;
/** Bytes of the file: 2,000 lines of some 250. */
export const ROSTER_BYTES = 512 * 1024;
const ID_LIMIT = 255;

/** What is wrong with the file as a whole. */
export type RosterRefusal = 'not-utf8' | 'too-many' | 'no-header';
export type Roster =
  | { readonly people: readonly RosterPerson[] }
  | { readonly problems: readonly RosterProblem[] }
  | { readonly refused: RosterRefusal };

/** As spreadsheets and registries name them. */
const COLUMNS: Readonly<Record<keyof RosterPerson, readonly string[]>> = {
  name: ['name', 'full name', 'student', '名前', '氏名'],
  email: ['email', 'e-mail', 'mail', 'email address', 'メール', 'メールアドレス'],
  externalId: ['id', 'student id', 'number', '学籍番号', '番号'],
};

const isId = (text: string) => text.length <= ID_LIMIT && !/[\p{C}\p{Zl}\p{Zp}]/u.test(text);

interface Row {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

export function parseRoster(bytes: Uint8Array): Roster {
  let text: string;
  try {
    // Shift_JIS and UTF-16 are no UTF-8; read as such, names would be rubbish that nobody notices.
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { refused: 'not-utf8' };
  }
  if (text.includes('\0')) return { refused: 'not-utf8' };
  let rows: readonly Row[];
  try {
    rows = parse(text, {
      delimiter: delimiterOf(text),
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      to: ROSTER_MOST + 2,
      trim: true,
    }) as unknown as readonly Row[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === 'number' ? error.lines : 1;
    return { problems: [{ line, code: 'not-csv', other: null }] };
  }
  const [header, ...lines] = rows.filter(({ record }) => record.some((cell) => cell !== ''));
  const columns = header && columnsOf(header.record);
  if (!columns) return { refused: 'no-header' };
  if (lines.length > ROSTER_MOST) return { refused: 'too-many' };
  return peopleOf(lines, columns, header.record.length);
}

/** Spreadsheets of some countries put semicolons, others tabs. The header tells which. */
function delimiterOf(text: string): string {
  const header = text.slice(0, 4096).split(/[\r\n]/, 1)[0] ?? '';
  const count = (delimiter: string) => header.split(delimiter).length;
  return [';', '\t'].find((delimiter) => count(delimiter) > count(',')) ?? ',';
}

type Columns = Readonly<Record<keyof RosterPerson, number>>;

function columnsOf(header: readonly string[]): Columns | undefined {
  const named = header.map((cell) => cell.normalize('NFKC').toLowerCase().trim());
  const at = (key: keyof RosterPerson) => named.findIndex((cell) => COLUMNS[key].includes(cell));
  const found = { name: at('name'), email: at('email'), externalId: at('externalId') };
  return found.name < 0 ? undefined : found;
}

function peopleOf(rows: readonly Row[], columns: Columns, width: number): Roster {
  const problems: RosterProblem[] = [];
  const people: RosterPerson[] = [];
  const seen = { id: new Map<string, number>(), email: new Map<string, number>() };
  for (const { record, info } of rows) {
    const wrong = (code: RosterProblem['code'], other: number | null = null) =>
      problems.push({ line: info.lines, code, other });
    const cell = (key: keyof RosterPerson) => record[columns[key]] ?? '';
    // A comma in a name without quotes: what follows would stand in the wrong columns.
    if (record.length > width) wrong('too-many-cells');
    const name = nameChangeSchema.shape.name.safeParse(cell('name')).data;
    if (name === '') wrong('no-name');
    else if (name === undefined) wrong('bad-name');
    const email = cell('email') === '' ? null : emailSchema.safeParse(cell('email')).data;
    if (email === undefined) wrong('bad-email');
    const externalId = cell('externalId') === '' ? null : cell('externalId').normalize('NFC');
    if (externalId !== null && !isId(externalId)) wrong('bad-id');
    for (const [key, value] of [
      ['id', externalId],
      ['email', email],
    ] as const) {
      if (value === null || value === undefined) continue;
      const other = seen[key].get(value);
      if (other !== undefined) wrong(`same-${key}`, other);
      else seen[key].set(value, info.lines);
    }
    people.push({ name: name ?? '', email: email ?? null, externalId });
  }
  return problems.length > 0 ? { problems } : { people };
}
