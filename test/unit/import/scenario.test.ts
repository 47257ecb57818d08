/** Scenarios as labs: what comes of every field, what is told, what is refused. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { importLab } from '../../../src/cli/labs/import.ts';
import { lintLab } from '../../../src/exercise/lint-lab.ts';
import { loadGrader } from '../../../src/grading/graders.ts';
import { loadLab } from '../../../src/grading/labs.ts';
import { grade } from '../../../src/grading/runner.ts';
import { importScenario } from '../../../src/import/killercoda/scenario.ts';
import { openSource } from '../../../src/import/killercoda/source.ts';
import { checkout } from '../../../src/setup/paths.ts';
import { world } from '../grading/build.ts';

const fixtures = join(checkout, 'test/fixtures/killercoda');
const options = { id: 'shelf', order: 17, chapter: '8.9', language: 'en' } as const;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toride-import-test-'));
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

/** The smallest scenario, with some of it replaced. */
function scenario(files: Record<string, string>, index: Record<string, unknown> = {}, details: object = {}): string {
  const place = join(folder, 'scenario');
  const steps = [{ title: 'One', text: 'one.md', verify: 'one.sh' }];
  const all = {
    'index.json': JSON.stringify({ title: 'T', details: { steps, ...details }, ...index }),
    'one.md': 'text',
    'one.sh': 'test -f ~/x',
    ...files,
  };
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(dirname(join(place, name)), { recursive: true });
    writeFileSync(join(place, name), text);
  }
  return place;
}
const imported = (place: string) => importScenario(openSource(place), options);
const told = (place: string) => imported(place).items.map(({ file, fate, text }) => `${fate} ${file} ${text}`);

