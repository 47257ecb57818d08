/** From a sandbox to a snapshot. The only reader of a sandbox; runs no program of it and believes none. */
import { selinuxMode } from '../setup/selinux.ts';
import { answerer } from './answerer.ts';
import { forwards } from './forwarders.ts';
import type { ObservationPlan } from './plan.ts';
import { type InitProcess, ObservationError, type Probe } from './probe.ts';
import { readServingImage, type Server } from './serving-image.ts';
import {
  type Attributes,
  type ContainerHint,
  type FileObservation,
  notAsked,
  type ProcessTable,
  type RequestObservation,
  type ServingImage,
  type Snapshot,
  type SyscallObservation,
} from './snapshot.ts';

import { differences, held } from './stability.ts';
import { readContainers, readImages } from './store.ts';
import { readTrust } from './trust.ts';

/** More processes than this in the containers that serve are not probed one by one. */
const MOST_PROBED = 24;

export interface Subject {
  readonly lab: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly init: InitProcess;
  readonly cgroupLimits: boolean;
}

type Section<T> = { ok: true; value: T } | { ok: false; code: string; message: string };

async function section<T>(observe: () => Promise<T>): Promise<Section<T>> {
  try {
    return { ok: true, value: await observe() };
  } catch (error) {
    if (error instanceof ObservationError) return { ok: false, code: error.code, message: error.message };
    throw error;
  }
}

/**
 * The first look at the processes is a silent one, before any request tells a learner that something is being looked at;
 * what a later look shows must agree with it.
 *
 * @param silent that look, when it was taken before: an attempt that is repeated keeps its first
 */
export async function inspect(
  probe: Probe,
  subject: Subject,
  plan: ObservationPlan,
  silent?: SilentLook,
): Promise<Snapshot> {
  const { init } = subject;
  const selinux = selinuxMode();
  const before = silent ?? (await lookSilently(probe, init));
  const requests = await section(() => sendAll(probe, init, plan));
  const during = await section(() => probe.processes(init));
  const serving = requests.ok && during.ok ? servingNamespaces(requests.value, during.value) : new Set<number | null>();
  const [containers, images, files, containerFiles, attributes, servingImage] = await Promise.all([
    section(() => readContainers(probe, init)),
    section(() => readImages(probe, init)),
    section(() => readAll(probe, init, plan.files ?? [])),
    section(() => readInContainer(probe, plan, requests, during)),
    section(() => readAttributes(probe, plan, requests, during)),
    section(() => lookAtImage(probe, init, plan, requests, during)),
  ]);
  const trust = plan.trust && (await section(() => readTrust(probe, init, plan.trust!)));
  const syscalls = await section(() => probeAll(probe, plan, requests, during, containers));
  const after = await section(() => probe.processes(init));

  const first = after.ok ? after.value.processes.find(({ pid }) => pid === init.pid) : undefined;
  return {
    version: 1,
    lab: subject.lab,
    parameters: { ...subject.parameters },
    takenAt: new Date().toISOString(),
    host: {
      selinux: selinux !== undefined,
      labels: selinux === 'permissive',
      cgroupLimits: subject.cgroupLimits,
    },
    sandbox: { initPid: init.pid, seccompFilters: first?.seccompFilters ?? 1 },
    processes: steady([before, during], after, serving),
    requests,
    syscalls,
    containers,
    images,
    files,
    containerFiles,
    attributes,
    servingImage,
    trust: trust ?? notAsked,
    // Not a look at this sandbox: src/exercise/trials.ts adds it.
    trials: { ok: true, value: null },
    // Nor is this: src/exercise/verify-scripts.ts.
    scripts: { ok: true, value: {} },
  };
}

export type SilentLook = Section<ProcessTable>;
export const lookSilently = (probe: Probe, init: InitProcess): Promise<SilentLook> =>
  section(() => probe.processes(init));

/** One after the other and in the plan's order: a later one may look at what an earlier one did. */
async function sendAll(
  probe: Probe,
  init: InitProcess,
  plan: ObservationPlan,
): Promise<Record<string, RequestObservation>> {
  const answers: Record<string, RequestObservation> = {};
  for (const [name, request] of Object.entries(plan.requests ?? {})) answers[name] = await probe.request(init, request);
  return answers;
}

/** The pid namespaces of the containers that answered any request; what only forwarded it is not among them. */
function servingNamespaces(requests: Record<string, RequestObservation>, table: ProcessTable): Set<number | null> {
  const servers = Object.values(requests)
    .flatMap(({ servedBy }) => servedBy.filter(({ pidNsDepth }) => pidNsDepth > 0))
    .flatMap((holder) => answerer(table, holder) ?? [])
    .filter((process) => !forwards(table, process));
  return new Set(servers.map(({ namespaces }) => namespaces.pid));
}

