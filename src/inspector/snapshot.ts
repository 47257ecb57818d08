/**
 * What is true in a sandbox, as seen from outside: the frozen value that checks judge.
 *
 * A snapshot is plain JSON: it is stored with every attempt and can be judged again later. Numbers that name users or
 * processes are those of the inspector's own namespaces (the server's), never the sandbox's. Everything under
 * `containers` and `images` is read from files the learner can write: it may name things, it never proves anything.
 */
import { z } from 'zod';

const integer = z.number().int();
const inode = integer.nullable();
/** Sixteen hexadecimal digits, as /proc/PID/status prints a capability set. */
const capabilitySet = z.string().regex(/^[0-9a-f]{16}$/);
/** Inside id, outside id (the inspector's user namespace), length. */
const idMapping = z.tuple([integer, integer, integer]);
const limit = z.tuple([integer.nullable(), integer.nullable()]).nullable();

/** One line of /proc/PID/mountinfo. Mount points are relative to the process's own root. */
const mountSchema = z.object({
  id: integer,
  parent: integer,
  device: z.string(),
  root: z.string(),
  mountPoint: z.string(),
  options: z.array(z.string()),
  optionalFields: z.array(z.string()),
  fsType: z.string(),
  source: z.string(),
  superOptions: z.array(z.string()),
});
export type Mount = z.infer<typeof mountSchema>;

const socketSchema = z.object({
  protocol: z.enum(['tcp', 'tcp6', 'udp', 'udp6', 'unix']),
  state: z.string(),
  localAddress: z.string().optional(),
  localPort: integer.optional(),
  remoteAddress: z.string().optional(),
  remotePort: integer.optional(),
  inode: integer,
  path: z.string().optional(),
});
export type Socket = z.infer<typeof socketSchema>;

const processSchema = z.object({
  pid: integer,
  /** Clock ticks since boot (field 22 of /proc/PID/stat): with the pid it names one process for good. */
  startTime: integer,
  ppid: integer,
  nsPids: z.array(integer),
  state: z.string(),
  name: z.string(),
  exe: z.string().nullable(),
  exeFile: z.object({ device: z.string(), inode: integer }).nullable(),
  cmdline: z.array(z.string()),
  /** Real, effective, saved, file-system id. */
  uid: z.array(integer),
  gid: z.array(integer),
  groups: z.array(integer),
  capInh: capabilitySet,
  capPrm: capabilitySet,
  capEff: capabilitySet,
  capBnd: capabilitySet,
  capAmb: capabilitySet,
  noNewPrivs: integer,
  /** 0 none, 1 strict, 2 filter. */
  seccomp: integer,
  /** How many filters are stacked: the sandbox's own counts one. */
  seccompFilters: integer,
  tracerPid: integer,
  threads: integer,
  /** False when a thread differs from its leader in any of the facts above that a thread can own alone. */
  threadsUniform: z.boolean(),
  namespaces: z.object({
    user: inode,
    pid: inode,
    mnt: inode,
    net: inode,
    uts: inode,
    ipc: inode,
    cgroup: inode,
  }),
  /** 0 in the sandbox's own pid namespace, 1 in a container of the learner's, 2 below that. */
  pidNsDepth: integer,
  uidMap: z.array(idMapping),
  gidMap: z.array(idMapping),
  oomScoreAdj: integer.nullable(),
  /** /proc/PID/attr/current; null where no security module gives one. */
  label: z.string().nullable(),
  limits: z.object({ nproc: limit, nofile: limit, fsize: limit, core: limit, as: limit, data: limit.optional() }),
  cgroup: z.string().nullable(),
  /** Index into mountTables. */
  mountTable: integer.nullable(),
  /** Index into netTables. */
  netTable: integer.nullable(),
  /** Inodes of the sockets among its file descriptors. */
  sockets: z.array(integer),
});
export type Process = z.infer<typeof processSchema>;

