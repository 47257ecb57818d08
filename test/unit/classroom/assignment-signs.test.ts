/** What is worth a look: who copied stands out, who worked honestly does not. */
import { describe, expect, test } from 'vitest';
import { type LearnersWork, signsOf } from '../../../src/classroom/assignment-signs.ts';
import { tracesOf } from '../../../src/classroom/assignment-traces.ts';
import type { Result } from '../../../src/grading/check.ts';
import { type Lab, labSchema } from '../../../src/protocol/lab.ts';
import { snapshot } from '../store/conformance.ts';

const MINUTE = 60_000;
const text = { en: 'x', ja: 'x' };
const lab: Lab = labSchema.parse({
  ...{ id: 'seccomp', chapter: '8.3.2', order: 1, minutes: 30, title: text, summary: text },
  parameters: { token: { kind: 'token', length: 12 }, port: { kind: 'port', from: 20000, to: 20999 } },
  tasks: [{ id: 'serve', title: text, checks: ['answers.a'] }],
});
const none = { answers: [], words: [] };
const work = (member: string, token: string, more: Partial<LearnersWork> = {}): LearnersWork => ({
  member,
  parameters: { token, port: '20001' },
  submissions: [{ id: `of ${member}`, points: 100, traces: none }],
  took: 20 * MINUTE,
  handwork: { characters: 900, lines: 40, saves: 0 },
  ...more,
});
const traced = (member: string, answers: [string, string, boolean][], words: string[] = []) => [
  {
    id: `of ${member}`,
    points: 50,
    traces: { answers: answers.map(([check, given, right]) => ({ check, given, right })), words },
  },
];
const kinds = (works: LearnersWork[]) => signsOf(lab, works).map(({ kind, member }) => `${kind} ${member}`);
const [one, two] = ['aaaaaaaaaaa1', 'bbbbbbbbbbb2'];

describe('the same answers to differently drawn values', () => {
  const source = () =>
    work('ada', one!, {
      submissions: traced('ada', [
        ['a', '100001', true],
        ['b', '165536', true],
      ]),
    });

  test('another’s right answers, wrong here', () => {
    const copy = work('eve', two!, {
      submissions: traced('eve', [
        ['a', '100001', false],
        ['b', '165536', false],
      ]),
    });
    expect(signsOf(lab, [source(), copy])).toEqual([
      {
        ...{ kind: 'same-answers', lab: 'seccomp', member: 'eve', submission: 'of eve', other: 'ada', values: [] },
        answers: [
          { check: 'a', given: '100001' },
          { check: 'b', given: '165536' },
        ],
      },
    ]);
  });

  test('nothing stands out where both are right, both wrong alike, or one answer meets by chance', () => {
    const also = work('bob', two!, {
      submissions: traced('bob', [
        ['a', '100001', true],
        ['b', '165536', true],
      ]),
    });
    const chance = work('cyd', two!, {
      submissions: traced('cyd', [
        ['a', '100001', false],
        ['b', '7', false],
      ]),
    });
    const wrong = ['dan', 'fay'].map((name) =>
      work(name, two!, {
        submissions: traced(name, [
          ['a', '0', false],
          ['b', '0', false],
        ]),
      }),
    );
    expect(kinds([source(), also, chance, ...wrong])).toEqual([]);
  });

  test('a value drawn for another in one’s files; one’s own, or one that both have, is none', () => {
    const copy = work('eve', two!, { submissions: traced('eve', [], ['zzzzzzzzzzz9', one!]) });
    expect(signsOf(lab, [source(), copy])).toMatchObject([{ member: 'eve', other: 'ada', values: [one] }]);
    expect(kinds([source(), work('bob', two!, { submissions: traced('bob', [], [two!]) })])).toEqual([]);
    expect(kinds([source(), work('tim', one!, { submissions: traced('tim', [], [one!]) })])).toEqual([]);
    // Ports are few: that two meet says nothing.
    expect(kinds([source(), work('pat', two!, { submissions: traced('pat', [], ['20001']) })])).toEqual([]);
  });
});

