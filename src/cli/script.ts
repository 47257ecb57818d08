/** Scripts as a submission: an archive with one as run.sh, and perhaps the administrator's beside it. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packFolder } from '../exercise/archive.ts';

export async function packScript(path: string, administrator?: string): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'toride-script-'));
  try {
    copyFileSync(path, join(folder, 'run.sh'));
    if (administrator) copyFileSync(administrator, join(folder, 'administrator.sh'));
    return await packFolder(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
