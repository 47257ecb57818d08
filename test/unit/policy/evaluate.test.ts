import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../../src/grading/file-error.ts';
import { capabilities, defaultCapabilities } from '../../../src/policy/capabilities.ts';
import { evaluate, evaluateAll } from '../../../src/policy/evaluate.ts';
import type { ContainerFacts } from '../../../src/policy/facts.ts';
import { policySchema } from '../../../src/policy/policy.ts';

const policy = (spec: string) =>
  parseYaml(
    `apiVersion: v1\nkind: SecurityPolicy\nmetadata: { name: test }\nspec: ${spec}`,
    'policy.yaml',
    policySchema,
  );
/** The chapter's own. */
const chapter = policy(`
  requiredLabels: [{ key: security.scan, value: passed }]
  forbidden: [{ privileged: true }, { capabilities: { add: [SYS_ADMIN, NET_ADMIN] } }]
  required: [{ readOnlyRootFilesystem: true }, { runAsNonRoot: true }, { dropCapabilities: [ALL] }]
  allowed: [{ capabilities: { add: [NET_BIND_SERVICE, CHOWN] } }]`);

const good: ContainerFacts = {
  labels: { 'security.scan': 'passed' },
  privileged: false,
  capabilities: ['CHOWN'],
  users: [1000],
  readOnlyRoot: true,
  hostNamespaces: [],
  mounts: [],
  noNewPrivileges: true,
  seccomp: true,
  limits: { memory: 1, pids: null, cpus: null },
};
const view = (facts: ContainerFacts, name = 'here') => ({ facts, source: (fact: string) => `${name} ${fact}` });
const broken = (spec: typeof chapter, change: ContainerFacts) =>
  evaluate(spec, view({ ...good, ...change })).map(({ rule, actual }) => `${rule}: ${actual}`);

describe('the chapter’s policy', () => {
  it.each<[string, ContainerFacts, string[]]>([
    ['what it asks for', {}, []],
    ['no label', { labels: {} }, ['requiredLabels: no such label']],
    ['another value', { labels: { 'security.scan': 'Passed' } }, ['requiredLabels: security.scan=Passed']],
    [
      'a label of every object',
      { labels: Object.create({ 'security.scan': 'passed' }) },
      ['requiredLabels: no such label'],
    ],
    ['a writable root', { readOnlyRoot: false }, ['required.readOnlyRootFilesystem: false']],
    ['root among others', { users: [0, 101] }, ['required.runAsNonRoot: user 0']],
    ['forbidden, whatever else', { capabilities: ['NET_ADMIN'] }, ['forbidden.capabilities: NET_ADMIN']],
    ['added, neither forbidden nor allowed', { capabilities: ['NET_RAW'] }, ['allowed.capabilities: NET_RAW']],
    ['a default one that was not dropped', { capabilities: ['KILL'] }, ['required.dropCapabilities: KILL']],
    ['given back and allowed', { capabilities: ['NET_BIND_SERVICE', 'CHOWN'] }, []],
    [
      'each of them told once',
      { capabilities: ['CHOWN', 'KILL', 'NET_RAW', 'SYS_ADMIN'] },
      ['forbidden.capabilities: SYS_ADMIN', 'allowed.capabilities: NET_RAW', 'required.dropCapabilities: KILL'],
    ],
  ])('judges %s', (_, change, expected) => {
    expect(broken(chapter, change)).toEqual(expected);
  });
});

