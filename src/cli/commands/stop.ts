/** `toride stop`: ends every sandbox of every instance, then the keep. Learners' records stay. */
import { spawnSync } from 'node:child_process';
import { endKeep } from '../../setup/keep.ts';
import { podmanEnvironment } from '../../setup/podman.ts';
import { stateFolder } from '../../setup/settings.ts';
import { UserError } from '../../setup/user-error.ts';

export async function stop(): Promise<number> {
  const state = stateFolder();
  const { status, stderr } = spawnSync('podman', ['rm', '--all', '--force', '--volumes', '--time=0'], {
    env: podmanEnvironment(state),
    cwd: '/',
    encoding: 'utf8',
  });
  if (status !== 0) throw new UserError('stop', `sandboxes could not be removed: ${stderr.trim()}`);
  await endKeep(state);
  console.log('No sandbox runs any more.');
  return 0;
}
