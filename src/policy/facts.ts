/** A container as the rules see it, whoever looked: podman inspect, the kernel, or a generator of examples. */
import type { HostNamespace, Limit } from './policy.ts';

export type MountFact = {
  readonly type: string;
  /** On the host; a bind mount's only. */
  readonly source: string;
  /** In the container. */
  readonly destination: string;
  readonly writable: boolean;
};

/** undefined: the one who looked cannot tell. */
export interface ContainerFacts {
  readonly labels?: Readonly<Record<string, string>>;
  readonly privileged?: boolean;
  /** All that its processes can come to have: the bounding set, and what they hold. Without CAP_. */
  readonly capabilities?: readonly string[];
  /** User ids of its processes, as numbered in its own user namespace. */
  readonly users?: readonly number[];
  readonly readOnlyRoot?: boolean;
  /** Those it shares with the host, directly or through another container. */
  readonly hostNamespaces?: readonly HostNamespace[];
  readonly mounts?: readonly MountFact[];
  readonly noNewPrivileges?: boolean;
  /** Filtered by a profile of its own. */
  readonly seccomp?: boolean;
  /** Bytes, processes, cores; null where there is none. */
  readonly limits?: Readonly<Partial<Record<Limit, number | null>>>;
}
export type FactName = keyof ContainerFacts;

/** Facts with the place they were read. */
export interface View {
  readonly facts: ContainerFacts;
  readonly source: (fact: FactName) => string;
}
