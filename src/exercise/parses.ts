/** Whether bash can read a script to its end. Nothing of it is run. */
import { spawnSync } from 'node:child_process';

/** @returns what bash complains of, with the line, or undefined. The text goes in by standard input: no file is named. */
export function syntaxError(script: string | Buffer): string | undefined {
  // An empty environment: BASH_ENV would name a file that is read first.
  const { status, stderr, error } = spawnSync('bash', ['--norc', '--noprofile', '-n'], {
    input: script,
    env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' },
    encoding: 'utf8',
    timeout: 10_000,
  });
  if (error) throw error;
  if (status === 0 && stderr === '') return undefined;
  return stderr.split('\n')[0]?.replace(/^bash: /, '') || `bash -n ended with ${status}`;
}