describe('impossible speed', () => {
  const crowd = (times: number[]) =>
    times.map((minutes, n) => work(`m${n}`, `${n}`.padStart(12, 'm'), { took: minutes * MINUTE }));

  test('few others: a tenth of what the lab states', () => {
    const at = (minutes: number) => signsOf(lab, [...crowd([20]), work('eve', two!, { took: minutes * MINUTE })]);
    expect(at(3)).toEqual([]);
    expect(at(2.9)).toEqual([
      { kind: 'fast', lab: 'seccomp', member: 'eve', took: 174, bound: 180, from: 'stated', others: 1 },
    ]);
  });

  test('many others: half of the fastest tenth, also where the lab states more', () => {
    const others = crowd([10, 12, 14, 15, 18, 20, 22, 25, 30, 60]);
    const eve = (minutes: number) => signsOf(lab, [...others, work('eve', two!, { took: minutes * MINUTE })]);
    expect(eve(5)).toEqual([]);
    expect(eve(4.9)).toMatchObject([{ kind: 'fast', member: 'eve', bound: 300, from: 'others', others: 10 }]);
    // They were away for days: what the lab states is the bound then, and an honest hour is none.
    const slow = crowd(Array.from({ length: 12 }, (_, n) => 600 + n));
    const among = (minutes: number) => signsOf(lab, [...slow, work('eve', two!, { took: minutes * MINUTE })]);
    expect(among(10)).toEqual([]);
    expect(among(9.9)).toMatchObject([{ kind: 'fast', bound: 600, from: 'stated', others: 12 }]);
    // A lab that everyone does in two minutes.
    const quick = crowd(Array.from({ length: 12 }, () => 2));
    expect(kinds(quick)).toEqual([]);
  });

  test('who has not passed is not fast', () => {
    expect(kinds([work('eve', two!, { took: null })])).toEqual([]);
  });
});

test('two thousand learners, each with five submissions, are compared in one go', () => {
  const works = Array.from({ length: 2000 }, (_, n) => {
    const token = `t${String(n).padStart(11, '0')}`;
    const traces = { answers: [{ check: 'a', given: String(n), right: n % 2 === 0 }], words: [token, `x${n}`] };
    const submissions = Array.from({ length: 5 }, (_, k) => ({ id: `${n}/${k}`, points: 10, traces }));
    return work(`m${n}`, token, { submissions, took: (n + 10) * MINUTE });
  });
  const copy = { answers: [], words: works.slice(0, 3).map(({ parameters }) => parameters.token!) };
  works.push(work('eve', two!, { submissions: [{ id: 'e', points: 10, traces: copy }], took: MINUTE }));
  expect(kinds(works)).toEqual(['same-answers eve', 'same-answers eve', 'same-answers eve', 'fast eve']);
});

describe('points without typing', () => {
  const hands = (lines: number, saves = 0) => ({ characters: lines * 20, lines, saves });
  test.each([
    [hands(0), ['nothing-typed eve']],
    [hands(1), []],
    [hands(0, 1), []],
    [null, []],
  ])('%j', (handwork, signs) => {
    expect(kinds([work('eve', two!, { handwork })])).toEqual(signs);
  });
  test('no points, no sign', () => {
    const submissions = [{ id: 's', points: 0, traces: none }];
    expect(kinds([work('eve', two!, { handwork: hands(0), submissions })])).toEqual([]);
    expect(kinds([work('eve', two!, { handwork: hands(0), submissions: [] })])).toEqual([]);
  });
});

describe('what is kept of a submission to compare', () => {
  const path = '/home/learner/lab/answers.json';
  const file = (content: string) => ({
    ...{ path, size: content.length, mode: '0644', uid: 1000, gid: 1000 },
    base64: Buffer.from(content).toString('base64'),
  });
  const answer = (key: string, status: 'passed' | 'failed', actual: string): Result => ({
    id: `answers.${key}`,
    status,
    evidence: [{ source: `${path}: ${key}`, expected: 'the map', actual }],
  });
  const of = (content: string, results: Result[]) =>
    tracesOf(lab, { ...snapshot, files: { ok: true, value: { [path]: file(content) } } }, results);

  test('typed answers, right and wrong, and nothing that was not typed', () => {
    const results = [answer('a', 'passed', '7'), answer('b', 'failed', '8'), answer('c', 'failed', 'no answer')];
    expect(of('{"a":7,"b":"8"}', results).answers).toEqual([
      { check: 'answers.a', given: '7', right: true },
      { check: 'answers.b', given: '8', right: false },
    ]);
  });

  test('words of a token’s length with letters and digits, each once, and no more than so many', () => {
    const content = `${one} ${one} ordinarywords 123456789012 x${one} AAAAAAAAAAA1 ${two}.`;
    expect(of(content, []).words).toEqual([one, two]);
    const flood = Array.from({ length: 5000 }, (_, n) => `a${String(n).padStart(11, '0')}`).join(' ');
    expect(of(flood, []).words).toHaveLength(100);
  });

  test('a file that is not there, or none that is a file', () => {
    const value = { [path]: null, '/other': { path: '/other', refused: 'a FIFO' } };
    expect(tracesOf(lab, { ...snapshot, files: { ok: true, value } }, [answer('a', 'failed', 'x')])).toEqual(none);
    expect(tracesOf(lab, snapshot, [answer('a', 'failed', 'x')])).toEqual(none);
  });
});
