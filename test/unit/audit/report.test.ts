import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Audit, AuditedContainer } from '../../../src/audit/audit.ts';
import { exitCode, report } from '../../../src/audit/report.ts';

const finding = {
  rule: 'required.seccomp',
  outcome: 'violated',
  expected: 'true',
  actual: 'false',
  source: 'here',
} as const;
const container = (change: Partial<AuditedContainer> = {}): AuditedContainer => ({
  id: 'a'.repeat(64),
  name: 'one',
  image: 'busybox',
  status: 'running',
  findings: [],
  disagreements: [],
  kernelUnread: null,
  ...change,
});
const of = (...containers: AuditedContainer[]): Audit => ({ containers, vanished: [] });
const told = (audit: Audit, language: 'en' | 'ja' = 'en') => ({ audit, policyPath: 'my policy.yaml', language });

describe('the exit code', () => {
  it.each<[string, Audit, number]>([
    ['nothing to judge', of(), 0],
    ['clean', of(container()), 0],
    ['a violation', of(container(), container({ findings: [finding] })), 1],
    ['an unknown fact', of(container({ findings: [{ ...finding, outcome: 'unknown' }] })), 2],
    [
      'a violation beside an unknown fact',
      of(container({ findings: [finding, { ...finding, outcome: 'unknown' }] })),
      1,
    ],
    ['a container that went', { containers: [], vanished: ['b'] }, 2],
    ['one that runs and could not be read', of(container({ kernelUnread: 'EACCES' })), 2],
    ['one that does not run', of(container({ status: 'exited', kernelUnread: 'not running' })), 0],
  ])('of %s', (_, audit, code) => {
    expect(exitCode(audit)).toBe(code);
  });
});

describe('text', () => {
  it('says it in both languages, and lets nobody write to the terminal', () => {
    const audit = of(container({ name: 'one\u001b[2J', findings: [finding] }));
    expect(report('text', told(audit))).toContain('System calls are not filtered [required.seccomp]');
    expect(report('text', told(audit, 'ja'))).toContain('システムコール');
    expect(report('text', told(audit))).not.toContain('\u001b');
  });
});

/** The parts of SARIF 2.1.0 (OASIS) that are used, with what the standard makes obligatory; strict, so that no key is misspelt. */
const messageSchema = z.strictObject({ text: z.string().min(1) });
const level = z.enum(['none', 'note', 'warning', 'error']);
const location = z.strictObject({
  physicalLocation: z.strictObject({ artifactLocation: z.strictObject({ uri: z.string().regex(/^\S+$/) }) }),
  logicalLocations: z.array(z.strictObject({ name: z.string(), fullyQualifiedName: z.string(), kind: z.string() })),
});
const sarifSchema = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z.tuple([
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.string().min(1),
          rules: z.array(
            z.strictObject({
              id: z.string(),
              shortDescription: messageSchema,
              defaultConfiguration: z.strictObject({ level }),
            }),
          ),
        }),
      }),
      invocations: z.array(
        z.strictObject({
          executionSuccessful: z.boolean(),
          toolExecutionNotifications: z.array(
            z.strictObject({ level, message: messageSchema, locations: z.array(location).optional() }),
          ),
        }),
      ),
      results: z.array(
        z.strictObject({
          ruleId: z.string(),
          ruleIndex: z.number().int().min(0),
          kind: z.enum(['pass', 'open', 'informational', 'notApplicable', 'review', 'fail']),
          level,
          message: messageSchema,
          locations: z.array(location).min(1),
          partialFingerprints: z.record(z.string(), z.string()),
        }),
      ),
    }),
  ]),
});

describe('SARIF', () => {
  const audit: Audit = {
    containers: [
      container({
        findings: [finding, { ...finding, rule: 'required.limits', outcome: 'unknown' }],
        disagreements: [{ fact: 'seccomp', inspect: 'true', kernel: 'false' }],
      }),
    ],
    vanished: ['b'.repeat(64)],
  };

  it.each(['en', 'ja'] as const)('has the shape of 2.1.0 (%s)', (language) => {
    const [run] = sarifSchema.parse(JSON.parse(report('sarif', told(audit, language)))).runs;
    const { rules } = run.tool.driver;
    expect(run.results.map(({ ruleId, ruleIndex }) => rules[ruleIndex]?.id === ruleId)).toEqual([true, true]);
    // What is not "fail" has the level none (3.27.10).
    expect(run.results.map(({ kind, level: how }) => [kind, how])).toEqual([
      ['fail', 'error'],
      ['open', 'none'],
    ]);
    expect(run.invocations[0]).toMatchObject({ executionSuccessful: false });
    expect(run.invocations[0]?.toolExecutionNotifications).toHaveLength(2);
  });
});
