/** What a fresh sandbox gets before its learner enters: the lab's preparation and starter files, the learner's own values. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, SandboxFault } from '../sandbox/engine.ts';
import { LEARNER } from '../sandbox/options.ts';
import { packFolder } from './archive.ts';

const LIMIT_MS = 20_000;
export type Parameters = Readonly<Record<string, string>>;

/** TORIDE_PORT for port, TORIDE_APP_UID for appUid; and which lab it is. */
export function learnerEnvironment(lab: string, parameters: Parameters): Record<string, string> {
  const name = (key: string) => `TORIDE_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
  return {
    TORIDE_LAB: lab,
    ...Object.fromEntries(Object.entries(parameters).map(([key, value]) => [name(key), value])),
  };
}

/**
 * Unpacks into a folder of the learner's home and lays the values beside. Only before the learner has been inside: it runs
 * the sandbox's own tar. One entry into the sandbox, since somebody waits.
 */
async function unpack(sandbox: Sandbox, archive: Buffer, folder: string, values: string): Promise<void> {
  const target = join(LEARNER.home, folder);
  const script =
    'mkdir -p "$1" && tar --extract --file=- --no-same-owner --directory "$1" && printf %s "$2" > "$1/.toride.json"';
  const { exitCode, stderr } = await sandbox.run({
    command: ['/bin/sh', '-c', script, 'sh', target, values],
    input: archive,
    timeoutMs: LIMIT_MS,
  });
  if (exitCode !== 0) throw new SandboxFault(`files could not be unpacked to ${target}: ${stderr.slice(0, 500)}`);
}

/** Starter files do not change under a running server. */
const starters = new Map<string, Promise<Buffer | undefined>>();

function starterFiles(root: string, lab: string): Promise<Buffer | undefined> {
  const folder = join(root, 'labs', lab, 'files');
  const there = starters.get(folder);
  if (there) return there;
  const packing = existsSync(folder) ? packFolder(folder) : Promise.resolve(undefined);
  starters.set(folder, packing);
  packing.catch(() => starters.delete(folder));
  return packing;
}

/**
 * Runs labs/<id>/prepare.sh, if there is one, as the sandbox's root that may mount: this project's own text, before the
 * learner has been inside.
 */
async function prepare(sandbox: Sandbox, root: string, lab: string, parameters: Parameters): Promise<void> {
  const script = join(root, 'labs', lab, 'prepare.sh');
  if (!existsSync(script)) return;
  const { exitCode, stderr } = await sandbox.run({
    command: ['/bin/bash', '-s'],
    input: readFileSync(script),
    environment: learnerEnvironment(lab, parameters),
    as: 'root',
    capability: 'SYS_ADMIN',
    timeoutMs: LIMIT_MS,
  });
  if (exitCode !== 0) throw new SandboxFault(`${script} ended with ${exitCode}: ${stderr.slice(0, 500)}`);
}

/**
 * Runs labs/<id>/setup.sh, if there is one, as the learner, when the starter files are there: text of imported material too,
 * so it may do what the learner may and nothing else.
 */
async function setUp(sandbox: Sandbox, root: string, lab: string, parameters: Parameters): Promise<void> {
  const script = join(root, 'labs', lab, 'setup.sh');
  if (!existsSync(script)) return;
  const { exitCode, stderr, timedOut } = await sandbox.run({
    command: ['/bin/bash', '-s'],
    input: readFileSync(script),
    environment: learnerEnvironment(lab, parameters),
    timeoutMs: LIMIT_MS,
  });
  const end = timedOut ? `did not end within ${LIMIT_MS / 1000} s` : `ended with ${exitCode}`;
  if (exitCode !== 0 || timedOut) throw new SandboxFault(`${script} ${end}: ${stderr.slice(0, 500)}`);
}

export interface Seed {
  readonly root: string;
  readonly lab: string;
  readonly parameters: Parameters;
  /** A tar archive that becomes submission/. */
  readonly submission?: Buffer;
}

export async function seed(sandbox: Sandbox, { root, lab, parameters, submission }: Seed): Promise<void> {
  await prepare(sandbox, root, lab, parameters);
  const archive = await starterFiles(root, lab);
  const values = `${JSON.stringify({ lab, parameters }, null, 2)}\n`;
  if (archive) await unpack(sandbox, archive, 'lab', values);
  await setUp(sandbox, root, lab, parameters);
  if (submission) await unpack(sandbox, submission, 'submission', values);
}
