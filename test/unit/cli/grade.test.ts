/** What was written after `toride grade`, and what is drawn from a seed. */
import { describe, expect, test } from 'vitest';
import { parseGrade } from '../../../src/cli/grade/arguments.ts';
import { withoutOutputs } from '../../../src/cli/grade/outputs.ts';
import { chooseParameters } from '../../../src/cli/grade/parameters.ts';
import { loadLab } from '../../../src/grading/labs.ts';
import { checkout } from '../../../src/setup/paths.ts';

describe('arguments', () => {
  test('one lab, JSON to standard output', () => {
    expect(parseGrade(['read-only', '--submission', '/s'])).toEqual({
      lab: 'read-only',
      submission: '/s',
      given: {},
      seed: undefined,
      limitMs: 120_000,
      language: 'en',
      outputs: [{ format: 'json', file: undefined }],
    });
  });

  test('several formats, each with its file, in order', () => {
    const args = '--all --submission /s --format junit --output /o/a.xml --format=markdown --output=/o/b.md --seed x';
    const parsed = parseGrade(args.split(' '));
    expect(parsed.lab).toBeUndefined();
    expect(parsed.outputs).toEqual([
      { format: 'junit', file: '/o/a.xml' },
      { format: 'markdown', file: '/o/b.md' },
    ]);
    expect(withoutOutputs(args.split(' '))).toEqual(['--all', '--submission', '/s', '--seed', 'x']);
  });

  test.each([
    [['--all', 'seccomp', '--submission', '/s'], /one lab or --all, found both: seccomp/],
    [['--all', '--submission', '/s', '--param', 'port=8100'], /--param belongs to one lab/],
    [['--all'], /--submission DIR is missing: the folder with LAB\/run.sh/],
    [['seccomp', '--submission', '/s', '--format', 'json', '--format', 'junit'], /several formats need a file each/],
    [['seccomp', '--submission', '/s', '--output', 'a', '--output', 'b'], /an --output for each --format/],
    [['seccomp', '--submission', '/s', '--format', 'junit', '--output', ''], /--output: expected a file/],
    [['seccomp', '--submission', '/s', '--seed', ''], /--seed: expected a text/],
    [['seccomp', '--submission', '/s', '--format', 'pdf'], /expected one of json, junit, results, markdown, found pdf/],
  ])('%j', (args, message) => expect(() => parseGrade(args)).toThrow(message));
});

describe('values from a seed', async () => {
  const lab = await loadLab(checkout, 'read-only');
  const other = { ...lab, id: 'another' };

  test('the same for the same seed, others for another, and for another lab', () => {
    const drawn = chooseParameters(lab, {}, 'week 3');
    expect(chooseParameters(lab, {}, 'week 3')).toEqual(drawn);
    expect(chooseParameters(lab, {}, 'week 4')).not.toEqual(drawn);
    expect(chooseParameters(other, {}, 'week 3').token).not.toBe(drawn.token);
  });

  test('a value that was given stands', () => {
    expect(chooseParameters(lab, { port: '8123' }, 'x')).toMatchObject({ port: '8123' });
    expect(() => chooseParameters(lab, { port: '1' }, 'x')).toThrow(/expected 8100 to 8999, found 1/);
  });
});
