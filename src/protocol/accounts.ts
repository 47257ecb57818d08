/** HTTP bodies under /api/instructor. */
import { z } from 'zod';
import { nameChangeSchema } from './receipt.ts';

/** Characters of a password. Nothing is asked of what it is made of. */
const PASSWORD_LEAST = 12;
const PASSWORD_MOST = 256;

const personSchema = nameChangeSchema.shape.name.refine((name) => name !== '');
/** An e-mail address, or a name of such letters: none that look like others. */
export const loginSchema = z
  .string()
  .max(300)
  .transform((login) => login.trim().toLowerCase())
  .refine((login) => /^[a-z0-9._+-]{1,64}(@[a-z0-9.-]{1,180})?$/.test(login));
export const newPasswordSchema = z
  .string()
  .max(PASSWORD_MOST * 2)
  .refine((password) => {
    const { length } = [...password];
    return length >= PASSWORD_LEAST && length <= PASSWORD_MOST;
  });
/** What is typed may be anything: whether it is right is for the hash to say. */
const typedSchema = z.string().max(PASSWORD_MOST * 2);
const tokenSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** POST /sign-in */
export const signInSchema = z.strictObject({ login: z.string().max(300), password: typedSchema });
/** POST /links/look */
export const lookSchema = z.strictObject({ token: tokenSchema });
/** POST /links/redeem; which of them are needed the link's purpose says. */
export const redeemSchema = z.strictObject({
  token: tokenSchema,
  name: z.string().optional(),
  login: z.string().optional(),
  password: z.string().optional(),
});
export const personNameSchema = personSchema;
/** PUT /password */
export const passwordChangeSchema = z.strictObject({ current: typedSchema, password: z.string() });
/** POST /invitations: for whom, in the owner's words. */
export const invitationSchema = z.strictObject({ note: personSchema });
/** PUT /accounts/:id/disabled */
export const disabledSchema = z.strictObject({ disabled: z.boolean() });
/** POST /accounts/:id/links */
export const newLinkSchema = z.strictObject({ purpose: z.enum(['sign-in', 'reset']) });

const roleSchema = z.enum(['owner', 'instructor']);

/** GET /account, and the answer to POST /sign-in and /links/redeem. */
export const accountSchema = z.object({
  id: z.string(),
  role: roleSchema,
  name: z.string(),
  login: z.string(),
  hasPassword: z.boolean(),
});
export type AccountView = z.infer<typeof accountSchema>;

/** GET /ways: how one may sign in here, besides by password. */
export const waysSchema = z.object({ oidc: z.boolean() });

export const linkViewSchema = z.object({
  purpose: z.enum(['owner', 'invite', 'sign-in', 'reset']),
  /** Whose account it is for; null where it makes one. */
  login: z.string().nullable(),
});
export type LinkView = z.infer<typeof linkViewSchema>;

/** The answer where a link is made: the only time that its token is shown. */
export const madeLinkSchema = z.object({ token: z.string(), expiresAt: z.string() });
export type MadeLink = z.infer<typeof madeLinkSchema>;

export const accountsSchema = z.object({
  accounts: z.array(accountSchema.extend({ disabled: z.boolean(), createdAt: z.string() })),
  invitations: z.array(z.object({ id: z.string(), note: z.string(), expiresAt: z.string() })),
});
export type Accounts = z.infer<typeof accountsSchema>;

export const auditSchema = z.object({
  entries: z.array(
    z.object({
      id: z.string(),
      at: z.string(),
      byName: z.string().nullable(),
      action: z.string(),
      objectName: z.string().nullable(),
      detail: z.record(z.string(), z.string()),
    }),
  ),
  /** Whether there are older ones. */
  more: z.boolean(),
});
export type Audit = z.infer<typeof auditSchema>;

/** The answer to DELETE /invitations/:id */
export const revokedSchema = z.object({ id: z.string() });
