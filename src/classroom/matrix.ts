/** The live matrix of a workshop: a row for each learner, and what the room has trouble with. Pure. */
import type { MatrixRow, Trouble } from '../protocol/workshops.ts';
import type { Exercise, LabStanding } from './standing.ts';

/** Twice the time that a task should take by lab.yaml, and never less than this: then somebody is stuck. */
const STUCK_TIMES = 2;
const STUCK_LEAST_MS = 5 * 60_000;
/** So many checks that were asked for in a row, none of them a step forward. */
const STUCK_TRIES = 5;
/** Different things seen for one check that are told. */
const MOST_EVIDENCE = 3;

export interface MemberFacts {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly status: 'waiting' | 'in';
  readonly joinedAt: string | null;
  readonly handAt: string | null;
  readonly online: boolean;
  /** Milliseconds since the epoch; 0: never. */
  readonly activeAt: number;
  /** In the order of the workshop. */
  readonly standings: readonly LabStanding[];
  /** When the first sandbox of each lab was given. */
  readonly startedAt: ReadonlyMap<string, string>;
  readonly rooms: readonly (MatrixRow['rooms'][number] & { readonly activeAt: number })[];
}

type Catalogue = ReadonlyMap<string, Exercise>;

const stuckAfter = ({ lab }: Exercise) =>
  Math.max(STUCK_LEAST_MS, (STUCK_TIMES * lab.minutes * 60_000) / lab.tasks.length);

function nowAt({ rooms, standings, startedAt, joinedAt }: MemberFacts): MatrixRow['now'] {
  const latest = rooms.toSorted((a, b) => b.activeAt - a.activeAt)[0];
  const standing = standings.find(({ lab }) => lab === latest?.lab);
  const task = standing?.tasks.find(({ state }) => state !== 'passed');
  if (!standing || !task) return null;
  const since = [startedAt.get(standing.lab), standing.steppedAt, joinedAt].filter((at) => typeof at === 'string');
  return { lab: standing.lab, task: task.id, since: since.sort().at(-1) ?? new Date(latest!.activeAt).toISOString() };
}

function stuckAt(facts: MemberFacts, now: MatrixRow['now'], catalogue: Catalogue, clock: number): MatrixRow['stuck'] {
  const exercise = now && catalogue.get(now.lab);
  if (!exercise || facts.status !== 'in') return null;
  const patience = stuckAfter(exercise);
  // Who has gone is away, not stuck.
  if (clock - facts.activeAt > patience) return null;
  if ((facts.standings.find(({ lab }) => lab === now.lab)?.inVain ?? 0) >= STUCK_TRIES) return 'tries';
  return clock - Date.parse(now.since) > patience ? 'time' : null;
}

/** @param clock milliseconds since the epoch */
export function matrixRow(facts: MemberFacts, catalogue: Catalogue, clock: number): MatrixRow {
  const now = nowAt(facts);
  const { id, name, email, status, handAt, online, activeAt } = facts;
  return {
    id,
    name,
    email,
    status,
    online,
    handAt,
    activeAt: activeAt === 0 ? null : new Date(Math.floor(activeAt / 10_000) * 10_000).toISOString(),
    now,
    stuck: stuckAt(facts, now, catalogue, clock),
    labs: facts.standings.map(({ lab, score, tasks, attempts }) => ({
      lab,
      score,
      attempts,
      tasks: tasks.map(({ state }) => state),
    })),
    rooms: facts.rooms.map(({ lab, expiresAt, terminals }) => ({ lab, expiresAt, terminals })),
  };
}

/** By task: how many fail it now, and what the kernel showed at them. Only tasks that somebody fails, most first. */
export function troublesOf(members: readonly MemberFacts[]): Trouble[] {
  const troubles = new Map<string, Trouble & { failing: number; passed: number }>();
  for (const { standings, name } of members) {
    for (const { lab, tasks, failing } of standings) {
      for (const { id, state } of tasks) {
        const key = `${lab} ${id}`;
        const trouble = troubles.get(key) ?? { lab, task: id, passed: 0, failing: 0, evidence: [] };
        troubles.set(key, trouble);
        if (state === 'passed') trouble.passed++;
        else if (state !== 'open') trouble.failing++;
        for (const { check, title, evidence } of failing.filter(({ task }) => task === id)) {
          const { expected, actual } = evidence;
          const same = trouble.evidence.find((one) => one.check === check && one.actual === actual);
          if (same) same.learners.push(name);
          else trouble.evidence.push({ check, title, expected, actual, learners: [name] });
        }
      }
    }
  }
  return [...troubles.values()]
    .filter(({ failing }) => failing > 0)
    .sort((a, b) => b.failing - a.failing)
    .map((trouble) => ({
      ...trouble,
      evidence: trouble.evidence.sort((a, b) => b.learners.length - a.learners.length).slice(0, MOST_EVIDENCE),
    }));
}
