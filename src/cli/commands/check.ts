/** `npm run check`: types, lint, layers, dead code, labs. Says what failed by the tools' own words. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { checkout, nodeBinary } from '../../setup/paths.ts';

const bin = (path: string) => join(checkout, 'node_modules', path);
const tools: [name: string, args: string[]][] = [
  ['types', [bin('astro/bin/astro.mjs'), 'check', '--noSync']],
  ['lint', [bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings']],
  [
    'layers',
    [
      bin('dependency-cruiser/bin/dependency-cruiser.mjs'),
      '--config',
      '.dependency-cruiser.mjs',
      'src',
      'graders',
      'test',
    ],
  ],
  ['dead code', [bin('knip/bin/knip.js')]],
  ['labs', [join(checkout, 'src/cli/main.ts'), 'labs', 'lint', '--fast']],
];

export async function check(): Promise<number> {
  let failed = 0;
  for (const [name, args] of tools) {
    const { status, stdout, stderr } = spawnSync(nodeBinary, args, {
      cwd: checkout,
      encoding: 'utf8',
      env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1' },
    });
    console.log(`${status === 0 ? '✓' : '✗'} ${name}`);
    if (status !== 0) console.log(stdout + stderr);
    failed += status === 0 ? 0 : 1;
  }
  return failed === 0 ? 0 : 1;
}
