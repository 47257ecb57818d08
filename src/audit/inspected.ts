/** What `podman inspect` tells of containers: checked, and in the words of the rules. Pure. */
import { z } from 'zod';
import { capabilities as allCapabilities, capabilityName } from '../policy/capabilities.ts';
import type { View } from '../policy/facts.ts';
import type { HostNamespace } from '../policy/policy.ts';

const words = z.array(z.string()).nullish();
const number = z.number().nullish();

/** The part of it that is read; Podman 5.4 writes many more keys. */
const containerSchema = z.object({
  Id: z.string().regex(/^[0-9a-f]{64}$/),
  Name: z.string(),
  ImageName: z.string().nullish(),
  IsInfra: z.boolean().nullish(),
  IsService: z.boolean().nullish(),
  State: z.object({ Status: z.string(), Pid: z.number().int(), StartedAt: z.string().nullish() }),
  /** null where there is none at all. */
  BoundingCaps: words,
  EffectiveCaps: words,
  Mounts: z
    .array(z.object({ Type: z.string(), Source: z.string().nullish(), Destination: z.string(), RW: z.boolean() }))
    .nullish(),
  Config: z.object({ User: z.string().nullish(), Labels: z.record(z.string(), z.string()).nullish() }),
  HostConfig: z.object({
    Privileged: z.boolean(),
    ReadonlyRootfs: z.boolean(),
    SecurityOpt: words,
    NetworkMode: z.string(),
    PidMode: z.string(),
    IpcMode: z.string(),
    UTSMode: z.string(),
    Cgroups: z.string().nullish(),
    Memory: number,
    PidsLimit: number,
    NanoCpus: number,
    CpuQuota: number,
    CpuPeriod: number,
  }),
});
export type Inspected = z.infer<typeof containerSchema>;

/** @throws Error that says which part is not as Podman 5 writes it */
export function parseInspect(text: string): Inspected[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`podman inspect: expected JSON, found: ${(error as Error).message}`);
  }
  const parsed = z.array(containerSchema).safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`podman inspect: ${issue?.path.join('.') || 'the answer'}: ${issue?.message}`);
}

const modes = {
  network: 'NetworkMode',
  pid: 'PidMode',
  ipc: 'IpcMode',
  uts: 'UTSMode',
} as const satisfies Record<HostNamespace, keyof Inspected['HostConfig']>;

const keys = {
  labels: 'Config.Labels',
  privileged: 'HostConfig.Privileged',
  capabilities: 'BoundingCaps',
  users: 'Config.User',
  readOnlyRoot: 'HostConfig.ReadonlyRootfs',
  hostNamespaces: 'HostConfig.NetworkMode, PidMode, IpcMode, UTSMode',
  mounts: 'Mounts',
  noNewPrivileges: 'HostConfig.SecurityOpt',
  seccomp: 'HostConfig.SecurityOpt',
  limits: 'HostConfig.Memory, PidsLimit, NanoCpus',
} as const;

/** @param all every container, to follow one that shares a namespace of another */
export function inspectedView(container: Inspected, all: readonly Inspected[]): View {
  const { Config, HostConfig, Mounts } = container;
  const options = HostConfig.SecurityOpt ?? [];
  const user = userNumber(Config.User ?? '');
  return {
    source: (fact) => `podman inspect: ${keys[fact]}`,
    facts: {
      labels: Config.Labels ?? {},
      privileged: HostConfig.Privileged,
      capabilities: HostConfig.Privileged
        ? allCapabilities
        : // Not EffectiveCaps: null for any user but root, who may still come to have them by a setuid program.
          [...new Set([...(container.BoundingCaps ?? []), ...(container.EffectiveCaps ?? [])])].map(
            (name) => capabilityName(name) ?? name,
          ),
      users: user === undefined ? undefined : [user],
      readOnlyRoot: HostConfig.ReadonlyRootfs,
      hostNamespaces: (Object.keys(modes) as HostNamespace[]).filter((kind) => sharesHost(kind, container, all)),
      mounts: (Mounts ?? []).map(({ Type, Source, Destination, RW }) => ({
        type: Type,
        source: Source ?? '',
        destination: Destination,
        writable: RW,
      })),
      noNewPrivileges: options.some((option) => /^no-new-privileges(?:[:=]true)?$/.test(option)),
      seccomp: !HostConfig.Privileged && !options.includes('seccomp=unconfined'),
      limits: limitsOf(HostConfig),
    },
  };
}

/** A limit that no cgroup enforces is none. */
function limitsOf({ Cgroups, Memory, PidsLimit, NanoCpus, CpuQuota, CpuPeriod }: Inspected['HostConfig']) {
  if (Cgroups === 'disabled') return { memory: null, pids: null, cpus: null };
  const positive = (value: number | null | undefined) => (value && value > 0 ? value : null);
  const quota = positive(CpuQuota);
  return {
    memory: positive(Memory),
    pids: positive(PidsLimit),
    cpus: positive((NanoCpus ?? 0) / 1e9) ?? (quota && quota / (positive(CpuPeriod) ?? 100_000)),
  };
}

/** undefined for a name: only the image's /etc/passwd knows its number. */
function userNumber(user: string): number | undefined {
  const [name] = user.split(':');
  if (name === '' || name === 'root') return 0;
  return /^\d{1,10}$/.test(name!) ? Number(name) : undefined;
}

function sharesHost(kind: HostNamespace, start: Inspected, all: readonly Inspected[]): boolean {
  const seen = new Set<Inspected>();
  for (let container: Inspected | undefined = start; container && !seen.has(container); ) {
    seen.add(container);
    const mode: string = container.HostConfig[modes[kind]];
    if (mode === 'host') return true;
    const other = /^container:(.+)$/.exec(mode)?.[1];
    container = all.find(({ Id, Name }) => Id === other || Name === other);
  }
  return false;
}
