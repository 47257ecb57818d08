/**
 * The calls that are judged. Only calls that Podman's default profile and the sandbox's own filter allow: a call that is
 * blocked for everybody says nothing about the learner's profile. For the same reason none for which the kernel asks for a
 * capability before it looks at anything else (pivot_root, fsopen, move_mount): there the refusal may be its own.
 */

/** Ways into other namespaces, mounts and roots: what escapes are made of. */
export const escaping = [
  'unshare',
  'setns',
  'mount',
  'umount2',
  'chroot',
  'open_tree',
  'mount_setattr',
  'name_to_handle_at',
  'mknod',
  'mknodat',
] as const;

/** Reading and changing other processes, and starting a program that is in no file. */
export const spying = [
  'ptrace',
  'process_vm_readv',
  'process_vm_writev',
  'pidfd_getfd',
  'memfd_create',
  'execveat',
] as const;

/** Harmless, and nothing a web server does: allowed only where everything that is not named is allowed. */
export const obscure = [
  'mq_open',
  'msgget',
  'semget',
  'shmget',
  'timer_create',
  'inotify_init1',
  'landlock_create_ruleset',
  'pkey_alloc',
  'mincore',
  'getpriority',
  'sched_rr_get_interval',
  'readahead',
  'sync_file_range',
  'tee',
  'splice',
  'signalfd4',
] as const;
