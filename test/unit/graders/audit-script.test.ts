import { describe, expect, it } from 'vitest';
import grader from '../../../graders/audit-script/checks.ts';
import { drawFleet } from '../../../graders/audit-script/fleet.ts';
import { expectedOf } from '../../../graders/audit-script/judge.ts';
import { layingScript } from '../../../graders/audit-script/lay.ts';
import { rules, violations } from '../../../graders/audit-script/rules.ts';
import { grade } from '../../../src/grading/runner.ts';
import type { TrialObservation } from '../../../src/inspector/snapshot.ts';
import { world } from '../grading/build.ts';

const seeds = Array.from({ length: 200 }, (_, index) => `seed ${index}`);

describe('a fleet', () => {
  it('breaks every rule, with two containers that break none, whatever the seed', () => {
    for (const seed of seeds) {
      const broken = drawFleet(seed, 'mixed', true).containers.map((spec) => violations(spec).broken);
      expect(new Set(broken.flat())).toEqual(new Set(rules));
      expect(broken.filter((list) => list.length === 0)).toHaveLength(2);
    }
  });

  it('hides capabilities from who looks at CapAdd or EffectiveCaps, whatever the seed', () => {
    for (const seed of seeds) {
      const { containers } = drawFleet(seed, 'mixed', true);
      const broken = containers.filter((spec) => violations(spec).broken.includes('capabilities'));
      expect(broken).toHaveLength(3);
      expect(broken.every((spec) => !violations(spec).broken.includes('root-user'))).toBe(true);
    }
  });

  it('breaks none when it is to be clean', () => {
    for (const seed of seeds)
      expect(expectedOf(drawFleet(seed, 'clean', false))).toMatchObject({ findings: [], free: [] });
  });

  it('is the same for a seed, another for another, and tells no rule in its script', () => {
    const script = (seed: string) => layingScript(drawFleet(seed, 'mixed', true));
    expect(script('a')).toBe(script('a'));
    expect(script('a')).not.toBe(script('b'));
    for (const word of ['root-user', 'writable-root', 'runtime-socket', 'no-limits', 'violat', 'clean'])
      expect(script('a')).not.toContain(word);
  });

  it('mounts nothing twice at one place', () => {
    for (const seed of seeds)
      for (const { mounts } of drawFleet(seed, 'mixed', true).containers)
        expect(new Set(mounts.map(({ target }) => target)).size).toBe(mounts.length);
  });
});

describe('grader audit-script', () => {
  const expected = expectedOf(drawFleet('test', 'mixed', true));
  const lines = expected.findings.map((finding) => JSON.stringify(finding));
  const run = (stdout: string, change: Partial<TrialObservation> = {}): TrialObservation => ({
    exitCode: 0,
    timedOut: false,
    flooded: false,
    stdout,
    stderr: '',
    elapsedMs: 900,
    expected,
    ...change,
  });
  const clean = run('', { expected: expectedOf(drawFleet('test', 'clean', false)) });
  const graded = (mixed: TrialObservation) => {
    const snapshot = world('audit-script');
    snapshot.trials = { ok: true, value: { refused: null, runs: { mixed, clean } } };
    return grade(grader, snapshot);
  };

  it('passes exactly what is there', () => {
    expect(graded(run(lines.join('\n')))).toMatchObject({ status: 'passed', score: 100 });
  });

  it.each<[string, TrialObservation]>([
    ['no JSON', run('hello')],
    ['JSON that is no finding', run('[1, 2]')],
    ['null', run('null')],
    ['a crash', run(lines.join('\n'), { exitCode: 1, stderr: 'jq: error' })],
    ['no end', run('', { timedOut: true, exitCode: 137 })],
    ['a flood', run(lines.join('\n'), { flooded: true })],
  ])('gives nothing for %s', (_, mixed) => {
    expect(graded(mixed)).toMatchObject({ status: 'failed', score: 0 });
  });

  it('takes names of every object for what they are', () => {
    const { results } = graded(run([...lines, '{"container":"__proto__","rule":"constructor"}'].join('\n')));
    expect(results.filter(({ status }) => status === 'failed').map(({ id }) => id)).toEqual(['findings.precise']);
  });

  it('cannot tell when the script could not be tried', () => {
    const snapshot = world('audit-script');
    snapshot.trials = { ok: false, code: 'busy', message: 'try again' };
    expect(grade(grader, snapshot).status).toBe('ungraded');
  });

  it('fails what is no file', () => {
    const snapshot = world('audit-script');
    snapshot.trials = { ok: true, value: { refused: 'is a fifo', runs: {} } };
    expect(grade(grader, snapshot)).toMatchObject({ status: 'failed', score: 0 });
  });
});