describe('every field', () => {
  const place = join(fixtures, 'every-field');

  test('the files of a lab, and nothing beside', () => {
    expect([...imported(place).files.keys()].sort()).toEqual([
      'graders/shelf/IMPORT.txt',
      'graders/shelf/scripts.yaml',
      'graders/shelf/scripts/step-1.sh',
      'graders/shelf/scripts/step-2.sh',
      'graders/shelf/suite.yaml',
      'labs/shelf/files/assets/1/notes.txt',
      'labs/shelf/files/assets/2/shelf.conf',
      'labs/shelf/files/setup/finish-background.sh',
      'labs/shelf/files/setup/intro-background.sh',
      'labs/shelf/files/setup/intro-foreground.sh',
      'labs/shelf/files/setup/step-2-background.sh',
      'labs/shelf/files/setup/step-2-foreground.sh',
      'labs/shelf/lab.yaml',
      'labs/shelf/lesson.en.mdx',
      'labs/shelf/lesson.ja.mdx',
      'labs/shelf/setup.sh',
    ]);
  });

  test('no file of the scenario is without a line of the report', () => {
    const files = new Set(imported(place).items.map(({ file }) => file.replace(/:\d+$/, '')));
    const missing = openSource(place).files.filter((file) => !files.has(file) && !file.startsWith('assets/'));
    expect(missing).toEqual([]);
  });

  test('what has no place is told with its reason', () => {
    const lines = told(place).filter((line) => line.startsWith('left'));
    for (const piece of [
      'difficulty',
      'icon',
      'interface',
      'backend.port',
      'credits',
      'assets of host02',
      'not-there.txt',
      '/etc/notes',
      '“interrupt”',
      './shelf.png',
      'TRAFFIC_HOST2_80',
      'README.md',
    ])
      expect(lines.filter((line) => line.includes(piece)).length, piece).toBeGreaterThan(0);
    expect(told(place)).toContain('check step2/foreground.sh:1 it needs a network, and the sandbox has none');
    expect(lines.join()).not.toContain('“ute”');
  });

  test('the Japanese lesson says that its text is English, and is the same', () => {
    const { files } = imported(place);
    const [en, ja] = ['en', 'ja'].map((language) => String(files.get(`labs/shelf/lesson.${language}.mdx`)));
    expect(ja).toContain('本文は英語のみです');
    expect(ja!.split('\n').slice(4)).toEqual(en!.split('\n').slice(2));
  });

  test('on disk it is a lab that loads, whose start fails by what scripts say', async () => {
    expect(await importLab(['killercoda', place, '--to', folder, '--id', 'shelf'])).toBe(0);
    const lab = await loadLab(folder, 'shelf');
    expect(lab).toMatchObject({ minutes: 15, order: 1, notTamperProof: ['verify.step-1', 'verify.step-2'] });
    const grader = await loadGrader(folder, lab);
    const snapshot = world('shelf');
    const run = (exitCode: number, timedOut = false) => ({ exitCode, timedOut, said: 'one\nno note\n' });
    snapshot.scripts = { ok: true, value: { 'verify.step-1': run(0), 'verify.step-2': run(1) } };
    expect(grade(grader, snapshot)).toMatchObject({ status: 'failed', score: 50 });
    expect(grade(grader, snapshot).results[1]).toMatchObject({
      evidence: [{ source: expect.stringContaining('not tamper-proof'), actual: 'exit 1: no note' }],
    });
    snapshot.scripts = { ok: true, value: { 'verify.step-1': run(0), 'verify.step-2': run(0, true) } };
    expect(grade(grader, snapshot)).toMatchObject({ status: 'failed' });
    snapshot.scripts = { ok: true, value: {} };
    expect(grade(grader, snapshot)).toMatchObject({ status: 'ungraded' });
  });

  test('lint asks for the solution, and is content with one', async () => {
    await importLab(['killercoda', place, '--to', folder, '--id', 'shelf']);
    expect((await lintLab(folder, 'shelf')).join('\n')).toMatch(/write the solution as cases\/solve\.sh/);
    writeFileSync(join(folder, 'solve.sh'), 'true\n');
    await importLab(['killercoda', place, '--to', folder, '--id', 'again', '--solution', join(folder, 'solve.sh')]);
    expect(await lintLab(folder, 'again')).toEqual([]);
  });

  test('a lab that is there is not written over', async () => {
    await importLab(['killercoda', place, '--to', folder, '--id', 'shelf']);
    await expect(importLab(['killercoda', place, '--to', folder, '--id', 'shelf'])).rejects.toThrow(/is there already/);
  });
});

describe('a check that is a script', () => {
  test('must be told by lab.yaml, or the page would not say it', async () => {
    await importLab(['killercoda', scenario({}), '--to', folder, '--id', 'shelf']);
    const path = join(folder, 'labs/shelf/lab.yaml');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/notTamperProof:\n( {2}- .*\n)+/, ''));
    await expect(loadLab(folder, 'shelf').then((lab) => loadGrader(folder, lab))).rejects.toThrow(
      /notTamperProof of lab.yaml: expected verify.step-1, found none/,
    );
  });

  test('that cannot fail, or does not parse, is found', async () => {
    await importLab(['killercoda', scenario({ 'one.sh': 'echo ok\n' }), '--to', folder, '--id', 'shelf']);
    expect((await lintLab(folder, 'shelf')).join('\n')).toMatch(/verify\.step-1 cannot fail: line 1/);
    writeFileSync(join(folder, 'graders/shelf/scripts/step-1.sh'), 'if true; then\n');
    expect((await lintLab(folder, 'shelf')).join('\n')).toMatch(/scripts\/step-1\.sh: does not parse: line \d/);
  });
});

