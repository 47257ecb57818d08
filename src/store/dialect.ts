/** The few places in which databases name the same thing differently. */
import { type ColumnDataType, type Kysely, PostgresAdapter } from 'kysely';

const isPostgres = (db: Kysely<unknown>): boolean => db.getExecutor().adapter instanceof PostgresAdapter;

/** Of a primary key that counts upwards by itself; with `autoIncrement` on SQLite only. */
export const counting = (db: Kysely<unknown>): { type: ColumnDataType; increment: boolean } =>
  isPostgres(db) ? { type: 'bigserial', increment: false } : { type: 'integer', increment: true };

export const bytes = (db: Kysely<unknown>): ColumnDataType => (isPostgres(db) ? 'bytea' : 'blob');
