/** `npm run bench`: this process becomes the measuring program, which is no part of the server: test/bench. */
import { join } from 'node:path';
import { checkout, nodeBinary } from '../../setup/paths.ts';

/** @param args names of measurements; none for all. The figures go to standard output as JSON, progress to standard error. */
export async function bench(args: string[]): Promise<number> {
  const main = join(checkout, 'test', 'bench', 'main.ts');
  const env = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== undefined));
  process.execve!(
    nodeBinary,
    [nodeBinary, '--disable-warning=ExperimentalWarning', main, ...args],
    env as NodeJS.ProcessEnv,
  );
  throw new Error('execve returned');
}
