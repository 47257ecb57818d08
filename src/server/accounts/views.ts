import type { Context } from 'hono';
import type { z } from 'zod';
import { type AccountView, accountSchema } from '../../protocol/accounts.ts';
import type { Account } from '../../store/account-rows.ts';

export const accountView = ({ id, role, name, login, passwordHash }: Account): AccountView =>
  accountSchema.parse({ id, role, name, login, hasPassword: passwordHash !== null });

/** What was sent, if it is what was expected. */
export async function sent<T>(c: Context, schema: z.ZodType<T>): Promise<T | undefined> {
  return schema.safeParse(await c.req.json().catch(() => undefined)).data;
}
