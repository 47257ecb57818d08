/**
 * What of a policy a container breaks. Pure.
 *
 * A capability is named once, by the first that speaks of it: forbidden (always wins), allowed, dropCapabilities.
 */
import { defaultCapabilities } from './capabilities.ts';
import type { ContainerFacts, FactName, View } from './facts.ts';
import type { HostNamespace, Limit, SecurityPolicy } from './policy.ts';
import type { RuleId } from './rules.ts';

export interface Finding {
  readonly rule: RuleId;
  /** unknown: whoever looked cannot tell. */
  readonly outcome: 'violated' | 'unknown';
  readonly expected: string;
  readonly actual: string;
  /** Where it was read. */
  readonly source: string;
}

interface Broken {
  readonly expected: string;
  readonly actual: string;
}
interface Rule {
  readonly id: RuleId;
  readonly fact: FactName;
  readonly expected: string;
  /** What is wrong; none when it is kept. undefined: the fact is not known. */
  judge(facts: ContainerFacts): readonly Broken[] | undefined;
}

/** The findings of one look at a container, in the order of the policy's sections. */
export function evaluate(policy: SecurityPolicy, { facts, source }: View): Finding[] {
  return rules(policy).flatMap(({ id, fact, expected, judge }): Finding[] => {
    const broken = judge(facts);
    const at = source(fact);
    if (broken === undefined) return [{ rule: id, outcome: 'unknown', expected, actual: 'not known', source: at }];
    return broken.map((difference) => ({ rule: id, outcome: 'violated', ...difference, source: at }));
  });
}

/**
 * The findings of two looks: a violation that either sees counts, and is told once; what one cannot tell the other may.
 * The later look is the better witness: the kernel tells what is, the configuration what was asked for.
 */
export function evaluateAll(policy: SecurityPolicy, views: readonly View[]): Finding[] {
  const told = views.map((view) => evaluate(policy, view));
  const key = ({ rule, expected }: Finding) => `${rule} ${expected}`;
  const found = new Map<string, Finding>();
  for (const finding of told.flat()) if (finding.outcome === 'violated') found.set(key(finding), finding);
  for (const rule of new Set(told.flat().map(({ rule }) => rule))) {
    const ofRule = told.map((findings) => findings.filter((finding) => finding.rule === rule));
    const unknown = ofRule.map(([first]) => (first?.outcome === 'unknown' ? first : undefined));
    if (unknown.every((finding) => finding !== undefined)) found.set(rule, unknown[0]!);
  }
  return [...found.values()];
}

