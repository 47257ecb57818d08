/** Builds the pages with Astro, once for each content of what they are made from, and compresses them once for all readers. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
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
    // --force: what Astro keeps of lab.yaml was read by the schema of that day, and it does not notice that the schema changed.
    await run(nodeBinary, [astro, 'build', '--force'], {
      cwd: checkout,
      log: join(checkout, 'node_modules', '.toride-site.log'),
      env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1' },
    });
    compress(join(checkout, 'dist'));
    writeFileSync(stamp, hash);
  });
}

/** Beside each file, for the server to choose from. Fonts and pictures are compressed already. */
function compress(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(html|css|js|svg)$/.test(name)) continue;
    const path = join(folder, name);
    const content = readFileSync(path);
    writeFileSync(`${path}.br`, brotliCompressSync(content));
    writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
  }
}
