/** The kernel's capabilities by name, and the many ways to write one. */

/** By bit, as in linux/capability.h. */
export const capabilities = [
  'CHOWN',
  'DAC_OVERRIDE',
  'DAC_READ_SEARCH',
  'FOWNER',
  'FSETID',
  'KILL',
  'SETGID',
  'SETUID',
  'SETPCAP',
  'LINUX_IMMUTABLE',
  'NET_BIND_SERVICE',
  'NET_BROADCAST',
  'NET_ADMIN',
  'NET_RAW',
  'IPC_LOCK',
  'IPC_OWNER',
  'SYS_MODULE',
  'SYS_RAWIO',
  'SYS_CHROOT',
  'SYS_PTRACE',
  'SYS_PACCT',
  'SYS_ADMIN',
  'SYS_BOOT',
  'SYS_NICE',
  'SYS_RESOURCE',
  'SYS_TIME',
  'SYS_TTY_CONFIG',
  'MKNOD',
  'LEASE',
  'AUDIT_WRITE',
  'AUDIT_CONTROL',
  'SETFCAP',
  'MAC_OVERRIDE',
  'MAC_ADMIN',
  'SYSLOG',
  'WAKE_ALARM',
  'BLOCK_SUSPEND',
  'AUDIT_READ',
  'PERFMON',
  'BPF',
  'CHECKPOINT_RESTORE',
] as const;
export type Capability = (typeof capabilities)[number];

/**
 * What Podman 5 gives a container without any option (containers.conf of Debian 13): what is beyond it was added. Podman's
 * own CapAdd and CapDrop are differences to this list too, not the options that were typed.
 */
export const defaultCapabilities: ReadonlySet<string> = new Set<Capability>([
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

/** 'cap_chown', 'Chown' and 'CAP_CHOWN' are CHOWN, as for Podman; undefined for what is no capability. ALL stays ALL. */
export function capabilityName(text: string): string | undefined {
  const name = text.toUpperCase().replace(/^CAP_/, '');
  return name === 'ALL' || (capabilities as readonly string[]).includes(name) ? name : undefined;
}

/** The names in a set as /proc/PID/status prints it; a bit newer than the list is named by its number. */
export function capabilityNames(set: string): string[] {
  const bits = BigInt(`0x${set}`);
  return Array.from({ length: 64 }, (_, bit) => bit)
    .filter((bit) => (bits >> BigInt(bit)) & 1n)
    .map((bit) => capabilities[bit] ?? `CAP_${bit}`);
}
