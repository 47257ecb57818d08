/** Fleets of containers that a learner's script is tried on, drawn from a seed. */
import { numbers } from '../../src/grading/parameters.ts';
import {
  type ContainerSpec,
  defaults,
  type MountSpec,
  nonRoot,
  type Rule,
  rules,
  socketFolder,
  violations,
} from './rules.ts';

export interface Fleet {
  readonly containers: readonly ContainerSpec[];
  /** Where names, labels and folders of the fleet come from. */
  readonly folder: string;
  readonly image: string;
}

class Dice {
  readonly below: (bound: number) => number;
  constructor(seed: string, name: string) {
    this.below = numbers(seed, name);
  }
  one<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }
  shuffled<T>(list: readonly T[]): T[] {
    const rest = [...list];
    return list.map(() => rest.splice(this.below(rest.length), 1)[0]!);
  }
  /** A word that tells nothing. */
  word(): string {
    return Array.from({ length: 3 }, () => this.one('bcdfghjklmnprstvz'.split('')) + this.one('aeiou'.split(''))).join(
      '',
    );
  }
}

/** Containers that break no rule. Each way to look as if is dealt at least once, so that no fleet is easier than another. */
function cleanContainers(dice: Dice, names: readonly string[], folder: string): ContainerSpec[] {
  const images = dice.shuffled(['busybox', 'nginx', 'own', 'own'] as const);
  const users = dice.shuffled([...nonRoot]);
  const capabilities = dice.shuffled([
    { drop: ['ALL'], add: [] },
    { drop: ['ALL'], add: ['net_bind_service'] },
    { drop: ['ALL'], add: ['CAP_NET_BIND_SERVICE'] },
    { drop: defaults.filter((capability) => capability !== 'NET_BIND_SERVICE'), add: [] },
  ]);
  const seccomp = dice.shuffled(['default', 'default', 'profile'] as const);
  const options = dice.shuffled<string[]>([
    [],
    ['--label', 'privileged=true'],
    ['--env', 'USER=root'],
    ['--label', `note=/etc ${dice.word()} host`],
    ['--network', 'none'],
    ['--hostname', 'host'],
    ['--tmpfs', '/etc/conf.d'],
  ]);
  const mounts = dice.shuffled<MountSpec[]>([
    [],
    [{ type: 'volume', source: dice.word(), target: '/data', writable: true }],
    [{ type: 'volume', source: dice.word(), target: '/etc/state', writable: true }],
    [{ type: 'bind', source: folder, target: '/etc/site', writable: false }],
    [{ type: 'bind', source: `${folder}/etc`, target: '/var/srv', writable: false }],
    [{ type: 'bind', source: `${folder}/podman.sock.d`, target: '/var/run/podman.sock', writable: false }],
  ]);
  const dealt = <T>(from: readonly T[], index: number): T => from[index % from.length]!;
  return names.map((name, index) => {
    const image = dealt(images, index);
    return {
      name,
      image,
      user: image === 'own' && dice.below(2) === 0 ? undefined : dealt(users, index),
      privileged: false,
      readOnly: true,
      ...dealt(capabilities, index),
      noNewPrivileges: true,
      seccomp: dealt(seccomp, index),
      memory: dice.one(['32m', '64m', '1g']),
      pids: dice.one(['20', '100', '4096']),
      hostNamespace: false,
      options: dealt(options, index),
      mounts: dealt(mounts, index),
    };
  });
}

type Change = (spec: ContainerSpec, dice: Dice, folder: string) => Partial<ContainerSpec>;

