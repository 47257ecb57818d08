/** SELinux contexts as the kernel gives them: user:role:type:level. */

export interface Context {
  readonly type: string;
  /** 's0' or 's0:c1,c2'. */
  readonly level: string;
}

/** undefined for what is no context: no label at all, or another security module's. */
export function parseContext(label: string | null): Context | undefined {
  const [, type, level] = /^[^:\s]+:[^:\s]+:([^:\s]+):(s\d\S*)$/.exec(label ?? '') ?? [];
  return type === undefined || level === undefined ? undefined : { type, level };
}

/** A pair of categories of its own, as every container gets. */
export const hasPair = ({ level }: Context): boolean => /^s0:c\d+,c\d+$/.test(level);
