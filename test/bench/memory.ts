/** What an idle sandbox and a terminal hold, beside Podman alone. */
import { setTimeout as sleep } from 'node:timers/promises';
import { spawn } from 'node-pty';
import { podmanEnvironment } from '../../src/setup/podman.ts';
import { podman, podmanRemove, podmanRun, state, withEngine } from './bench.ts';
import { type Child, withServers } from './child.ts';
import { type Client, newLearner, openBare } from './client.ts';
import { held, memory, memoryOf, type Process, processes } from './processes.ts';
import { type Measurement, measurement } from './report.ts';
import { summarise } from './statistics.ts';

const SANDBOX_LIMIT_MB = 20;
const TERMINAL_LIMIT_MB = 5;
const TIMES = 3;
const LEARNERS = 3;
/** The most that one room has. */
const TERMINALS = 8;
/** More than the server keeps of one terminal. */
const FLOOD_LINES = 2500;
const MB = 1_000_000;
/** Until a shell has read its files and a server has done what it puts off. */
const REST_MS = 400;

/** conmon, the file system and all that is inside, of one container. */
async function containerProcesses(id: string, init: number): Promise<Record<string, Process[]>> {
  const merged = await podman('inspect', '--format={{.GraphDriver.Data.MergedDir}}', id);
  const all = processes();
  const inside = all.find(({ pid }) => pid === init)?.pidNamespace;
  const namesIt = ({ words }: Process) => words.includes(id);
  return {
    conmon: all.filter((one) => /conmon$/.test(one.words[0] ?? '') && namesIt(one)),
    'fuse-overlayfs': all.filter(({ words }) => /fuse-overlayfs$/.test(words[0] ?? '') && words.includes(merged)),
    // crun exec with its relay, or podman exec.
    entrance: all.filter(
      ({ words }) => words.includes(id) && (/toride-relay$/.test(words[0] ?? '') || words.includes('exec')),
    ),
    inside: all.filter(({ pidNamespace }) => pidNamespace === inside),
  };
}

interface Holding {
  total: number;
  parts: Record<string, number>;
}

function holding(groups: Record<string, Process[]>, more: Record<string, number> = {}): Holding {
  for (const [name, list] of Object.entries(groups))
    if (list.length === 0) throw new Error(`no process found of ${name}`);
  const parts = {
    ...Object.fromEntries(Object.entries(groups).map(([name, list]) => [name, memoryOf(list)])),
    ...more,
  };
  return { total: Object.values(parts).reduce((sum, part) => sum + part, 0), parts };
}

const partsOf = (list: readonly Holding[], prefix = '') =>
  Object.fromEntries(
    Object.keys(list[0]?.parts ?? {}).map((name) => [
      prefix + name,
      summarise(list.map(({ parts }) => parts[name] ?? 0)),
    ]),
  );

/** Podman's own way in, on a pty as a terminal has it. */
function podmanExec(id: string) {
  const pty = spawn('podman', ['exec', '--interactive', '--tty', id, '/bin/bash'], {
    cwd: '/',
    cols: 120,
    rows: 30,
    env: podmanEnvironment(state) as Record<string, string>,
  });
  const exit = new Promise((resolve) => pty.onExit(resolve));
  return {
    async end() {
      pty.kill('SIGKILL');
      await exit;
    },
  };
}

export const sandboxMemory = (): Promise<Measurement[]> =>
  withEngine(async ({ engine, options }) => {
    const ours: Holding[] = [];
    const podmans: Holding[] = [];
    for (let round = 0; round < TIMES; round++) {
      const sandbox = await engine.start(options);
      try {
        const pty = sandbox.openPty({
          command: ['/bin/bash', '--login'],
          environment: { TERM: 'xterm-256color' },
          columns: 120,
          rows: 30,
        });
        await sleep(REST_MS);
        const { pid } = sandbox.init;
        const files = Object.keys(options.writable).reduce((sum, path) => sum + held(pid, path), 0);
        ours.push(holding(await containerProcesses(sandbox.handle.id, pid), { 'files in memory': files }));
        pty.kill();
      } finally {
        await sandbox.stop();
      }
      const id = await podmanRun(options);
      const shell = podmanExec(id);
      await sleep(REST_MS * 2);
      const init = Number(await podman('inspect', '--format={{.State.Pid}}', id));
      podmans.push(holding(await containerProcesses(id, init)));
      await shell.end();
      await podmanRemove(id);
    }
    return [
      measurement({
        name: 'sandboxMemory',
        unit: 'MB',
        toride: summarise(ours.map(({ total }) => total)),
        baseline: {
          name: 'podman run --detach and podman exec --tty, same image and store',
          ...summarise(podmans.map(({ total }) => total)),
        },
        limit: SANDBOX_LIMIT_MB,
        parts: { ...partsOf(ours), ...partsOf(podmans, 'podman: ') },
      }),
    ];
  });

/** Memory of a server in MB: of the whole process, and what JavaScript holds of it. */
async function size(child: Child): Promise<{ process: number; heap: number }> {
  const heap = (await child.heap()) / MB;
  return { process: memory(child.pid), heap };
}

