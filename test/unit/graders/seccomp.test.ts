import { describe, expect, it } from 'vitest';
import { escaping, obscure, spying } from '../../../graders/seccomp/calls.ts';
import grader from '../../../graders/seccomp/checks.ts';
import { grade } from '../../../src/grading/runner.ts';
import type { Process, SyscallObservation } from '../../../src/inspector/snapshot.ts';
import { addContainer, addProcess, answer, podmanMounts, table, world } from '../grading/build.ts';

const judged: readonly string[] = [...escaping, ...spying, ...obscure];
/** Calls without a meaning of their own, to fill a list. */
const filler = (count: number) => Array.from({ length: count }, (_, n) => `call${n}`);

function probe({ pid, startTime }: Process, allowed: readonly string[]): SyscallObservation {
  const results: SyscallObservation['results'] = Object.fromEntries(
    judged.map((name) => [name, { verdict: 'denied' }]),
  );
  for (const name of allowed) results[name] = { verdict: 'allowed' };
  return { pid, startTime, arch: 'x86_64', method: 'child', probed: 300, allowed: allowed.length, results };
}

function scene(allowed: readonly string[], more: Partial<Process> = {}) {
  const snapshot = world('seccomp');
  const processes = addContainer(snapshot, 200, podmanMounts('rw'), more);
  const by = [processes[1]!];
  const requests = {
    page: answer(by, { text: 'abc123def456' }),
    head: answer(by),
    missing: answer(by, { status: 404 }),
    health: answer(by, { text: 'ok' }),
    write: answer(by, { status: 204 }),
    read: answer(by),
    list: answer(by, { text: '<a href="toride-check.txt">' }),
  };
  const syscalls = processes.map((process) => probe(process, allowed));
  snapshot.requests = { ok: true, value: requests };
  snapshot.syscalls = { ok: true, value: syscalls };
  const judge = () => grade(grader, snapshot);
  const failed = () => judge().results.flatMap(({ id, status }) => (status === 'failed' ? [id] : []));
  return { snapshot, requests, syscalls, judge, failed };
}

describe('grader seccomp', () => {
  it('gives nothing for the start, although no filter could be probed', () => {
    const { snapshot, requests, judge } = scene([]);
    requests.page = answer([], { connected: false, servedBy: [] });
    snapshot.syscalls = { ok: false, code: 'syscalls.no-target', message: 'nothing answered' };
    expect(judge()).toMatchObject({ status: 'failed', score: 0 });
  });

  it('passes a short allow-list', () => {
    expect(scene(filler(65)).judge()).toMatchObject({ status: 'passed', score: 100 });
  });

  it.each<[string, readonly string[], string[]]>([
    ['76 calls', filler(76), ['list.at-most-75']],
    ['101 calls', filler(101), ['list.at-most-100', 'list.at-most-75']],
    ['141 calls', filler(141), ['list.at-most-140', 'list.at-most-100', 'list.at-most-75']],
    ['ptrace', [...filler(60), 'ptrace'], ['calls.spying-denied']],
    ['unshare', [...filler(60), 'unshare'], ['calls.escape-denied']],
    ['a list of forbidden calls', [...filler(40), ...obscure], ['default.denies']],
  ])('fails %s', (_, allowed, expected) => {
    expect(scene(allowed).failed()).toEqual(expected);
  });

  it('fails the sandbox’s own filter alone, and no filter', () => {
    expect(scene(filler(60), { seccompFilters: 1 }).failed()[0]).toBe('filter.active');
    expect(scene(filler(60), { seccomp: 0, seccompFilters: 0 }).failed()[0]).toBe('filter.active');
    expect(scene(filler(60), { threadsUniform: false }).failed()[0]).toBe('filter.active');
  });

  it('fails a filter that allows everything, although one is in force', () => {
    const { judge, failed } = scene([...filler(250), ...judged]);
    expect(failed()).toEqual([
      'default.denies',
      'calls.escape-denied',
      'calls.spying-denied',
      'list.at-most-140',
      'list.at-most-100',
      'list.at-most-75',
    ]);
    expect(judge().score).toBe(30);
  });

  it('takes the weakest filter of all processes', () => {
    const { syscalls, snapshot, failed } = scene(filler(60));
    syscalls[0] = probe(table(snapshot).processes.find(({ pid }) => pid === 200)!, [...filler(60), 'ptrace']);
    expect(failed()).toEqual(['calls.spying-denied']);
  });

  it('cannot verify when a process of the container was not probed', () => {
    const { syscalls, judge } = scene(filler(60));
    syscalls.pop();
    expect(judge().status).toBe('ungraded');
  });

  it('cannot verify when most of the calls could not be told', () => {
    const { syscalls, judge } = scene(filler(60));
    for (const name of spying) syscalls[0]!.results[name] = { verdict: 'unclear' };
    expect(judge().results.find(({ id }) => id === 'calls.spying-denied')?.status).toBe('error');
  });

  it('fails a second server behind the filtered one', () => {
    const { snapshot, failed } = scene(filler(60));
    addContainer(snapshot, 300, podmanMounts('rw'));
    expect(failed()[0]).toBe('filter.active');
  });

  it('counts a broken function against the short list', () => {
    const { requests, failed } = scene(filler(60));
    requests.write.status = 500;
    expect(failed()).toEqual(['service.works', 'list.at-most-140', 'list.at-most-100', 'list.at-most-75']);
  });

  it('does not believe what the container’s configuration says', () => {
    const { snapshot, failed } = scene([...filler(250), ...judged]);
    const config = {
      readonlyRoot: true,
      seccompDefaultAction: 'SCMP_ACT_ERRNO',
      seccompAllowed: ['read'],
      args: [],
      annotations: {},
    };
    snapshot.containers = { ok: true, value: [{ id: 'c', name: 'web', image: null, config }] };
    addProcess(snapshot, { pid: 600, name: 'podman' });
    expect(failed()).toContain('default.denies');
  });
});
