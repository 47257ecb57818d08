/** A learner's script that is graded by what it says: over HTTP, several at once, and when the server dies in between. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client, serverProcess, startTestServer, type TestServer } from '../helpers/server.ts';

let server: TestServer;
const lab = 'audit-script';
const check = (client: Client) => client.ask('POST', `/api/labs/${lab}/check`);

beforeAll(async () => {
  server = await startTestServer('trials', {}, serverProcess);
});
afterAll(() => server.dispose());

async function learnerWith(script: string): Promise<Client> {
  const client = await Client.learner(server.url);
  const terminal = await client.terminal({ lab }).ready();
  await terminal.run(`printf '%b' '${script}' > ~/lab/audit.sh`);
  await terminal.leave();
  return client;
}

test('three at once are all graded, and nobody is told what was expected', async () => {
  const clients = await Promise.all([1, 2, 3].map(() => learnerWith('#!/bin/bash\\nexit 0\\n')));
  const answers = await Promise.all(clients.map(check));
  for (const { status, json } of answers) {
    expect(status).toBe(200);
    expect(json).toMatchObject({ status: 'failed', score: 10 });
    expect(JSON.stringify(json)).not.toMatch(
      /"findings":|\b(?:[b-df-hj-np-tv-z][aeiou]){3}-(?:[b-df-hj-np-tv-z][aeiou]){3}\b/,
    );
  }
});

test('a trial that a dead server left is given to nobody', async () => {
  const client = await learnerWith('#!/bin/bash\\nsleep 9\\n');
  const lost = check(client).catch(() => undefined);
  // Long enough for the fleet to be laid.
  await new Promise((resolve) => setTimeout(resolve, 4000));
  await server.restart('crash');
  await lost;
  const others = await Promise.all([1, 2, 3].map(() => Client.learner(server.url)));
  for (const other of others) {
    const terminal = await other.terminal({ lab }).ready();
    expect(await terminal.run('echo "there are $(podman ps --all --quiet | wc -l)"', 20_000)).toContain('there are 0');
    await terminal.leave();
  }
});