/** The container that answered this request; undefined when none did. */
function server(
  name: string,
  requests: Section<Record<string, RequestObservation>>,
  look: Section<ProcessTable>,
): (Server & { table: ProcessTable }) | undefined {
  for (const needed of [requests, look]) if (!needed.ok) throw new ObservationError(needed.code, needed.message);
  const answer = requests.ok ? requests.value[name] : undefined;
  if (!answer || !look.ok) return undefined;
  const table = look.value;
  const namespaces = servingNamespaces({ answer }, table);
  const container = table.processes.filter(({ namespaces: { pid } }) => namespaces.has(pid));
  const process = answer.servedBy
    .flatMap((holder) => answerer(table, holder) ?? [])
    .find(({ namespaces: { pid } }) => namespaces.has(pid));
  return process && { process, container, table };
}

async function readInContainer(
  probe: Probe,
  { containerFiles }: ObservationPlan,
  requests: Section<Record<string, RequestObservation>>,
  look: Section<ProcessTable>,
): Promise<Record<string, FileObservation>> {
  const target = containerFiles && server(containerFiles.servedBy, requests, look);
  return target ? readAll(probe, target.process, containerFiles.paths) : {};
}

async function readAttributes(
  probe: Probe,
  plan: ObservationPlan,
  requests: Section<Record<string, RequestObservation>>,
  look: Section<ProcessTable>,
): Promise<Record<string, Attributes>> {
  const read: Record<string, Attributes> = {};
  for (const [name, { servedBy, path }] of Object.entries(plan.attributes ?? {})) {
    const target = server(servedBy, requests, look);
    read[name] = target ? await probe.attributes(target.process, path) : null;
  }
  return read;
}

async function lookAtImage(
  probe: Probe,
  init: InitProcess,
  { servingImage }: ObservationPlan,
  requests: Section<Record<string, RequestObservation>>,
  look: Section<ProcessTable>,
): Promise<ServingImage | null> {
  const target = servingImage && server(servingImage.servedBy, requests, look);
  return target
    ? readServingImage(probe, init, target.table, target, servingImage.find ?? [], servingImage.marks ?? [])
    : null;
}

async function probeAll(
  probe: Probe,
  plan: ObservationPlan,
  requests: Section<Record<string, RequestObservation>>,
  before: Section<ProcessTable>,
  hints: Section<ContainerHint[]>,
): Promise<SyscallObservation[]> {
  if (!plan.syscalls) return [];
  const target = server(plan.syscalls.servedBy, requests, before);
  if (!hints.ok) throw new ObservationError(hints.code, hints.message);
  const childOnly = killsByDefault(hints.value);
  if (!target) return [];
  const targets = target.container;
  const stopped = held(target.table, new Set(targets.map(({ namespaces }) => namespaces.pid)));
  if (stopped.length > 0) throw new ObservationError('not-observable', stopped.join('; '));
  if (targets.length > MOST_PROBED)
    throw new ObservationError('too-many', `${targets.length} processes serve; at most ${MOST_PROBED} can be probed`);
  const observations: SyscallObservation[] = [];
  for (const target of targets) observations.push(await probe.syscalls(target, plan.syscalls.calls, childOnly));
  return observations;
}

/**
 * A filter that kills what it does not name must not meet a call of ours outside of a child made for it, and making one
 * takes two calls that it must name. A false hint costs the learner's own process, nothing else.
 */
function killsByDefault(hints: readonly ContainerHint[]): boolean {
  const killing = hints.flatMap(({ config }) =>
    /KILL|TRAP/.test(config?.seccompDefaultAction ?? '') ? [config!] : [],
  );
  for (const { seccompAllowed } of killing) {
    const missing = ['clone', 'wait4'].filter((name) => !seccompAllowed.includes(name));
    if (missing.length > 0)
      throw new ObservationError(
        'filter-kills',
        `the filter kills by default and does not allow ${missing.join(' and ')}: it cannot be tried without ending the service; use SCMP_ACT_ERRNO as the default action`,
      );
  }
  return killing.length > 0;
}

async function readAll(
  probe: Probe,
  init: InitProcess,
  paths: readonly string[],
): Promise<Record<string, FileObservation>> {
  const files: Record<string, FileObservation> = {};
  for (const path of paths) files[path] = await probe.file(init, path);
  return files;
}

function steady(
  earlier: readonly Section<ProcessTable>[],
  last: Section<ProcessTable>,
  serving: ReadonlySet<number | null>,
): Section<ProcessTable> {
  if (!last.ok) return last;
  if (last.value.truncated)
    return { ok: false, code: 'too-much', message: 'there is more in the sandbox than can be read' };
  const problems = new Set(held(last.value, serving));
  const [first] = earlier;
  const known = first?.ok ? first.value : undefined;
  for (const look of earlier) {
    if (!look.ok) return look;
    for (const problem of [...held(look.value, serving), ...differences(look.value, last.value, serving, known)])
      problems.add(problem);
  }
  return problems.size === 0 ? last : { ok: false, code: 'changed', message: [...problems].slice(0, 5).join('; ') };
}
