/**
 * JUnit XML as CI systems read it: a suite for each lab, a case for each check. failure: did not pass; error: could not be
 * verified; skipped: does not apply on this host. No times: the same grading gives the same text.
 */
import { evidenceLine, inWords } from './lines.ts';
import { type LabReport, labsOf, type Report, type ReportedCheck } from './report.ts';

/** Whatever XML 1.0 has no way to write, not even as a reference, becomes U+FFFD; a lone half of a pair too. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const impossible = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/** For text and attributes alike: white space is written as references, since attributes would lose it. */
export function xml(text: string): string {
  return text.replace(impossible, '\ufffd').replace(/[&<>"'\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

const tag = (name: string, attributes: Readonly<Record<string, string | number>>, inner?: string): string => {
  const words = Object.entries(attributes).map(([key, value]) => ` ${key}="${xml(String(value))}"`);
  return inner === undefined ? `<${name}${words.join('')}/>` : `<${name}${words.join('')}>${inner}</${name}>`;
};

function outcome({ status, evidence, reason }: ReportedCheck): string {
  const lines = evidence.map(evidenceLine);
  switch (status) {
    case 'passed':
      return tag('system-out', {}, xml(lines.join('\n')));
    case 'failed':
      return tag('failure', { message: lines[0] ?? 'failed', type: 'failed' }, xml(lines.join('\n')));
    case 'error':
      return tag('error', { message: reason ?? 'could not be verified', type: 'cannot-verify' });
    case 'notApplicable':
      return tag('skipped', { message: reason ?? 'does not apply' });
  }
}

/** What has no checks to tell of still has one case, so that nobody counts it as fine. */
function standIn({ lab, status, notes }: LabReport): string {
  const message = notes.join('; ');
  const inner =
    status === 'notSubmitted'
      ? tag('failure', { message, type: 'not-submitted' })
      : tag('error', { message, type: 'ungraded' });
  return tag('testcase', { classname: lab, name: 'submission' }, inner);
}

function suite(report: LabReport): string {
  const { lab, checks, status, score, maxScore, parameters, notes, notTamperProof } = report;
  const properties = {
    status,
    score: `${score}/${maxScore}`,
    ...(notTamperProof && { 'not-tamper-proof': inWords(notTamperProof) }),
    ...Object.fromEntries(Object.entries(parameters).map(([name, value]) => [`parameter.${name}`, value])),
  };
  const cases = checks.map((check) =>
    tag(
      'testcase',
      {
        classname: lab,
        name: `${check.id}: ${check.title}${check.tamperProof === false ? ' (not tamper-proof)' : ''}`,
      },
      outcome(check),
    ),
  );
  if (cases.length === 0) cases.push(standIn(report));
  return tag(
    'testsuite',
    { name: lab, ...counts([report]) },
    [
      '',
      tag(
        'properties',
        {},
        Object.entries(properties)
          .map(([name, value]) => tag('property', { name, value }))
          .join(''),
      ),
      ...cases,
      ...(notes.length > 0 ? [tag('system-err', {}, xml(notes.join('\n')))] : []),
      '',
    ].join('\n'),
  );
}

function counts(labs: readonly LabReport[]) {
  const having = (wanted: ReportedCheck['status']) =>
    labs.flatMap(({ checks }) => checks).filter(({ status }) => status === wanted).length;
  const empty = (wanted: LabReport['status']) =>
    labs.filter(({ checks, status }) => checks.length === 0 && status === wanted).length;
  return {
    tests: labs.reduce((sum, { checks }) => sum + Math.max(1, checks.length), 0),
    failures: having('failed') + empty('notSubmitted'),
    errors: having('error') + empty('ungraded'),
    skipped: having('notApplicable'),
  };
}

export function junit(report: Report): string {
  const labs = labsOf(report);
  const suites = tag('testsuites', { name: 'toride', ...counts(labs) }, ['', ...labs.map(suite), ''].join('\n'));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${suites}\n`;
}
