/** `toride stop`: ends the sandboxes, all or those of the instance named by TORIDE_INSTANCE. Learners' records stay. */
import { spawnSync } from 'node:child_process';
import { LABEL } from '../../sandbox/podman/create.ts';
import { endKeep } from '../../setup/keep.ts';
import { podmanEnvironment } from '../../setup/podman.ts';
import { stateFolder } from '../../setup/settings.ts';
import { UserError } from '../../setup/user-error.ts';

export async function stop(): Promise<number> {
  const state = stateFolder();
  const podman = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync('podman', args, {
      env: podmanEnvironment(state),
      cwd: '/',
      encoding: 'utf8',
    });
    if (status !== 0) throw new UserError('stop', `sandboxes could not be removed: ${stderr.trim()}`);
    return stdout.split('\n').filter(Boolean);
  };
  const instance = process.env.TORIDE_INSTANCE;
  const chosen = instance === undefined ? [] : [`--filter=label=${LABEL.instance}=${instance}`];
  const ids = podman('ps', '--all', '--quiet', '--no-trunc', ...chosen);
  if (ids.length > 0) podman('rm', '--force', '--volumes', '--time=0', ...ids);
  const left = podman('ps', '--all', '--quiet').length;
  // The keep holds the namespaces of all: it goes when nobody lives in it.
  if (left === 0) await endKeep(state);
  console.log(`${ids.length} sandboxes removed${left > 0 ? `; ${left} of other instances go on` : ''}.`);
  return 0;
}
