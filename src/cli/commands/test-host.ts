/**
 * `toride test host [SCRIPT]`: what needs a host of another kind. Boots a Debian with its own kernel, systemd, delegated
 * cgroups and SELinux (permissive) in QEMU, without hardware acceleration, and runs test/host/run.sh in it as an ordinary,
 * lingering user. Built as root; not a part of `npm test`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { SERVICE_HOME, SERVICE_USER, serviceIds, subIds } from '../../setup/host.ts';
import { checkout, nodeBinary, statePaths } from '../../setup/paths.ts';
import { run, step } from '../../setup/step.ts';
import { UserError } from '../../setup/user-error.ts';

const CACHE = '/var/cache/toride-guest';
const HOST_PACKAGES = { 'qemu-system-x86_64': 'qemu-system-x86', mmdebstrap: 'mmdebstrap', mke2fs: 'e2fsprogs' };
const SUITE = 'trixie';
/** A machine without acceleration: about eight times slower than its host. */
const BOOT_LIMIT_MS = 20 * 60_000;
const MEMORY_MIB = 3072;
const GUEST_HOME = '/var/lib/toride';

const start = (uid: number) => `
for i in $(seq 100); do [ -S /run/user/${uid}/bus ] && break; sleep 0.3; done
cd ${GUEST_HOME}/checkout
runuser -u ${SERVICE_USER} -- env CI=true HOME=${GUEST_HOME} TORIDE_PLACE=user TORIDE_STATE=${GUEST_HOME}/state \\
  XDG_RUNTIME_DIR=/run/user/${uid} PATH=${GUEST_HOME}/checkout/node_modules/.bin:/usr/bin:/bin:/usr/sbin:/sbin bash ${GUEST_HOME}/run.sh
echo "toride-guest: over"
sync
systemctl --force poweroff
`;

