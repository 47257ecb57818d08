/** Rosters as people save them, and as nobody should. */
import { describe, expect, test } from 'vitest';
import { parseRoster, ROSTER_MOST } from '../../../src/classroom/assignment-roster.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => parseRoster(bytes(text));
const person = (name: string, email: string | null = null, externalId: string | null = null) => ({
  name,
  email,
  externalId,
});
const problems = (text: string) => {
  const found = read(text);
  return 'problems' in found ? found.problems.map(({ line, code, other }) => [line, code, other]) : found;
};

describe('what is read', () => {
  test.each([
    ['plain', 'name,email,id\nKen,ken@example.org,1\n', [person('Ken', 'ken@example.org', '1')]],
    [
      'BOM, CRLF, quotes',
      '\ufeffName,E-mail,ID\r\n"Müller, Jo ""J""",JO@Example.ORG,007\r\n',
      [person('Müller, Jo "J"', 'jo@example.org', '007')],
    ],
    ['old Mac line ends', 'name,id\rKen,1\rMei,2\r', [person('Ken', null, '1'), person('Mei', null, '2')]],
    [
      'Japanese headings',
      '学籍番号,氏名,メールアドレス\n0001,田中 健,t@example.jp\n',
      [person('田中 健', 't@example.jp', '0001')],
    ],
    ['semicolons', 'name;email;id\nKen;ken@example.org;1\n', [person('Ken', 'ken@example.org', '1')]],
    ['tabs', 'name\tid\nKen\t1\n', [person('Ken', null, '1')]],
    ['names alone, others’ columns, empty lines', 'group,name\nA,Ken\n\n,\nB,Mei\n', [person('Ken'), person('Mei')]],
    ['two people of one name', 'name\nKen\nKen\n', [person('Ken'), person('Ken')]],
    ['blanks at the ends', 'name , email\n  Ken  , ken@example.org \n', [person('Ken', 'ken@example.org')]],
    ['a formula is a name like others', 'name\n"=HYPERLINK(""x"")"\n', [person('=HYPERLINK("x")')]],
    ['letters that are composed alike', 'name,id\nJose\u0301,\u30cf\u309a\n', [person('José', null, 'パ')]],
    ['nobody', 'name\n', []],
  ])('%s', (_, text, people) => {
    expect(read(text)).toEqual({ people });
  });
});

describe('what is refused as a whole', () => {
  test.each([
    ['Shift_JIS', new Uint8Array([0x8e, 0x81, 0x96, 0xbc, 0x0a, 0x93, 0x63, 0x92, 0x86])],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x6e, 0x00, 0x61, 0x00])],
    ['UTF-16 without a mark', new Uint8Array([0x6e, 0x00, 0x61, 0x00, 0x6d, 0x00, 0x65, 0x00])],
    ['a spreadsheet', new Uint8Array([0x50, 0x4b, 0x03, 0x04, 0x14, 0x00, 0xff])],
  ])('%s', (_, file) => {
    expect(parseRoster(file)).toEqual({ refused: 'not-utf8' });
  });
  test.each(['', '\n\n', 'Ken,ken@example.org\n', 'email,id\nken@example.org,1\n'])(
    'no heading for names: %j',
    (text) => {
      expect(read(text)).toEqual({ refused: 'no-header' });
    },
  );
  test('more than are allowed, and just as many', () => {
    const of = (count: number) => read(`name\n${'Ken\n'.repeat(count)}`);
    expect(of(ROSTER_MOST + 1)).toEqual({ refused: 'too-many' });
    expect(of(ROSTER_MOST)).toMatchObject({ people: { length: ROSTER_MOST } });
  });
});

describe('each bad line is told by its number, and none of the others is taken', () => {
  test.each([
    [
      'name,email\n,x@example.org\nKen,ken\n',
      [
        [2, 'no-name', null],
        [3, 'bad-email', null],
      ],
    ],
    ['name\nok\na\u202eb\n', [[3, 'bad-name', null]]],
    [`name\n${'x'.repeat(81)}\n`, [[2, 'bad-name', null]]],
    ['name,id\nA,1\nB,2\nC,1\n', [[4, 'same-id', 2]]],
    ['name,email\nA,A@example.org\nB,a@example.ORG\n', [[3, 'same-email', 2]]],
    [
      `name,id\nA,${'9'.repeat(256)}\nB,a\u0007b\n`,
      [
        [2, 'bad-id', null],
        [3, 'bad-id', null],
      ],
    ],
    ['name,id\nMüller, Jo,1\n', [[2, 'too-many-cells', null]]],
    ['name\nKen\n"never closed\nMei\n', [[4, 'not-csv', null]]],
    ['name\nKe"n"\n', [[2, 'not-csv', null]]],
    // A cell of two lines: lines are counted as an editor counts them.
    ['name,email\n"A",a@example.org\n"B",\n,c@example.org\n', [[4, 'no-name', null]]],
    ['name,email\nA,<a@example.org>\n', [[2, 'bad-email', null]]],
    ['name,email\nA,a@b@c\n', [[2, 'bad-email', null]]],
  ])('%j', (text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  test('many are all told', () => {
    expect(problems(`name,email\n${'A,x\n'.repeat(50)}`)).toHaveLength(50);
  });
});
