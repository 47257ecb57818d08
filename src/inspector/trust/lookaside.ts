/** containers-registries.d(5): where the signatures of an image lie. */
import { parse } from 'yaml';
import { z } from 'zod';

/** The text of one file of registries.d. */
export type RegistriesFile = string;

/** What a client of an ordinary user reads where registries.d says nothing. */
const DEFAULT_BASE = 'file:///home/learner/.local/share/containers/sigstore';

const namespaceSchema = z.object({
  lookaside: z.string().nullish(),
  /** The old name of the same. */
  sigstore: z.string().nullish(),
  'use-sigstore-attachments': z.boolean().nullish(),
});
type Namespace = z.infer<typeof namespaceSchema>;
const fileSchema = z
  .object({ 'default-docker': namespaceSchema.nullish(), docker: z.record(z.string(), namespaceSchema).nullish() })
  .nullable();

export interface Reference {
  /** 'localhost:5000' */
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
}

export interface Lookaside {
  readonly base: string;
  readonly attachments: boolean;
}

/** undefined where the files are not valid: a name set twice, no YAML, a wrong type. */
export function lookasideFor(files: readonly RegistriesFile[] | undefined, image: Reference): Lookaside | undefined {
  const namespaces = files && merged(files);
  if (!namespaces) return undefined;
  const narrowestFirst = [...scopes(image), ''].flatMap((scope) => namespaces.get(scope) ?? []);
  const base = narrowestFirst.map(({ lookaside, sigstore }) => lookaside || sigstore).find(Boolean);
  const attachments = narrowestFirst.map((one) => one['use-sigstore-attachments']).find((one) => one != null);
  return { base: base?.replace(/\/+$/, '') ?? DEFAULT_BASE, attachments: attachments ?? false };
}

/** The tagged image, its repository, and each folder above up to the registry. */
function scopes({ registry, repository, tag }: Reference): string[] {
  const parts = [registry, ...repository.split('/')];
  return [`${parts.join('/')}:${tag}`, ...parts.map((_, index) => parts.slice(0, parts.length - index).join('/'))];
}

/** The default has the empty name. */
function merged(files: readonly RegistriesFile[]): Map<string, Namespace> | undefined {
  const all = new Map<string, Namespace>();
  for (const text of files) {
    const file = parsed(text);
    if (!file.success) return undefined;
    const entries = Object.entries(file.data?.docker ?? {});
    const preset = file.data?.['default-docker'];
    if (preset) entries.push(['', preset]);
    for (const [name, namespace] of entries) {
      if (all.has(name)) return undefined;
      all.set(name, namespace);
    }
  }
  return all;
}

function parsed(text: string) {
  try {
    return fileSchema.safeParse(parse(text, { maxAliasCount: 10 }));
  } catch {
    return { success: false as const };
  }
}