describe('rules by themselves', () => {
  it('forbids also what is allowed', () => {
    const both = policy(
      '{ forbidden: [{ capabilities: { add: [cap_chown] } }], allowed: [{ capabilities: { add: [CHOWN] } }] }',
    );
    expect(broken(both, {})).toEqual(['forbidden.capabilities: CHOWN']);
  });

  it('takes every spelling of a name', () => {
    for (const name of ['SYS_ADMIN', 'CAP_SYS_ADMIN', 'sys_admin', 'Cap_Sys_Admin'])
      expect(
        broken(policy(`{ forbidden: [{ capabilities: { add: [${name}] } }] }`), { capabilities: ['SYS_ADMIN'] }),
      ).toEqual(['forbidden.capabilities: SYS_ADMIN']);
  });

  it('leaves the default set alone where nothing must be dropped', () => {
    const only = policy('{ allowed: [{ capabilities: { add: [NET_RAW] } }] }');
    expect(broken(only, { capabilities: [...defaultCapabilities, 'NET_RAW'] })).toEqual([]);
    expect(broken(only, { capabilities: ['SYS_TIME'] })).toEqual(['allowed.capabilities: SYS_TIME']);
  });

  it('without allowed drops what it says, and limits nothing else', () => {
    const some = policy('{ required: [{ dropCapabilities: [KILL] }] }');
    expect(broken(some, { capabilities: ['NET_RAW'] })).toEqual([]);
    expect(broken(some, { capabilities: ['KILL'] })).toEqual(['required.dropCapabilities: KILL']);
  });

  it('knows ALL in every place', () => {
    expect(broken(policy('{ forbidden: [{ capabilities: { add: [ALL] } }] }'), {})).toHaveLength(1);
    const all = policy('{ required: [{ dropCapabilities: [ALL] }], allowed: [{ capabilities: { add: [all] } }] }');
    expect(broken(all, { capabilities: [...capabilities] })).toEqual([]);
  });

  it('sees a forbidden path in what lies in it and in what holds it', () => {
    const socket = policy('{ forbidden: [{ mounts: [/run/podman/] }] }');
    const at = (source: string, type = 'bind') => ({ mounts: [{ type, source, destination: '/x', writable: false }] });
    for (const source of ['/run/podman', '/run/podman/podman.sock', '/run', '/'])
      expect(broken(socket, at(source))).toEqual([`forbidden.mounts: ${source} at /x`]);
    for (const source of ['/run/podman2', '/srv']) expect(broken(socket, at(source))).toEqual([]);
    expect(broken(socket, at('/run/podman', 'volume'))).toEqual([]);
  });

  it('names each namespace and each limit', () => {
    const more = policy('{ forbidden: [{ hostNamespaces: [pid, network] }], required: [{ limits: [memory, pids] }] }');
    expect(broken(more, { hostNamespaces: ['network', 'ipc'] })).toEqual([
      'forbidden.hostNamespaces: the host’s network namespace',
      'required.limits: none',
    ]);
  });

  it('asks nothing where nothing is asked', () => {
    expect(broken(policy('{}'), { privileged: true, users: [0] })).toEqual([]);
  });
});

describe('two looks', () => {
  it('say unknown only where neither knows', () => {
    const asked = view({ ...good, users: undefined });
    expect(evaluate(chapter, asked)).toMatchObject([{ rule: 'required.runAsNonRoot', outcome: 'unknown' }]);
    expect(evaluateAll(chapter, [asked])).toMatchObject([{ rule: 'required.runAsNonRoot', outcome: 'unknown' }]);
    expect(evaluateAll(chapter, [asked, view({ users: [5] })])).toEqual([]);
    expect(evaluateAll(chapter, [asked, view({})])).toMatchObject([{ outcome: 'unknown' }]);
  });

  it('tell what either sees, once, in the kernel’s words', () => {
    const asked = view({ ...good, readOnlyRoot: false, capabilities: ['KILL'] }, 'inspect');
    const seen = view({ readOnlyRoot: true, capabilities: ['KILL', 'SETUID'] }, 'kernel');
    expect(evaluateAll(chapter, [asked, seen])).toEqual([
      expect.objectContaining({
        rule: 'required.dropCapabilities',
        source: 'kernel capabilities',
        actual: 'KILL, SETUID',
      }),
      expect.objectContaining({ rule: 'required.readOnlyRootFilesystem', source: 'inspect readOnlyRoot' }),
    ]);
  });
});
