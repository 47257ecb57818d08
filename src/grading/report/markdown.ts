/** A page for a job summary or a merge request. Whatever a learner can write stands in code spans: there it is only text. */
import { type LabReport, labsOf, type Report, type ReportedCheck } from './report.ts';

const words = {
  en: {
    status: { passed: 'passed', failed: 'not passed', ungraded: 'could not be graded', notSubmitted: 'not submitted' },
    check: { passed: 'passed', failed: 'not passed', error: 'could not be verified', notApplicable: 'does not apply' },
    columns: ['Check', 'Result', 'Points'],
    course: 'Course',
    labs: ['Lab', 'Result', 'Score'],
    expected: 'expected',
    found: 'found',
    mark: 'not tamper-proof',
    scripts: (got: number, of: number) =>
      `${got} of ${of} points come from scripts that ran inside the learner's own sandbox. Such a result can be forged.`,
  },
  ja: {
    status: { passed: '合格', failed: '不合格', ungraded: '採点できませんでした', notSubmitted: '未提出' },
    check: { passed: '合格', failed: '不合格', error: '確認できませんでした', notApplicable: '対象外' },
    columns: ['項目', '結果', '配点'],
    course: 'コース',
    labs: ['ラボ', '結果', '得点'],
    expected: '期待',
    found: '実際',
    mark: '改ざん耐性なし',
    scripts: (got: number, of: number) =>
      `${of} 点中 ${got} 点は、学習者自身のサンドボックス内で動いたスクリプトによるものです。この結果は偽装できます。`,
  },
} as const;

/** Punctuation that Markdown or HTML could take for its own, and what would start a link or a mention. */
const plain = (text: string): string =>
  text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]()<>#+!|&~@:]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Longer fences than any in the text. Not for a table: a pipe would end its cell even here. */
export function code(text: string): string {
  const one = text.replace(/[\p{Cc}\p{Surrogate}\u2028\u2029]+/gu, ' ').trim();
  if (one === '') return '` `';
  const longest = Math.max(0, ...(one.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  const padding = one.startsWith('`') || one.endsWith('`') ? ' ' : '';
  return `${fence}${padding}${one}${padding}${fence}`;
}

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  `| ${heads.join(' | ')} |`,
  `|${heads.map(() => ' --- |').join('')}`,
  ...rows.map((row) => `| ${row.join(' | ')} |`),
];

function detail(check: ReportedCheck, language: LabReport['language']): string[] {
  if (check.status === 'passed') return [];
  const t = words[language];
  const lines = check.evidence.map(
    ({ source, expected, actual }) => `  - ${code(source)} ${t.expected} ${code(expected)}, ${t.found} ${code(actual)}`,
  );
  return [`- ${plain(check.title)}`, ...(check.reason === null ? lines : [`  - ${code(check.reason)}`])];
}

function section(lab: LabReport, level: string): string[] {
  const { checks, language, notes, notTamperProof } = lab;
  const t = words[language];
  const rows = checks.map(({ title, status, weight, tamperProof }) => [
    `${plain(title)}${tamperProof === false ? ` (${t.mark})` : ''}`,
    t.check[status],
    status === 'notApplicable' ? '–' : `${status === 'passed' ? weight : 0} / ${weight}`,
  ]);
  const details = checks.flatMap((check) => detail(check, language));
  return [
    `${level} ${plain(lab.title)} (${code(lab.lab)}): ${t.status[lab.status]}, ${lab.score} / ${lab.maxScore}`,
    '',
    ...(rows.length > 0 ? [...table(t.columns, rows), ''] : []),
    ...(notTamperProof ? [`> ${t.scripts(notTamperProof.got, notTamperProof.of)}`, ''] : []),
    ...(details.length > 0 ? [...details, ''] : []),
    ...(notes.length > 0 ? [...notes.map((note) => `- ${code(note)}`), ''] : []),
  ];
}

export function markdown(report: Report): string {
  const labs = labsOf(report);
  if (!('labs' in report)) return section(labs[0]!, '##').join('\n');
  const t = words[report.language];
  const rows = labs.map((lab) => [plain(lab.title), t.status[lab.status], `${lab.score} / ${lab.maxScore}`]);
  return [
    `## ${t.course}: ${t.status[report.status]}, ${report.score} / ${report.maxScore}`,
    '',
    ...table(t.labs, rows),
    '',
    ...labs.flatMap((lab) => section(lab, '###')),
  ].join('\n');
}
