/**
 * SandboxOptions in the words of Podman's own API, on the same socket as the Docker-compatible one: that one passes over
 * limits of processes and files (5.4.2).
 */
import { LEARNER, type SandboxOptions } from '../options.ts';

export const LABEL = {
  instance: 'toride.instance',
  expires: 'toride.expires',
  limits: 'toride.limits',
  purpose: 'toride.purpose',
} as const;

/** The part of Podman's SpecGenerator that a sandbox uses. */
export function createRequest(options: SandboxOptions, name: string, instance: string, expiresAt: Date): object {
  const { processes, openFiles, core } = options.limits;
  return {
    name,
    image: options.image,
    hostname: 'toride',
    labels: {
      [LABEL.instance]: instance,
      [LABEL.expires]: expiresAt.toISOString(),
      [LABEL.purpose]: options.purpose,
      [LABEL.limits]: JSON.stringify({ processes, openFiles }),
    },
    env: {
      HOME: LEARNER.home,
      USER: 'learner',
      XDG_RUNTIME_DIR: LEARNER.runtime,
      TORIDE_PROCESSES: String(processes),
      TORIDE_LIFETIME: String(Math.ceil(options.lifetimeMs / 1000)),
    },
    userns: { nsmode: 'auto' },
    idmappings: { AutoUserNs: true, AutoUserNsOpts: { Size: options.ids } },
    netns: { nsmode: options.network },
    cap_drop: ['ALL'],
    cap_add: [...options.capabilities],
    seccomp_profile_path: options.seccompProfile,
    // A nested proc mount needs an unmasked /proc; what it shows is still only this user namespace's to change.
    unmask: ['ALL'],
    read_only_filesystem: options.readOnlyRoot,
    read_write_tmpfs: false,
    // Else the files of a memory file system have one label for all, and none can be set.
    ...(options.labels && { annotations: { 'run.oci.mount_context_type': 'rootcontext' } }),
    mounts: [
      ...Object.entries(options.writable).map(([path, size]) => ({
        type: 'tmpfs',
        source: 'tmpfs',
        destination: path,
        options: tmpfsOptions(path, size),
      })),
      ...(options.labels ? selinuxMounts : []),
    ],
    devices: options.devices.map((path) => ({ path })),
    // curl tries localhost's IPv6 address first, and published ports of IPv4-only containers answer there with nothing.
    sysctl: { 'net.ipv6.conf.all.disable_ipv6': '1' },
    // Not the number of processes: crun would set it on itself first, where it counts all that the server's user runs.
    r_limits: [
      { type: 'nofile', soft: Math.min(1024, openFiles), hard: openFiles },
      { type: 'core', soft: core, hard: core },
    ],
    oom_score_adj: options.oomScoreAdjust,
    ...(options.cgroup && {
      resource_limits: {
        memory: { limit: options.cgroup.memory },
        cpu: { quota: Math.round(options.cgroup.cpus * 100_000), period: 100_000 },
        pids: { limit: processes },
      },
    }),
  };
}

/**
 * The kernel's questions and answers on labels (what would change the policy is the host root's alone to write), and the
 * host's list of contexts, from which Podman takes the label of a container.
 */
const selinuxMounts = [
  { type: 'bind', source: '/sys/fs/selinux', destination: '/sys/fs/selinux', options: ['rbind', 'rw'] },
  { type: 'bind', source: '/etc/selinux', destination: '/etc/selinux', options: ['rbind', 'ro'] },
];

function tmpfsOptions(path: string, size: number): string[] {
  const shared = path === LEARNER.home || path === LEARNER.runtime ? ['mode=0700', 'U'] : ['mode=1777'];
  // rshared on one mount makes Podman share the sandbox's root, which a nested rootless Podman asks for. It stays below
  // the sandbox: the kernel makes copies into a lesser user namespace slaves.
  return [`size=${size}`, 'nosuid', 'nodev', ...shared, ...(path === '/tmp' ? ['rshared'] : [])];
}
