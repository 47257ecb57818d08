import { expect, test } from 'vitest';
import { courseReport, withoutGrading } from '../../../../src/grading/report/report.ts';
import { results } from '../../../../src/grading/report/results.ts';
import { check, report } from './reports.ts';

const lab = { id: 'seccomp', title: { en: 'Seccomp', ja: 'Seccomp' } };

test('the fields that PrairieLearn reads', () => {
  expect(results(report())).toEqual({
    gradable: true,
    score: 0.5,
    message: 'read-only: failed, 50 / 100',
    tests: [
      {
        name: 'Title of service.answers',
        description: 'read-only: service.answers',
        points: 50,
        max_points: 50,
        message: 'passed',
        output: '/proc/PID/status: expected NoNewPrivs 1, found NoNewPrivs 1',
      },
      {
        name: 'Title of rootfs.read-only',
        description: 'read-only: rootfs.read-only',
        points: 0,
        max_points: 50,
        message: 'not passed',
        output: '/proc/PID/mountinfo: expected / ro, found / rw',
      },
    ],
  });
});

test('what could not be verified is not gradable: no score, and the reason where it is shown', () => {
  const unsure = report({
    status: 'ungraded',
    checks: [check('a', { status: 'error', evidence: [], reason: 'held by a tracer' })],
  });
  const told = results(unsure);
  expect(told).toMatchObject({ gradable: false, format_errors: ['read-only: a: held by a tracer'] });
  expect(told).not.toHaveProperty('score');
});

test('a course: every lab counts the same, one that was not handed in counts 0', () => {
  const course = courseReport(
    [report({ score: 100, status: 'passed' }), withoutGrading(lab, 'notSubmitted', 'there is no seccomp/run.sh', 'en')],
    null,
    'en',
  );
  const told = results(course);
  expect(told).toMatchObject({ gradable: true, score: 0.5 });
  expect(told.message).toBe('read-only: passed, 100 / 100\nseccomp: not submitted, 0 / 100');
  expect(told.tests.at(-1)).toMatchObject({ points: 0, max_points: 100, message: 'there is no seccomp/run.sh' });
});

test('what does not apply is of no points; what rests on scripts is said', () => {
  const told = results(
    report({
      checks: [
        check('a', { status: 'notApplicable', evidence: [], reason: 'no SELinux' }),
        check('verify.step-1', { tamperProof: false }),
      ],
      notTamperProof: { got: 50, of: 50 },
    }),
  );
  expect(told.tests[0]).toMatchObject({ points: 0, max_points: 0, output: 'no SELinux' });
  expect(told.tests[1]?.description).toContain('not tamper-proof');
  expect(told.message).toContain('can be forged');
});

test('it stays below the megabyte that PrairieLearn takes, whatever a learner writes', () => {
  const evidence = [{ source: 'file', expected: 'x', actual: '砦'.repeat(5000) }];
  const checks = Array.from({ length: 400 }, (_, index) => check(`c${index}`, { status: 'failed', evidence }));
  expect(Buffer.byteLength(JSON.stringify(results(report({ checks })), null, 2))).toBeLessThan(1_000_000);
});
