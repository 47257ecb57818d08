/** Where this server is, for the platform that talks to it. */
import type { Context } from 'hono';
import { isSecure } from '../session.ts';

/** By a name that was checked: it is one that the operator lets the server answer to. */
export const ownOrigin = (c: Context): string =>
  `${isSecure(c.req.header('x-forwarded-proto')) ? 'https' : 'http'}://${c.req.header('host')}`;

/** What a platform is told of this tool. */
export const toolAddresses = (origin: string) => ({
  login: `${origin}/lti/login`,
  launch: `${origin}/lti/launch`,
  keys: `${origin}/lti/jwks.json`,
  register: `${origin}/lti/register`,
});

/** The address of a link that leads to a lab. */
export const labLink = (origin: string, lab: string): string => `${toolAddresses(origin).launch}?lab=${lab}`;

/** A form's or a query's fields that came once. */
export async function fieldsOf(c: Context): Promise<Readonly<Record<string, string>>> {
  if (c.req.method !== 'POST') return c.req.query();
  const form = await c.req.parseBody();
  return Object.fromEntries(
    Object.entries(form).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}
