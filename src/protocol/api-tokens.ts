/** Tokens for programs: what they may, below /api/instructor/tokens. */
import { z } from 'zod';
import { personNameSchema } from './accounts.ts';

export const SCOPES = ['assignments:read', 'assignments:write', 'workshops:read', 'workshops:write'] as const;
export const scopeSchema = z.enum(SCOPES);
export type Scope = z.infer<typeof scopeSchema>;

/** POST /tokens */
export const newTokenSchema = z.strictObject({
  name: personNameSchema,
  scopes: z
    .array(scopeSchema)
    .min(1)
    .max(SCOPES.length)
    .refine((scopes) => new Set(scopes).size === scopes.length),
  /** Until it ends by itself. */
  days: z.int().min(1).max(366),
});
/** The answer: the only time that it is shown. */
export const madeTokenSchema = z.object({ token: z.string(), expiresAt: z.string() });
export const tokensSchema = z.object({
  tokens: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      scopes: z.array(z.string()),
      createdAt: z.string(),
      expiresAt: z.string(),
      usedAt: z.string().nullable(),
    }),
  ),
});
export type Tokens = z.infer<typeof tokensSchema>;
export const tokenIdSchema = z.object({ id: z.string() });
