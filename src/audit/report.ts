/** An audit in words, as JSON, and as SARIF 2.1.0 for tools that collect findings. Pure. */
import type { Finding } from '../policy/evaluate.ts';
import { type RuleId, ruleTexts, type Severity } from '../policy/rules.ts';
import type { Audit, AuditedContainer } from './audit.ts';

export type Language = 'en' | 'ja';
export const formats = ['text', 'json', 'sarif'] as const;
export type Format = (typeof formats)[number];

export interface Told {
  readonly audit: Audit;
  /** Of the policy file, as the caller gave it. */
  readonly policyPath: string;
  readonly language: Language;
}

/** 0 clean, 1 a violation, 2 cannot tell. A violation is certain, whatever else is not known. */
export function exitCode({ containers, vanished }: Audit): 0 | 1 | 2 {
  const outcomes = containers.flatMap(({ findings }) => findings.map(({ outcome }) => outcome));
  if (outcomes.includes('violated')) return 1;
  return outcomes.includes('unknown') || vanished.length > 0 || containers.some(unread) ? 2 : 0;
}

/** Running, and yet the kernel did not tell. */
const unread = ({ status, kernelUnread }: AuditedContainer) => status === 'running' && kernelUnread !== null;

export function report(format: Format, told: Told): string {
  if (format === 'json') return JSON.stringify(json(told), null, 2);
  if (format === 'sarif') return JSON.stringify(sarif(told), null, 2);
  return text(told);
}

const words = {
  clean: { en: 'no violation', ja: '違反なし' },
  expected: { en: 'expected', ja: '期待' },
  found: { en: 'found', ja: '実際' },
  unknown: { en: 'cannot tell', ja: '判定不能' },
  disagree: { en: 'inspect and the kernel disagree', ja: 'inspect とカーネルが食い違っています' },
  unread: { en: 'kernel not read', ja: 'カーネルは未確認' },
  vanished: { en: 'gone before it could be looked at', ja: '確認する前に消えました' },
  none: { en: 'There is no container.', ja: 'コンテナはありません。' },
} as const;

const message = ({ rule }: Finding, language: Language) => ruleTexts[rule].message[language];

function text({ audit: { containers, vanished }, language }: Told): string {
  const say = (key: keyof typeof words) => words[key][language];
  const lines = containers.flatMap(({ name, image, status, findings, disagreements, kernelUnread }) => [
    `${findings.length === 0 ? '✓' : findings.some(({ outcome }) => outcome === 'violated') ? '✗' : '?'} ${plain(name)} (${plain(image)}, ${status})${findings.length === 0 ? `: ${say('clean')}` : ''}`,
    ...findings.map((finding) => {
      const { rule, outcome, expected, actual, source } = finding;
      const mark = outcome === 'unknown' ? `${say('unknown')}: ` : '';
      return `    ${ruleTexts[rule].severity.padEnd(8)} ${mark}${message(finding, language)} [${rule}]\n             ${say('expected')}: ${plain(expected)}; ${say('found')}: ${plain(actual)} (${source})`;
    }),
    ...disagreements.map(
      ({ fact, inspect, kernel }) =>
        `    note     ${say('disagree')}: ${fact}: inspect ${plain(inspect)}, kernel ${plain(kernel)}`,
    ),
    ...(kernelUnread ? [`    note     ${say('unread')}: ${kernelUnread}`] : []),
  ]);
  lines.push(...vanished.map((id) => `? ${id.slice(0, 12)}: ${say('vanished')}`));
  return lines.length === 0 ? say('none') : lines.join('\n');
}

/** Labels and paths are anybody's to write: no control characters for the reader's terminal. */
const plain = (value: string) => value.replaceAll(/\p{Cc}/gu, '�');

function json({ audit: { containers, vanished }, policyPath, language }: Told): object {
  return {
    policy: policyPath,
    containers: containers.map(({ findings, ...container }) => ({
      ...container,
      findings: findings.map((finding) => ({
        ...finding,
        severity: ruleTexts[finding.rule].severity,
        message: message(finding, language),
      })),
    })),
    vanished,
  };
}

const levels = { critical: 'error', high: 'error', medium: 'warning', low: 'note' } as const satisfies Record<
  Severity,
  string
>;

function sarif({ audit: { containers, vanished }, policyPath, language }: Told): object {
  const ids = Object.keys(ruleTexts) as RuleId[];
  const location = (name: string, id: string) => ({
    // Viewers want a file: the policy is the one that says what is wrong.
    physicalLocation: { artifactLocation: { uri: encodeURI(policyPath) } },
    logicalLocations: [{ name, fullyQualifiedName: id, kind: 'container' }],
  });
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'toride audit',
            rules: ids.map((id) => ({
              id,
              shortDescription: { text: ruleTexts[id].message[language] },
              defaultConfiguration: { level: levels[ruleTexts[id].severity] },
            })),
          },
        },
        invocations: [
          {
            // False: not everything could be looked at.
            executionSuccessful: vanished.length === 0 && !containers.some(unread),
            toolExecutionNotifications: [
              ...containers.flatMap(({ id, name, disagreements }) =>
                disagreements.map(({ fact, inspect, kernel }) => ({
                  level: 'warning',
                  message: { text: `${name}: ${words.disagree[language]}: ${fact}: ${inspect} / ${kernel}` },
                  locations: [location(name, id)],
                })),
              ),
              ...vanished.map((id) => ({ level: 'error', message: { text: `${id}: ${words.vanished[language]}` } })),
            ],
          },
        ],
        results: containers.flatMap(({ id, name, findings }) =>
          findings.map((finding) => ({
            ruleId: finding.rule,
            ruleIndex: ids.indexOf(finding.rule),
            kind: finding.outcome === 'unknown' ? 'open' : 'fail',
            level: finding.outcome === 'unknown' ? 'none' : levels[ruleTexts[finding.rule].severity],
            message: {
              text: `${name}: ${message(finding, language)}. ${words.expected[language]}: ${finding.expected}; ${words.found[language]}: ${finding.actual} (${finding.source})`,
            },
            locations: [location(name, id)],
            partialFingerprints: { 'containerRule/v1': `${id}/${finding.rule}/${finding.expected}` },
          })),
        ),
      },
    ],
  };
}
