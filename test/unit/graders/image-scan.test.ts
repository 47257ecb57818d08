/** Versions, reports and advisories of the lab image-scan. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { advisories } from '../../../graders/image-scan/advisories.ts';
import { parseReport } from '../../../graders/image-scan/reports.ts';
import { compareVersions } from '../../../graders/image-scan/versions.ts';

const file = join(import.meta.dirname, '../../../labs/image-scan/files/advisories/bookworm.txt');

it('knows the advisories that the learner is given', () => {
  const [names, holes, sources] = readFileSync(file, 'utf8')
    .replace('VERSION 1\n', '')
    .split('\n\n')
    .map((part) => part.split('\n').filter(Boolean));
  const binaries = new Map(sources!.map((line) => line.split(',') as [string, string]));
  const told = holes!.map((line) => {
    const [source, index, , fixed] = line.split(',');
    return { cve: names![Number(index)]!.split(',')[0], binaries: binaries.get(source!)!.split(' '), fixed };
  });
  expect(told).toEqual(
    advisories.map(({ cve, fixed, package: name }) => ({ cve, fixed, binaries: expect.arrayContaining([name]) })),
  );
});

describe('versions', () => {
  it.each([
    ['1.0-1', '1.0-1', 0],
    ['1.0-1', '1.0-2', -1],
    ['1.0~rc1-1', '1.0-1', -1],
    ['1.0-1~deb12u1', '1.0-1', -1],
    ['1.0-1', '1.0-1+deb12u1', -1],
    ['1.0-1+b1', '1.0-1+deb12u1', -1],
    ['1.0-1+deb12u9', '1.0-1+deb12u10', -1],
    ['1:0.1', '2.0', 1],
    ['1.10', '1.9', 1],
    ['1.0a', '1.0+', -1],
    ['1.0', '1.0-0', 0],
    ['10.42-1', '10.42-1+deb12u2', -1],
    ['2.1.12-stable-8', '2.1.12-stable-8+deb12u1', -1],
    ['', '0', 0],
    [`1.${'9'.repeat(400)}`, '1.1', 1],
  ])('%s against %s', (a, b, order) => {
    expect(Math.sign(compareVersions(a, b))).toBe(order);
    expect(Math.sign(compareVersions(b, a))).toBe(0 - order);
  });
});

describe('reports', () => {
  const finding = { package: 'libx1', cve: 'CVE-2026-1', fixed: '1.2' };
  it.each([
    ['its own form', [{ ...finding, package: 'libx1:amd64', note: 'x' }], [finding]],
    ['none', [], []],
    [
      "Trivy's",
      {
        Results: [{ Vulnerabilities: [{ VulnerabilityID: 'CVE-2026-1', PkgName: 'libx1', FixedVersion: '1.2' }] }, {}],
      },
      [finding],
    ],
    [
      "Trivy's without a fix",
      { Results: [{ Vulnerabilities: [{ VulnerabilityID: 'CVE-2026-1', PkgName: 'libx1' }] }] },
      [{ ...finding, fixed: '' }],
    ],
    [
      "Clair's",
      {
        packages: { 7: { name: 'libx1' } },
        vulnerabilities: { 9: { name: 'CVE-2026-1 on libx', fixed_in_version: '1.2' } },
        package_vulnerabilities: { 7: ['9', 'gone'], other: ['9'], none: null },
      },
      [finding],
    ],
    ['an object', {}, undefined],
    ['text', 'libx1', undefined],
    ['numbers', [{ package: 1, cve: 2, fixed: 3 }], undefined],
    ['what is too long', [{ ...finding, package: 'x'.repeat(1000) }], undefined],
  ])('reads %s', (_, report, expected) => expect(parseReport(JSON.stringify(report))).toEqual(expected));

  it.each(['', '{', '['.repeat(900_000), '{"__proto__":[]}', 'null'])('refuses %.20s', (text) =>
    expect(parseReport(text)).toBeUndefined(),
  );
});
