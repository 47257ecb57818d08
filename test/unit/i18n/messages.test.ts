import { describe, expect, test } from 'vitest';
import { assignmentEn } from '../../../src/i18n/assignment-en.ts';
import { assignmentJa } from '../../../src/i18n/assignment-ja.ts';
import { en } from '../../../src/i18n/en.ts';
import { isLanguage, languageOf, pathIn } from '../../../src/i18n/index.ts';
import { ja } from '../../../src/i18n/ja.ts';

/** Every text with the path that leads to it; functions are called with something to show. */
function texts(value: unknown, path: string): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return [[path, String(value('1', '2', '3', '4'))]];
  if (typeof value !== 'object' || value === null) throw new Error(`${path} is neither text nor group`);
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, path ? `${path}.${key}` : key));
}

const english = new Map(texts({ ...en, assignment: assignmentEn }, ''));
const japanese = new Map(texts({ ...ja, assignment: assignmentJa }, ''));

describe('the words of the site', () => {
  test('are the same set in both languages', () => {
    expect([...japanese.keys()].sort()).toEqual([...english.keys()].sort());
  });

  test.each([
    ['en', english],
    ['ja', japanese],
  ])('are never empty in %s', (_, words) => {
    expect([...words].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  test('are Japanese where they are sentences', () => {
    // Names of keys, scores and the other language's own name may stand in Latin letters.
    const exempt = /^(site\.otherLanguage|course\.score|help\.keys\.)/;
    const latin = [...japanese].filter(
      ([path, text]) => !exempt.test(path) && !/[\u3040-\u30ff\u4e00-\u9fff]/.test(text),
    );
    expect(latin).toEqual([]);
  });

  test('use every number they are given in both languages', () => {
    const used = (text: string) => [...new Set(text.match(/[1-4]/g))].sort();
    for (const [path, text] of english) {
      const given = used(text);
      if (path.startsWith('course.sections') || given.length === 0) continue;
      expect.soft(used(japanese.get(path) ?? ''), path).toEqual(given);
    }
  });
});

describe('languages in paths', () => {
  test('only known ones count', () => {
    expect(isLanguage('ja')).toBe(true);
    expect(isLanguage('fr')).toBe(false);
    expect(languageOf(undefined)).toBe('en');
  });

  test.each([
    ['/en/labs/seccomp/', '/ja/labs/seccomp/'],
    ['/ja/', '/ja/'],
    ['/404', '/ja/'],
  ])('%s is %s in Japanese', (path, expected) => {
    expect(pathIn('ja', path)).toBe(expected);
  });
});
