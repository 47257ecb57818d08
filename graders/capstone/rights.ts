/** Section 3: what the processes may do. */
import type { Check, Evidence } from '../../src/grading/check.ts';
import { allowedCalls, probed } from '../../src/grading/observe/calls.ts';
import { judged } from '../../src/grading/observe/containers.ts';
import { verdict } from '../../src/grading/observe/verdict.ts';
import { capabilityNames } from '../../src/policy/capabilities.ts';

import { answering, ofEach, section, status } from './sections.ts';

/** The postbox uses some twenty; crun a few more before it starts. */
const mostCalls = 60;

export const rights: readonly Check[] = [
  section({
    id: 'capabilities.none',
    title: { en: 'No capability at all', ja: 'ケイパビリティを 1 つも持たない' },
    rationale: {
      en: 'An ordinary user on port 8080 needs none, and what is not in the bounding set never comes back.',
      ja: '8080 番で待ち受ける一般ユーザーには 1 つも要りません。バウンディングセットにないものは、二度と戻りません。',
    },
    remediation: {
      en: '--cap-drop=ALL, and no --cap-add.',
      ja: '--cap-drop=ALL を付け、--cap-add は使わないでください。',
    },
    severity: 'high',
    weight: 8,
    needs: ['processes', 'requests'],
    references: ['CIS Docker 1.6 5.4', 'PSS restricted', 'chapter 8.3.1'],
    evaluate: (facts) =>
      ofEach(facts, (process) => {
        const { capBnd, capEff, capPrm, capInh, capAmb } = process;
        const names = [...new Set([capBnd, capEff, capPrm, capInh, capAmb].flatMap(capabilityNames))];
        return [
          names.length === 0 && process.threadsUniform,
          { source: status(process), expected: 'no set holds any', actual: names.join(', ') || 'none' },
        ];
      }),
  }),
  section({
    id: 'privileges.none-new',
    title: { en: 'No new privileges', ja: '新しい権限を得られない' },
    rationale: {
      en: 'Then no set-user-ID program and no file capability raises anything, whatever the image holds.',
      ja: 'イメージに何が入っていても、setuid やファイルケイパビリティで権限が増えなくなります。',
    },
    remediation: {
      en: '--security-opt no-new-privileges',
      ja: '--security-opt no-new-privileges を付けてください。',
    },
    severity: 'high',
    weight: 5,
    needs: ['processes', 'requests'],
    references: ['CIS Docker 1.6 5.25', 'chapter 8.5.2'],
    evaluate: (facts) =>
      ofEach(facts, (process) => [
        process.noNewPrivs === 1 && process.threadsUniform,
        { source: status(process), expected: 'NoNewPrivs 1', actual: `NoNewPrivs ${process.noNewPrivs}` },
      ]),
  }),
  section({
    id: 'seccomp.small',
    title: { en: 'A filter of its own, and a small one', ja: '専用の小さな seccomp フィルターが効いている' },
    rationale: {
      en: 'Podman’s default lets some 280 calls through; the postbox uses about twenty.',
      ja: 'Podman の既定では約 280 個の呼び出しが通りますが、postbox が使うのは 20 個ほどです。',
    },
    remediation: {
      en: 'An allow list that denies by default, --security-opt seccomp=FILE, and no other container that listens.',
      ja: '既定で拒否する許可リストを作り、--security-opt seccomp=ファイル で起動してください。待ち受けているほかのコンテナは削除します。',
    },
    severity: 'high',
    weight: 10,
    needs: ['processes', 'requests', 'syscalls'],
    references: ['CIS Docker 1.6 5.22', 'chapter 8.3.2'],
    evaluate: (facts) => {
      const filtered = judged(facts, ...answering).map((process): [boolean, Evidence] => [
        process.seccomp === 2 && process.seccompFilters > facts.sandbox.seccompFilters && process.threadsUniform,
        {
          source: status(process),
          expected: `Seccomp 2, more than ${facts.sandbox.seccompFilters} filter`,
          actual: `Seccomp ${process.seccomp}, ${process.seccompFilters} filters`,
        },
      ]);
      const allowed = allowedCalls(probed(facts));
      return verdict([
        ...filtered,
        [
          allowed.length <= mostCalls,
          {
            source: 'system calls tried on the processes of the container',
            expected: `at most ${mostCalls} allowed`,
            actual: `${allowed.length}: ${allowed.slice(0, 80).join(', ')}`,
          },
        ],
      ]);
    },
  }),
];
