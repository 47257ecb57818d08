/** PostgreSQL: what every store does, and what only one that is reached over a line can get wrong. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStoreAt } from '../../../src/store/open.ts';
import { openPostgres } from '../../../src/store/postgres.ts';
import { type Store, StoreUnavailable, StoreUnusable } from '../../../src/store/store.ts';
import { hasPostgres, PASSWORD, startPostgres, type TestPostgres } from '../../helpers/postgres.ts';
import { grading, snapshot, storeConformance } from './conformance.ts';
import { assignmentConformance } from './conformance-assignments.ts';
import { ltiConformance } from './lti-conformance.ts';

const log = pino({ level: 'silent' });

describe.runIf(hasPostgres)('PostgreSQL', () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await startPostgres();
  }, 30_000);
  afterAll(() => server.dispose());

  const make = async () => {
    const url = await server.create();
    return { shared: true, connect: () => openPostgres({ url, log }), dispose: () => undefined };
  };
  storeConformance('postgres', make);
  assignmentConformance('postgres', make);
  ltiConformance('postgres', make);

  const open = (url: string) => openStoreAt({ url, file: '/nowhere', log });
  const written = async (store: Store) => {
    const { learner, token } = await store.createLearner('en');
    const sandbox = { id: token, learnerId: learner.id, lab: 'seccomp', parameters: {}, expiresAt: null };
    await store.addSandbox(sandbox, 'podman');
    return { learner, attempt: await store.addAttempt(sandbox, grading('failed', 1), snapshot, 'asked') };
  };

  test('what was acknowledged is there when the database is killed at once, and the same store goes on', async () => {
    const store = await open(await server.create());
    try {
      for (let round = 0; round < 3; round++) {
        const { learner, attempt } = await written(store);
        await server.kill();
        await expect(store.findLearner('x')).rejects.toThrow(StoreUnavailable);
        await expect(store.createLearner('en')).rejects.toThrow(StoreUnavailable);
        await server.start();
        expect(await store.latestAttempt(learner.id, 'seccomp')).toEqual(attempt);
        expect(await store.snapshotOf(attempt.id)).toEqual(snapshot);
      }
    } finally {
      await store.close();
    }
  }, 30_000);

  test('killed amid writing: each is there or was refused, and nothing is half there', async () => {
    const store = await open(await server.create());
    try {
      const writing = Array.from({ length: 40 }, () => written(store));
      const settled = Promise.allSettled(writing);
      await writing[0];
      await server.kill();
      const results = await settled;
      await server.start();
      for (const result of results) {
        if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(StoreUnavailable);
        else expect(await store.snapshotOf(result.value.attempt.id)).toEqual(snapshot);
      }
      expect(results[0]!.status).toBe('fulfilled');
    } finally {
      await store.close();
    }
  }, 30_000);

  test('a restart in good order breaks nothing but what is asked meanwhile', async () => {
    const store = await open(await server.create());
    try {
      const { learner, attempt } = await written(store);
      await server.stop();
      await server.start();
      expect(await store.latestAttempt(learner.id, 'seccomp')).toEqual(attempt);
    } finally {
      await store.close();
    }
  });

  test('one that does not answer is given up in time, and taken up again', async () => {
    const store = await open(await server.create());
    try {
      const { learner } = await written(store);
      const thaw = server.freeze();
      try {
        // More than there are connections: those beyond wait for one, and not for ever.
        const asked = Array.from({ length: 12 }, () => store.recordName(learner.id));
        const first = await Promise.race(asked.map((one) => one.then(String, (error: unknown) => error)));
        expect(first).toBeInstanceOf(StoreUnavailable);
        thaw();
        await Promise.allSettled(asked);
      } finally {
        thaw();
      }
      expect(await store.recordName(learner.id)).toBeNull();
    } finally {
      await store.close();
    }
  }, 30_000);

  test('whoever ends our connections ends no more than those', async () => {
    const url = await server.create();
    const store = await open(url);
    const other = new pg.Client(url);
    await other.connect();
    try {
      const { learner } = await written(store);
      await other.query(
        'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()',
      );
      await sleep(50);
      expect(await store.recordName(learner.id)).toBeNull();
    } finally {
      await other.end();
      await store.close();
    }
  });

  test('it writes to disk before it says so, also where the database was set up not to', async () => {
    const url = await server.create();
    const client = new pg.Client(url);
    await client.connect();
    const { rows } = await client.query<{ name: string }>('select current_database() as name');
    await client.query(`alter database ${rows[0]!.name} set synchronous_commit = off`);
    await client.end();
    const db = openPostgres({ url, log });
    try {
      const { sql } = await import('kysely');
      const shown = await sql<
        Record<string, string>
      >`select current_setting('synchronous_commit') as commit, current_setting('statement_timeout') as timeout`.execute(
        db,
      );
      expect(shown.rows).toEqual([{ commit: 'on', timeout: '20s' }]);
    } finally {
      await db.destroy();
    }
  });

  const refusal = async (url: string): Promise<string> => {
    const error = await open(url).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(StoreUnusable);
    const { message } = error as Error;
    expect(message).toMatch(/^DATABASE_URL: the database at /);
    for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), 'hunter2']) expect(message).not.toContain(secret);
    return message;
  };

  test('what is wrong is said in one sentence without the password', async () => {
    expect(await refusal(server.url('postgres', 'hunter2'))).toMatch(/password authentication failed/);
    expect(await refusal(server.url('nothing-here'))).toMatch(/"nothing-here" does not exist/);
    expect(await refusal('postgres://toride:hunter2@127.0.0.1:1/db')).toMatch(/127\.0\.0\.1:1\/db .*ECONNREFUSED/);
    expect(await refusal('postgres://toride:hunter2@no-such-host.invalid/db')).toMatch(/no-such-host\.invalid/);
    expect(await refusal('postgres://toride:hunter2@127.0.0.1:1/db?sslrootcert=/not/there')).toMatch(/not\/there/);
  });

  test('who may make no tables is told so', async () => {
    const url = await server.create();
    const client = new pg.Client(url);
    await client.connect();
    await client.query(
      `do $$ begin create role guest login password 'hunter2'; exception when duplicate_object then null; end $$`,
    );
    await client.end();
    const guest = new URL(url);
    [guest.username, guest.password] = ['guest', 'hunter2'];
    await expect(open(guest.href)).rejects.toThrow(/^DATABASE_URL: the tables in .* permission denied/);
  });

  test('TLS that was asked for is not done without: a server that has none, or no server at all, gets no password', async () => {
    const heard: Buffer[] = [];
    const plain = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        heard.push(data);
        socket.write('N');
      });
    }).listen(0, '127.0.0.1');
    await once(plain, 'listening');
    const { port } = plain.address() as { port: number };
    try {
      for (const mode of ['require', 'verify-ca', 'verify-full', 'no-verify'])
        expect(await refusal(`postgres://toride:hunter2@127.0.0.1:${port}/db?sslmode=${mode}`)).toMatch(/SSL/);
      // The request for TLS and not a byte more.
      expect(Buffer.concat(heard).length).toBe(4 * 8);
    } finally {
      plain.close();
    }
  });

  test('it is gone without a trace', async () => {
    const other = await startPostgres();
    const folder = new URL(other.url('x')).searchParams.get('host')!;
    expect(existsSync(folder)).toBe(true);
    await other.dispose();
    expect(existsSync(folder)).toBe(false);
  }, 30_000);
});
