/** Set-up is a list of steps, each idempotent: what is there already costs nothing and says nothing. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { UserError } from './user-error.ts';

const tty = process.stderr.isTTY === true;

/** Runs `work` under a line with its name and the seconds it takes. */
export async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const seconds = () => `${((performance.now() - began) / 1000).toFixed(1)} s`;
  const draw = () => process.stderr.write(`\r▸ ${name} … ${seconds()} `);
  if (!tty) process.stderr.write(`▸ ${name} …\n`);
  const timer = tty ? setInterval(draw, 200) : undefined;
  try {
    const value = await work();
    process.stderr.write(tty ? `\r✓ ${name}  ${seconds()}      \n` : `✓ ${name}  ${seconds()}\n`);
    return value;
  } catch (error) {
    process.stderr.write(`${tty ? '\r' : ''}✗ ${name}  ${seconds()}      \n`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** All output goes here; on failure the last lines are quoted. */
  log: string;
}

/** Runs a set-up command to its end. @throws UserError with the end of its output. */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<void> {
  const log = openSync(options.log, 'a', 0o600);
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', log, log],
  });
  const status = await new Promise<number | string>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? signal ?? 'nothing'));
  }).finally(() => closeSync(log));
  if (status === 0) return;
  const tail = readFileSync(options.log, 'utf8').trimEnd().split('\n').slice(-12).join('\n  ');
  throw new UserError(
    'setup',
    `'${command} ${args.slice(0, 6).join(' ')}' ended with ${status}. The end of ${options.log}:\n  ${tail}`,
  );
}
