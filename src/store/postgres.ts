/** PostgreSQL by `pg`: a pool that outlives the database's absence. */
import { Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely';
import pg from 'pg';
import type { Logger } from 'pino';
import { redact, shownPlace } from './database-url.ts';
import { StoreUnavailable, StoreUnusable } from './errors.ts';
import type { Database } from './schema.ts';

const CONNECTIONS = 10;
/** For a connection, new or from the pool. */
const CONNECT_MS = 5_000;
const STATEMENT_MS = 20_000;
/** A line that died in silence: the server would have ended the statement long before. */
const ANSWER_MS = STATEMENT_MS + 5_000;
/** The oldest that its makers still mended when this was written; tested with 18. */
const LEAST_VERSION = 14;

/** Whole numbers of eight bytes, as they come from count() and sum(); none here is beyond what a double holds. */
const INT8 = pg.types.builtins.INT8;
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text') =>
    oid === INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/** 08 connection, 53 resources (disk full, too many connections), 57 operator (shutdown, timeout), 25006 a standby. */
const AWAY = /^(08...|53...|57...|25006)$/;
const isAway = (error: unknown): boolean =>
  // Whatever the server did not say is the driver's word on the line to it.
  !(error instanceof pg.DatabaseError) || AWAY.test(error.code ?? '');

export interface PostgresOptions {
  readonly url: string;
  readonly log: Logger;
  /** Milliseconds; 0: as long as it takes, for migrations. */
  readonly statementMs?: number;
}

function openPool({ url, log, statementMs = STATEMENT_MS }: PostgresOptions): pg.Pool {
  const strict = new URL(url);
  // All that verify anything verify all of it, as pg does, but without its warning.
  if (/^(require|verify-ca)$/.test(strict.searchParams.get('sslmode') ?? ''))
    strict.searchParams.set('sslmode', 'verify-full');
  const pool = new pg.Pool({
    connectionString: strict.href,
    application_name: 'toride',
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: statementMs && ANSWER_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    types,
    // Not as start-up parameters, which a pooler in between may refuse. A commit that is acknowledged is on disk.
    onConnect: async (client) => {
      await client.query(
        `select set_config('statement_timeout', $1, false),
          case current_setting('synchronous_commit') when 'off' then set_config('synchronous_commit', 'on', false) end`,
        [String(statementMs)],
      );
    },
  });
  const note = (error: Error) => log.warn({ reason: redact(error.message, url) }, 'a connection to the database broke');
  pool.on('error', note);
  // Also of one that is in use: the query, if there is one, fails by itself, and an error nobody hears would end us.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** The pool as Kysely wants it, with errors of ours where the database is away; a connection that failed so is not kept. */
function guarded(pool: pg.Pool, url: string) {
  const away = (error: unknown) =>
    new StoreUnavailable(`the database at ${shownPlace(url)}: ${redact((error as Error).message, url)}`);
  const connect = async (): Promise<PostgresPoolClient> => {
    let client: pg.PoolClient;
    try {
      client = await pool.connect();
    } catch (error) {
      throw away(error);
    }
    let broken = false;
    const query = async (sql: string, parameters: readonly unknown[]) => {
      try {
        return await client.query(sql, [...parameters]);
      } catch (error) {
        if (!isAway(error)) throw error;
        broken ||= !(error instanceof pg.DatabaseError);
        throw away(error);
      }
    };
    // Kysely's other way to call it is for cursors, which it only takes from who gave it one.
    const whole = query as unknown as PostgresPoolClient['query'];
    return { query: whole, release: (destroy) => client.release(destroy || broken) };
  };
  return { connect, end: () => pool.end(), options: pool.options };
}

export const openPostgres = (options: PostgresOptions): Kysely<Database> =>
  new Kysely<Database>({ dialect: new PostgresDialect({ pool: guarded(openPool(options), options.url) }) });

/** @throws StoreUnusable when it cannot be reached, lets us not in, or is too old */
export async function examinePostgres(options: PostgresOptions): Promise<void> {
  const place = `DATABASE_URL: the database at ${shownPlace(options.url)}`;
  let pool: pg.Pool | undefined;
  try {
    pool = openPool(options);
    const { rows } = await pool.query<{ version: string; name: string }>(
      `select current_setting('server_version_num') as version, current_setting('server_version') as name`,
    );
    const [found] = rows;
    if (Number(found?.version) < LEAST_VERSION * 10_000)
      throw new StoreUnusable(`${place}: expected PostgreSQL ${LEAST_VERSION} or newer; found ${found?.name}`);
  } catch (error) {
    if (error instanceof StoreUnusable) throw error;
    const { message, code } = error as NodeJS.ErrnoException;
    // Several addresses of one name fail as one error without words.
    throw new StoreUnusable(`${place} could not be opened: ${redact(message || (code ?? String(error)), options.url)}`);
  } finally {
    await pool?.end();
  }
}
