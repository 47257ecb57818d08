import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileError, parseYaml } from '../../../src/grading/file-error.ts';
import { policyJsonSchema, policySchema } from '../../../src/policy/policy.ts';

const root = join(import.meta.dirname, '../../..');
const problems = (text: string): readonly string[] => {
  try {
    parseYaml(text, 'policy.yaml', policySchema);
    return [];
  } catch (error) {
    if (error instanceof FileError) return error.problems;
    throw error;
  }
};
const withSpec = (spec: string) => `apiVersion: v1\nkind: SecurityPolicy\nmetadata: { name: x }\nspec:\n${spec}`;

describe('a policy file', () => {
  it('may be the example of the documentation', () => {
    const [, example] =
      /```yaml\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs/security-policy.md'), 'utf8')) ?? [];
    expect(problems(example!)).toEqual([]);
  });

  it('has a JSON Schema that is in step', () => {
    // npx toride audit --schema > docs/security-policy.schema.json
    const shipped = JSON.parse(readFileSync(join(root, 'docs/security-policy.schema.json'), 'utf8'));
    expect(shipped).toEqual(JSON.parse(JSON.stringify(policyJsonSchema())));
  });

  it.each([
    ['  allowd: []', ':5:3: spec: expected only known keys, found allowd'],
    ['  requiredLabels: [{ key: a, value: true }]', ':5:37: spec.requiredLabels[0].value: expected string, found true'],
    ['  forbidden: [{ privileged: false }]', ':5:29: spec.forbidden[0].privileged: expected one of true, found false'],
    [
      '  required: [{ dropCapabilities: ALL }]',
      ':5:34: spec.required[0].dropCapabilities: expected array, found "ALL"',
    ],
    [
      '  forbidden: [{ capabilities: { add: [SYS_ADMN] } }]',
      ':5:39: spec.forbidden[0].capabilities.add[0]: expected otherwise (ALL or the name of a capability, as NET_ADMIN or CAP_NET_ADMIN), found "SYS_ADMN"',
    ],
    [
      '  required: [{ runAsNonRoot: true, seccomp: true }]',
      ':5:14: spec.required[0]: expected otherwise (exactly one key; write the next rule as an entry of its own), found {"runAsNonRoot":true,"seccomp":true}',
    ],
  ])('with %s is refused with the place', (spec, problem) => {
    expect(problems(withSpec(spec))).toEqual([problem]);
  });

  it.each([
    ['nothing', ''],
    ['a circle', '&a [*a]'],
    ['aliases without end', `a: &a [${'x,'.repeat(20)}]\nb: &b [${'*a,'.repeat(20)}]\nc: [${'*b,'.repeat(20)}]`],
    ['depth without end', '['.repeat(60_000)],
    ['bytes', '\0\u0007'],
    ['two documents', 'a: 1\n---\nb: 2'],
  ])('of %s is refused, not thrown at', (_, text) => {
    expect(problems(text).length).toBeGreaterThan(0);
  });
});
