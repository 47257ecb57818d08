/** What a script said against what was there. */
import { z } from 'zod';
import { CannotVerify } from '../../src/grading/check.ts';
import type { Facts, TrialObservation } from '../../src/inspector/snapshot.ts';
import type { Fleet } from './fleet.ts';
import { type Rule, rules, violations } from './rules.ts';

interface Pair {
  readonly container: string;
  readonly rule: string;
}
/** As it is kept in the snapshot: free ones may be told or left out. */
const expectedSchema = z.object({
  /** How many there are. */
  containers: z.number().int(),
  findings: z.array(z.object({ container: z.string(), rule: z.enum(rules) })),
  free: z.array(z.object({ container: z.string(), rule: z.enum(rules) })),
});
type Expected = z.infer<typeof expectedSchema>;

export function expectedOf({ containers }: Fleet): Expected {
  const of = (key: 'broken' | 'free') =>
    containers.flatMap((spec) => violations(spec)[key].map((rule) => ({ container: spec.name, rule })));
  return { containers: containers.length, findings: of('broken'), free: of('free') };
}

/** The runs of the script, in order; undefined when there was no script to run, with the reason. */
export function runsOf({ trials }: Facts<'trials'>): Readonly<Record<string, TrialObservation>> | string {
  if (trials === null) throw new CannotVerify('the script was not tried');
  return trials.refused ?? trials.runs;
}

export const runOf = (facts: Facts<'trials'>, name: string): TrialObservation => {
  const runs = runsOf(facts);
  const run = typeof runs === 'string' ? undefined : runs[name];
  if (!run) throw new CannotVerify(`the script was not tried on the fleet '${name}'`);
  return run;
};

const lineSchema = z.object({ container: z.string(), rule: z.string() });

/** The findings, each once, or the first line that is none. */
export function said({ stdout }: TrialObservation): { pairs: Pair[]; wrongLine?: string } {
  const pairs = new Map<string, Pair>();
  for (const line of stdout.split('\n').filter((text) => text.trim() !== '')) {
    const parsed = lineSchema.safeParse(json(line));
    if (!parsed.success) return { pairs: [...pairs.values()], wrongLine: line.slice(0, 120) };
    const { container, rule } = parsed.data;
    pairs.set(key(parsed.data), { container, rule });
  }
  return { pairs: [...pairs.values()] };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const key = ({ container, rule }: Pair) => JSON.stringify([container, rule]);

export interface Judgement {
  /**
   * By rule: how many there are, and how many of them were told. `guessed`: it was told of most of the containers that
   * keep it as well, and a finding that says so little is none.
   */
  readonly found: ReadonlyMap<Rule, { readonly there: number; readonly told: number; readonly guessed: boolean }>;
  /** Told, and not so: by rule, as the script wrote it. */
  readonly wrong: ReadonlyMap<string, number>;
}

export function judge(run: TrialObservation): Judgement {
  const expected = expectedSchema.parse(run.expected);
  const { pairs } = said(run);
  const told = new Set(pairs.map(key));
  const right = new Set([...expected.findings, ...expected.free].map(key));
  const wrong = new Map<string, number>();
  for (const pair of pairs) if (!right.has(key(pair))) wrong.set(pair.rule, (wrong.get(pair.rule) ?? 0) + 1);
  const found = rules.flatMap((rule) => {
    const there = expected.findings.filter((finding) => finding.rule === rule);
    const keeping = expected.containers - there.length;
    const guessed = (wrong.get(rule) ?? 0) * 2 > keeping;
    return there.length === 0
      ? []
      : [[rule, { there: there.length, told: there.filter((one) => told.has(key(one))).length, guessed }] as const];
  });
  return { found: new Map(found), wrong };
}
