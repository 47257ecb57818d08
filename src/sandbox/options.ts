/**
 * Every security option of a sandbox, in one place, each with its reason; validated before anything is created.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { checkout } from '../setup/paths.ts';
import { selinuxMode } from '../setup/selinux.ts';
import { bytes, type Settings } from '../setup/settings.ts';

const MiB = 1024 * 1024;

/** Ids a sandbox owns: 0 to 99,999 for its own users, 100,000 to 165,535 for those of the learner's containers. */
export const IDS_PER_SANDBOX = 165_536;
export const LEARNER = { uid: 1000, gid: 1000, home: '/home/learner', runtime: '/run/user/1000' } as const;
/**
 * The learner as the administrator of their sandbox, in labs that say so. The kernel lets only CAP_NET_ADMIN change a
 * network namespace's sysctls, uid 0 or not; this namespace has nothing but a loopback device.
 */
export const ADMINISTRATOR = { as: 'root', capability: 'NET_ADMIN', workingDirectory: '/root' } as const;

const optionsSchema = z
  .strictObject({
    /** learner: given to one, and found again after a restart. trial: made for one run of a script, never given to anybody. */
    purpose: z.enum(['learner', 'trial']),
    image: z.string().startsWith('localhost/toride/sandbox:'),
    /** Allow list of system calls, a file; the learner's own filters stack on top. There is no unconfined sandbox. */
    seccompProfile: z.string().refine(existsSync, 'no such file'),
    /**
     * newuidmap and newgidmap in the sandbox need these two in the bounding set to map the learner's sub-ids. No
     * process starts with them, and within the sandbox's own id range they reach nobody else's files.
     */
    capabilities: z.tuple([z.literal('SETUID'), z.literal('SETGID')]),
    /** Own user namespace: as many ids as this, shared with no other sandbox. */
    ids: z.literal(IDS_PER_SANDBOX),
    network: z.literal('none'),
    /** The image cannot be changed from within; what can be written is listed in `writable` and bounded. */
    readOnlyRoot: z.literal(true),
    /** Mount point to size in bytes: memory-backed, gone with the sandbox. */
    writable: z.record(z.string().startsWith('/'), z.number().int().min(MiB)),
    /** pasta gives the learner's containers a network device. */
    devices: z.tuple([z.literal('/dev/net/tun')]),
    /** Processes and threads in the sandbox's user namespaces together; files open in each. */
    limits: z.strictObject({
      processes: z.number().int().min(64),
      openFiles: z.number().int().min(1024),
      core: z.literal(0),
    }),
    /**
     * The learner's Podman sees the host's SELinux and labels containers and volumes by itself. Only where it is
     * permissive: the policy of an enforcing host confines the sandbox, and lets nobody in it change a label.
     */
    labels: z.boolean(),
    /** By cgroup, where the host delegates them. */
    cgroup: z
      .strictObject({
        memory: z
          .number()
          .int()
          .min(64 * MiB),
        cpus: z.number().positive(),
      })
      .nullable(),
    /** The kernel's out-of-memory killer takes sandboxes before anything else. */
    oomScoreAdjust: z.number().int().min(0).max(1000),
    lifetimeMs: z.number().int().min(1000),
  })
  .refine((o) => Object.keys(o.writable).includes(LEARNER.home), 'the learner needs a home');
export type SandboxOptions = z.infer<typeof optionsSchema>;

/** @throws z.ZodError naming the option that is not as it must be */
export function sandboxOptions(settings: Settings, image: string, cgroupLimits: boolean): SandboxOptions {
  return optionsSchema.parse({
    purpose: 'learner',
    image,
    seccompProfile: join(checkout, 'containers', 'profiles', 'sandbox-seccomp.json'),
    capabilities: ['SETUID', 'SETGID'],
    ids: IDS_PER_SANDBOX,
    network: 'none',
    readOnlyRoot: true,
    writable: {
      [LEARNER.home]: bytes(settings.storageMiB),
      '/tmp': bytes(256),
      // Podman builds and loads images here.
      '/var/tmp': bytes(256),
      '/dev/shm': bytes(64),
      [LEARNER.runtime]: bytes(32),
    },
    devices: ['/dev/net/tun'],
    limits: { processes: settings.processes, openFiles: 16_384, core: 0 },
    labels: selinuxMode() === 'permissive',
    cgroup: cgroupLimits ? { memory: bytes(settings.memoryMiB), cpus: settings.cpus } : null,
    oomScoreAdjust: 500,
    // With every extension: the server ends it earlier, this one holds even when there is no server.
    lifetimeMs: Math.max(settings.longestMinutes, settings.lifetimeMinutes) * 60_000,
  });
}

/** The same sandbox for one short trial: it ends by itself soon, whatever becomes of the server. */
export const trialOptions = (options: SandboxOptions, lifetimeMs: number): SandboxOptions =>
  optionsSchema.parse({ ...options, purpose: 'trial', lifetimeMs });
