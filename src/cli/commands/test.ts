/** `npm test`: check, unit, integration, suites, e2e, one after the other, and one closing line. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MIRRORS } from '../../setup/mirror.ts';
import { checkout, nodeBinary } from '../../setup/paths.ts';
import { UserError } from '../../setup/user-error.ts';

const PARTS = ['check', 'unit', 'integration', 'suites', 'e2e'] as const;
/** Only when asked for. */
const OTHERS = ['screenshots'] as const;
type Part = (typeof PARTS)[number] | (typeof OTHERS)[number];

/** Of this checkout alone, also where it runs from a mirror of each version: two that are tested on one host do not meet. */
const place = checkout.startsWith(`${MIRRORS}/`) ? dirname(checkout) : checkout;
const INSTANCE = `test${createHash('sha256').update(place).digest('hex').slice(0, 6)}`;

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

function runNode(args: string[], env: NodeJS.ProcessEnv = {}): Promise<number> {
  const child = spawn(nodeBinary, args, {
    cwd: checkout,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** A part that is one command counts as one test. */
const asOne = (code: number): Count => ({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 });

async function vitest(project: string, rest: string[]): Promise<Count> {
  const folder = mkdtempSync(join(tmpdir(), 'toride-test-'));
  const report = join(folder, 'report.json');
  const bin = join(checkout, 'node_modules', 'vitest', 'vitest.mjs');
  const code = await runNode(
    [
      bin,
      'run',
      '--configLoader=native',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...rest,
    ],
    // Tests bring their own database: the operator's is not theirs to write in.
    { TORIDE_INSTANCE: INSTANCE, DATABASE_URL: '' },
  );
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(report, 'utf8'));
    // A file that cannot be loaded fails the run without a failed test.
    return {
      passed: numPassedTests,
      failed: numFailedTests || (code === 0 ? 0 : 1),
      skipped: numPendingTests + numTodoTests,
    };
  } catch {
    return asOne(code || 1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function test(args: string[]): Promise<number> {
  const [first, ...rest] = args;
  if (first === 'host') return (await import('./test-host.ts')).testHost(rest);
  if (first !== undefined && ![...PARTS, ...OTHERS].includes(first as Part))
    throw new UserError(
      'usage',
      `test: expected one of ${[...PARTS, ...OTHERS].join(', ')}, host, or nothing for all; found '${first}'`,
    );
  const parts: readonly Part[] = first === undefined ? PARTS : [first as Part];
  const total: Count = { passed: 0, failed: 0, skipped: 0 };
  for (const part of parts) {
    const main = join(checkout, 'src', 'cli', 'main.ts');
    const count =
      part === 'check'
        ? asOne(await (await import('./check.ts')).check())
        : part === 'suites'
          ? asOne(await runNode([main, 'labs', 'verify', ...rest], { TORIDE_INSTANCE: INSTANCE }))
          : await vitest(part, rest);
    for (const key of Object.keys(total) as (keyof Count)[]) total[key] += count[key];
  }
  if (first === undefined || first !== 'unit') {
    const leaks = await (await import('./leaks.ts')).leaks(INSTANCE);
    for (const leak of leaks) console.error(`left behind: ${leak}`);
    total.failed += leaks.length > 0 ? 1 : 0;
  }
  console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed === 0 ? 0 : 1;
}
