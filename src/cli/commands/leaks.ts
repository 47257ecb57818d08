/** What a test run left behind: sandboxes, helper processes, mounts. */

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { statePaths } from '../../setup/paths.ts';
import { podmanEnvironment } from '../../setup/podman.ts';
import { stateFolder } from '../../setup/settings.ts';

/** @param instance with those named after it, as 'test-lab'. @returns one line for each thing that should be gone; processes that belong to other instances do not count. */
export async function leaks(instance: string): Promise<string[]> {
  const state = stateFolder();
  const podman = (...args: string[]) =>
    spawnSync('podman', args, { encoding: 'utf8', env: podmanEnvironment(state), cwd: '/' })
      .stdout.split('\n')
      .filter(Boolean);
  const ours = new RegExp(`/instances/${instance}(-[a-z0-9-]+)?/`);
  const found = podman(
    'ps',
    '--all',
    '--filter',
    `name=^toride-${instance}-`,
    '--format',
    'container {{.Names}} ({{.Status}})',
  );
  const everyone = podman('ps', '--all', '--format', '{{.ID}}').length;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    let words: string[];
    try {
      words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    } catch {
      continue; // ended while the list was read
    }
    if (words.some((word) => ours.test(word))) found.push(`process ${pid}: ${words.join(' ').slice(0, 100)}`);
    if (
      everyone === 0 &&
      /fuse-overlayfs|conmon/.test(words[0] ?? '') &&
      words.some((word) => word.includes(statePaths(state).storage))
    )
      found.push(`process ${pid}: ${words[0]}`);
  }
  return found;
}