describe('what is refused, with the place and what to do', () => {
  test.each([
    ['no JSON', { 'index.json': '{' }, {}, {}, /index\.json: expected JSON/],
    ['no title', {}, { title: 3 }, {}, /index\.json: title: /],
    ['no verify script', {}, {}, { steps: [{ title: 'x', text: 'one.md' }] }, /no step has a verify script/],
    ['a way out', {}, {}, { steps: [{ text: '../../etc/passwd', verify: 'one.sh' }] }, /a file inside the scenario/],
    ['a way in from the root', {}, {}, { steps: [{ verify: '/etc/passwd' }] }, /a file inside the scenario/],
    ['a way out behind a folder', {}, {}, { steps: [{ verify: 'a/../../x' }] }, /a file inside the scenario/],
    ['a file that is not there', {}, {}, { steps: [{ verify: 'two.sh' }] }, /no such file/],
    [
      'a mode that is a command',
      {},
      {},
      { assets: { host01: [{ file: 'a', target: '/root', chmod: '755; rm -rf /' }] } },
      /a mode such as/,
    ],
    [
      'a pattern of stars',
      { 'assets/a': '' },
      {},
      { assets: { host01: [{ file: '*a*a*a*a*a*b', target: '/root' }] } },
      /at most four \*/,
    ],
    ['a thousand steps', {}, {}, { steps: Array.from({ length: 1000 }, () => ({ verify: 'one.sh' })) }, /steps/],
  ])('%s', (_, files, index, details, message) => {
    expect(() => imported(scenario(files as Record<string, string>, index, details))).toThrow(message);
  });

  test('links, pipes, and files beyond any size', () => {
    const place = scenario({});
    symlinkSync('/etc/passwd', join(place, 'link'));
    expect(() => imported(place)).toThrow(/link: expected files and folders only/);
    rmSync(join(place, 'link'));
    spawnSync('mkfifo', [join(place, 'pipe')]);
    expect(() => imported(place)).toThrow(/pipe: expected files and folders only/);
    rmSync(join(place, 'pipe'));
    truncateSync(join(place, 'one.sh'), 10 * 1024 * 1024);
    expect(() => imported(place)).toThrow(/one\.sh: expected at most \d+ bytes/);
  });

  test('a huge asset', () => {
    const place = scenario({ 'assets/big': '' }, {}, { assets: { host01: [{ file: 'big', target: '/root' }] } });
    truncateSync(join(place, 'assets/big'), 9 * 1024 * 1024);
    expect(() => imported(place)).toThrow(/assets\/big: expected at most/);
  });

  test('a folder of scenarios names them', async () => {
    scenario({});
    await expect(importLab(['killercoda', folder, '--to', folder])).rejects.toThrow(/import each by itself: scenario/);
  });
});

describe('assets', () => {
  const laid = (target: string, file = 'a') =>
    String(
      imported(
        scenario({ 'assets/a': 'x', 'assets/.b': 'y' }, {}, { assets: { host01: [{ file, target, chmod: '+x' }] } }),
      ).files.get('labs/shelf/setup.sh'),
    );

  test.each([
    "/root/'; touch /tmp/evil; '",
    '/root/../../etc',
    '/etc',
    '/usr/local/bin',
    '/rootless',
    'relative',
    '/root/$(id)',
  ])('are never laid to %s', (target) => {
    expect(laid(target)).not.toContain('cp -r');
    rmSync(join(folder, 'scenario'), { recursive: true });
  });

  test('go where the learner may write', () => {
    expect(laid('/root/sub')).toContain(
      "mkdir -p -- '/home/learner/sub' && cp -r -- ~/lab/assets/1/. '/home/learner/sub/'",
    );
    expect(laid('~', '*')).toContain("chmod -- '+x' '/home/learner/.b' '/home/learner/a'");
  });
});

test('a YAML bomb as lab.yaml is told within a second, and nothing is eaten', async () => {
  await importLab(['killercoda', scenario({}), '--to', folder, '--id', 'shelf']);
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x,x]',
    ...'bcdefghi'
      .split('')
      .map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefgh'[index]}`).join(',')}]`),
  ].join('\n');
  writeFileSync(join(folder, 'labs/shelf/lab.yaml'), bomb);
  const began = performance.now();
  expect((await lintLab(folder, 'shelf')).join('\n')).toMatch(/lab\.yaml/);
  expect(performance.now() - began).toBeLessThan(1000);
});
