/** What the kernel tells of a container's processes, read from /proc as the user who owns them. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { capabilityNames } from '../policy/capabilities.ts';
import type { ContainerFacts, MountFact, View } from '../policy/facts.ts';
import type { HostNamespace } from '../policy/policy.ts';

const namespaces = {
  network: 'net',
  pid: 'pid',
  ipc: 'ipc',
  uts: 'uts',
} as const satisfies Record<HostNamespace, string>;

const files = {
  labels: '',
  privileged: '',
  mounts: 'mountinfo',
  capabilities: 'status: CapBnd, CapPrm, CapEff, CapInh, CapAmb',
  users: 'status: Uid, uid_map',
  readOnlyRoot: 'mountinfo',
  hostNamespaces: 'ns',
  noNewPrivileges: 'status: NoNewPrivs',
  seccomp: 'status: Seccomp',
  limits: 'cgroup',
} as const;

export interface KernelView extends View {
  /** Whether a mount point of the container can be written to; undefined where nothing is mounted. */
  readonly writable: (mountPoint: string) => boolean | undefined;
}

/**
 * @param pid the container's first process, as the caller numbers it
 * @returns undefined when it is gone, or went while it was read
 * @throws Error of the file system when it may not be read
 */
export function kernelView(pid: number, containerId: string): KernelView | undefined {
  const began = startTime(pid);
  if (began === undefined) return undefined;
  try {
    const members = processesOf(pid);
    const statuses = members.map((member) => ({ pid: member, fields: statusOf(member) }));
    const mounts = mountsOf(pid);
    if (startTime(pid) !== began) return undefined;
    return {
      source: (fact) => `/proc/${pid}/${files[fact]}`,
      writable: (mountPoint) => topMount(mounts, mountPoint)?.writable,
      facts: {
        ...credentials(statuses),
        readOnlyRoot: mountTables(members).every((table) => topMount(table, '/')?.writable === false),
        hostNamespaces: (Object.keys(namespaces) as HostNamespace[]).filter(
          (kind) => namespaceOf(pid, namespaces[kind]) === namespaceOf('self', namespaces[kind]),
        ),
        limits: limitsOf(pid, containerId),
      },
    };
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

const read = (pid: number | 'self', name: string) => readFileSync(`/proc/${pid}/${name}`, 'utf8');
const namespaceOf = (pid: number | 'self', kind: string) => readlinkSync(`/proc/${pid}/ns/${kind}`);

/** Field 22 of stat, in clock ticks since boot: with the pid it names one process for good. */
function startTime(pid: number): string | undefined {
  try {
    const stat = read(pid, 'stat');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** All in its pid namespace; where that is the host's own, all that see the same files. */
function processesOf(first: number): number[] {
  const kind = namespaceOf(first, 'pid') === namespaceOf('self', 'pid') ? 'mnt' : 'pid';
  const wanted = namespaceOf(first, kind);
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const others = pids.filter((pid) => {
    try {
      return pid !== first && namespaceOf(pid, kind) === wanted;
    } catch {
      // Another user's, or gone: none of this container's.
      return false;
    }
  });
  return [first, ...others];
}

type Fields = Readonly<Record<string, string>>;
function statusOf(pid: number): Fields {
  return Object.fromEntries(
    read(pid, 'status')
      .split('\n')
      .map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon), line.slice(colon + 1).trim()];
      }),
  );
}

function credentials(statuses: readonly { pid: number; fields: Fields }[]): ContainerFacts {
  const own = statusOf(process.pid);
  // Whoever audits from within a container has a filter already, and everything below inherits it.
  const inherited = Number(own.Seccomp_filters ?? 0);
  const sets = ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'];
  const held = statuses.flatMap(({ fields }) => sets.flatMap((set) => capabilityNames(fields[set] ?? '0')));
  const users = statuses.flatMap(({ pid, fields }) => {
    const ids = (fields.Uid ?? '').split('\t').map(Number);
    // The map of a namespace that is the reader's own shows its parent's numbers; and there the numbers are ours already.
    if (namespaceOf(pid, 'user') === namespaceOf('self', 'user')) return ids;
    const map = read(pid, 'uid_map')
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number));
    return ids.map((id) => inside(map, id));
  });
  return {
    capabilities: [...new Set(held)].sort(),
    users: [...new Set(users)].sort((a, b) => a - b),
    noNewPrivileges: statuses.every(({ fields }) => fields.NoNewPrivs === '1'),
    seccomp: statuses.every(
      ({ fields }) => fields.Seccomp === '2' && Number(fields.Seccomp_filters ?? inherited + 1) > inherited,
    ),
  };
}

/** The number that the process's own namespace gives an id of ours; 65534 (nobody) where it has none. */
function inside(map: readonly number[][], id: number): number {
  const line = map.find(([, outside, length]) => id >= outside! && id < outside! + length!);
  return line ? line[0]! + id - line[1]! : 65534;
}

interface TableLine {
  readonly id: string;
  readonly parent: string;
  readonly mountPoint: string;
  readonly writable: boolean;
}

function mountsOf(pid: number): TableLine[] {
  return read(pid, 'mountinfo')
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const fields = line.split(' ');
      const [, , superOptions = ''] = fields.slice(fields.indexOf('-') + 1);
      const both = [fields[5] ?? '', superOptions].map((options) => options.split(',').includes('rw'));
      return {
        id: fields[0]!,
        parent: fields[1]!,
        mountPoint: fields[4]!.replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8))),
        writable: both.every(Boolean),
      };
    });
}

/** A process of the container's may have mounts of its own. */
function mountTables(pids: readonly number[]): TableLine[][] {
  const tables = new Map<string, TableLine[]>();
  for (const pid of pids) {
    const key = namespaceOf(pid, 'mnt');
    if (!tables.has(key)) tables.set(key, mountsOf(pid));
  }
  return [...tables.values()];
}

/** Mounts can be stacked: the one on top is nobody's parent at that place. */
function topMount(table: readonly TableLine[], mountPoint: string): TableLine | undefined {
  const here = table.filter((line) => line.mountPoint === mountPoint);
  return here.find(({ id }) => !here.some((other) => other.parent === id && other.id !== id));
}

/** From the container's own cgroup (version 2), which is named after it; what is not enforced there is null. */
function limitsOf(pid: number, containerId: string): ContainerFacts['limits'] {
  const lines = read(pid, 'cgroup').split('\n');
  const path = lines.find((line) => line.startsWith('0::'))?.slice(3);
  if (!lines.some((line) => line.includes(containerId))) return { memory: null, pids: null, cpus: null };
  const scope = path && /^.*?[0-9a-f]{64}[^/]*/.exec(path)?.[0];
  if (!scope?.includes(containerId)) return undefined;
  const limit = (name: string, value: (text: string) => number) => {
    try {
      const text = readFileSync(`/sys/fs/cgroup${scope}/${name}`, 'utf8').trim();
      return text.startsWith('max') ? null : value(text);
    } catch {
      // No such controller here: nothing is limited.
      return null;
    }
  };
  const share = (text: string) => {
    const [quota, period] = text.split(' ').map(Number);
    return quota! / period!;
  };
  return { memory: limit('memory.max', Number), pids: limit('pids.max', Number), cpus: limit('cpu.max', share) };
}

/** Mounts of which inspect and the kernel say different things. */
export function mountDifferences(mounts: readonly MountFact[], kernel: KernelView): MountFact[] {
  return mounts.filter(({ destination, writable }) => {
    const real = kernel.writable(destination);
    return real !== undefined && real !== writable;
  });
}
