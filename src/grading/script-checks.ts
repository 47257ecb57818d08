/**
 * graders/<id>/scripts.yaml: checks that are scripts of imported material. They run inside the learner's own sandbox, so
 * whoever is at home there can make them say anything: every one is marked as not tamper-proof, and shown so. Data only, no
 * code of ours comes from an import. A checks.ts beside it adds checks that are observed from outside.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { ScriptRun } from '../inspector/snapshot.ts';
import { labIdSchema } from '../protocol/api.ts';
import { CannotVerify, type Check, check, type ScriptPlan } from './check.ts';
import { FileError, readYaml } from './file-error.ts';
import { verdict } from './observe/verdict.ts';

/** A script is told by one line of what it said. */
const SAID_LIMIT = 300;

const scriptsSchema = z.strictObject({
  lab: labIdSchema,
  /** What it was imported from. */
  from: z.enum(['killercoda']),
  checks: z
    .array(
      z.strictObject({
        id: z.string().regex(/^verify\.[a-z][a-z0-9-]*$/),
        /** In the grader's folder; run by its first line, bash where there is none. */
        script: z.string().regex(/^scripts\/[a-z0-9][a-z0-9-]*\.sh$/),
        title: z.strictObject({ en: z.string().min(1), ja: z.string().min(1) }),
        weight: z.number().int().min(1).max(100),
        /** What has not ended by then has failed. */
        seconds: z.number().int().min(1).max(60),
      }),
    )
    .min(1),
});
export type Scripts = z.infer<typeof scriptsSchema>;

export const scriptsPath = (root: string, lab: string): string => join(root, 'graders', lab, 'scripts.yaml');

export interface ScriptChecks {
  readonly checks: readonly Check[];
  readonly scripts: ScriptPlan;
}

/** @returns undefined for a lab without. @throws FileError */
export async function loadScriptChecks(root: string, lab: string): Promise<ScriptChecks | undefined> {
  const path = scriptsPath(root, lab);
  if (!existsSync(path)) return undefined;
  const { lab: named, checks } = await readYaml(path, scriptsSchema);
  if (named !== lab) throw new FileError(path, [`: lab: expected ${lab}, found ${named}`]);
  const scripts = await Promise.all(
    checks.map(async ({ id, script, seconds }) => {
      const file = join(root, 'graders', lab, script);
      if (!existsSync(file)) throw new FileError(path, [`: check ${id}: expected the file ${script}, found none`]);
      return [id, { text: await readFile(file, 'utf8'), limitMs: seconds * 1000 }] as const;
    }),
  );
  return { checks: checks.map(scriptCheck), scripts: Object.fromEntries(scripts) };
}

function scriptCheck({ id, title, weight, seconds, script }: Scripts['checks'][number]): Check {
  return check({
    id,
    title,
    rationale: {
      en: 'This check is a script that came with imported material. It runs inside your sandbox, where you may change anything: it helps you, and proves nothing to others.',
      ja: 'この項目は、取り込んだ教材に付属するスクリプトです。自由に変更できるサンドボックスの中で動くため、学習の助けにはなりますが、他人に対する証明にはなりません。',
    },
    remediation: {
      en: 'Read the step again. The evidence shows how the script ended and the last line it said.',
      ja: '手順を読み直してください。スクリプトの終了コードと最後の出力が証拠に出ています。',
    },
    severity: 'low',
    weight,
    tamperProof: false,
    needs: ['scripts'],
    evaluate: ({ scripts }) => {
      const run = Object.hasOwn(scripts, id) ? scripts[id] : undefined;
      if (!run) throw new CannotVerify(`${script} was not run`);
      const source = `${script}, run inside the sandbox (not tamper-proof)`;
      return verdict([
        [run.exitCode === 0 && !run.timedOut, { source, expected: 'exit 0', actual: told(run, seconds) }],
      ]);
    },
  });
}

function told({ exitCode, timedOut, said }: ScriptRun, seconds: number): string {
  if (timedOut) return `not finished after ${seconds} s`;
  const last = said.trim().split('\n').at(-1)?.slice(0, SAID_LIMIT) ?? '';
  return last === '' ? `exit ${exitCode}` : `exit ${exitCode}: ${last}`;
}
