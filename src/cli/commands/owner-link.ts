/** `toride owner-link`: who may run this has the server's own database in hand; so it is also the way back in. */
import { existsSync } from 'node:fs';
import { instancePaths } from '../../setup/paths.ts';
import { loadSettings } from '../../setup/settings.ts';
import { UserError } from '../../setup/user-error.ts';
import { openSqlite } from '../../store/sqlite.ts';
import { openStore } from '../../store/store.ts';
import { ownerLinkText } from '../owner-link-text.ts';

export async function ownerLink(): Promise<number> {
  const settings = loadSettings();
  const { database } = instancePaths(settings.state, settings.instance);
  if (!existsSync(database))
    throw new UserError('owner-link', `${database}: there is none yet; start the server once ('npm start')`);
  const store = await openStore(openSqlite(database));
  try {
    const token = await store.makeOwnerLink(false);
    console.log(ownerLinkText(settings, token!));
  } finally {
    await store.close();
  }
  return 0;
}
