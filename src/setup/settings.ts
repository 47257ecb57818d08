/** What an operator may set: one YAML file, overridden by the environment. docs/settings.md lists the same. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { urlTrouble } from '../store/database-url.ts';
import { UserError } from './user-error.ts';

const MiB = 1024 * 1024;
const count = (least: number, most: number) => z.coerce.number().int().min(least).max(most);

const isWithin = (name: string, domain: string) => `.${name.toLowerCase()}`.endsWith(`.${domain}`);

/** Sizes in MiB, times in minutes. */
const settingsSchema = z
  .strictObject({
    address: z.string().default('127.0.0.1'),
    port: count(0, 65535).default(4321),
    /** Names by which browsers may reach the server besides localhost, for the origin check: 'toride.example.org'. */
    hostnames: z.array(z.string()).default([]),
    /** 'preview.example.org', where every name below it leads to this server: previews for visitors by other names than localhost. */
    previewDomain: z
      .string()
      .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'expected a domain in lower case')
      .optional(),
    /** Warm sandboxes kept ready at rest, and at most when demand rises. */
    pool: count(0, 64).default(1),
    poolLimit: count(0, 64).default(4),
    /** Sandboxes at the same time, the pool included. */
    sandboxLimit: count(1, 250).default(40),
    /** A sandbox ends after this long, unless its learner extends it, by so much each time, … */
    lifetimeMinutes: count(1, 1440).default(180),
    extensionMinutes: count(1, 1440).default(60),
    /** … up to this long altogether, … */
    longestMinutes: count(1, 2880).default(480),
    /** … or after this long without a terminal. */
    idleMinutes: count(1, 1440).default(45),
    memoryMiB: count(128, 65536).default(1024),
    storageMiB: count(64, 65536).default(768),
    processes: count(64, 32768).default(512),
    cpus: z.coerce.number().min(0.1).max(64).default(1),
    /** When a learner may read a lab's reference solution. */
    solutions: z.enum(['after-passing', 'always']).default('after-passing'),
    /** PostgreSQL instead of SQLite in the instance's folder. Never shown: there is a password in it. */
    databaseUrl: z
      .string()
      .superRefine((text, context) => {
        const trouble = text === '' ? undefined : urlTrouble(text);
        if (trouble) context.addIssue({ code: 'custom', message: trouble });
      })
      .transform((text) => text || undefined)
      .optional(),
    /** Instructors may come from an OpenID provider: its issuer, as it names itself; … */
    oidcIssuer: z
      .url({ protocol: /^https?$/ })
      .refine((url) => /^https:|^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(`${url}/`), 'expected https')
      .optional(),
    oidcClientId: z.string().min(1).optional(),
    oidcClientSecret: z.string().min(1).optional(),
    /** … whose verified e-mail address is in one of these domains, … */
    oidcDomains: z.array(z.string().toLowerCase()).default([]),
    /** … or who has this claim: 'groups=toride-instructors'. */
    oidcClaim: z
      .string()
      .regex(/^[^=]+=.+$/, 'expected name=value')
      .optional(),
    logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  })
  // What a preview sets as a cookie for the common domain would be sent to the site.
  .refine(({ hostnames, previewDomain: domain }) => !hostnames.some((name) => domain && isWithin(name, domain)), {
    path: ['previewDomain'],
    message: 'expected a domain that the site itself is not in',
  })
  .refine((set) => !set.oidcIssuer || (set.oidcClientId && set.oidcClientSecret), {
    path: ['oidcIssuer'],
    message: 'expected oidcClientId and oidcClientSecret beside it',
  })
  // Else everyone whom the provider knows would be an instructor.
  .refine((set) => !set.oidcIssuer || set.oidcDomains.length > 0 || set.oidcClaim, {
    path: ['oidcIssuer'],
    message: 'expected oidcDomains or oidcClaim beside it, to say who is an instructor',
  });
export type Settings = z.infer<typeof settingsSchema> & { readonly state: string; readonly instance: string };

/** TORIDE_POOL_LIMIT for poolLimit, TORIDE_STORAGE_MIB for storageMiB; DATABASE_URL as everyone calls it. */
const environmentName = (key: string) =>
  key === 'databaseUrl' ? 'DATABASE_URL' : `TORIDE_${key.replace(/(?<=[a-z])(?=[A-Z][a-z])/g, '_').toUpperCase()}`;
/** With commas between, in the environment. */
const LISTS = ['hostnames', 'oidcDomains'];

/** Where state lives: never in the checkout. */
export function stateFolder(env = process.env): string {
  return env.TORIDE_STATE ?? join(env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'toride');
}

/** @throws UserError naming the file or variable, what was expected and what was found. */
export function loadSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const state = stateFolder(env);
  const file = env.TORIDE_SETTINGS ?? join(state, 'toride.yaml');
  const fromFile: unknown = existsSync(file) ? parse(readFileSync(file, 'utf8')) : {};
  if (fromFile !== null && typeof fromFile !== 'object') throw new UserError('settings', `${file}: expected a mapping`);
  const merged: Record<string, unknown> = { ...fromFile };
  for (const key of Object.keys(settingsSchema.shape)) {
    const value = env[environmentName(key)];
    if (value !== undefined) merged[key] = LISTS.includes(key) ? value.split(',').filter(Boolean) : value;
  }
  const parsed = settingsSchema.safeParse(merged);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const key = String(issue?.path[0] ?? '');
    const where = env[environmentName(key)] === undefined ? `${file}: ${key}` : environmentName(key);
    // Neither is to be read in a terminal's history.
    const found = ['databaseUrl', 'oidcClientSecret'].includes(key) ? '' : `; found ${JSON.stringify(merged[key])}`;
    throw new UserError('settings', `${where}: ${issue?.message}${found}`);
  }
  const instance = env.TORIDE_INSTANCE ?? 'default';
  if (!/^[a-z0-9-]{1,32}$/.test(instance)) {
    throw new UserError(
      'settings',
      `TORIDE_INSTANCE: expected lower-case letters, digits and dashes; found ${instance}`,
    );
  }
  return { ...parsed.data, state, instance };
}

export const bytes = (mebibytes: number): number => mebibytes * MiB;
