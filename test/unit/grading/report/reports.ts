/** Reports for tests: an ordinary one, and texts as a hostile submission would have them. */
import type { LabReport, ReportedCheck } from '../../../../src/grading/report/report.ts';

export const check = (id: string, more: Partial<ReportedCheck> = {}): ReportedCheck => ({
  id,
  status: 'passed',
  weight: 50,
  title: `Title of ${id}`,
  evidence: [{ source: '/proc/PID/status', expected: 'NoNewPrivs 1', actual: 'NoNewPrivs 1' }],
  reason: null,
  ...more,
});

export const report = (more: Partial<LabReport> = {}): LabReport => ({
  lab: 'read-only',
  status: 'failed',
  score: 50,
  maxScore: 100,
  parameters: { port: '8123' },
  checks: [
    check('service.answers'),
    check('rootfs.read-only', {
      status: 'failed',
      evidence: [{ source: '/proc/PID/mountinfo', expected: '/ ro', actual: '/ rw' }],
    }),
  ],
  title: 'Read-only containers',
  language: 'en',
  seed: null,
  notes: [],
  ...more,
});

export const hostile = [
  ']]><script>alert(1)</script>',
  '"/><testcase name="won"/>',
  'null \u0000 bell \u0007 escape \u001b[31m lone \ud800 half, not a character \uffff',
  '`code` ``` fence | pipe\n\n# heading\n<img src=x onerror=alert(1)> ![i](http://evil.example) @everyone',
  '&lt;b&gt; &amp; &#60;',
].join('\n');
