import { describe, expect, it } from 'vitest';
import { disagreements } from '../../../src/audit/audit.ts';
import { type Inspected, inspectedView, parseInspect } from '../../../src/audit/inspected.ts';

const id = (digit: string) => digit.repeat(64);

/** As Podman 5.4 writes it, without the keys that are not read. */
function container(change: Partial<Inspected['HostConfig']> = {}, more: Partial<Inspected> = {}): Inspected {
  return {
    Id: id('a'),
    Name: 'one',
    ImageName: 'localhost/busybox:latest',
    State: { Status: 'created', Pid: 0 },
    BoundingCaps: ['CAP_CHOWN'],
    EffectiveCaps: null,
    Mounts: [],
    Config: { User: '1000:1000', Labels: null },
    ...more,
    HostConfig: {
      Privileged: false,
      ReadonlyRootfs: true,
      SecurityOpt: [],
      NetworkMode: 'pasta',
      PidMode: 'private',
      IpcMode: 'shareable',
      UTSMode: 'private',
      Cgroups: 'default',
      Memory: 0,
      PidsLimit: 2048,
      NanoCpus: 0,
      CpuQuota: 0,
      CpuPeriod: 0,
      ...change,
    },
  };
}
const facts = (one: Inspected, ...others: Inspected[]) => inspectedView(one, [one, ...others]).facts;

describe('what inspect tells', () => {
  it('is read as the rules say', () => {
    expect(facts(container())).toMatchObject({
      labels: {},
      privileged: false,
      capabilities: ['CHOWN'],
      users: [1000],
      readOnlyRoot: true,
      hostNamespaces: [],
      noNewPrivileges: false,
      seccomp: true,
      limits: { memory: null, pids: 2048, cpus: null },
    });
  });

  it.each<[string, number[] | undefined]>([
    ['', [0]],
    ['root', [0]],
    ['0:1000', [0]],
    ['1000', [1000]],
    ['nobody', undefined],
    ['1000x', undefined],
  ])('gives the user %j the number %j', (User, users) => {
    expect(facts(container({}, { Config: { User } })).users).toEqual(users);
  });

  it('counts a privileged container as unfiltered and with every capability', () => {
    const privileged = facts(container({ Privileged: true }, { BoundingCaps: null }));
    expect(privileged.seccomp).toBe(false);
    expect(privileged.capabilities).toContain('SYS_ADMIN');
  });

  it('finds options of security in either spelling', () => {
    for (const option of ['no-new-privileges', 'no-new-privileges:true', 'no-new-privileges=true'])
      expect(facts(container({ SecurityOpt: [option] })).noNewPrivileges).toBe(true);
    expect(facts(container({ SecurityOpt: ['no-new-privileges:false'] })).noNewPrivileges).toBe(false);
    expect(facts(container({ SecurityOpt: ['seccomp=unconfined'] })).seccomp).toBe(false);
  });

  it('follows a namespace through other containers, also in a circle', () => {
    const host = container({ NetworkMode: 'host' }, { Id: id('b'), Name: 'two' });
    const through = container({ NetworkMode: `container:${id('b')}` }, { Id: id('c'), Name: 'three' });
    expect(facts(container({ NetworkMode: `container:${id('c')}` }), through, host).hostNamespaces).toEqual([
      'network',
    ]);
    const circle = container({ NetworkMode: `container:${id('a')}` });
    expect(facts(circle).hostNamespaces).toEqual([]);
    expect(facts(container({ PidMode: 'container:gone' })).hostNamespaces).toEqual([]);
  });

  it('takes a limit that no cgroup enforces for none', () => {
    expect(facts(container({ Cgroups: 'disabled', Memory: 1e6 })).limits).toEqual({
      memory: null,
      pids: null,
      cpus: null,
    });
    expect(facts(container({ CpuQuota: 50_000, PidsLimit: -1 })).limits).toEqual({
      memory: null,
      pids: null,
      cpus: 0.5,
    });
  });

  it.each([
    ['', 'expected JSON'],
    ['{}', 'the answer'],
    ['[{"Id":"x"}]', '0.Id'],
  ])('of %j says what is wrong', (text, words) => {
    expect(() => parseInspect(text)).toThrow(words);
  });
});

describe('disagreements', () => {
  const kernel = (change: object, writable: (path: string) => boolean | undefined = () => undefined) => ({
    source: () => '/proc',
    writable,
    facts: { ...facts(container()), ...change },
  });

  it('are more rights than were asked for, and what was remounted', () => {
    const asked = facts(container({}, { Mounts: [{ Type: 'bind', Source: '/srv', Destination: '/data', RW: false }] }));
    const seen = kernel({ capabilities: ['CHOWN', 'KILL'], users: [0, 1000], readOnlyRoot: false }, () => true);
    expect(disagreements(asked, seen).map(({ fact }) => fact)).toEqual([
      'capabilities',
      'users',
      'readOnlyRoot',
      'mount /data',
    ]);
  });

  it('are none where a process gave something up, or nobody knows', () => {
    expect(disagreements(facts(container()), kernel({ capabilities: [], limits: undefined }))).toEqual([]);
  });
});