/** What `toride-probe snapshot` prints. */
export const processTableSchema = z.object({
  version: z.literal(1),
  arch: z.string(),
  clockTicks: integer,
  takenAt: integer,
  init: z.object({ pid: integer, startTime: integer }),
  truncated: z.boolean(),
  vanished: integer.default(0),
  processes: z.array(processSchema),
  mountTables: z.array(z.array(mountSchema)),
  netTables: z.array(z.object({ netns: integer, sockets: z.array(socketSchema) })),
});
export type ProcessTable = z.infer<typeof processTableSchema>;

/** What `toride-probe request` prints: an HTTP request sent inside the sandbox's network namespace. */
export const requestSchema = z.object({
  connected: z.boolean(),
  reason: z.string().optional(),
  status: integer.optional(),
  headers: z.record(z.string(), z.string()).optional(),
  /** At most 64 KiB, base64. */
  body: z.string().optional(),
  truncated: z.boolean().optional(),
  chunked: z.boolean().optional(),
  elapsedMs: z.number().optional(),
  /** Who held the accepted connection while the request was open: the forwarder (depth 0) and the server itself. */
  servedBy: z
    .array(
      z.object({
        pid: integer,
        startTime: integer,
        pidNsDepth: integer,
        pidns: integer.optional(),
        mntns: integer.optional(),
        netns: integer,
        localPort: integer,
      }),
    )
    .default([]),
});
export type RequestObservation = z.infer<typeof requestSchema>;

const syscallVerdictSchema = z.object({
  /**
   * allowed: the kernel ran the call. denied: a filter answered. killed: the filter kills.
   * unclear: could not be told apart (the kernel's own capability check answers first, or the filter asks a supervisor).
   */
  verdict: z.enum(['allowed', 'denied', 'killed', 'unclear']),
  errno: z.string().nullable().optional(),
  by: z.string().optional(),
});

/** What `toride-probe syscalls` prints for one process. */
export const syscallSchema = z.object({
  pid: integer,
  startTime: integer,
  arch: z.string(),
  method: z.enum(['child', 'in-place']),
  probed: integer,
  allowed: integer,
  results: z.record(z.string(), syscallVerdictSchema),
});
export type SyscallObservation = z.infer<typeof syscallSchema>;

/** A container as the learner's own Podman store describes it. A hint: it names, it does not prove. */
const containerHintSchema = z.object({
  id: z.string(),
  name: z.string(),
  image: z.string().nullable(),
  /** The OCI runtime configuration, trimmed to what labs look at; null when absent or not JSON. */
  config: z
    .object({
      readonlyRoot: z.boolean().nullable(),
      seccompDefaultAction: z.string().nullable(),
      seccompAllowed: z.array(z.string()),
      args: z.array(z.string()),
      annotations: z.record(z.string(), z.string()),
    })
    .nullable(),
});
export type ContainerHint = z.infer<typeof containerHintSchema>;

const imageHintSchema = z.object({
  id: z.string(),
  names: z.array(z.string()),
  digest: z.string().nullable(),
});
export type ImageHint = z.infer<typeof imageHintSchema>;

/**
 * A regular file read safely from the sandbox (openat2 below its root); null when it does not exist, `refused` when what
 * is there is no plain file of a sensible size: a FIFO, a device, a loop of links.
 */
export const fileSchema = z
  .union([
    z.object({ path: z.string(), size: integer, mode: z.string(), uid: integer, gid: integer, base64: z.string() }),
    z.object({ path: z.string(), refused: z.string() }),
  ])
  .nullable();
export type FileObservation = z.infer<typeof fileSchema>;

/** Whatever is there, a directory too: whose it is as the inspector counts ids, its mode, its SELinux label (security.selinux). */
export const attributesSchema = z
  .object({
    path: z.string(),
    type: z.string(),
    mode: z.string().regex(/^[0-7]{4}$/),
    uid: integer,
    gid: integer,
    label: z.string().nullable(),
  })
  .nullable();
