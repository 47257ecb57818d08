/** Whether this kernel runs SELinux, and whether it enforces. */
import { existsSync, readFileSync } from 'node:fs';

const ENFORCE = '/sys/fs/selinux/enforce';

export function selinuxMode(): 'enforcing' | 'permissive' | undefined {
  if (!existsSync(ENFORCE)) return undefined;
  return readFileSync(ENFORCE, 'utf8').trim() === '0' ? 'permissive' : 'enforcing';
}
