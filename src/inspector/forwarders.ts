/**
 * What carries a published port from the sandbox into a container. It holds the connection and a socket of its own, and
 * pasta even puts itself into namespaces of its own, so that it looks like a container; yet it serves nothing.
 */
import type { Process, ProcessTable } from './snapshot.ts';

const programs: ReadonlySet<string> = new Set(['pasta', 'pasta.avx2', 'rootlessport', 'slirp4netns']);

/**
 * By the file it runs, not by its name: the program must lie on the sandbox's own root, which nobody inside can write.
 * Where that root is not known there is no forwarder.
 */
export function forwards(table: ProcessTable, { exe, exeFile }: Process): boolean {
  const init = table.processes.find(({ pid }) => pid === table.init.pid);
  return programs.has(exe?.split('/').at(-1) ?? '') && exeFile !== null && exeFile.device === init?.exeFile?.device;
}
