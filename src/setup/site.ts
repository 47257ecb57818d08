/** Builds the pages with Astro, once for each content of what they are made from. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashFiles } from './folder-hash.ts';
import { checkout, nodeBinary } from './paths.ts';
import { run, step } from './step.ts';

const inputs = [
  'astro.config.mjs',
  'package-lock.json',
  'src/content.config.ts',
  'src/pages',
  'src/layouts',
  'src/components',
  'src/islands',
  'src/styles',
  'src/i18n',
  'src/protocol',
  'labs',
];

export async function ensureSite(): Promise<void> {
  const stamp = join(checkout, 'dist', '.hash');
  const hash = hashFiles(checkout, inputs);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  await step('pages', async () => {
    const astro = join(checkout, 'node_modules', 'astro', 'bin', 'astro.mjs');
    await run(nodeBinary, [astro, 'build'], {
      cwd: checkout,
      log: join(checkout, 'node_modules', '.toride-site.log'),
      env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1' },
    });
    writeFileSync(stamp, hash);
  });
}
