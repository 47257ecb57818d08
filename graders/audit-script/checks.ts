/** Lab audit-script (8.6.1, exercise 3): the learner's script on fleets that nobody has seen before. */

import { check, type Evidence, type Grader, type TrialRun, type Verdict } from '../../src/grading/check.ts';
import { verdict } from '../../src/grading/observe/verdict.ts';
import type { Facts, TrialObservation } from '../../src/inspector/snapshot.ts';
import { drawFleet, type Fleet } from './fleet.ts';
import { expectedOf, judge, runOf, runsOf, said } from './judge.ts';
import { layingScript } from './lay.ts';
import { type Rule, rules, subtleRules } from './rules.ts';

const path = '/home/learner/lab/audit.sh';
const chapter = 'chapter 8.6.1';
const exercise = 'chapter 8, exercise 3';

const run = (fleet: Fleet): TrialRun => ({ prepare: layingScript(fleet), expected: expectedOf(fleet) });

/** What a run looked like from outside, in a line; undefined when it went well. No times: the same seed gives the same words. */
function trouble(seen: TrialObservation): string | undefined {
  const complaint = seen.stderr.trim().split('\n').slice(-3).join(' | ').slice(-300);
  const last = complaint === '' ? 'nothing on standard error' : complaint;
  if (seen.timedOut) return `not finished in time; ${last}`;
  if (seen.flooded) return 'more output than 48 KiB';
  if (seen.exitCode !== 0) return `exit ${seen.exitCode}: ${last}`;
  const { wrongLine } = said(seen);
  return wrongLine === undefined ? undefined : `a line that is no finding: ${wrongLine}`;
}

function runs(facts: Facts<'trials'>): Verdict {
  const seen = runsOf(facts);
  const expected = 'exit 0, a JSON finding on every line';
  if (typeof seen === 'string') return verdict([[false, { source: path, expected: 'a script', actual: seen }]]);
  return verdict(
    Object.entries(seen).map(([name, one]) => {
      const wrong = trouble(one);
      const actual = wrong ?? `exit 0, ${said(one).pairs.length} findings`;
      return [wrong === undefined, { source: `audit.sh on the ${name} fleet`, expected, actual }];
    }),
  );
}

/** Only the kinds are named: which container it was would be half the solution. */
function recall(facts: Facts<'trials'>, wanted: (rule: Rule) => boolean): Verdict {
  const { found } = judge(runOf(facts, 'mixed'));
  return verdict(
    [...found].flatMap(([rule, { there, told, guessed }]): [boolean, Evidence][] => {
      if (!wanted(rule)) return [];
      const actual = guessed ? `told of most containers that keep it` : `${told} found`;
      return [[told === there && !guessed, { source: `violations of ${rule}`, expected: `${there} found`, actual }]];
    }),
  );
}

function precision(facts: Facts<'trials'>, name: 'mixed' | 'clean'): Verdict {
  const { wrong } = judge(runOf(facts, name));
  const source = `audit.sh on the ${name} fleet`;
  const expected = 'no finding that is none';
  if (wrong.size === 0) return verdict([[true, { source, expected, actual: expected }]]);
  const known: ReadonlySet<string> = new Set(rules);
  return verdict(
    [...wrong].map(([rule, count]) => {
      const what = known.has(rule) ? rule : `a rule that there is not: ${rule.slice(0, 40)}`;
      return [false, { source, expected, actual: `${count} × ${what}` }];
    }),
  );
}

