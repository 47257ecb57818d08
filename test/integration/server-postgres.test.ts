/** The real server on a real PostgreSQL, that goes away and comes back. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { instancePaths } from '../../src/setup/paths.ts';
import { hasPostgres, PASSWORD, startPostgres, type TestPostgres } from '../helpers/postgres.ts';
import { Client, SERVE, serverProcess, startTestServer, type TestServer, until } from '../helpers/server.ts';

describe.runIf(hasPostgres)('on PostgreSQL', () => {
  let database: TestPostgres;
  let server: TestServer;
  let ann: Client;
  const lab = '/api/labs/read-only';
  const launch: typeof serverProcess = (settings) => serverProcess(settings, { TORIDE_SANDBOX_LIMIT: '1' });

  beforeAll(async () => {
    database = await startPostgres();
    server = await startTestServer('postgres', { databaseUrl: await database.create(), sandboxLimit: 1 }, launch);
    ann = await Client.learner(server.url);
  });
  afterAll(async () => {
    try {
      await server.dispose();
    } finally {
      await database.dispose();
    }
  });
  const attempts = async () => {
    const { json } = await ann.ask('GET', `${lab}/attempts`);
    return (json.attempts as { id: string }[]).map(({ id }) => id);
  };

  test.each(['end', 'crash'] as const)('an attempt is there when the server is back: %s', async (how) => {
    const terminal = await ann.terminal().ready();
    await terminal.run('echo 砦');
    await terminal.leave();
    const { status, json } = await ann.ask('POST', `${lab}/check`);
    expect([status, json.status]).toEqual([200, 'failed']);
    const before = await attempts();
    await server.restart(how);
    expect(await attempts()).toEqual(before);
    expect(before.length).toBeGreaterThan(0);
    // The room is found again too.
    expect((await ann.ask('GET', lab)).json.sandbox.state).toBe('ready');
  });

  test('while the database is away it says so, loses nothing, leaks no place, and goes on by itself', async () => {
    const before = await attempts();
    const terminal = await ann.terminal().ready();
    await terminal.run('echo before');
    await database.kill();
    for (const [method, path] of [
      ['GET', '/api/progress'],
      ['GET', lab],
      ['POST', `${lab}/check`],
      ['POST', `${lab}/tasks/serve/hints/1`],
      ['DELETE', `${lab}/sandbox`],
    ] as const) {
      const { status, json, text } = await ann.ask(method, `${path}?language=ja`);
      expect([path, status, json.error.code]).toEqual([path, 503, 'store-away']);
      expect(json.error.message).toContain('データベース');
      expect(text).not.toContain('PGSQL');
    }
    expect((await fetch(`${server.url}/en/`)).status).toBe(503);
    expect(await ann.terminal({ terminal: '2' }).upgraded).toBe(503);
    expect((await fetch(`${server.url}/api/health`)).status).toBe(200);
    // Who is at work stays at work.
    expect(await terminal.run('echo $((40 + 2))')).toContain('42');
    await database.start();
    await until(
      () => ann.ask('GET', '/api/progress'),
      ({ status }) => status === 200,
    );
    expect(await attempts()).toEqual(before);
    expect((await ann.ask('POST', `${lab}/check`)).status).toBe(200);
    expect(await attempts()).toHaveLength(before.length + 1);
    await terminal.leave();
  });

  const log = () => {
    const { folder } = instancePaths(server.settings.state, server.settings.instance);
    return readFileSync(join(folder, 'toride.log'), 'utf8');
  };

  test('what is done meanwhile is graded by itself once it is back; a recording that ends meanwhile is kept', async () => {
    const ear = new WebSocket(`${server.url.replace('http', 'ws')}/ws/lab?lab=read-only&language=en`, {
      headers: { origin: server.url, cookie: ann.cookie },
    });
    await once(ear, 'open');
    const terminal = await ann.terminal().ready();
    const other = await ann.terminal({ terminal: '2' }).ready();
    const recording = await ann.ask('POST', `${lab}/terminals/2/recording`);
    expect(recording.status).toBe(200);
    await other.run('echo seen');
    const before = await attempts();
    await database.kill();
    other.type('exit\r');
    await other.closed;
    await terminal.run(
      'echo "$TORIDE_TOKEN" > lab/site/index.html; podman run -d --name web -p "$TORIDE_PORT:80" -v ~/lab/site:/usr/share/nginx/html:ro localhost/nginx',
      40_000,
    );
    await until(log, (text) => text.includes('a room could not be watched') && text.includes('was not noted'));
    await database.start();
    const after = await until(attempts, (ids) => ids.length > before.length, 30_000);
    const [latest] = (await ann.ask('GET', `${lab}/attempts`)).json.attempts;
    expect([latest.trigger, after.slice(1)]).toEqual(['automatic', before]);
    ear.close();
    await terminal.leave();
    await server.restart('end');
    const [kept] = (await ann.ask('GET', '/api/recordings')).json.recordings;
    expect(kept).toMatchObject({ id: recording.json.id, endedAt: expect.any(String) });
    expect((await ann.ask('GET', `/api/recordings/${kept.id}`)).text).toContain('seen');
  });

  test('a room that ends while the database is away gives its place back, and is not open after a restart', async () => {
    const terminal = await ann.terminal().ready();
    await database.kill();
    await server.withSandboxes((sandboxes) => Promise.all(sandboxes.map((sandbox) => sandbox.stop())));
    await terminal.closed;
    await database.start();
    // There is one place in all: were it lost, nobody would get it.
    await until(
      () => ann.ask('POST', `${lab}/reset`),
      ({ status }) => status === 200,
    );
    expect((await ann.ask('DELETE', `${lab}/sandbox`)).status).toBe(200);
    await server.restart('end');
    expect((await ann.ask('GET', lab)).json.sandbox.state).toBe('absent');
  });

  test('a database that is not to be had ends the start in one sentence, without the password', () => {
    for (const [url, said] of [
      [database.url('t0', 'hunter2'), /^toride: DATABASE_URL: the database at .*password authentication failed/],
      ['postgres://toride:hunter2@127.0.0.1:1/db', /^toride: DATABASE_URL: the database at 127.0.0.1:1.db .*REFUSED/],
      ['mysql://toride:hunter2@127.0.0.1/db', /^toride: DATABASE_URL: expected postgres:/],
    ] as const) {
      const { status, stdout, stderr } = spawnSync(process.execPath, SERVE, {
        env: {
          ...process.env,
          TORIDE_PLACE: 'keep',
          TORIDE_INSTANCE: `${server.settings.instance}-x`,
          DATABASE_URL: url,
        },
        encoding: 'utf8',
        timeout: 30_000,
      });
      expect([status, stdout, stderr.trim().split('\n').length]).toEqual([2, '', 1]);
      expect(stderr).toMatch(said);
      expect(stderr).not.toContain('hunter2');
    }
    rmSync(instancePaths(server.settings.state, `${server.settings.instance}-x`).folder, {
      recursive: true,
      force: true,
    });
  });

  test('the password is in no log and in nobody’s environment below the server', async () => {
    expect(log()).toContain('no database for a request');
    for (const secret of [PASSWORD, encodeURIComponent(PASSWORD)]) expect(log()).not.toContain(secret);
    const terminal = await ann.terminal().ready();
    expect(await terminal.run('env; cat /proc/*/environ 2>/dev/null | tr "\\0" "\\n"')).not.toContain('DATABASE_URL');
    await terminal.leave();
  });
});