function rules({ spec }: SecurityPolicy): Rule[] {
  const { requiredLabels, forbidden, required, allowed } = spec;
  const denied = new Set(forbidden.flatMap(({ capabilities }) => capabilities?.add ?? []));
  const permitted = allowed.some(({ capabilities }) => capabilities)
    ? new Set(allowed.flatMap(({ capabilities }) => capabilities?.add ?? []))
    : undefined;
  const has = (set: ReadonlySet<string>, name: string) => set.has(name) || set.has('ALL');
  const mayHave = (name: string) => permitted !== undefined && has(permitted, name);
  const named = (names: Iterable<string>) => [...names].join(', ');
  /** One finding for all capabilities that break a rule. */
  const capabilityRule = (id: RuleId, expected: string, breaks: (name: string) => boolean): Rule => ({
    id,
    fact: 'capabilities',
    expected,
    judge: ({ capabilities }) => {
      const broken = capabilities?.filter(breaks).sort();
      return broken && (broken.length === 0 ? [] : [{ expected, actual: named(broken) }]);
    },
  });
  const isDenied = (name: string) => has(denied, name);
  const isBeyond = (name: string) => permitted !== undefined && !defaultCapabilities.has(name) && !mayHave(name);

  const list: Rule[] = requiredLabels.map(({ key, value }) => {
    const expected = value === undefined ? `${key}, any value` : `${key}=${value}`;
    return {
      id: 'requiredLabels',
      fact: 'labels',
      expected,
      judge: ({ labels }) => {
        const found = labels && Object.hasOwn(labels, key) ? labels[key] : undefined;
        const good = value === undefined ? found !== undefined : found === value;
        return (
          labels && (good ? [] : [{ expected, actual: found === undefined ? 'no such label' : `${key}=${found}` }])
        );
      },
    };
  });
  for (const { privileged, hostNamespaces, mounts } of forbidden) {
    if (privileged) list.push(plain('forbidden.privileged', 'privileged', false));
    if (hostNamespaces) list.push(...hostNamespaces.map(hostNamespaceRule));
    if (mounts) list.push(...mounts.map(mountRule));
  }
  if (denied.size > 0) list.push(capabilityRule('forbidden.capabilities', `none of ${named(denied)}`, isDenied));
  if (permitted)
    list.push(
      capabilityRule(
        'allowed.capabilities',
        `nothing beyond the default but ${named(permitted)}`,
        (name) => !isDenied(name) && isBeyond(name),
      ),
    );
  const dropped = new Set(required.flatMap(({ dropCapabilities }) => dropCapabilities ?? []));
  if (dropped.size > 0)
    list.push(
      capabilityRule(
        'required.dropCapabilities',
        `${named(dropped)} dropped${permitted ? ` but ${named(permitted)}` : ''}`,
        (name) => has(dropped, name) && !mayHave(name) && !isDenied(name) && !isBeyond(name),
      ),
    );
  for (const { readOnlyRootFilesystem, runAsNonRoot, noNewPrivileges, seccomp, limits } of required) {
    if (readOnlyRootFilesystem) list.push(plain('required.readOnlyRootFilesystem', 'readOnlyRoot', true));
    if (runAsNonRoot) list.push(nonRoot);
    if (noNewPrivileges) list.push(plain('required.noNewPrivileges', 'noNewPrivileges', true));
    if (seccomp) list.push(plain('required.seccomp', 'seccomp', true));
    if (limits) list.push(...limits.map(limitRule));
  }
  return list;
}

function plain(id: RuleId, fact: FactName, wanted: boolean): Rule {
  return {
    id,
    fact,
    expected: String(wanted),
    judge: ({ [fact]: found }) =>
      found === undefined ? undefined : found === wanted ? [] : [{ expected: String(wanted), actual: String(found) }],
  };
}

const nonRoot: Rule = {
  id: 'required.runAsNonRoot',
  fact: 'users',
  expected: 'no process of user 0',
  judge: ({ users }) => users && (users.includes(0) ? [{ expected: nonRoot.expected, actual: 'user 0' }] : []),
};

function hostNamespaceRule(kind: HostNamespace): Rule {
  const expected = `a ${kind} namespace apart from the host’s`;
  return {
    id: 'forbidden.hostNamespaces',
    fact: 'hostNamespaces',
    expected,
    judge: ({ hostNamespaces }) =>
      hostNamespaces && (hostNamespaces.includes(kind) ? [{ expected, actual: `the host’s ${kind} namespace` }] : []),
  };
}

/** A mount shows what it is, what lies in it, and, when it is a folder above, the forbidden path in it. */
function mountRule(path: string): Rule {
  const expected = `no mount that shows ${path}`;
  const folder = (name: string) => `${name.replace(/\/+$/, '')}/`;
  const shows = (source: string) => folder(source).startsWith(folder(path)) || folder(path).startsWith(folder(source));
  return {
    id: 'forbidden.mounts',
    fact: 'mounts',
    expected,
    judge: ({ mounts }) => {
      const broken = mounts?.filter(({ type, source }) => type === 'bind' && shows(source));
      const actual = broken?.map(({ source, destination }) => `${source} at ${destination}`).join(', ');
      return broken && (broken.length === 0 ? [] : [{ expected, actual: actual! }]);
    },
  };
}

function limitRule(kind: Limit): Rule {
  const expected = `a limit of ${kind}`;
  return {
    id: 'required.limits',
    fact: 'limits',
    expected,
    judge: ({ limits }) => {
      const found = limits?.[kind];
      return found === undefined ? undefined : found === null ? [{ expected, actual: 'none' }] : [];
    },
  };
}
