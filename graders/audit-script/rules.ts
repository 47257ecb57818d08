/** The rules of the lab, and what a container is made from: they are judged on that, never on what can be read of it. */

export const rules = [
  'privileged',
  'root-user',
  'capabilities',
  'writable-root',
  'new-privileges',
  'seccomp',
  'host-namespace',
  'runtime-socket',
  'sensitive-mount',
  'writable-mount',
  'no-limits',
] as const;
export type Rule = (typeof rules)[number];

/** Those that an option by itself does not show. Every fleet with violations has one of each. */
export const subtleRules: ReadonlySet<Rule> = new Set<Rule>([
  'capabilities',
  'root-user',
  'runtime-socket',
  'writable-mount',
  'no-limits',
]);

export interface MountSpec {
  /** bind: a path of the host; volume: a name. */
  readonly type: 'bind' | 'volume';
  readonly source: string;
  readonly target: string;
  readonly writable: boolean;
}

export interface ContainerSpec {
  readonly name: string;
  /** own: the image with a USER of its own. */
  readonly image: 'busybox' | 'nginx' | 'own';
  /** What --user says; undefined: the image decides. */
  readonly user: string | undefined;
  readonly privileged: boolean;
  readonly readOnly: boolean;
  /** The capabilities that are left, and how that was asked for. */
  drop: readonly string[];
  add: readonly string[];
  readonly noNewPrivileges: boolean;
  readonly seccomp: 'default' | 'unconfined' | 'profile';
  readonly memory: string | undefined;
  readonly pids: string | undefined;
  /** Further options that break no rule, or the one of a host namespace. */
  readonly options: readonly string[];
  readonly hostNamespace: boolean;
  readonly mounts: readonly MountSpec[];
}

export const socketFolder = '/run/user/1000/podman';
const sensitive = ['/etc', '/root', '/boot', '/proc', '/sys', '/dev'];
export const defaults = [
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
];
export const nonRoot: ReadonlySet<string | undefined> = new Set(['1000', '65534', '2000:2000', 'nobody', 'daemon']);

/** The rules that a container breaks. `free`: what a privileged one brings along may be told or left out. */
export function violations(spec: ContainerSpec): { broken: Rule[]; free: Rule[] } {
  const broken = (Object.keys(judges) as Rule[]).filter((rule) => judges[rule](spec));
  const implied: readonly Rule[] = spec.privileged ? ['capabilities', 'seccomp'] : [];
  return { broken: broken.filter((rule) => !implied.includes(rule)), free: [...implied] };
}

const binds = ({ mounts }: ContainerSpec) => mounts.filter(({ type }) => type === 'bind');
const within = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);

const judges: Readonly<Record<Rule, (spec: ContainerSpec) => boolean>> = {
  privileged: ({ privileged }) => privileged,
  'root-user': ({ user, image }) => (user === undefined ? image !== 'own' : !nonRoot.has(user)),
  capabilities: (spec) => leftOver(spec).some((name) => name !== 'NET_BIND_SERVICE'),
  'writable-root': ({ readOnly }) => !readOnly,
  'new-privileges': ({ noNewPrivileges }) => !noNewPrivileges,
  seccomp: ({ seccomp }) => seccomp === 'unconfined',
  'host-namespace': ({ hostNamespace }) => hostNamespace,
  'runtime-socket': (spec) => binds(spec).some(({ source }) => within(source, socketFolder)),
  'sensitive-mount': (spec) =>
    binds(spec).some(({ source }) => source === '/' || sensitive.some((folder) => within(source, folder))),
  'writable-mount': (spec) => binds(spec).some(({ writable }) => writable),
  'no-limits': ({ memory, pids }) => memory === undefined || pids === undefined || pids === '-1',
};

function leftOver({ drop, add }: ContainerSpec): string[] {
  const kept = drop.includes('ALL') ? [] : defaults.filter((name) => !drop.includes(name));
  return [...new Set([...kept, ...add.map((name) => name.toUpperCase().replace(/^CAP_/, ''))])];
}
