/** A server with a platform that is registered there, and what a browser between the two does. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { formIn, type Message, openPlatform } from './lti-platform.ts';
import { type Answer, Client, startTestServer } from './server.ts';

/** As a browser says it of a frame on another site's page. */
export const FRAME = { 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'cross-site' };

export const cookies = ({ headers }: Answer) => headers.getSetCookie().map((cookie) => cookie.split(';')[0]!);
/** The session that a launch gave. */
export const sessionOf = (answer: Answer) => cookies(answer).find((cookie) => /^toride-lti=[\w-]{43}$/.test(cookie));
export const troubleOf = ({ text }: Answer) => /data-trouble="([\w-]+)"/.exec(text)?.[1];
/** In words for the person, and without a session. */
export const refused = (answer: Answer, code: string) =>
  expect([troubleOf(answer), sessionOf(answer), answer.status >= 400]).toEqual([code, undefined, true]);
export const newLink = () => `link-${randomUUID()}`;

export const post = (
  client: Client,
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
) =>
  client.ask(
    'POST',
    path,
    { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    String(new URLSearchParams(fields)),
  );

type Serving = Parameters<typeof startTestServer>;

/** @param host of the platform: 'localhost' is another site than the server's for a browser */
export async function openSchool(
  name: string,
  {
    host = '127.0.0.1',
    settings = { pool: 0, poolLimit: 0 },
    launch: serve,
  }: {
    host?: Parameters<typeof openPlatform>[0];
    settings?: Serving[1];
    launch?: Serving[2];
  } = {},
) {
  const platform = await openPlatform(host);
  const server = await startTestServer(name, settings, serve);
  platform.tool = server.url;
  const made = { name: 'Olga', login: 'olga@example.org', passwordHash: 'x', address: '' };
  await server.withStore(async (store) => {
    await store.redeemLink((await store.makeOwnerLink(true))!, made);
    const { id } = (await store.findAccountByLogin(made.login))!;
    await store.addLtiPlatform(platform.registration, id, { by: id, action: 'lti-platform-added' });
  });

  /** @returns the browser with its cookie, and what the platform has it send to the launch */
  async function begin(message: Message, browser = new Client(server.url)) {
    const login = await post(browser, '/lti/login', platform.loginFields(message), { 'sec-fetch-dest': 'document' });
    expect(login.status).toBe(302);
    const there = await fetch(login.headers.get('location')!);
    const { action, fields } = formIn(await there.text());
    expect(action).toBe(`${server.url}/lti/launch`);
    return { login, fields, browser: new Client(server.url, cookies(login)[0]) };
  }
  const arrive = (browser: Client, fields: Record<string, string>) =>
    post(browser, '/lti/launch', fields, { ...FRAME, origin: platform.url });
  async function launch(message: Message): Promise<Answer> {
    const { browser, fields } = await begin(message);
    return arrive(browser, fields);
  }

  return {
    platform,
    server,
    begin,
    arrive,
    launch,
    /** Somebody who came by a launch. */
    launched: async (message: Message) => new Client(server.url, sessionOf(await launch(message))),
    /** @returns the token of a session of the owner's */
    ownerSession: () =>
      server.withStore(async (store) => {
        const account = (await store.findAccountByLogin(made.login))!;
        const { token } = (await store.makeLinkFor(account.id, 'sign-in', account, {}))!;
        return (await store.redeemLink(token, { address: '' }))!;
      }),
    async dispose() {
      await server.dispose();
      await platform.close();
    },
  };
}
export type School = Awaited<ReturnType<typeof openSchool>>;
