/** What only the owner does: invitations, links, disabling, the audit log. */
import { z } from 'zod';
import {
  accountsSchema,
  auditSchema,
  disabledSchema,
  invitationSchema,
  madeLinkSchema,
  newLinkSchema,
} from '../../protocol/accounts.ts';
import { type AppParts, refuse, sent } from '../http.ts';
import type { Routes } from './access.ts';
import { addressOf } from './address.ts';
import { accountView } from './views.ts';

const PAGE = 50;
const idSchema = z.uuid();
const beforeSchema = z
  .string()
  .regex(/^[0-9a-f]{32}$/)
  .optional();

export function ownerRoutes({ store }: AppParts): Routes {
  const made = ({ token, link }: { token: string; link: { expiresAt: string } }) =>
    madeLinkSchema.parse({ token, expiresAt: link.expiresAt });

  return {
    'GET /accounts': async (c) => {
      const [accounts, invitations] = [await store.accounts(), await store.invitations()];
      return c.json(
        accountsSchema.parse({
          accounts: accounts.map((account) => ({
            ...accountView(account),
            disabled: account.disabledAt !== null,
            createdAt: account.createdAt,
          })),
          invitations,
        }),
      );
    },

    'POST /invitations': async (c) => {
      const body = await sent(c, invitationSchema);
      if (!body) return refuse(c, 'bad-person-name');
      const { account } = c.get('signedIn');
      return c.json(made(await store.makeInvitation(account, body.note, { address: addressOf(c) })));
    },

    'DELETE /invitations/:id': async (c) => {
      const id = idSchema.safeParse(c.req.param('id')).data;
      const entry = { by: c.get('signedIn').account.id, action: 'invitation-revoked', object: id };
      const done = id && (await store.revokeInvitation(id, { ...entry, detail: { address: addressOf(c) } }));
      return done ? c.json({ id }) : refuse(c, 'no-such-invitation');
    },

    'PUT /accounts/:id/disabled': async (c) => {
      const id = idSchema.safeParse(c.req.param('id')).data;
      const body = await sent(c, disabledSchema);
      if (!body) return refuse(c, 'bad-request');
      const action = body.disabled ? 'disabled' : 'enabled';
      const entry = { by: c.get('signedIn').account.id, action, object: id, detail: { address: addressOf(c) } };
      const done = id && (await store.setDisabled(id, body.disabled, entry));
      return done ? c.json(body) : refuse(c, 'no-such-account');
    },

    'POST /accounts/:id/links': async (c) => {
      const id = idSchema.safeParse(c.req.param('id')).data;
      const body = await sent(c, newLinkSchema);
      if (!body) return refuse(c, 'bad-request');
      const { account } = c.get('signedIn');
      const link = id && (await store.makeLinkFor(id, body.purpose, account, { address: addressOf(c) }));
      return link ? c.json(made(link)) : refuse(c, 'no-such-account');
    },

    'GET /audit': async (c) => {
      const before = beforeSchema.safeParse(c.req.query('before'));
      if (!before.success) return refuse(c, 'bad-request');
      const entries = await store.auditLog(PAGE + 1, before.data);
      return c.json(auditSchema.parse({ entries: entries.slice(0, PAGE), more: entries.length > PAGE }));
    },
  };
}
