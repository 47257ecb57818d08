/** The containers of the caller's own Podman against a policy: what was asked for, and what the kernel enforces. */
import { spawnSync } from 'node:child_process';
import { evaluateAll, type Finding } from '../policy/evaluate.ts';
import type { ContainerFacts, View } from '../policy/facts.ts';
import type { SecurityPolicy } from '../policy/policy.ts';
import { type Inspected, inspectedView, parseInspect } from './inspected.ts';
import { type KernelView, kernelView, mountDifferences } from './proc.ts';

/** inspect and the kernel say different things of a container. */
export interface Disagreement {
  readonly fact: string;
  readonly inspect: string;
  readonly kernel: string;
}

export interface AuditedContainer {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly status: string;
  readonly findings: readonly Finding[];
  readonly disagreements: readonly Disagreement[];
  /** Why the kernel was not asked, or could not be; null where it was. */
  readonly kernelUnread: string | null;
}

export interface Audit {
  readonly containers: readonly AuditedContainer[];
  /** Containers that were there when they were listed and not when they were looked at. */
  readonly vanished: readonly string[];
}

/** Podman could not be asked. The message is for the person who called. */
export class PodmanError extends Error {}

const LIMIT_MS = 60_000;
const OUTPUT_LIMIT = 256 * 1024 * 1024;

function podman(...args: string[]): { ok: boolean; stdout: string; stderr: string } {
  const { status, stdout, stderr, error } = spawnSync('podman', args, {
    encoding: 'utf8',
    timeout: LIMIT_MS,
    maxBuffer: OUTPUT_LIMIT,
  });
  if (error)
    throw new PodmanError(
      (error as NodeJS.ErrnoException).code === 'ENOENT'
        ? 'podman is not installed, or not in PATH'
        : `podman ${args[0]}: ${error.message}`,
    );
  return { ok: status === 0, stdout, stderr: stderr.trim() };
}

/**
 * @param names names or ids; none for all
 * @throws PodmanError when Podman cannot be asked, does not know a name, or answers in another form
 */
export function audit(policy: SecurityPolicy, names: readonly string[]): Audit {
  const { all, vanished } = inspectAll();
  const unknown = names.filter((name) => !all.some((container) => isCalled(container, name)));
  if (unknown.length > 0) throw new PodmanError(`no container is called ${unknown.join(', ')}`);
  const chosen = all.filter(
    (container) =>
      // What holds a pod's namespaces is Podman's own and runs nothing of anybody's.
      !container.IsInfra &&
      !container.IsService &&
      (names.length === 0 || names.some((name) => isCalled(container, name))),
  );
  return {
    containers: chosen.map((container) => auditOne(policy, container, all)),
    vanished: names.length === 0 ? vanished : [],
  };
}

const isCalled = ({ Id, Name }: Inspected, name: string) =>
  Name === name || (/^[0-9a-f]{12,64}$/.test(name) && Id.startsWith(name));

function inspectAll(): { all: Inspected[]; vanished: string[] } {
  const listed = podman('ps', '--all', '--quiet', '--no-trunc');
  if (!listed.ok) throw new PodmanError(`podman ps: ${listed.stderr}`);
  const ids = listed.stdout.split('\n').filter(Boolean);
  if (ids.length === 0) return { all: [], vanished: [] };
  const together = podman('inspect', '--type', 'container', ...ids);
  if (together.ok) return { all: inspected(together.stdout), vanished: [] };
  // One that is gone spoils the answer for all.
  const all: Inspected[] = [];
  const vanished: string[] = [];
  for (const id of ids) {
    const { ok, stdout, stderr } = podman('inspect', '--type', 'container', id);
    if (ok) all.push(...inspected(stdout));
    else if (/no such/i.test(stderr)) vanished.push(id);
    else throw new PodmanError(`podman inspect ${id.slice(0, 12)}: ${stderr}`);
  }
  return { all, vanished };
}

function inspected(text: string): Inspected[] {
  try {
    return parseInspect(text);
  } catch (error) {
    throw new PodmanError((error as Error).message);
  }
}

function auditOne(policy: SecurityPolicy, container: Inspected, all: readonly Inspected[]): AuditedContainer {
  const asked = inspectedView(container, all);
  const { kernel, reason } = askKernel(container);
  const views: View[] = kernel ? [asked, kernel] : [asked];
  return {
    id: container.Id,
    name: container.Name,
    image: container.ImageName ?? '',
    status: container.State.Status,
    findings: evaluateAll(policy, views),
    disagreements: kernel ? disagreements(asked.facts, kernel) : [],
    kernelUnread: reason,
  };
}

function askKernel({ State, Id }: Inspected): { kernel?: KernelView; reason: string | null } {
  if (State.Pid <= 0) return { reason: `not running (${State.Status})` };
  try {
    const kernel = kernelView(State.Pid, Id);
    return kernel ? { kernel, reason: null } : { reason: 'it ended while it was looked at' };
  } catch (error) {
    return { reason: `/proc/${State.Pid}: ${(error as Error).message}` };
  }
}

/** A process that gave something up by itself does not contradict anybody; one that holds more than was asked for does. */
export function disagreements(asked: ContainerFacts, kernel: KernelView): Disagreement[] {
  const { facts } = kernel;
  const found: Disagreement[] = [];
  const compare = (fact: string, inspect: unknown, real: unknown) => {
    if (inspect === undefined || real === undefined || String(inspect) === String(real)) return;
    found.push({ fact, inspect: shown(inspect), kernel: shown(real) });
  };
  const more = facts.capabilities?.filter((name) => !asked.capabilities?.includes(name)) ?? [];
  if (more.length > 0) found.push({ fact: 'capabilities', inspect: 'without', kernel: more.join(', ') });
  if (facts.users?.includes(0) && asked.users?.every((user) => user !== 0))
    found.push({ fact: 'users', inspect: asked.users.join(', '), kernel: facts.users.join(', ') });
  compare('readOnlyRoot', asked.readOnlyRoot, facts.readOnlyRoot);
  compare('noNewPrivileges', asked.noNewPrivileges, facts.noNewPrivileges);
  compare('seccomp', asked.seccomp, facts.seccomp);
  compare('hostNamespaces', asked.hostNamespaces, facts.hostNamespaces);
  for (const kind of ['memory', 'pids', 'cpus'] as const)
    compare(`limits.${kind}`, asked.limits?.[kind], facts.limits?.[kind]);
  for (const { destination, writable } of mountDifferences(asked.mounts ?? [], kernel))
    found.push({ fact: `mount ${destination}`, inspect: writable ? 'rw' : 'ro', kernel: writable ? 'ro' : 'rw' });
  return found;
}

const shown = (value: unknown) =>
  value === null || (Array.isArray(value) && value.length === 0) ? 'none' : `${value}`;