export type Attributes = z.infer<typeof attributesSchema>;

/** What `toride-probe tree` prints: what lies below a directory, on its file system alone. Paths are below it. */
export const treeSchema = z.object({
  path: z.string(),
  files: integer,
  directories: integer,
  symlinks: integer,
  others: integer,
  /** Sizes of the regular files, added up. */
  bytes: integer,
  unreadable: integer,
  /** Regular files that anybody may execute, or with a set-id bit; `capabilities`: the file grants some. */
  programs: z.array(
    z.object({
      path: z.string(),
      mode: z.string(),
      uid: integer,
      gid: integer,
      size: integer,
      capabilities: z.boolean(),
    }),
  ),
  /** By index into what was looked for. */
  found: z.array(z.object({ needle: integer, in: z.enum(['content', 'name', 'link']), path: z.string() })),
  /** There is more than can be read: nothing can be said of what is not here. */
  truncated: z.boolean(),
});
export type Tree = z.infer<typeof treeSchema>;

/** Configuration and history of an image, whose bytes match the digests that name them. */
const imageConfigSchema = z.object({
  id: z.string(),
  names: z.array(z.string()),
  user: z.string(),
  env: z.array(z.string()),
  entrypoint: z.array(z.string()),
  cmd: z.array(z.string()),
  labels: z.record(z.string(), z.string()),
  volumes: z.array(z.string()),
  exposedPorts: z.array(z.string()),
  history: z.array(z.object({ createdBy: z.string(), empty: z.boolean() })),
});
export type ImageConfig = z.infer<typeof imageConfigSchema>;

/** The container that answered: its files as its own kernel mount shows them, the layers below, the image they belong to. */
const servingImageSchema = z.object({
  /** Files of its root, without what is mounted over it. */
  root: treeSchema,
  /** The lower directories of that mount, the topmost first: the image's layers. */
  layers: z.array(treeSchema),
  /** The image in the learner's store that has these layers; null when there is none, `reason` says why. */
  image: imageConfigSchema.nullable(),
  reason: z.string().nullable(),
  /** Where what was looked for stands outside of files: 'environment of app (pid 1)', 'history 3'. */
  found: z.array(z.object({ needle: integer, place: z.string() })),
});
export type ServingImage = z.infer<typeof servingImageSchema>;

/**
 * What the learner's script said in a sandbox that was made for it. `expected` is what the grader laid there: it never was
 * in any sandbox.
 */
const trialSchema = z.object({
  exitCode: integer,
  timedOut: z.boolean(),
  /** It said more than is kept. */
  flooded: z.boolean(),
  stdout: z.string(),
  /** The last of it. */
  stderr: z.string(),
  elapsedMs: integer,
  expected: z.json(),
});
export type TrialObservation = z.infer<typeof trialSchema>;

const trialsSchema = z.object({
  /** Why no trial was made: the script is not there, or no plain file of a sensible size. null: it was tried. */
  refused: z.string().nullable(),
  /** By the name that the grader gave it; after one that ran out of time there is no further one. */
  runs: z.record(z.string(), trialSchema),
});
export type Trials = z.infer<typeof trialsSchema>;

/** How a script of imported material ended in the learner's own sandbox: the one thing here that the learner can forge. */
const scriptRunSchema = z.object({
  exitCode: integer,
  timedOut: z.boolean(),
  /** The end of standard error, then of standard output. */
  said: z.string(),
});
export type ScriptRun = z.infer<typeof scriptRunSchema>;

