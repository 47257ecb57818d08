import { describe, expect, test } from 'vitest';
import { code, markdown } from '../../../../src/grading/report/markdown.ts';
import { courseReport, withoutGrading } from '../../../../src/grading/report/report.ts';
import { check, hostile, report } from './reports.ts';

test('one lab: a headline, a table, what did not pass with its evidence', () => {
  expect(markdown(report())).toMatchInlineSnapshot(`
    "## Read-only containers (\`read-only\`): not passed, 50 / 100

    | Check | Result | Points |
    | --- | --- | --- |
    | Title of service.answers | passed | 50 / 50 |
    | Title of rootfs.read-only | not passed | 0 / 50 |

    - Title of rootfs.read-only
      - \`/proc/PID/mountinfo\` expected \`/ ro\`, found \`/ rw\`
    "
  `);
});

test('a course in Japanese, one lab of it not handed in', () => {
  const lab = { id: 'seccomp', title: { en: 'Seccomp', ja: 'Seccomp の実践' } };
  const text = markdown(
    courseReport([withoutGrading(lab, 'notSubmitted', 'there is no seccomp/run.sh', 'ja')], null, 'ja'),
  );
  expect(text).toContain('## コース: 不合格, 0 / 100');
  expect(text).toContain('| Seccomp の実践 | 未提出 | 0 / 100 |');
  expect(text).toContain('- `there is no seccomp/run.sh`');
});

test('what rests on scripts is said, at the check and for the score', () => {
  const text = markdown(
    report({ checks: [check('verify.step-1', { tamperProof: false })], notTamperProof: { got: 50, of: 50 } }),
  );
  expect(text).toContain('| Title of verify.step-1 (not tamper-proof) |');
  expect(text).toContain('> 50 of 50 points come from scripts');
});

describe('hostile text', () => {
  test('in a title is only text; in evidence, notes and reasons it stays in its code span, on its line', () => {
    const evidence = [{ source: hostile, expected: hostile, actual: hostile }];
    const checks = [
      check('x', { status: 'failed', title: hostile, evidence }),
      check('y', { status: 'error', evidence: [], reason: hostile }),
    ];
    const lines = markdown(report({ title: hostile, notes: [hostile], checks })).split('\n');
    // Without what stands in code spans, nothing is left that Markdown or HTML would act on.
    const outside = lines.map((line) => line.replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, ''));
    for (const line of outside) expect(line).not.toMatch(/<|\]\(|@|`|https?:/);
    expect(lines.filter((line) => line.startsWith('#')).length).toBe(1);
  });

  test.each([
    ['a`b', '``a`b``'],
    ['``` x', '```` ``` x ````'],
    ['`', '`` ` ``'],
    ['a\nb\u001b[0m', '`a b [0m`'],
    ['', '` `'],
  ])('%j', (from, to) => expect(code(from)).toBe(to));
});
