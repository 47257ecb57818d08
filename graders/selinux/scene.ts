/** The scene of labs/selinux/files/scene.sh, and what SELinux decides in it: type first, then the categories. */
import { CannotVerify } from '../../src/grading/check.ts';

type Parameters = Readonly<Record<string, string>>;

interface Context {
  readonly type: string;
  /** Category numbers. */
  readonly categories: readonly number[];
}

/** What the policy lets container_t do with files of a type; a type that is not here it may not touch. */
const rights: Readonly<Record<string, readonly ('read' | 'write')[]>> = {
  container_file_t: ['read', 'write'],
  container_ro_file_t: ['read'],
};

function value(parameters: Parameters, name: string): string {
  const found = parameters[name];
  if (found === undefined) throw new CannotVerify(`no ${name} in the snapshot`);
  return found;
}

/** The order in which scene.sh shows its items: '351624' shows the third first. */
function shown<T>(parameters: Parameters, name: string, items: readonly T[]): T[] {
  return [...value(parameters, name)].map((digit) => {
    const item = items[Number(digit) - 1];
    if (item === undefined) throw new CannotVerify(`no item ${digit} in ${name}`);
    return item;
  });
}

export function scene(parameters: Parameters) {
  const category = (name: string) => Number(value(parameters, name));
  const [first, second, third, fourth] = ['first', 'second', 'third', 'fourth'].map(category) as [
    number,
    number,
    number,
    number,
  ];
  const containers = { web: [first, third], db: [second, fourth] };
  const files: readonly Context[] = shown(parameters, 'files', [
    { type: 'container_file_t', categories: containers.web },
    { type: 'container_file_t', categories: containers.db },
    { type: 'container_file_t', categories: [] },
    { type: 'user_home_t', categories: [] },
    { type: 'container_file_t', categories: [first, fourth] },
    { type: 'container_ro_file_t', categories: [] },
  ]);
  const allowed = (right: 'read' | 'write') =>
    files.flatMap(({ type, categories }, index) => {
      const dominated = categories.every((one) => containers.web.includes(one));
      return rights[type]?.includes(right) && dominated ? ['abcdef'[index]!] : [];
    });
  const [before, after] = value(parameters, 'turn').split('-') as ['web' | 'db', 'web' | 'db'];
  return {
    /** The letters of the files that web may read, and write. */
    reads: allowed('read').join(''),
    writes: allowed('write').join(''),
    /** What denied each line of the log. */
    denials: shown(parameters, 'denials', ['type', 'level', 'nothing']).join(' '),
    /** The level of the folder after the second :Z, and the container that cannot use it any more. */
    level: `s0:${containers[after].map((one) => `c${one}`).join(',')}`,
    lockedOut: before,
    uses: shown(parameters, 'uses', ['Z', 'z', 'disable', 'type']).join(' '),
  };
}
