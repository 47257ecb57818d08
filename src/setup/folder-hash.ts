/** What a set of files and folders holds, as one number: names and contents, in a fixed order. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Paths relative to `root`; those that do not exist count as empty. @returns 64 hexadecimal digits */
export function hashFiles(root: string, names: readonly string[], salt = ''): string {
  const hash = createHash('sha256').update(salt);
  const files = names.flatMap((name) => {
    const path = join(root, name);
    if (!existsSync(path)) return [];
    if (!statSync(path).isDirectory()) return [path];
    const entries = readdirSync(path, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  });
  for (const path of files.sort()) hash.update(`\0${relative(root, path)}\0`).update(readFileSync(path));
  return hash.digest('hex');
}