export async function testHost(args: string[]): Promise<number> {
  const ids = serviceIds();
  if (!ids)
    throw new UserError('usage', 'test host: builds a machine with users of its own, so it must be run as root');
  installTools();
  await prepare();
  mkdirSync(CACHE, { recursive: true, mode: 0o700 });
  const base = await baseDisk(ids);
  const work = mkdtempSync(join(CACHE, 'run-'));
  try {
    const payload = await payloadDisk(work, ids, resolve(args[0] ?? join(checkout, 'test', 'host', 'run.sh')));
    return verdict(await boot(base, payload, work));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function installTools(): void {
  const missing = Object.entries(HOST_PACKAGES).flatMap(([command, name]) =>
    spawnSync('sh', ['-c', 'command -v "$1"', 'sh', command]).status === 0 ? [] : [name],
  );
  if (missing.length === 0) return;
  for (const words of [['update'], ['install', '-y', '--no-install-recommends', ...missing]]) {
    if (spawnSync('apt-get', words, { stdio: ['ignore', 'ignore', 'inherit'] }).status !== 0)
      throw new UserError('host', `apt-get ${words.join(' ')} failed`);
  }
}

/** The images and the probe, by this checkout's own set-up. */
async function prepare(): Promise<void> {
  const { status } = spawnSync(nodeBinary, [join(checkout, 'src/cli/main.ts'), 'prepare'], { stdio: 'inherit' });
  if (status !== 0) throw new UserError('setup', `prepare ended with ${status}`);
}

/** Root file system, kernel and initial memory disk of the guest, once for each list of packages and ids. */
async function baseDisk({ uid, gid }: { uid: number; gid: number }): Promise<string> {
  const packages = readFileSync(join(checkout, 'test', 'host', 'packages'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const ranges = (['uid', 'gid'] as const).map((kind) => {
    const { first, count } = subIds(kind, SERVICE_USER, uid);
    return [kind, `${SERVICE_USER}:${first}:${count}`] as const;
  });
  // Before packages take these numbers for users of their own.
  const user = [
    `echo ${SERVICE_USER}:x:${gid}: >> /etc/group`,
    `echo ${SERVICE_USER}:x:${uid}:${gid}::${GUEST_HOME}:/bin/bash >> /etc/passwd`,
  ];
  const hooks = [
    ...ranges.map(([kind, line]) => `echo ${line} > /etc/sub${kind}`),
    `mkdir -p /var/lib/systemd/linger ${GUEST_HOME} && touch /var/lib/systemd/linger/${SERVICE_USER}`,
    `printf 'SELINUX=permissive\\nSELINUXTYPE=default\\n' > /etc/selinux/config`,
    `printf '/dev/vdb ${GUEST_HOME} ext4 defaults 0 0\\n' > /etc/fstab`,
    'systemctl enable toride-test.service',
    'systemctl mask systemd-networkd-wait-online.service serial-getty@ttyS0.service getty@tty1.service apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer',
    'cp /boot/vmlinuz-* /vmlinuz-guest && cp /boot/initrd.img-* /initrd-guest',
  ];
  const unit = join(checkout, 'test', 'host', 'toride-test.service');
  const key = createHash('sha256')
    .update(JSON.stringify([SUITE, packages, user, hooks, readFileSync(unit, 'utf8')]))
    .digest('hex')
    .slice(0, 12);
  const disk = join(CACHE, `base-${key}`);
  if (existsSync(join(disk, 'disk.raw'))) return disk;
  await step('guest: Debian with its own kernel', async () => {
    for (const old of readdirSync(CACHE).filter((name) => name.startsWith('base-')))
      rmSync(join(CACHE, old), { recursive: true });
    mkdirSync(disk, { mode: 0o700 });
    const log = join(disk, 'build.log');
    const root = join(disk, 'root');
    await run(
      'mmdebstrap',
      [
        '--mode=root',
        '--variant=minbase',
        `--include=${packages.join(',')}`,
        '--dpkgopt=path-exclude=/usr/share/man/*',
        '--dpkgopt=path-exclude=/usr/share/doc/*',
        ...user.map((hook) => `--essential-hook=chroot "$1" sh -c ${quoted(hook)}`),
        `--customize-hook=copy-in ${unit} /etc/systemd/system`,
        ...hooks.map((hook) => `--customize-hook=chroot "$1" sh -c ${quoted(hook)}`),
        SUITE,
        root,
      ],
      { log },
    );
    for (const name of ['vmlinuz', 'initrd']) cpSync(join(root, `${name}-guest`), join(disk, name));
    await run('mke2fs', ['-q', '-t', 'ext4', '-d', root, join(disk, 'disk.new'), '3G'], { log });
    rmSync(root, { recursive: true });
    await run('mv', [join(disk, 'disk.new'), join(disk, 'disk.raw')], { log });
  });
  return disk;
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** The guest's /var/lib/toride: this checkout, the images of this host's state folder, and what is to be run. */
async function payloadDisk(work: string, ids: { uid: number; gid: number }, script: string): Promise<string> {
  const disk = join(work, 'payload.raw');
  const log = join(work, 'build.log');
  const state = process.env.TORIDE_STATE ?? join(SERVICE_HOME, 'state');
  const { storage, rootfs, ids: idFile } = statePaths(state);
  const root = join(work, 'root');
  await step('guest: checkout and images', async () => {
    mkdirSync(join(root, 'state', 'rootfs'), { recursive: true });
    writeFileSync(join(root, 'start.sh'), start(ids.uid));
    cpSync(script, join(root, 'run.sh'));
    cpSync(join(rootfs, 'built.json'), join(root, 'state', 'rootfs', 'built.json'));
    cpSync(idFile, join(root, 'state', 'ids.json'));
    // cp keeps owners, links and attributes. A sandbox that ends meanwhile takes its files with it: no reason to stop.
    const copy = 'LC_ALL=C cp -a "$1" "$2" "$3/state/" 2> "$4" || ! grep -v "cannot stat.*No such file" "$4" | grep .';
    await run('sh', ['-c', copy, 'sh', storage, join(state, 'bin'), root, join(work, 'copy.log')], { log });
    await run('cp', ['-a', checkout, join(root, 'checkout')], { log });
    await run('chown', [`${ids.uid}:${ids.gid}`, root, join(root, 'state'), join(root, 'state', 'rootfs')], { log });
    const owner = `root_owner=${ids.uid}:${ids.gid}`;
    await run('mke2fs', ['-q', '-t', 'ext4', '-N', '400000', '-E', owner, '-d', root, disk, '8G'], { log });
    rmSync(root, { recursive: true });
  });
  return disk;
}

/** @returns what the guest said on its serial line */
function boot(base: string, payload: string, work: string): Promise<string> {
  const drive = (file: string) => ['-drive', `file=${file},format=raw,if=virtio,cache=unsafe,snapshot=on`];
  const child = spawn(
    'qemu-system-x86_64',
    [
      ...['-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '2', '-m', String(MEMORY_MIB)],
      ...['-nographic', '-no-reboot', '-nic', 'none'],
      ...['-kernel', join(base, 'vmlinuz'), '-initrd', join(base, 'initrd')],
      ...[
        '-append',
        'root=/dev/vda rw console=ttyS0 quiet security=selinux selinux=1 enforcing=0 systemd.show_status=0',
      ],
      ...drive(join(base, 'disk.raw')),
      ...drive(payload),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, TMPDIR: work } },
  );
  let said = '';
  child.stdout.on('data', (data: Buffer) => {
    said += data;
    process.stdout.write(data);
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), BOOT_LIMIT_MS);
  return new Promise((resolvePromise, reject) => {
    child.on('error', reject);
    child.on('exit', () => {
      clearTimeout(timer);
      resolvePromise(said);
    });
  });
}

/** Every command of the guest must have said that it ended well, and the guest that it is over. */
function verdict(said: string): number {
  const ended = [...said.matchAll(/^toride-guest: (.*) ended with (\d+)/gm)];
  const failed = ended.filter(([, , code]) => code !== '0').map(([, name]) => name);
  const over = said.includes('toride-guest: over');
  console.log(
    `${ended.length - failed.length} passed, ${failed.length} failed${over ? '' : '; the guest did not come to its end'}`,
  );
  return over && ended.length > 0 && failed.length === 0 ? 0 : 1;
}
