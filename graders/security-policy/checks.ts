/** Lab security-policy (8.6.2): the learner's policy on containers it has not seen, and a container that keeps the rules. */

import { CannotVerify, check, type Evidence, type Grader, type Verdict } from '../../src/grading/check.ts';
import { FileError, parseYaml } from '../../src/grading/file-error.ts';
import { textOf } from '../../src/grading/observe/files.ts';
import { pageFromContainer } from '../../src/grading/observe/service.ts';
import { verdict } from '../../src/grading/observe/verdict.ts';
import type { Facts } from '../../src/inspector/snapshot.ts';
import { evaluate } from '../../src/policy/evaluate.ts';
import { policySchema, type SecurityPolicy } from '../../src/policy/policy.ts';
import type { RuleId } from '../../src/policy/rules.ts';
import { viewsOf } from './container.ts';
import { allowedSamples, forbiddenSamples, requirements, type Sample, widenedSamples } from './samples.ts';

const path = '/home/learner/lab/security-policy.yaml';
/** A policy is read by people; what is longer is something else. */
const maxLength = 32 * 1024;
const chapter = 'chapter 8.6.2';
const expectedPolicy = 'a SecurityPolicy as the lesson describes it';

/** The policy, or what is wrong with the file, a line each. */
function policyOf({ files }: Facts<'files'>): SecurityPolicy | readonly string[] {
  const file = textOf(files, path);
  if ('absent' in file) return [file.absent];
  if (file.text.length > maxLength) return [`longer than ${maxLength / 1024} KiB`];
  try {
    return parseYaml(file.text, 'security-policy.yaml', policySchema);
  } catch (error) {
    if (error instanceof FileError) return error.problems.map((problem) => `security-policy.yaml${problem}`);
    throw error;
  }
}

function validPolicy(facts: Facts<'files'>): SecurityPolicy {
  const policy = policyOf(facts);
  if (!('spec' in policy)) throw new CannotVerify('the policy was readable a moment ago');
  return policy;
}

const accepts = (policy: SecurityPolicy, { facts }: Sample) =>
  evaluate(policy, { facts, source: () => 'a sample' }).length === 0;

/** By kind, so that the evidence says which rule to look at, and not which container. */
function judged(
  policy: SecurityPolicy,
  samples: readonly Sample[],
  wanted: 'accepted' | 'refused',
): [boolean, Evidence][] {
  return [...new Set(samples.map(({ kind }) => kind))].map((kind) => {
    const ofKind = samples.filter((sample) => sample.kind === kind);
    const wrong = ofKind.filter((sample) => accepts(policy, sample) !== (wanted === 'accepted'));
    return [
      wrong.length === 0,
      {
        source: `your policy on containers ${kind}`,
        expected: wanted,
        actual: wrong.length === 0 ? wanted : wanted === 'accepted' ? 'refused' : 'accepted',
      },
    ];
  });
}

/** These rules of the learner's requirements, on every process of the container. */
function kept(facts: Facts<'processes' | 'requests'>, rules: readonly RuleId[]): Verdict {
  const policy = requirements(facts.parameters);
  return verdict(
    viewsOf(facts).flatMap((view): [boolean, Evidence][] => {
      const broken = evaluate(policy, view).filter(
        ({ rule, outcome }) => rules.includes(rule) && outcome === 'violated',
      );
      if (broken.length === 0) {
        const source = view.source(rules[0] === 'required.readOnlyRootFilesystem' ? 'readOnlyRoot' : 'capabilities');
        return [[true, { source, expected: 'the rules are kept', actual: 'the rules are kept' }]];
      }
      return broken.map(({ source, expected, actual }) => [false, { source, expected, actual }]);
    }),
  );
}

