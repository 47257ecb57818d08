/** One script as a submission: an archive with it as run.sh. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packFolder } from '../exercise/archive.ts';

export async function packScript(path: string): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'toride-script-'));
  try {
    copyFileSync(path, join(folder, 'run.sh'));
    return await packFolder(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
