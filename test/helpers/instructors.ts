/** The owner and instructors of a test server, as clients with their cookies. */
import { expect } from 'vitest';
import { Client, type TestServer } from './server.ts';

const PASSWORD = 'four words in a row';

export const post = (client: Client, path: string, body: unknown = {}) =>
  client.ask('POST', path, {}, JSON.stringify(body));

async function redeem(server: TestServer, body: Record<string, unknown>): Promise<Client> {
  const { status, headers } = await post(new Client(server.url), '/api/instructor/links/redeem', {
    ...body,
    password: PASSWORD,
  });
  expect(status).toBe(200);
  return new Client(server.url, headers.get('set-cookie')!.split(';')[0]!);
}

export async function makeOwner(server: TestServer, name = 'Olga'): Promise<Client> {
  const token = await server.withStore((store) => store.makeOwnerLink(true));
  return redeem(server, { token, name, login: `${name.toLowerCase()}@example.org` });
}

export async function makeInstructor(server: TestServer, owner: Client, name: string): Promise<Client> {
  const { json } = await post(owner, '/api/instructor/invitations', { note: name });
  return redeem(server, { token: json.token, name, login: `${name.toLowerCase()}@example.org` });
}

export const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();
