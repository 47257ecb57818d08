/** What is said of a submission's form, in real folders: every mistake, and all at once. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FORM_LIMITS, formProblems } from '../../../src/exercise/submission-form.ts';

const lab = { id: 'read-only', administrator: false };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toride-form-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const codes = (of = lab) => formProblems(folder, of).map(({ path, code }) => `${path} ${code}`);

test('nothing is wrong with an honest one', () => {
  write('run.sh', '#!/bin/bash\nset -eu\necho "$TORIDE_PORT"\n');
  mkdirSync(join(folder, 'site'));
  write('site/index.html', '<p>page</p>');
  symlinkSync('site/index.html', join(folder, 'page'));
  expect(formProblems(folder, lab)).toEqual([]);
});

describe('the scripts', () => {
  test.each([
    ['nothing but comments', '#!/bin/bash\n# later\n\n', 'empty'],
    ['an unclosed quote', 'echo "hello\n', 'syntax'],
    ['a loop without end', 'while true; do\n', 'syntax'],
    ['lines as on Windows', 'set -eu\r\necho hi\r\n', 'crlf'],
    ['a program', '\u007fELF\u0000\u0001', 'binary'],
  ])('%s', (_, text, code) => {
    write('run.sh', text);
    expect(codes()).toEqual([`run.sh ${code}`]);
  });

  test('where bash stumbled is told', () => {
    write('run.sh', 'echo one\nif true; then\n');
    expect(formProblems(folder, lab)[0]?.message).toMatch(/line 3: syntax error/);
  });

  test('nothing of it is run', () => {
    const trace = join(folder, 'trace');
    write('run.sh', `touch ${trace}\n$(touch ${trace})\n: "\${x:=$(touch ${trace})}"\n`);
    expect(codes()).toEqual([]);
    expect(spawnSync('ls', [trace]).status).not.toBe(0);
  });

  test("an administrator's script where there is no administrator, and one that does not parse where there is", () => {
    write('run.sh', 'true\n');
    write('administrator.sh', 'fi\n');
    expect(codes()).toEqual(['administrator.sh syntax', 'administrator.sh no-administrator']);
    expect(codes({ id: 'rootless-setup', administrator: true })).toEqual(['administrator.sh syntax']);
  });

  test('a link, a pipe and a folder are no script, and nobody waits at a pipe', () => {
    symlinkSync('/etc/passwd', join(folder, 'run.sh'));
    expect(codes()).toEqual(['run.sh no-file', 'run.sh link-out']);
    rmSync(join(folder, 'run.sh'));
    spawnSync('mkfifo', [join(folder, 'run.sh')]);
    expect(codes()).toEqual(['run.sh no-file', 'run.sh special-file']);
    rmSync(join(folder, 'run.sh'));
    mkdirSync(join(folder, 'run.sh'));
    expect(codes()).toEqual(['run.sh no-file']);
  });

  test('a huge one is not read', () => {
    write('run.sh', '');
    truncateSync(join(folder, 'run.sh'), FORM_LIMITS.scriptBytes + 1);
    expect(codes()).toEqual(['run.sh too-large']);
  });
});

describe('what lies beside them', () => {
  beforeEach(() => write('run.sh', 'true\n'));

  test.each(['/etc/shadow', '../outside', 'site/../../outside', '..'])('a link to %s leads out', (target) => {
    mkdirSync(join(folder, 'site'));
    symlinkSync(target, join(folder, 'link'));
    expect(codes()).toEqual(['link link-out']);
  });

  test('a link in a folder may go up, as long as it stays inside; a circle is no trap', () => {
    mkdirSync(join(folder, 'site'));
    symlinkSync('../run.sh', join(folder, 'site', 'up'));
    symlinkSync('.', join(folder, 'site', 'circle'));
    expect(codes()).toEqual([]);
  });

  test('too many, too large, too deep', () => {
    for (let index = 0; index <= FORM_LIMITS.files; index++) write(`f${index}`, '');
    expect(codes()).toEqual(['. too-many']);
    for (let index = 0; index <= FORM_LIMITS.files; index++) rmSync(join(folder, `f${index}`));
    write('large', '');
    truncateSync(join(folder, 'large'), FORM_LIMITS.bytes + 1);
    mkdirSync(join(folder, ...Array.from({ length: FORM_LIMITS.depth + 2 }, () => 'd')), { recursive: true });
    expect(codes().map((line) => line.split(' ')[1])).toEqual(['too-deep', 'too-large']);
  });
});

test('all problems at once', () => {
  write('administrator.sh', 'true\n');
  symlinkSync('/etc/shadow', join(folder, 'shadow'));
  expect(codes()).toEqual(['run.sh missing', 'administrator.sh no-administrator', 'shadow link-out']);
});

test('no folder', () => {
  rmSync(folder, { recursive: true });
  expect(codes()).toEqual(['. missing']);
  writeFileSync(folder, '');
  expect(codes()).toEqual(['. no-folder']);
});