const base64 = z.string();
/** What a registry serves for a tag, and the signatures a client is told to look at. */
const servedImageSchema = z.object({
  /** HTTP status of the manifest; null when nothing answered. */
  status: integer.nullable(),
  mediaType: z.string().nullable(),
  /** The bytes as served, base64; null when there are none, or too many. */
  manifest: base64.nullable(),
  /** Where registries.d sends a reader for simple signatures; null when that folder is not valid. */
  lookaside: z.string().nullable(),
  /** `contents`: what the message says, by the name of each key that verifies it (see `keys`). */
  signatures: z.array(z.object({ source: z.string(), base64, contents: z.record(z.string(), base64) })),
  /** Whether registries.d says that signatures lie in the registry, too. */
  attachmentsUsed: z.boolean(),
  /** Sigstore signatures in the registry, whether used or not: media type, annotations and bytes of each. */
  attachments: z.array(
    z.object({ mediaType: z.string(), annotations: z.record(z.string(), z.string()), payload: base64.nullable() }),
  ),
});
export type ServedImage = z.infer<typeof servedImageSchema>;

/** What decides whether Podman takes an image from a registry. All of it is the learner's to write. */
const trustSchema = z.object({
  /** The policy.json that Podman reads for this learner; its bytes are null when it is no plain file. */
  policy: z.object({ path: z.string(), base64: base64.nullable() }),
  /** By path, or by the base64 text where the policy holds the key itself. */
  keys: z.record(z.string(), base64.nullable()),
  /** By repository, without the registry. */
  images: z.record(z.string(), servedImageSchema),
});
export type Trust = z.infer<typeof trustSchema>;

/** A part of the snapshot that may have failed to be observed: then no check that needs it passes or fails. */
const section = <T extends z.ZodType>(value: T) =>
  z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), value }),
    z.object({ ok: z.literal(false), code: z.string(), message: z.string() }),
  ]);

/** A section that the plan did not ask for. */
export const notAsked = { ok: false as const, code: 'not-asked', message: 'nobody asked for it' };

export const snapshotSchema = z.object({
  version: z.literal(1),
  lab: z.string(),
  parameters: z.record(z.string(), z.string()),
  /** ISO 8601. */
  takenAt: z.string(),
  /** What this host can enforce or observe at all. */
  host: z.object({
    selinux: z.boolean(),
    /** A sandbox's Podman can label containers and volumes. */
    labels: z.boolean().default(false),
    cgroupLimits: z.boolean(),
  }),
  /** The sandbox itself, from the engine's own records: what its containers are told apart from. */
  sandbox: z.object({ initPid: integer, seccompFilters: integer }),
  processes: section(processTableSchema),
  /** By the name the grader gave the request. */
  requests: section(z.record(z.string(), requestSchema)),
  syscalls: section(z.array(syscallSchema)),
  containers: section(z.array(containerHintSchema)),
  images: section(z.array(imageHintSchema)),
  files: section(z.record(z.string(), fileSchema)),
  trust: section(trustSchema).default(notAsked),
  containerFiles: section(z.record(z.string(), fileSchema)).default({ ok: true, value: {} }),
  /** By the name the grader gave; null also where nobody answered. */
  attributes: section(z.record(z.string(), attributesSchema)).default({ ok: true, value: {} }),
  servingImage: section(servingImageSchema.nullable()).default({ ok: true, value: null }),
  trials: section(trialsSchema.nullable()).default({ ok: true, value: null }),
  /** By check id. */
  scripts: section(z.record(z.string(), scriptRunSchema)).default({ ok: true, value: {} }),
});
export type Snapshot = z.infer<typeof snapshotSchema>;

/** The sections a check can ask for. */
export type SectionName =
  | 'processes'
  | 'requests'
  | 'syscalls'
  | 'containers'
  | 'images'
  | 'files'
  | 'containerFiles'
  | 'attributes'
  | 'servingImage'
  | 'trust'
  | 'trials'
  | 'scripts';
type Value<S> = S extends { ok: true; value: infer V } ? V : never;
/** The sections a check asked for, observed, and what is always there. */
export type Facts<K extends SectionName> = Readonly<
  { [P in K]: Value<Snapshot[P]> } & Pick<Snapshot, 'lab' | 'parameters' | 'host' | 'sandbox'>
>;
