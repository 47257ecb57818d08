import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Projects run one after the other (`toride test`): the later ones need the whole machine. */
const project = (name: string, testTimeout: number) => ({
  extends: true as const,
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout,
    hookTimeout: testTimeout,
    ...(name !== 'unit' && { fileParallelism: false, maxWorkers: 1 }),
  },
});

export default defineConfig({
  cacheDir: join(tmpdir(), 'toride-vitest'),
  test: {
    projects: [
      project('unit', 10_000),
      project('integration', 60_000),
      project('e2e', 120_000),
      project('screenshots', 120_000),
    ],
    passWithNoTests: false,
    fsModuleCache: false,
  },
});
