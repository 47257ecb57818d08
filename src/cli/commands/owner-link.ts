/** `toride owner-link`: who may run this has the server's own database in hand; so it is also the way back in. */
import { existsSync } from 'node:fs';
import { pino } from 'pino';
import { instancePaths } from '../../setup/paths.ts';
import { loadSettings } from '../../setup/settings.ts';
import { UserError } from '../../setup/user-error.ts';
import { openStoreAt } from '../../store/open.ts';
import { StoreUnusable } from '../../store/store.ts';
import { ownerLinkText } from '../owner-link-text.ts';

export async function ownerLink(): Promise<number> {
  const settings = loadSettings();
  const { database } = instancePaths(settings.state, settings.instance);
  if (settings.databaseUrl === undefined && !existsSync(database))
    throw new UserError('owner-link', `${database}: there is none yet; start the server once ('npm start')`);
  const log = pino({ level: 'silent' });
  const store = await openStoreAt({ url: settings.databaseUrl, file: database, log }).catch((error) => {
    throw error instanceof StoreUnusable ? new UserError('store', error.message) : error;
  });
  try {
    const token = await store.makeOwnerLink(false);
    console.log(ownerLinkText(settings, token!));
  } finally {
    await store.close();
  }
  return 0;
}
