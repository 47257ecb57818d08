/**
 * Reports as files. The one who grades is another user in other namespaces, and takes this process over; so the grading is a
 * child of the caller's, and the caller writes what it said.
 */
import { spawn } from 'node:child_process';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { render } from '../../grading/report/render.ts';
import { exitCodeOf, labsOf, type Report, reportSchema } from '../../grading/report/report.ts';
import { checkout, nodeBinary } from '../../setup/paths.ts';
import { UserError } from '../../setup/user-error.ts';
import type { GradeArguments } from './arguments.ts';

/** Every check of every lab with all its evidence is far below. */
const REPORT_LIMIT = 64 * 1024 * 1024;

/** The same command without what is the caller's: it prints JSON. */
export function withoutOutputs(args: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const word = args[index]!;
    if (word === '--format' || word === '--output') index++;
    else if (!/^--(format|output)=/.test(word)) kept.push(word);
  }
  return kept;
}

/** @returns what it printed and its exit code */
function gradeInChild(args: readonly string[]): Promise<{ code: number; said: string }> {
  const child = spawn(
    nodeBinary,
    ['--disable-warning=ExperimentalWarning', join(checkout, 'src/cli/main.ts'), 'grade', ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const chunks: Buffer[] = [];
  let size = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > REPORT_LIMIT) child.kill();
    else chunks.push(chunk);
  });
  // It takes its sandboxes down before it ends; so this one waits for it.
  const passOn = (signal: NodeJS.Signals) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, passOn);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 2, said: Buffer.concat(chunks).toString('utf8') }));
  });
}

/** Whole or not at all: a CI system must not read half a report. */
function write(file: string, text: string): void {
  const part = `${file}.part`;
  try {
    writeFileSync(part, text);
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw new UserError('output', `${file}: the report could not be written: ${(error as Error).message}`);
  }
}

/** @returns the exit code of the grading. What is there of an earlier one goes first: it must not be taken for this one. */
export async function gradeToFiles(args: readonly string[], { outputs }: GradeArguments): Promise<number> {
  for (const { file } of outputs) rmSync(file!, { force: true });
  const { code, said } = await gradeInChild(withoutOutputs(args));
  // It has said on standard error why there is nothing.
  if (said === '') return code;
  const report: Report = reportSchema.parse(JSON.parse(said));
  for (const { format, file } of outputs) write(file!, render(format, report));
  for (const { lab, status, score, maxScore } of labsOf(report))
    console.error(`${lab.padEnd(18)} ${status.padEnd(12)} ${score} / ${maxScore}`);
  return exitCodeOf(report);
}
