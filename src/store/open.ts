/** The store that the settings name. */
import type { Logger } from 'pino';
import { shownPlace } from './database-url.ts';
import { StoreUnavailable, StoreUnusable } from './errors.ts';
import { examinePostgres, openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';
import { migrate, openStore, type Store } from './store.ts';

export interface StorePlace {
  /** PostgreSQL; else SQLite in the file. */
  readonly url: string | undefined;
  readonly file: string;
  readonly log: Logger;
}

/** @throws StoreUnusable with what the operator can do something about */
export async function openStoreAt({ url, file, log }: StorePlace): Promise<Store> {
  if (url === undefined) return openStore(openSqlite(file));
  await examinePostgres({ url, log });
  // Apart: another server's migration is waited for, and ours may take longer than a statement of a learner's request.
  const patient = openPostgres({ url, log, statementMs: 0 });
  try {
    await migrate(patient);
  } catch (error) {
    const refused = error instanceof StoreUnavailable || (error as { code?: unknown }).code === '42501';
    if (!refused) throw error;
    throw new StoreUnusable(
      `DATABASE_URL: the tables in ${shownPlace(url)} could not be made: ${(error as Error).message}`,
    );
  } finally {
    await patient.destroy();
  }
  return openStore(openPostgres({ url, log }));
}
