/** Tokens for one's own programs. Made and ended by a person who is signed in, never by a token. */
import { z } from 'zod';
import { madeTokenSchema, newTokenSchema, tokenIdSchema, tokensSchema } from '../../protocol/api-tokens.ts';
import { type AppParts, refuse, sent } from '../http.ts';
import type { Routes } from './access.ts';
import { addressOf } from './address.ts';

const DAY_MS = 24 * 3600_000;

export function tokenRoutes({ store }: AppParts): Routes {
  return {
    'GET /tokens': async (c) =>
      c.json(tokensSchema.parse({ tokens: await store.apiTokens(c.get('signedIn').account.id) })),

    'POST /tokens': async (c) => {
      const body = await sent(c, newTokenSchema);
      if (!body) return refuse(c, 'bad-token-wish');
      const { account } = c.get('signedIn');
      const { name, scopes, days } = body;
      const expiresAt = new Date(Date.now() + days * DAY_MS).toISOString();
      const detail = { address: addressOf(c), name, scopes: scopes.join(' '), until: expiresAt };
      const entry = { by: account.id, action: 'token-made', object: account.id, detail };
      const token = await store.makeApiToken(account.id, { name, scopes, expiresAt }, entry);
      return c.json(madeTokenSchema.parse({ token, expiresAt }));
    },

    'DELETE /tokens/:id': async (c) => {
      const id = z.uuid().safeParse(c.req.param('id')).data;
      const { account } = c.get('signedIn');
      const entry = { by: account.id, action: 'token-revoked', object: account.id, detail: { address: addressOf(c) } };
      const done = id && (await store.revokeApiToken(account.id, id, entry));
      return done ? c.json(tokenIdSchema.parse({ id })) : refuse(c, 'no-such-token');
    },
  };
}