export default {
  lab: 'audit-script',
  observe: () => ({}),
  trials: (_, seed) => ({
    script: path,
    runs: { mixed: run(drawFleet(seed, 'mixed', true)), clean: run(drawFleet(seed, 'clean', false)) },
  }),
  checks: [
    check({
      id: 'script.runs',
      title: { en: 'The script runs and prints findings', ja: 'スクリプトが動き、結果を出力する' },
      rationale: {
        en: 'An audit that stops at the first odd container, or that only a person can read, is not run every night.',
        ja: '変わったコンテナで止まったり、人にしか読めなかったりする監査は、毎晩は実行されません。',
      },
      remediation: {
        en: 'The evidence shows the exit code and the end of standard error. Try it yourself: bash ~/lab/sample-fleet.sh, then ~/lab/audit.sh; echo $?',
        ja: '証拠に終了コードと標準エラー出力の末尾が出ています。bash ~/lab/sample-fleet.sh のあと ~/lab/audit.sh; echo $? で試してください。',
      },
      severity: 'low',
      weight: 10,
      needs: ['trials'],
      references: [exercise],
      evaluate: runs,
    }),
    check({
      id: 'findings.plain',
      title: { en: 'It finds what an option shows', ja: 'オプションから分かる違反を見つける' },
      rationale: {
        en: 'Each of these is one key of podman inspect. A rule that is missing here is missing everywhere.',
        ja: 'どれも podman inspect のキー 1 つで分かります。ここで抜けている規則は、どこでも見つかりません。',
      },
      remediation: {
        en: 'The evidence names the rules of which something was missed. Compare with the table of the lesson.',
        ja: '見逃した規則が証拠に出ています。レッスンの表と比べてください。',
      },
      severity: 'high',
      weight: 25,
      needs: ['trials'],
      dependsOn: ['script.runs'],
      references: ['CIS Docker 1.6 5.5, 5.6, 5.10, 5.13, 5.16, 5.17, 5.21, 5.22, 5.26', chapter],
      evaluate: (facts) => recall(facts, (rule) => !subtleRules.has(rule)),
    }),
    check({
      id: 'findings.subtle',
      title: { en: 'It finds what is easily missed', ja: '見逃しやすい違反を見つける' },
      rationale: {
        en: 'A capability that came back after ALL was dropped, root because the image says nothing, a socket under another name: this is what real fleets are full of.',
        ja: 'ALL を破棄したあとに戻されたケイパビリティ、イメージに指定がないための root、別名のソケット。実際の現場にあるのはこうしたものです。',
      },
      remediation: {
        en: 'Ask what the container has, not what was typed: BoundingCaps instead of CapAdd, Config.User where it is empty, Source of a mount instead of Destination, RW of every bind mount, both limits.',
        ja: '入力されたものではなく、コンテナが持つものを見てください。CapAdd ではなく BoundingCaps、空の Config.User、マウントの Destination ではなく Source、すべての bind マウントの RW、2 つの上限です。',
      },
      severity: 'high',
      weight: 25,
      needs: ['trials'],
      dependsOn: ['script.runs'],
      references: ['CIS Docker 1.6 4.1, 5.4, 5.6, 5.11, 5.29, 5.32', chapter],
      evaluate: (facts) => recall(facts, (rule) => subtleRules.has(rule)),
    }),
    check({
      id: 'findings.precise',
      title: { en: 'It accuses nobody wrongly', ja: '違反でないものを報告しない' },
      rationale: {
        en: 'Who has checked three false alarms does not check the fourth.',
        ja: '誤報を 3 回確認した人は、4 回目を確認しません。',
      },
      remediation: {
        en: 'The evidence names rules that were told where they are kept. Read the table’s last column again: what does not break the rule.',
        ja: '守られているのに報告した規則が証拠に出ています。表の「違反ではない」の列を読んでください。',
      },
      severity: 'medium',
      weight: 20,
      needs: ['trials'],
      dependsOn: ['findings.plain'],
      references: [exercise],
      evaluate: (facts) => precision(facts, 'mixed'),
    }),
    check({
      id: 'fleet.clean',
      title: { en: 'It is silent where nothing is wrong', ja: '違反がなければ何も出力しない' },
      rationale: {
        en: 'A clean fleet is the goal. If the audit still finds something there, nobody ever reaches it.',
        ja: '違反のない状態が目標です。そこでも何かが報告されるなら、だれも目標に届きません。',
      },
      remediation: {
        en: 'In this fleet every rule is kept, in many ways: users by name, capabilities dropped one by one, volumes, labels that look like options.',
        ja: 'この群はすべての規則を守っています。ただし、ユーザー名での指定、1 つずつの破棄、ボリューム、オプションに似たラベルなど、方法はさまざまです。',
      },
      severity: 'medium',
      weight: 20,
      needs: ['trials'],
      dependsOn: ['findings.plain'],
      references: [exercise],
      evaluate: (facts) => precision(facts, 'clean'),
    }),
  ],
} satisfies Grader;
