/** What a fresh sandbox gets before its learner enters: the lab's starter files and the learner's own values. */
import { existsSync } from 'node:fs';
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

/** Unpacks into a folder of the learner's home. Only before the learner has been inside: it runs the sandbox's own tar. */
async function unpack(sandbox: Sandbox, archive: Buffer, folder: string): Promise<void> {
  const target = join(LEARNER.home, folder);
  const script = 'mkdir -p "$1" && tar --extract --file=- --no-same-owner --directory "$1"';
  const { exitCode, stderr } = await sandbox.run({
    command: ['/bin/sh', '-c', script, 'sh', target],
    input: archive,
    timeoutMs: LIMIT_MS,
  });
  if (exitCode !== 0) throw new SandboxFault(`files could not be unpacked to ${target}: ${stderr.slice(0, 500)}`);
}

async function write(sandbox: Sandbox, path: string, text: string): Promise<void> {
  const { exitCode, stderr } = await sandbox.run({
    command: ['/bin/sh', '-c', 'cat > "$1"', 'sh', join(LEARNER.home, path)],
    input: Buffer.from(text),
    timeoutMs: LIMIT_MS,
  });
  if (exitCode !== 0) throw new SandboxFault(`${path} could not be written: ${stderr.slice(0, 500)}`);
}

export interface Seed {
  readonly root: string;
  readonly lab: string;
  readonly parameters: Parameters;
  /** A tar archive that becomes submission/. */
  readonly submission?: Buffer;
}

export async function seed(sandbox: Sandbox, { root, lab, parameters, submission }: Seed): Promise<void> {
  const files = join(root, 'labs', lab, 'files');
  const archive = existsSync(files) ? await packFolder(files) : undefined;
  const values = `${JSON.stringify({ lab, parameters }, null, 2)}\n`;
  const folders = [
    ...(archive ? [{ archive, folder: 'lab' }] : []),
    ...(submission ? [{ archive: submission, folder: 'submission' }] : []),
  ];
  for (const { archive, folder } of folders) {
    await unpack(sandbox, archive, folder);
    await write(sandbox, `${folder}/.toride.json`, values);
  }
}