export default {
  lab: 'security-policy',
  observe: ({ port }) => ({ requests: { page: { port: Number(port) } }, files: [path] }),
  checks: [
    check({
      id: 'policy.valid',
      title: { en: 'The policy can be read', ja: 'ポリシーを読み取れる' },
      rationale: {
        en: 'A rule that a program skips, because its name is misspelt, is worse than no rule: everybody believes that it is there.',
        ja: '綴りを誤って読み飛ばされた規則は、規則がないより危険です。誰もが「ある」と信じているからです。',
      },
      remediation: {
        en: 'The evidence has line and column. Values of labels are text: write them in quotes.',
        ja: '証拠に行と桁が出ています。ラベルの値は文字列なので、引用符で囲んでください。',
      },
      severity: 'low',
      weight: 10,
      needs: ['files'],
      references: [chapter],
      evaluate: (facts) => {
        const policy = policyOf(facts);
        const problems = 'spec' in policy ? [] : policy;
        if (problems.length === 0)
          return verdict([[true, { source: path, expected: expectedPolicy, actual: 'a SecurityPolicy' }]]);
        return verdict(problems.map((problem) => [false, { source: path, expected: expectedPolicy, actual: problem }]));
      },
    }),
    check({
      id: 'policy.rejects',
      title: { en: 'It refuses what it must', ja: '拒むべきものを拒む' },
      rationale: {
        en: 'Every container that breaks one of your rules, and only that one, must be refused.',
        ja: '規則を 1 つだけ破るコンテナも、すべて拒まなければなりません。',
      },
      remediation: {
        en: 'The evidence names the kinds of containers that got through. Look at the row of the table that speaks of them.',
        ja: '通ってしまったコンテナの種類が証拠に出ています。それに当たる表の行を見直してください。',
      },
      severity: 'high',
      weight: 30,
      needs: ['files'],
      dependsOn: ['policy.valid'],
      references: [chapter],
      evaluate: (facts) => verdict(judged(validPolicy(facts), forbiddenSamples(facts.parameters), 'refused')),
    }),
    check({
      id: 'policy.accepts',
      title: { en: 'It accepts what is right', ja: '正しいものを受け入れる' },
      rationale: {
        en: 'A policy that refuses good containers is switched off by the first who is in a hurry.',
        ja: '正しいコンテナまで拒むポリシーは、急いでいる人がすぐに無効にしてしまいます。',
      },
      remediation: {
        en: 'The evidence names the kinds of containers that were refused. Take out what no row of the table asks for.',
        ja: '拒まれたコンテナの種類が証拠に出ています。表のどの行も求めていない規則を外してください。',
      },
      severity: 'medium',
      weight: 15,
      needs: ['files'],
      dependsOn: ['policy.rejects'],
      references: [chapter],
      evaluate: (facts) => verdict(judged(validPolicy(facts), allowedSamples(facts.parameters), 'accepted')),
    }),
    check({
      id: 'policy.forbidden-wins',
      title: { en: 'What is forbidden stays forbidden', ja: '禁止したものは禁止のまま' },
      rationale: {
        en: 'Today both lists keep the capability out. When somebody widens “allowed” next year, only “forbidden” does.',
        ja: '今はどちらのリストでもそのケイパビリティを防げます。来年だれかが allowed を広げたとき、防ぐのは forbidden だけです。',
      },
      remediation: {
        en: 'Name both capabilities of the table under forbidden. The grader tries your policy with everything allowed.',
        ja: '表にある 2 つのケイパビリティを forbidden に書いてください。採点では、すべてを許可した状態でもあなたのポリシーを試します。',
      },
      severity: 'medium',
      weight: 5,
      needs: ['files'],
      dependsOn: ['policy.valid'],
      references: [chapter],
      evaluate: (facts) => {
        const policy = validPolicy(facts);
        const widened = { ...policy, spec: { ...policy.spec, allowed: [{ capabilities: { add: ['ALL'] } }] } };
        return verdict(
          judged(widened, widenedSamples(facts.parameters), 'refused').map(([good, evidence]) => [
            good,
            { ...evidence, source: `${evidence.source}, with everything allowed` },
          ]),
        );
      },
    }),
    check({
      id: 'service.answers',
      title: { en: 'Your page answers from a container', ja: '自分のページがコンテナから返ってくる' },
      rationale: {
        en: 'The page with your token marks the container that is held against the rules.',
        ja: 'トークンの入ったページを返すコンテナが、規則と照らし合わされます。',
      },
      remediation: {
        en: 'Publish port 80 of the container at your port, and put your token into the page. No answer: podman logs tells what failed.',
        ja: 'コンテナの 80 番ポートを自分のポートに公開し、ページにトークンを入れてください。応答がないときは podman logs に原因が出ます。',
      },
      severity: 'medium',
      weight: 10,
      needs: ['processes', 'requests'],
      evaluate: (facts) => pageFromContainer(facts),
    }),
    check({
      id: 'container.capabilities',
      title: { en: 'It has no capability beyond the rules', ja: '規則を超えるケイパビリティがない' },
      rationale: {
        en: 'What counts is what a process can come to have: its bounding set, not only what it holds now.',
        ja: '問題になるのは、今持っているものだけでなく、プロセスが持ちうるもの（バウンディングセット）です。',
      },
      remediation: {
        en: 'Make the container with --cap-drop all, and give back with --cap-add only what may be.',
        ja: '--cap-drop all で作り、許可されたものだけを --cap-add で返してください。',
      },
      severity: 'high',
      weight: 10,
      needs: ['processes', 'requests'],
      dependsOn: ['service.answers'],
      references: ['CIS Docker 1.6 5.4', chapter],
      evaluate: (facts) => kept(facts, ['forbidden.capabilities', 'allowed.capabilities', 'required.dropCapabilities']),
    }),
    check({
      id: 'container.user',
      title: { en: 'It is not root and cannot become more', ja: 'root ではなく、それ以上にもなれない' },
      rationale: {
        en: 'Every process counts: a server that starts as root and changes its user has had a process of root all the time.',
        ja: 'すべてのプロセスが対象です。root で起動してからユーザーを変えるサーバーには、root のプロセスが残り続けます。',
      },
      remediation: {
        en: 'Start it with --user 101:101 and --security-opt no-new-privileges.',
        ja: '--user 101:101 と --security-opt no-new-privileges を付けて起動してください。',
      },
      severity: 'high',
      weight: 10,
      needs: ['processes', 'requests'],
      dependsOn: ['service.answers'],
      references: ['CIS Docker 1.6 4.1, 5.26', chapter],
      evaluate: (facts) => kept(facts, ['required.runAsNonRoot', 'required.noNewPrivileges']),
    }),
    check({
      id: 'container.apart',
      title: { en: 'Its root is read-only and it stands apart', ja: 'ルートは読み取り専用で、ホストから分かれている' },
      rationale: {
        en: 'What gets into the service can change nothing of it, and sees nothing of the host.',
        ja: 'サービスに侵入されても、中身は何も変えられず、ホストの何も見えません。',
      },
      remediation: {
        en: 'Use --read-only, give nginx a --tmpfs where it writes, and leave out --network host.',
        ja: '--read-only を付け、nginx が書く場所には --tmpfs を与え、--network host は使わないでください。',
      },
      severity: 'medium',
      weight: 10,
      needs: ['processes', 'requests'],
      dependsOn: ['service.answers'],
      references: ['CIS Docker 1.6 5.13', chapter],
      evaluate: (facts) => kept(facts, ['required.readOnlyRootFilesystem', 'forbidden.hostNamespaces']),
    }),
  ],
} satisfies Grader;
