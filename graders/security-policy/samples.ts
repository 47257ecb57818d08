/**
 * Containers that this learner's rules allow, and containers that they forbid, each kind for one rule. Never in a sandbox:
 * what a learner is told of one that was misjudged is its kind.
 */
import type { ContainerFacts, MountFact } from '../../src/policy/facts.ts';
import { policySchema, type SecurityPolicy } from '../../src/policy/policy.ts';

type Parameters = Readonly<Record<string, string>>;

export interface Sample {
  /** In words that give no value away. */
  readonly kind: string;
  readonly facts: ContainerFacts;
}

/** The rules of the lesson with this learner's values. */
export function requirements(parameters: Parameters): SecurityPolicy {
  const { labelKey: key, labelValue: value, forbidden, allowed, namespace, hostPath } = parameters;
  return policySchema.parse({
    apiVersion: 'v1',
    kind: 'SecurityPolicy',
    metadata: { name: 'requirements' },
    spec: {
      requiredLabels: [{ key, value }],
      forbidden: [
        { privileged: true },
        { capabilities: { add: ['SYS_ADMIN', forbidden] } },
        { hostNamespaces: ['network', namespace] },
        { mounts: [hostPath] },
      ],
      required: [
        { readOnlyRootFilesystem: true },
        { runAsNonRoot: true },
        { dropCapabilities: ['ALL'] },
        { noNewPrivileges: true },
      ],
      allowed: [{ capabilities: { add: ['NET_BIND_SERVICE', allowed] } }],
    },
  });
}

const mount = (source: string, more: Partial<MountFact> = {}): MountFact[] => [
  { type: 'bind', source, destination: '/mnt', writable: false, ...more },
];

function clean({ labelKey, labelValue }: Parameters): ContainerFacts {
  return {
    labels: { [labelKey!]: labelValue! },
    privileged: false,
    capabilities: [],
    users: [101],
    readOnlyRoot: true,
    hostNamespaces: [],
    mounts: [],
    noNewPrivileges: true,
    seccomp: true,
    limits: { memory: 67_108_864, pids: 64, cpus: 1 },
  };
}

const samples = (
  parameters: Parameters,
  list: readonly (readonly [kind: string, change: ContainerFacts])[],
): Sample[] => list.map(([kind, change]) => ({ kind, facts: { ...clean(parameters), ...change } }));

export function allowedSamples(parameters: Parameters): Sample[] {
  const { labelKey, labelValue, allowed, namespace, hostPath } = parameters;
  const tolerated = (['pid', 'ipc', 'uts'] as const).filter((kind) => kind !== namespace);
  return samples(parameters, [
    ['keeps every rule', {}],
    ['with a capability that may be given back', { capabilities: ['NET_BIND_SERVICE'] }],
    ['with a capability that may be given back', { capabilities: [allowed!] }],
    ['with a capability that may be given back', { capabilities: ['NET_BIND_SERVICE', allowed!] }],
    [
      'with further labels',
      { labels: { [labelKey!]: labelValue!, team: 'web', 'org.opencontainers.image.title': 'x' } },
    ],
    ['with several ordinary users', { users: [1, 1000, 65_534] }],
    ['with a namespace of the host that is tolerated', { hostNamespaces: [tolerated[0]!] }],
    ['with a namespace of the host that is tolerated', { hostNamespaces: tolerated }],
    ['with another folder of the host', { mounts: mount('/srv/site') }],
    ['with another folder of the host', { mounts: mount(`${hostPath}2/data`, { writable: true }) }],
    ['with a volume', { mounts: mount(`/srv${hostPath}/volumes/notes/_data`, { type: 'volume', writable: true }) }],
    ['without what no rule asks for', { seccomp: false }],
    ['without what no rule asks for', { limits: { memory: null, pids: null, cpus: null } }],
  ]);
}

export function forbiddenSamples(parameters: Parameters): Sample[] {
  const { labelKey, labelValue, forbidden, allowed, namespace, hostPath } = parameters;
  const kept = new Set([allowed, forbidden, 'NET_BIND_SERVICE']);
  const others = (names: readonly string[]) => names.filter((name) => !kept.has(name));
  return samples(parameters, [
    ['without the label', { labels: {} }],
    ['with another value of the label', { labels: { [labelKey!]: `not-${labelValue}` } }],
    ['with another value of the label', { labels: { [labelKey!]: labelValue!.toUpperCase() } }],
    ['with the label under another key', { labels: { [labelKey!.toUpperCase()]: labelValue! } }],
    ['privileged', { privileged: true }],
    ['with a forbidden capability', { capabilities: ['SYS_ADMIN'] }],
    ['with a forbidden capability', { capabilities: [forbidden!, 'NET_BIND_SERVICE'] }],
    ['with a capability that is not allowed', { capabilities: others(['SYS_BOOT', 'MKNOD']) }],
    ['with a default capability that was not dropped', { capabilities: others(['SETUID', 'CHOWN']) }],
    ['with a default capability that was not dropped', { capabilities: others(['DAC_OVERRIDE', 'KILL', 'FOWNER']) }],
    ['with a writable root', { readOnlyRoot: false }],
    ['with a process of root', { users: [0] }],
    ['with a process of root', { users: [0, 101] }],
    ['that can gain privileges', { noNewPrivileges: false }],
    ['in the network of the host', { hostNamespaces: ['network'] }],
    ['in a namespace of the host that is forbidden', { hostNamespaces: [namespace as 'pid' | 'ipc' | 'uts'] }],
    ['that sees the forbidden path', { mounts: mount(hostPath!) }],
    ['that sees something in the forbidden path', { mounts: mount(`${hostPath}/some/file`) }],
    ['that sees the forbidden path through a folder above', { mounts: mount('/', { writable: true }) }],
  ]);
}

/** For the question whether forbidden still holds when somebody allows everything. */
export const widenedSamples = (parameters: Parameters): Sample[] =>
  samples(parameters, [
    ['with a forbidden capability', { capabilities: ['SYS_ADMIN'] }],
    ['with a forbidden capability', { capabilities: [parameters.forbidden!] }],
  ]);
