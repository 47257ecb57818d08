/** What a user has in /etc/subuid and /etc/subgid, and whether a process keeps to it. */

import { CannotVerify, type Check, check, type Localized } from '../../src/grading/check.ts';
import { describe } from '../../src/grading/observe/containers.ts';
import { textOf } from '../../src/grading/observe/files.ts';
import { sandboxInit } from '../../src/grading/observe/first-process.ts';
import { type IdMap, inside, size } from '../../src/grading/observe/id-maps.ts';
import { verdict } from '../../src/grading/observe/verdict.ts';
import type { Facts, Process } from '../../src/inspector/snapshot.ts';
import { covered, drawnLines, type Line, overlaps, parseLines, type Range, show, sum } from './ranges.ts';

export const paths = { uid: '/etc/subuid', gid: '/etc/subgid' } as const;
type Kind = keyof typeof paths;
/** SUB_UID_MIN and SUB_GID_MIN of the sandbox's /etc/login.defs. */
const firstSubId = 100_000;
/** The learner's own user and group in the sandbox. */
const learner = { name: 'learner', id: 1000 };

export function appUid({ parameters }: Facts<never>): number {
  const value = Number(parameters.appUid);
  if (!Number.isInteger(value)) throw new CannotVerify('no appUid in the snapshot');
  return value;
}

const isLearners = ({ user }: Line) => user === learner.name || user === String(learner.id);
const same = (a: Line, b: Line) => a.user === b.user && a.start === b.start && a.count === b.count;

function linesOf({ files }: Facts<'files'>, kind: Kind): Line[] {
  const content = textOf(files, paths[kind]);
  return 'text' in content ? parseLines(content.text) : [];
}

export function ranges(kind: Kind, weight: number, title: Localized): Check {
  const path = paths[kind];
  return check({
    id: `ranges.${kind}`,
    title,
    rationale: {
      en: 'Without a range of their own a user has one id in a container. With somebody else’s, the two own each other’s files.',
      ja: '自分の範囲がないと、コンテナの中で使える ID は 1 つだけです。他人の範囲と重なると、互いのファイルの所有者になってしまいます。',
    },
    remediation: {
      en: `As administrator, add one line to ${path}: learner:FIRST:COUNT. All of it must be free, and it must reach as far as the application’s user.`,
      ja: `管理者として ${path} に learner:最初の ID:個数 の 1 行を加えてください。範囲のすべてが空いていて、アプリケーションのユーザーまで届く必要があります。`,
    },
    severity: 'high',
    weight,
    needs: ['processes', 'files'],
    references: ['chapter 8.2.2'],
    evaluate: (facts) => {
      const lines = linesOf(facts, kind);
      const own = lines.filter(isLearners);
      const neighbours = drawnLines(facts.parameters.neighbours ?? '');
      if (neighbours.length === 0) throw new CannotVerify('no neighbours in the snapshot');
      const end = size(sandboxInit(facts.processes)[`${kind}Map`]);
      const others = lines.filter((line) => !isLearners(line));
      const taken = [...others, ...neighbours.filter((one) => !others.some((line) => same(line, one)))];
      const free = own.every((line, index) => {
        return [...taken, ...own.slice(0, index)].every((other) => !overlaps(line, other));
      });
      const inBounds = own.every(({ start, count }) => start >= firstSubId && start + count <= end);
      const kept = neighbours.every((one) => lines.some((line) => same(line, one)));
      const actual = show(own);
      return verdict([
        [
          own.length > 0 && inBounds,
          { source: path, expected: `ids of ${learner.name}, from ${firstSubId} to ${end - 1}`, actual },
        ],
        [free, { source: path, expected: 'a range that is nobody else’s', actual: `${actual}; taken ${show(taken)}` }],
        [kept, { source: path, expected: `still there: ${facts.parameters.neighbours}`, actual: text(lines) }],
        [
          sum(own) >= appUid(facts),
          { source: path, expected: `at least ${appUid(facts)} ids`, actual: String(sum(own)) },
        ],
      ]);
    },
  });
}

const text = (lines: readonly Line[]) =>
  lines
    .slice(0, 8)
    .map(({ user, start, count }) => `${user}:${start}:${count}`)
    .join(' ') || 'no line';

/** A map's outer ids as the sandbox counts them; undefined where one is not the sandbox's. */
function inSandbox(map: IdMap, sandbox: IdMap): Range[] | undefined {
  const found = map.map(([, from, count]) => {
    const [start, last] = [inside(sandbox, from), inside(sandbox, from + count - 1)];
    return start !== undefined && last === start + count - 1 ? { start, count } : undefined;
  });
  return found.every((range) => range !== undefined) ? found : undefined;
}

/** The map that the kernel has for this process, made of the learner's own ids alone. */
export function mapped(facts: Facts<'processes' | 'files'>, process: Process, kind: Kind) {
  const map = process[`${kind}Map`];
  const allowed = [...linesOf(facts, kind).filter(isLearners), { start: learner.id, count: 1 }];
  const used = inSandbox(map, sandboxInit(facts.processes)[`${kind}Map`]);
  const good = used !== undefined && used.length > 0 && used.every((range) => covered(range, allowed));
  const evidence = {
    source: `/proc/PID/${kind}_map of ${describe(process)}`,
    expected: `within ${show(allowed)}`,
    actual: used ? show(used) : 'ids of another user',
  };
  return [good, evidence] as const;
}
