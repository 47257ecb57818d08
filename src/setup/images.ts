/**
 * The images: root file systems from the distribution's packages, put together by the Containerfiles under
 * containers/images. No registry takes part. Built once for each content of that folder.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { hashFiles } from './folder-hash.ts';
import { checkout, statePaths } from './paths.ts';
import { podmanEnvironment } from './podman.ts';
import { run, step } from './step.ts';
import { UserError } from './user-error.ts';

const imagesFolder = join(checkout, 'containers', 'images');
/** The learner's images, ready in every sandbox. */
const learnerImages = readdirSync(imagesFolder).filter((name) => !['sandbox', 'workbench'].includes(name));
const SUITE = 'trixie';
/** Root file systems made of packages: the release, and its folder's hook where only files are unpacked. */
const rootfs = {
  sandbox: { suite: SUITE },
  workbench: { suite: SUITE },
  /** A release that gets security updates beside it and no others: what is in it stays as old as it is. */
  legacy: { suite: 'bookworm', hook: join(imagesFolder, 'legacy', 'database') },
} as const;
type RootfsName = keyof typeof rootfs;
/** The same as in sandbox/Containerfile; a commit would keep the build's. */
const ENTRYPOINT = [
  '/usr/bin/setpriv',
  '--inh-caps=-all',
  '--ambient-caps=-all',
  '--',
  '/usr/bin/catatonit',
  '--',
  '/usr/lib/toride/start',
];

/** Options by which dpkg leaves out what nobody reads in a container, except Podman's own manual. */
const dpkgOptions = [
  'path-exclude=/usr/share/man/*',
  'path-include=/usr/share/man/man1',
  'path-include=/usr/share/man/man5',
  'path-include=/usr/share/man/man1/podman*',
  'path-include=/usr/share/man/man5/containers*',
  'path-exclude=/usr/share/doc/*',
  'path-exclude=/usr/share/locale/*',
].map((option) => `--dpkgopt=${option}`);

