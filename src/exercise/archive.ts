/** Folders as tar archives, made by the host's tar and unpacked by the sandbox's, as the learner. */
import { spawn } from 'node:child_process';
import { UserError } from '../setup/user-error.ts';

/** Larger than any submission should be; the sandbox's home is smaller still. */
const ARCHIVE_LIMIT = 512 * 1024 * 1024;

/** @returns the archive. Links are kept as links and lead nowhere outside the sandbox. @throws UserError when tar fails */
export function packFolder(folder: string): Promise<Buffer> {
  const child = spawn(
    'tar',
    ['--create', '--file=-', '--directory', folder, '--owner=0', '--group=0', '--numeric-owner', '.'],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const chunks: Buffer[] = [];
  let size = 0;
  let complaint = '';
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > ARCHIVE_LIMIT) child.kill();
    else chunks.push(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk).slice(0, 2000);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (size > ARCHIVE_LIMIT)
        reject(new UserError('submission', `${folder}: larger than ${ARCHIVE_LIMIT / 1024 / 1024} MiB`));
      else if (code !== 0) reject(new UserError('submission', `${folder} could not be read: ${complaint.trim()}`));
      else resolve(Buffer.concat(chunks));
    });
  });
}