/** Ways to break a rule. One of each group is in every fleet, so that none is easier than another. */
const changes: Readonly<Record<Rule, readonly (readonly [Change, ...Change[]])[]>> = {
  privileged: [[() => ({ privileged: true, drop: [], add: [], seccomp: 'default' })]],
  'root-user': [
    [(_, dice) => ({ user: dice.one(['0', 'root', '0:0']) })],
    [() => ({ user: undefined, image: 'busybox' })],
  ],
  capabilities: [
    [
      () => ({ drop: [], add: [] }),
      (_, dice) => ({ drop: ['ALL'], add: [dice.one(['SYS_ADMIN', 'NET_ADMIN', 'sys_ptrace'])] }),
    ],
    // Not in CapAdd: it is in the default set.
    [(_, dice) => ({ drop: ['ALL'], add: [dice.one(['chown', 'SETUID', 'CAP_DAC_OVERRIDE'])] })],
    // Not in EffectiveCaps, as long as the user is not root.
    [
      (_, dice) => {
        const kept = dice.one(['SETUID', 'FOWNER', 'KILL']);
        return { drop: defaults.filter((name) => name !== kept), add: [] };
      },
    ],
  ],
  'writable-root': [[() => ({ readOnly: false })]],
  'new-privileges': [[() => ({ noNewPrivileges: false })]],
  seccomp: [[() => ({ seccomp: 'unconfined' })]],
  'host-namespace': [
    [
      (_, dice) => {
        const option = dice.one(['--network', '--ipc', '--uts']);
        return { hostNamespace: true, options: [option, 'host'] };
      },
      () => ({ hostNamespace: true, options: ['--cgroups', 'enabled', '--pid', 'host'] }),
    ],
  ],
  'runtime-socket': [
    [mounting(() => ({ source: `${socketFolder}/podman.sock`, target: '/var/run/docker.sock' }))],
    [
      mounting((dice) => ({ source: `${socketFolder}/podman.sock`, target: `/srv/${dice.word()}` })),
      mounting((dice) => ({ source: socketFolder, target: `/${dice.word()}` })),
    ],
  ],
  'sensitive-mount': [
    [
      mounting((dice) => ({ source: dice.one(['/', '/etc', '/root', '/boot', '/sys']), target: `/${dice.word()}` })),
      mounting((dice) => ({ source: dice.one(['/etc/passwd', '/etc/ssl', '/proc/sys']), target: `/${dice.word()}` })),
    ],
  ],
  'writable-mount': [[mounting((dice, folder) => ({ source: folder, target: `/srv/${dice.word()}`, writable: true }))]],
  'no-limits': [
    [() => ({ memory: undefined, pids: undefined })],
    [() => ({ memory: undefined }), () => ({ pids: undefined }), () => ({ pids: '-1' })],
  ],
};

function mounting(
  draw: (dice: Dice, folder: string) => { source: string; target: string; writable?: boolean },
): Change {
  return ({ mounts }, dice, folder) => ({
    mounts: [...mounts, { type: 'bind', writable: false, ...draw(dice, folder) }],
  });
}

const CONTAINERS = 9;

/** @param violating every rule is broken by at least one container; else none is by any */
export function drawFleet(seed: string, name: string, violating: boolean): Fleet {
  const dice = new Dice(seed, name);
  const folder = `/home/learner/${dice.word()}`;
  const names = new Set<string>();
  while (names.size < CONTAINERS) names.add(`${dice.word()}-${dice.word()}`);
  const containers = cleanContainers(dice, [...names], folder);
  if (violating) breakRules(containers, dice, folder);
  return { containers: dice.shuffled(containers), folder, image: dice.word() };
}

/** Two stay clean. One is privileged, which makes other rules void: nothing is added to it. */
function breakRules(containers: ContainerSpec[], dice: Dice, folder: string): void {
  const change = (index: number, by: Change) => {
    containers[index] = { ...containers[index]!, ...by(containers[index]!, dice, folder) };
  };
  change(2, dice.one(changes.privileged[0]!));
  const others = containers.slice(3).map((_, index) => index + 3);
  const dealt = rules
    .filter((rule) => rule !== 'privileged')
    .flatMap((rule) => changes[rule].map((ways) => ({ rule, ways })));
  for (const [turn, { rule, ways }] of dice.shuffled(dealt).entries()) {
    const order = others.map((_, step) => others[(turn + step) % others.length]!);
    const place = order.find((index) => !violations(containers[index]!).broken.some((other) => clash(rule, other)));
    if (place !== undefined) change(place, dice.one(ways));
  }
}

/** A second way to break a rule would undo the first, and root shows capabilities that another user hides. */
function clash(rule: Rule, other: Rule): boolean {
  const byUser: readonly Rule[] = ['root-user', 'capabilities'];
  return rule === other || (byUser.includes(rule) && byUser.includes(other));
}
