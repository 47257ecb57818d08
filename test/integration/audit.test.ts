/** `toride audit` as a program, on real containers of a real rootless Podman: the one that sandboxes live in. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sandboxImage } from '../../src/setup/images.ts';
import { checkout, nodeBinary } from '../../src/setup/paths.ts';
import { podmanEnvironment } from '../../src/setup/podman.ts';
import { loadSettings } from '../../src/setup/settings.ts';

const env = podmanEnvironment(loadSettings().state);
const folder = mkdtempSync(join(tmpdir(), 'toride-audit-'));
const policyPath = join(folder, 'policy.yaml');
const prefix = `audit-${randomBytes(4).toString('hex')}`;
const name = (of: string) => `${prefix}-${of}`;

function podman(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('podman', args, { env, cwd: '/', encoding: 'utf8' });
  if (status !== 0) throw new Error(`podman ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

const made: string[] = [];
function container(of: string, verb: 'run' | 'create', ...options: string[]): void {
  const detach = verb === 'run' ? ['--detach'] : [];
  podman(
    verb,
    ...detach,
    '--name',
    name(of),
    '--network=none',
    '--entrypoint=/usr/bin/sleep',
    ...options,
    sandboxImage(),
    '600',
  );
  made.push(name(of));
}

function audit(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const main = join(checkout, 'src', 'cli', 'main.ts');
  return spawnSync(nodeBinary, ['--disable-warning=ExperimentalWarning', main, 'audit', ...args], {
    env,
    cwd: '/',
    encoding: 'utf8',
  });
}
interface Told {
  findings: { rule: string; outcome: string; actual: string; source: string }[];
  disagreements: { fact: string }[];
  kernelUnread: string | null;
}
function auditOne(of: string): Told & { code: number | null } {
  const { status, stdout, stderr } = audit('--policy', policyPath, '--format', 'json', name(of));
  if (stdout === '') throw new Error(stderr);
  return { code: status, ...JSON.parse(stdout).containers[0] };
}
const rules = ({ findings }: Told) => findings.map(({ rule }) => rule);

const hard = [
  '--user=1000',
  '--cap-drop=ALL',
  '--read-only',
  '--security-opt=no-new-privileges',
  '--label=security.scan=passed',
];

beforeAll(() => {
  writeFileSync(
    policyPath,
    `apiVersion: v1
kind: SecurityPolicy
metadata: { name: test }
spec:
  requiredLabels: [{ key: security.scan, value: passed }]
  forbidden:
    - privileged: true
    - capabilities: { add: [SYS_ADMIN, NET_ADMIN] }
    - hostNamespaces: [network, pid, ipc, uts]
    - mounts: [/etc]
  required:
    - readOnlyRootFilesystem: true
    - runAsNonRoot: true
    - dropCapabilities: [ALL]
    - noNewPrivileges: true
    - seccomp: true
  allowed: [{ capabilities: { add: [CHOWN] } }]
`,
  );
});
afterAll(() => {
  if (made.length > 0) podman('rm', '--force', '--time=0', ...made);
  rmSync(folder, { recursive: true, force: true });
});

describe('a container that runs', () => {
  it('is clean when it keeps every rule, by both witnesses', () => {
    container('clean', 'run', ...hard, '--cap-add=CHOWN');
    expect(auditOne('clean')).toMatchObject({ code: 0, findings: [], disagreements: [], kernelUnread: null });
  });

  it('is judged by its processes, not by what was asked for', () => {
    container('plain', 'run', '--user=0');
    const plain = auditOne('plain');
    expect(plain.code).toBe(1);
    expect(new Set(rules(plain))).toEqual(
      new Set([
        'requiredLabels',
        'required.readOnlyRootFilesystem',
        'required.runAsNonRoot',
        'required.dropCapabilities',
        'required.noNewPrivileges',
      ]),
    );
    const sources = plain.findings.filter(({ rule }) => rule !== 'requiredLabels').map(({ source }) => source);
    expect(sources.every((source) => source.startsWith('/proc/'))).toBe(true);
  });

  it('is seen through: privileged, unfiltered, in the host’s namespaces, with a host folder', () => {
    container('soft', 'run', ...hard, '--privileged', '--uts=host', '--volume=/etc/apt:/x:ro');
    const soft = auditOne('soft');
    expect(new Set(rules(soft))).toEqual(
      new Set([
        'forbidden.privileged',
        'forbidden.capabilities',
        'forbidden.hostNamespaces',
        'forbidden.mounts',
        'allowed.capabilities',
        'required.dropCapabilities',
        'required.seccomp',
      ]),
    );
  });

  it('gives its user by number where the configuration has a name', () => {
    container('named', 'run', ...hard, '--user=nobody');
    expect(auditOne('named')).toMatchObject({ code: 0, findings: [] });
  });

  it('is judged by the numbers of its own user namespace', () => {
    container('apart', 'run', ...hard, '--userns=auto:size=2000');
    expect(auditOne('apart')).toMatchObject({ code: 0, findings: [] });
    container('apart-root', 'run', ...hard, '--userns=auto:size=2000', '--user=0');
    expect(rules(auditOne('apart-root'))).toEqual(['required.runAsNonRoot']);
  });

  it('is told of where inspect and the kernel disagree', () => {
    container('entered', 'run', ...hard);
    podman('exec', '--detach', '--privileged', '--user=0', name('entered'), 'sleep', '600');
    const entered = auditOne('entered');
    expect(entered.code).toBe(1);
    expect(rules(entered)).toEqual(expect.arrayContaining(['required.runAsNonRoot', 'forbidden.capabilities']));
    expect(entered.disagreements.map(({ fact }) => fact)).toEqual(expect.arrayContaining(['capabilities', 'users']));
  });
});

describe('a container that does not run', () => {
  it('is judged by its configuration, and says so', () => {
    container('created', 'create', ...hard);
    expect(auditOne('created')).toMatchObject({ code: 0, findings: [], kernelUnread: 'not running (created)' });
  });

  it('leaves the number of a named user open', () => {
    container('unknown', 'create', ...hard, '--user=nobody');
    const unknown = auditOne('unknown');
    expect(unknown.code).toBe(2);
    expect(unknown.findings).toMatchObject([{ rule: 'required.runAsNonRoot', outcome: 'unknown' }]);
  });
});

describe('what cannot be answered', () => {
  it.each<[string, string[], RegExp]>([
    ['no policy', [], /--policy FILE is missing/],
    ['a policy that is not there', ['--policy', '/nowhere.yaml'], /nowhere\.yaml: expected a readable file/],
    ['a format that is not known', ['--policy', policyPath, '--format', 'xml'], /text, json, sarif, found xml/],
    ['a container that is not there', ['--policy', policyPath, 'no-such-container'], /no container is called no-such/],
    ['an option that is not known', ['--polcy', policyPath], /polcy/],
  ])('with %s ends with 2 and says why', (_, args, words) => {
    const { status, stderr } = audit(...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(words);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('without Podman ends with 2 and says so', () => {
    const main = join(checkout, 'src', 'cli', 'main.ts');
    const { status, stderr } = spawnSync(nodeBinary, [main, 'audit', '--policy', policyPath], {
      env: { ...env, PATH: '/nowhere' },
      encoding: 'utf8',
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/podman is not installed/);
  });
});