const packageList = (name: string): string[] =>
  readFileSync(join(imagesFolder, name, 'packages'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

/** Archives of an operator's own, as `podman save` writes them, for every sandbox. @throws UserError when one is not there */
function extraImages(): { path: string; size: number; changed: number }[] {
  const paths = (process.env.TORIDE_EXTRA_IMAGES ?? '').split(':').filter((path) => path !== '');
  return paths.map((path) => {
    const entry = statSync(path, { throwIfNoEntry: false });
    if (!isAbsolute(path) || !entry?.isFile())
      throw new UserError('settings', `TORIDE_EXTRA_IMAGES: expected the absolute path of an archive, found ${path}`);
    return { path, size: entry.size, changed: Math.round(entry.mtimeMs) };
  });
}

/** Tag of the sandbox image that belongs to this checkout and to what an operator added. */
export function sandboxImage(): string {
  const extra = extraImages();
  const salt = `${SUITE} ${process.arch}${extra.length > 0 ? ` ${JSON.stringify(extra)}` : ''}`;
  return `localhost/toride/sandbox:${hashFiles(checkout, ['containers/images'], salt).slice(0, 16)}`;
}

const listed = (state: string) => join(statePaths(state).rootfs, 'built.json');
const builtImages = (state: string): string[] =>
  existsSync(listed(state)) ? JSON.parse(readFileSync(listed(state), 'utf8')) : [];
const imagesReady = (state: string): boolean => builtImages(state).includes(sandboxImage());

const rootfsTar = (state: string, name: RootfsName): string => {
  const { suite, ...more } = rootfs[name];
  const packages = createHash('sha256')
    .update([suite, ...dpkgOptions, ...packageList(name)].join(' '))
    .update('hook' in more ? readFileSync(more.hook) : '')
    .digest('hex')
    .slice(0, 12);
  return join(statePaths(state).rootfs, `${name}-${packages}.tar`);
};

/** Runs as the ordinary user outside the keep: mmdebstrap makes a user namespace of its own. */
export async function ensureRootfs(state: string): Promise<void> {
  if (imagesReady(state)) return;
  mkdirSync(statePaths(state).rootfs, { recursive: true, mode: 0o700 });
  const names = Object.keys(rootfs) as RootfsName[];
  const missing = names.filter((name) => !existsSync(rootfsTar(state, name)));
  if (missing.length === 0) return;
  await step(`root file systems from Debian packages (${missing.join(', ')})`, async () => {
    await Promise.all(missing.map((name) => bootstrap(state, name)));
  });
}

async function bootstrap(state: string, name: RootfsName): Promise<void> {
  const tar = rootfsTar(state, name);
  const log = join(statePaths(state).rootfs, `${name}.log`);
  const { suite, ...more } = rootfs[name];
  const options = ['--mode=unshare', '--format=tar', `--include=${packageList(name).join(',')}`];
  // mmdebstrap adds the updates of a stable release by itself.
  const withoutUpdates = 'sed -i -e /-security/d -e /-updates/d "$1/etc/apt/sources.list"';
  const how =
    'hook' in more
      ? ['--variant=extract', `--setup-hook=${withoutUpdates}`, `--extract-hook=${more.hook} "$1"`]
      : ['--variant=minbase', ...dpkgOptions];
  await run('mmdebstrap', [...options, ...how, suite, `${tar}.new`], { log, cwd: '/tmp' });
  renameSync(`${tar}.new`, tar);
}

/** Runs inside the keep. */
export async function ensureImages(state: string): Promise<void> {
  if (imagesReady(state)) return;
  const log = join(statePaths(state).rootfs, 'build.log');
  const podman = (...args: string[]) => run('podman', args, { log, env: podmanEnvironment(state), cwd: '/' });
  const build = (name: string, ...tags: string[]) =>
    podman(
      'build',
      '--quiet',
      '--network=none',
      '--squash-all',
      ...tags.map((tag) => `--tag=${tag}`),
      '--file',
      join(imagesFolder, name, 'Containerfile'),
      imagesFolder,
    );

  await step('learner images', async () => {
    await podman('import', '--quiet', rootfsTar(state, 'workbench'), 'localhost/toride/workbench');
    await podman('import', '--quiet', rootfsTar(state, 'legacy'), 'localhost/toride/legacy');
    for (const name of learnerImages) await build(name, `localhost/${name}:latest`);
  });
  await step('sandbox image', async () => {
    await podman('import', '--quiet', rootfsTar(state, 'sandbox'), 'localhost/toride/rootfs-sandbox');
    await build('sandbox', 'localhost/toride/sandbox-base');
    await addLearnerImages(state, podman);
    writeFileSync(listed(state), JSON.stringify([...builtImages(state), sandboxImage()]));
  });
}

/**
 * The learner's own Podman loads the images into an additional store inside the sandbox image, so that their files
 * belong to the learner's ids there and no later sandbox copies a byte.
 */
async function addLearnerImages(state: string, podman: (...args: string[]) => Promise<void>): Promise<void> {
  const archive = join(statePaths(state).rootfs, 'learner-images.tar');
  const container = 'toride-image-build';
  const extra = extraImages();
  const inside = ['/learner-images.tar', ...extra.map((_, index) => `/extra-${index}.tar`)];
  // Room for each archive, unpacked and once more on its way.
  const room = 1024 + Math.ceil(extra.reduce((sum, { size }) => sum + 4 * size, 0) / 1024 / 1024);
  rmSync(archive, { force: true });
  await podman(
    'save',
    '--quiet',
    '--multi-image-archive',
    '--output',
    archive,
    ...learnerImages.map((name) => `localhost/${name}:latest`),
  );
  await podman('rm', '--force', '--ignore', '--time=0', container);
  const script = [
    'set -eu',
    'export HOME=/tmp/home XDG_RUNTIME_DIR=/tmp/run',
    'mkdir -p $HOME $XDG_RUNTIME_DIR',
    // The kernel's overlay cannot live on the sandbox's own root (a FUSE file system), so the store is made on a tmpfs.
    ...inside.map((path) => `podman --root /tmp/store --storage-driver overlay load --quiet --input ${path}`),
    'rm -rf /tmp/store/db.sql /tmp/store/libpod',
    'podman --root /tmp/store unshare cp -a /tmp/store/. /usr/lib/toride/images/',
  ].join('\n');
  await podman(
    'run',
    '--name',
    container,
    '--userns=auto:size=165536',
    '--network=none',
    '--security-opt=unmask=ALL',
    `--security-opt=seccomp=${join(checkout, 'containers', 'profiles', 'sandbox-seccomp.json')}`,
    '--cap-drop=all',
    '--cap-add=SETUID,SETGID',
    '--device=/dev/net/tun',
    `--tmpfs=/tmp:size=${room}m,mode=1777`,
    ...[archive, ...extra.map(({ path }) => path)].map((path, index) => `--volume=${path}:${inside[index]}:ro`),
    '--entrypoint=/bin/sh',
    'localhost/toride/sandbox-base',
    '-c',
    script,
  );
  await podman(
    'commit',
    '--quiet',
    `--change=ENTRYPOINT ${JSON.stringify(ENTRYPOINT)}`,
    '--change=CMD []',
    container,
    sandboxImage(),
  );
  await podman('rm', '--force', container);
  rmSync(archive, { force: true });
}
