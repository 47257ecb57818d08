import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { junit, xml } from '../../../../src/grading/report/junit.ts';
import { courseReport, withoutGrading } from '../../../../src/grading/report/report.ts';
import { check, hostile, report } from './reports.ts';

/** A parser that is not ours: it refuses what is not well-formed. @returns root's attributes and [suite, case, kinds inside] */
function parse(text: string): { root: Record<string, string>; cases: [string, string, string[]][] } {
  const program = `
import sys, json, xml.etree.ElementTree as E
root = E.fromstring(sys.stdin.buffer.read())
cases = [[s.get('name'), c.get('name'), [k.tag for k in c]] for s in root for c in s.iter('testcase')]
print(json.dumps({'root': root.attrib, 'cases': cases}))`;
  const { status, stdout, stderr } = spawnSync('python3', ['-c', program], { input: text, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout);
}

test('a suite for the lab, a case for each check', () => {
  const { root, cases } = parse(junit(report()));
  expect(root).toEqual({ name: 'toride', tests: '2', failures: '1', errors: '0', skipped: '0' });
  expect(cases).toEqual([
    ['read-only', 'service.answers: Title of service.answers', ['system-out']],
    ['read-only', 'rootfs.read-only: Title of rootfs.read-only', ['failure']],
  ]);
});

test('what could not be verified is an error, what does not apply is skipped', () => {
  const { root, cases } = parse(
    junit(
      report({
        status: 'ungraded',
        checks: [
          check('a', { status: 'error', evidence: [], reason: 'held by a tracer' }),
          check('b', { status: 'notApplicable', evidence: [], reason: 'no SELinux' }),
        ],
      }),
    ),
  );
  expect(root).toMatchObject({ errors: '1', skipped: '1', failures: '0' });
  expect(cases.map(([, , inside]) => inside)).toEqual([['error'], ['skipped']]);
});

test('a lab that was not handed in fails, one that was not graded is an error: neither is silent', () => {
  const lab = { id: 'seccomp', title: { en: 'Seccomp', ja: 'Seccomp' } };
  const course = courseReport(
    [
      report(),
      withoutGrading(lab, 'notSubmitted', 'there is no seccomp/run.sh', 'en'),
      withoutGrading(lab, 'ungraded', 'no sandbox: full', 'en'),
    ],
    null,
    'en',
  );
  const { root, cases } = parse(junit(course));
  expect(root).toMatchObject({ tests: '4', failures: '2', errors: '1' });
  expect(cases.slice(2)).toEqual([
    ['seccomp', 'submission', ['failure']],
    ['seccomp', 'submission', ['error']],
  ]);
});

test('a check that is not tamper-proof says so in its name', () => {
  expect(junit(report({ checks: [check('verify.step-1', { tamperProof: false })] }))).toContain('(not tamper-proof)');
});

describe('hostile text', () => {
  test('is text and nothing else, wherever it stands', () => {
    const bad = check(hostile, {
      status: 'failed',
      title: hostile,
      evidence: [{ source: hostile, expected: hostile, actual: hostile }],
    });
    const text = junit(
      report({ lab: hostile, title: hostile, notes: [hostile], parameters: { x: hostile }, checks: [bad] }),
    );
    const { cases } = parse(text);
    expect(cases.length).toBe(1);
    expect(cases[0]?.[2]).toEqual(['failure']);
    expect(text).not.toContain(']]>');
    expect(text).not.toContain('<script');
  });

  test.each([
    ['\u0000', '\ufffd'],
    ['\ud800x', '\ufffdx'],
    ['😀', '😀'],
    ['a\nb', 'a&#10;b'],
    [']]>', ']]&#62;'],
  ])('%j', (from, to) => expect(xml(from)).toBe(to));
});
