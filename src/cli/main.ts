/**
 * Runs under Node 24 and brings the process to where it belongs: the host is set up, privileges are dropped, the keep
 * is entered; then the command itself runs, in src/cli/commands.
 *
 *   checkout's owner (maybe root)  →  ordinary user  →  root of that user's own namespaces (the keep)
 */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { FileError } from '../grading/file-error.ts';
import { ensureHost, SERVICE_HOME, SERVICE_USER } from '../setup/host.ts';
import { ensureImages, ensureRootfs } from '../setup/images.ts';
import { besideKeep, endKeep, findKeep, insideKeep, makeKeep } from '../setup/keep.ts';
import { sessionEnvironment } from '../setup/limits.ts';
import { locked } from '../setup/lock.ts';
import { mirrorCheckout } from '../setup/mirror.ts';
import { checkout, nodeBinary } from '../setup/paths.ts';
import { configurePodman, podmanEnvironment } from '../setup/podman.ts';
import { ensureProbe } from '../setup/probe.ts';
import { loadSettings, stateFolder } from '../setup/settings.ts';
import { ensureSite } from '../setup/site.ts';
import { UserError } from '../setup/user-error.ts';
import { commands } from './commands.ts';

const argv = process.argv.slice(2);
const place = process.env.TORIDE_PLACE ?? 'checkout';

/** Only what Toride reads goes across a change of user or namespace. */
function passedOn(extra: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names = Object.keys(process.env).filter((name) =>
    /^(TORIDE_.*|DATABASE_URL|NODE_EXTRA_CA_CERTS|LANG|LC_ALL|TERM|CI|COLORTERM|NO_COLOR|FORCE_COLOR)$/.test(name),
  );
  return { ...Object.fromEntries(names.map((name) => [name, process.env[name]])), ...extra };
}

/** Becomes another program: same process, so that signals and the exit code need no relay. */
function become(words: readonly string[], env: NodeJS.ProcessEnv): never {
  const found = spawnSync('sh', ['-c', 'command -v "$1"', 'sh', words[0]!], { encoding: 'utf8' }).stdout.trim();
  if (found === '') throw new UserError('setup', `${words[0]} is not installed; run 'npx toride doctor'`);
  const clean = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)) as NodeJS.ProcessEnv;
  process.execve!(found, [...words], clean);
  throw new Error('execve returned');
}

const again = (folder: string): string[] => [
  nodeBinaryIn(folder),
  '--disable-warning=ExperimentalWarning',
  join(folder, 'src/cli/main.ts'),
  ...argv,
];
const nodeBinaryIn = (folder: string): string => nodeBinary.replace(checkout, folder);
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

async function main(): Promise<void> {
  const name = argv[0] ?? 'help';
  const command = commands[name];
  if (!command) throw new UserError('usage', `there is no command '${name}'. 'npx toride help' lists them.`);
  const where = typeof command.where === 'function' ? command.where(argv.slice(1)) : command.where;
  if (where === 'anywhere') {
    process.exitCode = await command.run(argv.slice(1));
    return;
  }

  if (place === 'checkout') {
    await ensureHost(command.purposes ?? ['serve']);
    const outside = await command.outside?.(argv.slice(1));
    if (typeof outside === 'number') {
      process.exitCode = outside;
      return;
    }
    Object.assign(process.env, outside);
    if (command.site !== false) await ensureSite();
    if (process.getuid?.() === 0) {
      const folder = await mirrorCheckout();
      const env = passedOn({
        PATH,
        HOME: SERVICE_HOME,
        USER: SERVICE_USER,
        TORIDE_PLACE: 'user',
        TORIDE_STATE: process.env.TORIDE_STATE ?? join(SERVICE_HOME, 'state'),
      });
      process.chdir(folder);
      become(
        [
          'setpriv',
          `--reuid=${SERVICE_USER}`,
          `--regid=${SERVICE_USER}`,
          '--init-groups',
          '--inh-caps=-all',
          ...again(folder),
        ],
        env,
      );
    }
  }
  const settings = place === 'keep' ? undefined : loadSettings();
  const state = stateFolder();
  if (settings) {
    const { keep, started } = await locked(state, async () => {
      await ensureProbe(state);
      await ensureRootfs(state);
      const running = findKeep(state);
      return { keep: running ?? (await makeKeep(state)), started: running === undefined };
    });
    const env = passedOn({
      PATH,
      HOME: process.env.HOME,
      TORIDE_PLACE: 'keep',
      TORIDE_STATE: state,
      ...(started && { TORIDE_KEEP_STARTED: '1' }),
      TORIDE_OUTER_UID: String(process.getuid!()),
      TORIDE_OUTER_GID: String(process.getgid!()),
    });
    become([...besideKeep(keep), ...insideKeep(keep, checkout), ...again(checkout)], {
      ...env,
      ...sessionEnvironment(),
    });
  }
  await locked(state, async () => {
    configurePodman(state);
    await ensureImages(state);
  });
  process.exitCode = await command.run(argv.slice(1));
  if (process.env.TORIDE_KEEP_STARTED && !command.staysUp) await endIdleKeep(state);
}

/** A command that had to make the keep takes it down again, unless sandboxes of others have come to live in it. */
async function endIdleKeep(state: string): Promise<void> {
  const { stdout } = spawnSync('podman', ['ps', '--quiet'], {
    env: podmanEnvironment(state),
    cwd: '/',
    encoding: 'utf8',
  });
  if (stdout.trim() === '') await endKeep(state);
}

main().catch((error: unknown) => {
  // What people can put right is said in words; the rest with where it came from.
  if (error instanceof UserError || error instanceof FileError) console.error(`toride: ${error.message}`);
  else console.error(error);
  // At once: what failed half-way may hold the process open.
  process.exit(2);
});
