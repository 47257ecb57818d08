/**
 * Runs a grader's scripts inside the learner's sandbox, as the learner, one after the other, each with a time limit. The last
 * thing a grading does: they announce it, and what is observed from outside must be seen before.
 */
import type { ScriptPlan } from '../grading/check.ts';
import type { ScriptRun, Snapshot } from '../inspector/snapshot.ts';
import { type Sandbox, SandboxFault } from '../sandbox/engine.ts';

/** The end of what each said: complaints of its tools first, so that the author's own words are the last. */
const SAID_LIMIT = 2000;

/** By its own first line; a file without one is bash's. The file is the learner's to see and to change, like all else there. */
const RUN = 'f=$(mktemp) && cat > "$f" && chmod 700 "$f" && { "$f" < /dev/null; code=$?; rm -f "$f"; exit $code; }';

export async function runScripts(
  sandbox: Sandbox,
  plan: ScriptPlan,
  environment: Readonly<Record<string, string>>,
): Promise<Snapshot['scripts']> {
  const runs: Record<string, ScriptRun> = {};
  try {
    for (const [id, { text, limitMs }] of Object.entries(plan)) {
      const { exitCode, timedOut, stdout, stderr } = await sandbox.run({
        command: ['/bin/bash', '-c', RUN],
        input: Buffer.from(text),
        environment,
        timeoutMs: limitMs,
      });
      runs[id] = { exitCode, timedOut, said: `${stderr}${stdout}`.slice(-SAID_LIMIT) };
    }
  } catch (error) {
    if (error instanceof SandboxFault) return { ok: false, code: 'not-run', message: error.message };
    throw error;
  }
  return { ok: true, value: runs };
}