/** What is the same for the bare server and ours: open many, look, flood them, look again. */
async function grow(child: Child, first: () => Promise<Client[]>, more: () => Promise<Client[]>) {
  const warmed = await first();
  await sleep(REST_MS);
  const before = await size(child);
  const clients = await more();
  await sleep(REST_MS);
  const opened = await size(child);
  const all = processes();
  const relays = all.filter(({ parent, words }) => parent === child.pid && /toride-relay$/.test(words[0] ?? ''));
  const entered = all.filter(({ parent }) => relays.some(({ pid }) => pid === parent));
  const entrances = entered.map(({ pid, parent }) => memory(pid) + memory(parent));
  const shells = processes().filter(({ parent }) =>
    entered.length > 0 ? entered.some(({ pid }) => pid === parent) : parent === child.pid,
  );
  const shellMemory = shells.filter(({ words }) => /bash$/.test(words[0] ?? '')).map(({ pid }) => memory(pid));
  for (const client of clients) {
    client.type(`seq -f 'line %.0f of a long output' ${FLOOD_LINES}; echo do''ne\r`);
    await client.until(/done\s[\s\S]*\$ $/);
  }
  await sleep(REST_MS);
  const flooded = await size(child);
  for (const client of [...warmed, ...clients]) client.close();
  const each = (later: number, earlier: number) => (later - earlier) / clients.length;
  return {
    entrances,
    shellMemory,
    opened: { process: each(opened.process, before.process), heap: each(opened.heap, before.heap) },
    flooded: { process: each(flooded.process, before.process), heap: each(flooded.heap, before.heap) },
    n: clients.length,
  };
}

export const terminalMemory = (): Promise<Measurement[]> =>
  withServers(async (toride, bare) => {
    const learners = await Promise.all(Array.from({ length: LEARNERS }, () => newLearner(toride)));
    const open = async (names: readonly number[]) => {
      const clients: Client[] = [];
      for (const learner of learners) for (const name of names) clients.push((await learner.open(String(name))).client);
      return clients;
    };
    const more = Array.from({ length: TERMINALS - 1 }, (_, index) => index + 2);
    const ours = await grow(
      toride,
      () => open([1]),
      () => open(more),
    );
    for (const learner of learners) await learner.leave();
    const openBares = async (count: number) => {
      const clients: Client[] = [];
      while (clients.length < count) clients.push((await openBare(bare)).client);
      return clients;
    };
    const bares = await grow(
      bare,
      () => openBares(LEARNERS),
      () => openBares(ours.n),
    );
    return figures(ours, bares, await podmanEntrances());
  });

type Growth = Awaited<ReturnType<typeof grow>>;
const once = (value: number, n: number) => ({ ...summarise([value]), n });

function figures(ours: Growth, bares: Growth, podmans: number[]): Measurement[] {
  const entrance = summarise(ours.entrances);
  const growth = ({ process }: { process: number }) => summarise(ours.entrances.map((own) => own + process));
  const bash = summarise(ours.shellMemory);
  const common = {
    unit: 'MB',
    baseline: { name: 'podman exec --tty: its process and conmon, beside the same shell', ...summarise(podmans) },
    limit: TERMINAL_LIMIT_MB,
  } as const;
  const parts = (which: 'opened' | 'flooded') => ({
    'crun exec and its relay': entrance,
    'server, per terminal': once(ours[which].process, ours.n),
    'server, JavaScript heap per terminal': once(ours[which].heap, ours.n),
    'bare ws + node-pty server, per terminal': once(bares[which].process, bares.n),
    'bare ws + node-pty server, JavaScript heap per terminal': once(bares[which].heap, bares.n),
    'the shell itself, not counted': bash,
  });
  return [
    measurement({ ...common, name: 'terminalMemory', toride: growth(ours.opened), parts: parts('opened') }),
    measurement({
      ...common,
      name: 'terminalMemory after 2500 lines',
      toride: growth(ours.flooded),
      parts: parts('flooded'),
    }),
  ];
}

async function podmanEntrances(): Promise<number[]> {
  return withEngine(async ({ options }) => {
    const id = await podmanRun(options);
    const shells = Array.from({ length: TIMES }, () => podmanExec(id));
    try {
      await sleep(REST_MS * 3);
      const all = processes().filter(({ words }) => words.includes(id));
      const execs = all.filter(({ words }) => /podman$/.test(words[0] ?? '') && words.includes('exec'));
      const conmons = all.filter(({ words }) => /conmon$/.test(words[0] ?? '') && words.includes('--exec-attach'));
      if (execs.length !== TIMES || conmons.length !== TIMES)
        throw new Error(`${execs.length} podman exec and ${conmons.length} conmon found`);
      return execs.map(({ pid }, index) => memory(pid) + memory(conmons[index]!.pid));
    } finally {
      for (const shell of shells) await shell.end();
      await podmanRemove(id);
    }
  });
}
