/** The shape of a check: a pure function of a snapshot, and the words around it. No I/O here or in any grader. */
import type { z } from 'zod';
import type { ObservationPlan } from '../inspector/plan.ts';
import type { Facts, SectionName } from '../inspector/snapshot.ts';

export type Language = 'en' | 'ja';
export type Localized = Readonly<Record<Language, string>>;

/** Where it was read, what should stand there, what stands there. */
export interface Evidence {
  readonly source: string;
  readonly expected: string;
  readonly actual: string;
}

export type Verdict = {
  readonly status: 'passed' | 'failed';
  readonly evidence: readonly [Evidence, ...Evidence[]];
};

export type Outcome = Verdict | { readonly status: 'error' | 'notApplicable'; readonly reason: string };
export type Result = { readonly id: string } & Outcome;

export interface Check<K extends SectionName = SectionName> {
  /** 'rootfs.read-only': unique in its lab, never reused for another meaning. */
  readonly id: string;
  readonly title: Localized;
  /** Why it matters, in a sentence or two. */
  readonly rationale: Localized;
  /** What to try when it fails. */
  readonly remediation: Localized;
  /** How bad it is in production. Says nothing about points. */
  readonly severity: 'low' | 'medium' | 'high' | 'critical';
  /** Points; the weights of a lab sum to 100. */
  readonly weight: number;
  readonly needs: readonly K[];
  /** Checks that must pass first: where one did not, this one fails and says so. */
  readonly dependsOn?: readonly string[];
  readonly references?: readonly string[];
  /** Only where it is false: a script inside the learner's sandbox judges, and whoever is at home there can make it say anything. */
  readonly tamperProof?: false;
  /** A reason when the check does not apply on this host. */
  applies?(facts: Facts<never>): string | undefined;
  evaluate(facts: Facts<K>): Verdict;
}

/** A learner's script, run in fresh sandboxes that are made for it and thrown away. */
export interface TrialPlan {
  /** Where the script lies, an absolute path in the learner's sandbox and in those of the trial. */
  readonly script: string;
  /** In this order. */
  readonly runs: Readonly<Record<string, TrialRun>>;
}
export interface TrialRun {
  /** Bash that lays what the script will find, by the sandbox's own tools, as the learner. No file of it is left there. */
  readonly prepare: string;
  /** Kept beside what the script said, for the checks. JSON. */
  readonly expected: z.core.util.JSONType;
}

/** Scripts of imported material by check id: run inside the learner's sandbox, as the learner. Never proof of anything. */
export type ScriptPlan = Readonly<Record<string, { readonly text: string; readonly limitMs: number }>>;

export interface Grader {
  readonly lab: string;
  /** What to observe for these parameters. */
  observe(parameters: Readonly<Record<string, string>>): ObservationPlan;
  /** @param seed drawn anew for each attempt */
  trials?(parameters: Readonly<Record<string, string>>, seed: string): TrialPlan;
  readonly scripts?: ScriptPlan;
  readonly checks: readonly Check[];
}

/** Keeps the section names of a check typed while a grader holds many kinds of them. */
export function check<const K extends SectionName>(definition: Check<K>): Check {
  return definition as unknown as Check;
}

/** Thrown by a check whose facts are there but cannot be relied on: the result is `error`, never a fail. */
export class CannotVerify extends Error {}
