/** `toride grade` as CI calls it: real sandboxes, honest and hostile submissions, exit codes. */
import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { packSubmission } from '../../src/cli/commands/grade.ts';
import { parseGrade } from '../../src/cli/grade/arguments.ts';
import { gradeToFiles } from '../../src/cli/grade/outputs.ts';
import type { CourseReport } from '../../src/grading/report/report.ts';
import { checkout, nodeBinary } from '../../src/setup/paths.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toride-submission-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const script = (text: string) => writeFileSync(join(folder, 'run.sh'), text);

async function grade(lab: string, ...more: string[]) {
  const args = [lab, '--submission', folder, '--format', 'json', ...more];
  const { TORIDE_SUBMISSION } = await packSubmission(args);
  const child = spawn(nodeBinary, [join(checkout, 'src/cli/main.ts'), 'grade', ...args], {
    env: { ...process.env, TORIDE_SUBMISSION },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => {
    stdout += data;
  });
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(existsSync(dirname(TORIDE_SUBMISSION!)), 'the archive is gone').toBe(false);
  return { code, stderr, json: stdout === '' ? undefined : JSON.parse(stdout) };
}

describe('exit codes', () => {
  test('0 and every field for the solution', async () => {
    copyFileSync(join(checkout, 'graders/read-only/cases/solve.sh'), join(folder, 'run.sh'));
    const { code, json, stderr } = await grade('read-only', '--param', 'port=8123');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(json).toMatchObject({
      lab: 'read-only',
      status: 'passed',
      score: 100,
      maxScore: 100,
      parameters: { port: '8123' },
    });
    expect(json.checks.length).toBeGreaterThan(4);
    for (const check of json.checks) {
      expect(Object.keys(check)).toEqual(['id', 'status', 'weight', 'title', 'evidence', 'reason']);
      expect(check.evidence[0]).toMatchObject({
        source: expect.any(String),
        expected: expect.any(String),
        actual: expect.any(String),
      });
    }
  });

  test('1 for a submission that does nothing', async () => {
    script('true\n');
    expect(await grade('seccomp')).toMatchObject({ code: 1, json: { status: 'failed', score: 0 } });
  });

  test('2 when it cannot be graded: a tracer holds the target', async () => {
    script(`echo "<p>$TORIDE_TOKEN</p>" > lab/site/index.html
podman run -d --name web -p "$TORIDE_PORT:80" -v ./lab/site:/usr/share/nginx/html:ro localhost/nginx
setsid podman unshare strace -f -o /dev/null -p "$(podman inspect -f '{{.State.Pid}}' web)" >/dev/null 2>&1 < /dev/null &
sleep 1`);
    const { code, json } = await grade('read-only');
    expect({ code, status: json.status }).toEqual({ code: 2, status: 'ungraded' });
    expect(json.checks.some(({ reason }: { reason: string | null }) => reason?.includes('held by a tracer'))).toBe(
      true,
    );
  });
});

describe('what a submission may do', () => {
  test('read its values from the environment and from .toride.json', async () => {
    script('cat submission/.toride.json >&2; echo "$TORIDE_PORT $TORIDE_TOKEN $TORIDE_LAB" >&2; exit 9\n');
    const { stderr, json } = await grade('read-only', '--param', 'token=abcdef123456');
    expect(stderr).toContain('run.sh ended with 9');
    expect(stderr).toContain(`${json.parameters.port} abcdef123456 read-only`);
    expect(stderr).toContain('"token": "abcdef123456"');
  });

  test('never end: it is cut off and what it started is graded', async () => {
    script('sleep 1000\n');
    const { code, stderr } = await grade('read-only', '--timeout', '2');
    expect(code).toBe(1);
    expect(stderr).toMatch(/did not end within 2 s/);
  });

  test('flood its output, fill its disk, bomb: the grade still comes', async () => {
    script('head -c 3000000 /dev/zero | tr "\\0" x; head -c 2G /dev/zero > fill; b() { b | b & }; b; sleep 1\n');
    expect((await grade('read-only', '--timeout', '20')).json).toMatchObject({ score: 0 });
  });

  test('carry links: they lead nowhere outside', async () => {
    symlinkSync('/etc/shadow', join(folder, 'shadow'));
    script('cat submission/shadow >&2; cat /proc/1/environ >&2; exit 3\n');
    const { stderr } = await grade('read-only');
    expect(stderr).toMatch(/Permission denied/);
    expect(stderr).not.toMatch(/root:\*|root:!/);
  });
});

describe('a course', () => {
  test('every format of one grading; the same seed gives the same report to the byte', async () => {
    for (const lab of ['read-only', 'audit-script']) {
      mkdirSync(join(folder, lab));
      copyFileSync(join(checkout, `graders/${lab}/cases/solve.sh`), join(folder, lab, 'run.sh'));
    }
    mkdirSync(join(folder, 'seccomp'));
    writeFileSync(join(folder, 'seccomp', 'run.sh'), 'exit 3\n');
    const out = (name: string) => join(folder, name);
    const args = ['--all', '--submission', folder, '--seed', 'week 3'];
    const files = ['json', 'junit', 'results', 'markdown'].flatMap((format) => [
      `--format=${format}`,
      '--output',
      out(format),
    ]);
    writeFileSync(out('junit'), 'of yesterday');
    const graded = async (more: string[]) => {
      Object.assign(process.env, await packSubmission([...args, ...more]));
      return gradeToFiles([...args, ...more], parseGrade([...args, ...more]));
    };
    expect(await graded(files)).toBe(1);
    const told: CourseReport = JSON.parse(readFileSync(out('json'), 'utf8'));
    expect(told).toMatchObject({ status: 'failed', score: 200, maxScore: 1600, seed: null });
    const standing = Object.fromEntries(told.labs.map(({ lab, status }) => [lab, status]));
    expect(standing).toMatchObject({
      'read-only': 'passed',
      'audit-script': 'passed',
      seccomp: 'failed',
      capstone: 'notSubmitted',
    });
    expect(told.labs.find(({ lab }) => lab === 'seccomp')?.notes).toEqual(['run.sh ended with 3']);
    expect(readFileSync(out('junit'), 'utf8')).toMatch(
      /^<\?xml .*\n<testsuites name="toride" tests="\d+" failures="\d+"/,
    );
    expect(JSON.parse(readFileSync(out('results'), 'utf8'))).toMatchObject({ gradable: true, score: 0.125 });
    expect(readFileSync(out('markdown'), 'utf8')).toContain('## Course: not passed, 200 / 1600');

    const again = ['--format', 'json', '--output', out('again')];
    expect(await graded(again)).toBe(1);
    expect(readFileSync(out('again'), 'utf8')).toBe(readFileSync(out('json'), 'utf8'));
  });

  test.each([['read-only', /expected LAB\/run\.sh for at least one lab/]])(
    'a folder of no lab: %s is a file',
    async (name, message) => {
      writeFileSync(join(folder, name), '');
      await expect(packSubmission(['--all', '--submission', folder])).rejects.toThrow(message);
    },
  );
});

describe('what is said when it cannot begin', () => {
  test.each([
    [['no-such-lab'], /there is no lab 'no-such-lab'/],
    [['read-only', '--param', 'port=1'], /--param port: expected 8100 to 8999, found 1/],
    [['read-only', '--param', 'prot=1'], /lab read-only has port, token/],
  ])('%j', async (args, message) => {
    script('true\n');
    const { code, stderr, json } = await grade(args[0]!, ...args.slice(1));
    expect({ code, json }).toEqual({ code: 2, json: undefined });
    expect(stderr).toMatch(message);
  });

  test.each([
    [[], /expected one lab/],
    [['read-only'], /--submission DIR is missing/],
    [['read-only', '--submission', '/nowhere'], /\/nowhere: expected a folder, found nothing/],
    [['read-only', '--submission', '/etc'], /\/etc\/run\.sh: expected the script/],
    [
      ['read-only', '--submission', '/tmp', '--format', 'xml'],
      /--format: expected one of json, junit, results, markdown, found xml/,
    ],
    [['read-only', '--submission', '/tmp', '--wat'], /--wat/],
    [['read-only', '--submission', '/tmp', '--param', 'port'], /expected name=value, found port/],
  ])('%j', async (args, message) => {
    await expect(packSubmission(args)).rejects.toThrow(message);
  });
});
