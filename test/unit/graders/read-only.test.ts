import { describe, expect, it } from 'vitest';
import grader from '../../../graders/read-only/checks.ts';
import { grade } from '../../../src/grading/runner.ts';
import type { Mount, Process } from '../../../src/inspector/snapshot.ts';
import {
  addContainer,
  addProcess,
  answer,
  mount,
  podmanMounts,
  scratch,
  table,
  volume,
  world,
} from '../grading/build.ts';

const hardened = () => [...podmanMounts('ro'), scratch('/run'), scratch('/var/cache/nginx'), volume('/data')];
const token = 'abc123def456';

function scene(mounts: Mount[], more: Partial<Process> = {}) {
  const snapshot = world('read-only');
  const [, worker] = addContainer(snapshot, 200, mounts, more);
  const by = [worker!];
  const requests = {
    page: answer(by, { text: `<p>${token}</p>` }),
    write: answer(by, { status: 201 }),
    read: answer(by),
  };
  snapshot.requests = { ok: true, value: requests };
  const failed = () => {
    const { results } = grade(grader, snapshot);
    return results.filter(({ status }) => status === 'failed').map(({ id }) => id);
  };
  return { snapshot, requests, failed };
}

describe('grader read-only', () => {
  it('gives nothing for the start', () => {
    const snapshot = world('read-only');
    const none = answer([], { connected: false, reason: 'refused', servedBy: [] });
    snapshot.requests = { ok: true, value: { page: none, write: none, read: none } };
    expect(grade(grader, snapshot)).toMatchObject({ status: 'failed', score: 0 });
  });

  it('passes the hardened container', () => {
    const { snapshot } = scene(hardened());
    expect(grade(grader, snapshot)).toMatchObject({ status: 'passed', score: 100 });
  });

  it.each<[string, Mount[], string[]]>([
    [
      'a writable root',
      [...podmanMounts('rw', 'ro'), volume('/data')],
      ['rootfs.read-only', 'tmpfs.no-exec', 'mounts.nothing-else'],
    ],
    ['tmpfs that executes', [...hardened(), scratch('/tmp', 'rw,nosuid,nodev')], ['tmpfs.no-exec']],
    ['Podman’s own writable /dev', [...podmanMounts('ro', 'rw'), scratch('/run'), volume('/data')], ['tmpfs.no-exec']],
    ['memory instead of a volume', [...podmanMounts('ro'), scratch('/data')], ['volume.data']],
    ['a volume that is read-only', [...podmanMounts('ro'), volume('/data', 'ro')], ['volume.data']],
    ['another writable folder', [...hardened(), volume('/usr/share/nginx/html')], ['mounts.nothing-else']],
    [
      'a writable folder of a tmpfs',
      [...hardened(), mount('/opt', 'rw,noexec', { root: '/learner/x' })],
      ['mounts.nothing-else'],
    ],
  ])('fails %s', (_, mounts, expected) => {
    expect(scene(mounts).failed()).toEqual(expected);
  });

  it('fails a service that no longer stores', () => {
    const { requests, failed } = scene(hardened());
    requests.write.status = 500;
    expect(failed()).toEqual(['service.writes']);
  });

  it('fails an old note that is shown as the new one', () => {
    const { requests, failed } = scene(hardened());
    requests.read.headers = { ...requests.read.headers, 'last-modified': 'Mon, 23 Nov 2026 12:00:00 GMT' };
    expect(failed()).toEqual(['service.writes']);
  });

  it('holds every container that listens to the rule, not only the one in front', () => {
    const { snapshot, failed } = scene(hardened());
    addContainer(snapshot, 300, podmanMounts('rw'));
    expect(failed()).toContain('rootfs.read-only');
  });

  it('judges every process of the container by its own mounts', () => {
    const { snapshot, failed } = scene(hardened());
    const [master] = table(snapshot).processes.filter(({ pid }) => pid === 200);
    const mountTable = table(snapshot).mountTables.push(podmanMounts('rw')) - 1;
    addProcess(snapshot, { ...master!, pid: 400, mountTable, sockets: [] });
    expect(failed()).toContain('rootfs.read-only');
  });

  it('gives nothing when the page comes from outside a container', () => {
    const { snapshot, requests } = scene(hardened());
    const program = addProcess(snapshot, { pid: 500, name: 'pasta', exe: '/home/learner/nc' });
    requests.page.servedBy = answer([program]).servedBy;
    expect(grade(grader, snapshot).score).toBe(0);
  });

  it('gives nothing for the page of another learner', () => {
    const { snapshot, requests } = scene(hardened());
    requests.page.body = Buffer.from('zzz999').toString('base64');
    expect(grade(grader, snapshot).score).toBe(0);
  });
});
