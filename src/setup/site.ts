/** Builds the pages with Astro, once for each content of what they are made from. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout, nodeBinary } from './paths.ts';
import { run, step } from './step.ts';

const inputs = ['astro.config.mjs', 'package-lock.json', 'src/content.config.ts', 'src/pages', 'src/layouts', 'src/components', 'src/islands', 'src/styles', 'src/i18n', 'src/protocol', 'labs'];

function inputHash(): string {
  const hash = createHash('sha256');
  const files = inputs.flatMap((name) => {
    const path = join(checkout, name);
    if (!existsSync(path)) return [];
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  });
  for (const path of files.sort()) hash.update(path.slice(checkout.length)).update(readFileSync(path));
  return hash.digest('hex');
}

export async function ensureSite(): Promise<void> {
  const stamp = join(checkout, 'dist', '.hash');
  const hash = inputHash();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  await step('pages', async () => {
    const astro = join(checkout, 'node_modules', 'astro', 'bin', 'astro.mjs');
    await run(nodeBinary, [astro, 'build'], { cwd: checkout, log: join(checkout, 'node_modules', '.toride-site.log'), env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1' } });
    writeFileSync(stamp, hash);
  });
}
