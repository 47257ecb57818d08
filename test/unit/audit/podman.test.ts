/** What a Podman can answer that no real one answers on demand: a stand-in first in PATH. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { audit, PodmanError } from '../../../src/audit/audit.ts';
import { exitCode } from '../../../src/audit/report.ts';
import { policySchema } from '../../../src/policy/policy.ts';

const policy = policySchema.parse({
  apiVersion: 'v1',
  kind: 'SecurityPolicy',
  metadata: { name: 'test' },
  spec: { forbidden: [{ privileged: true }] },
});
const here = 'a'.repeat(64);
const gone = 'b'.repeat(64);
const inspected = (change: object = {}) =>
  JSON.stringify([
    {
      Id: here,
      Name: 'here',
      State: { Status: 'created', Pid: 0 },
      BoundingCaps: null,
      Config: { User: '' },
      HostConfig: {
        Privileged: false,
        ReadonlyRootfs: false,
        NetworkMode: 'pasta',
        PidMode: 'private',
        IpcMode: 'shareable',
        UTSMode: 'private',
      },
      ...change,
    },
  ]);

const { PATH } = process.env;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toride-podman-'));
  process.env.PATH = `${folder}:${PATH}`;
});
afterEach(() => {
  process.env.PATH = PATH;
  rmSync(folder, { recursive: true, force: true });
});

/** @param script shell; $* are the words after podman */
function podman(script: string): void {
  writeFileSync(join(folder, 'podman'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'podman'), 0o755);
}

it('goes on without a container that went after it was listed, and says so', () => {
  podman(`case "$*" in
    ps*) printf '%s\\n' ${here} ${gone} ;;
    *${gone}*) echo 'Error: no such object: "${gone}"' >&2; exit 125 ;;
    *) echo '${inspected()}' ;;
  esac`);
  const found = audit(policy, []);
  expect(found).toMatchObject({ containers: [{ name: 'here', findings: [] }], vanished: [gone] });
  expect(exitCode(found)).toBe(2);
  expect(exitCode(audit(policy, ['here']))).toBe(0);
});

it('tells of a violation although its process is gone', () => {
  podman(
    `case "$1" in ps) echo ${here} ;; *) echo '${inspected({
      State: { Status: 'running', Pid: 4_194_303 },
      HostConfig: { ...JSON.parse(inspected())[0].HostConfig, Privileged: true },
    })}' ;; esac`,
  );
  const found = audit(policy, []);
  expect(found.containers).toMatchObject([
    { findings: [{ rule: 'forbidden.privileged' }], kernelUnread: 'it ended while it was looked at' },
  ]);
  expect(exitCode(found)).toBe(1);
});

it.each([
  ['does not work', 'echo "Error: no space left" >&2; exit 125', /^podman ps: Error: no space left$/],
  ['answers no JSON', `[ "$1" = ps ] && echo ${here} || echo oops`, /^podman inspect: expected JSON/],
  ['answers another form', `[ "$1" = ps ] && echo ${here} || echo '[{"Id": 5}]'`, /^podman inspect: 0\.Id/],
  ['cannot say why', `[ "$1" = ps ] && echo ${here} || { echo "Error: locked" >&2; exit 125; }`, /Error: locked$/],
])('says so when Podman %s', (_, script, words) => {
  podman(script);
  expect(() => audit(policy, [])).toThrow(PodmanError);
  expect(() => audit(policy, [])).toThrow(words);
});
