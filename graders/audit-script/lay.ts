/** From a fleet to the commands that make it. */
import type { Fleet } from './fleet.ts';
import { type ContainerSpec, socketFolder } from './rules.ts';

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/** The bash script that makes a fleet with the sandbox's Podman. Containers are created, not started. */
export function layingScript({ containers, folder, image }: Fleet): string {
  const lines = [
    'set -eu',
    'cd',
    `mkdir -p ${folder}/etc ${folder}/podman.sock.d ${socketFolder}`,
    `echo '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[]}' > ${folder}/profile.json`,
    `python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("${socketFolder}/podman.sock")'`,
    `printf 'FROM localhost/busybox\\nUSER 1234\\n' | podman build -q -t ${image} -f - ${folder}/etc > /dev/null`,
    ...containers.map(
      (spec) =>
        `${['podman', 'create', ...options(spec, folder), ...command(spec, image)].map(quoted).join(' ')} > /dev/null`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function options(spec: ContainerSpec, folder: string): string[] {
  const flag = (when: boolean, ...words: string[]) => (when ? words : []);
  return [
    '--name',
    spec.name,
    ...flag(spec.user !== undefined, '--user', spec.user ?? ''),
    ...flag(spec.privileged, '--privileged'),
    ...flag(spec.readOnly, '--read-only'),
    ...spec.drop.flatMap((name) => ['--cap-drop', name]),
    ...spec.add.flatMap((name) => ['--cap-add', name]),
    ...flag(spec.noNewPrivileges, '--security-opt', 'no-new-privileges'),
    ...flag(spec.seccomp === 'unconfined', '--security-opt', 'seccomp=unconfined'),
    ...flag(spec.seccomp === 'profile', '--security-opt', `seccomp=${folder}/profile.json`),
    ...flag(spec.memory !== undefined, '--memory', spec.memory ?? ''),
    ...flag(spec.pids !== undefined, '--pids-limit', spec.pids ?? ''),
    ...spec.options,
    ...spec.mounts.flatMap(({ source, target, writable }) => [
      '--volume',
      `${source}:${target}:${writable ? 'rw' : 'ro'}`,
    ]),
  ];
}

const command = ({ image }: ContainerSpec, own: string) => [
  image === 'own' ? `localhost/${own}` : `localhost/${image}`,
  'sleep',
  '600',
];
