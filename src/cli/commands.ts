/** The commands by name: where each must run, what it needs, how it is loaded. Loaded late, so that each starts quickly. */
import type { Purpose } from '../setup/host.ts';

type Place = 'anywhere' | 'keep';

export interface Command {
  /** anywhere: needs no set-up; keep: needs sandboxes. */
  where: Place | ((args: string[]) => Place);
  purposes?: readonly Purpose[];
  /** True where sandboxes outlive the command. */
  staysUp?: boolean;
  /** False where no pages are needed. */
  site?: boolean;
  summary: string;
  /**
   * Runs first, as whoever called, where the caller's files can be read and written. @returns environment for what follows,
   * or the exit code where nothing is left to do
   */
  outside?(args: string[]): Promise<NodeJS.ProcessEnv | number>;
  /** @returns the exit code. */
  run(args: string[]): Promise<number>;
}

export const commands: Record<string, Command> = {
  serve: {
    where: 'keep',
    staysUp: true,
    summary: 'serve the course',
    run: async () => (await import('./commands/serve.ts')).serve(),
  },
  prepare: { where: 'keep', summary: 'do all the set-up that is missing, and end', run: async () => 0 },
  doctor: {
    where: 'anywhere',
    summary: 'what this host can enforce and what it lacks [--format json]',
    run: async (args) => (await import('./commands/doctor.ts')).doctor(args),
  },
  labs: {
    // What only reads and writes files needs no set-up.
    where: ([verb, ...more]) =>
      verb === 'import' || (verb === 'lint' && more.includes('--fast')) ? 'anywhere' : 'keep',
    site: false,
    summary:
      'labs verify [lab] [--case NAME] [--record DIR]: every suite case in a real sandbox; labs lint [lab] [--fast]; labs import killercoda DIR; labs try LAB SCRIPT',
    run: async (args) => (await import('./commands/labs.ts')).labs(args),
  },
  grade: {
    where: 'keep',
    site: false,
    summary:
      'grade LAB|--all --submission DIR [--format json|junit|results|markdown [--output FILE]]… [--seed TEXT] [--param name=value]',
    outside: async (args) => (await import('./commands/grade.ts')).gradeOutside(args),
    run: async (args) => (await import('./commands/grade.ts')).grade(args),
  },
  submission: {
    where: 'anywhere',
    summary:
      'submission check LAB|--all --submission DIR [--format text|json]: the form of what is handed in; no container',
    run: async (args) => (await import('./commands/submission.ts')).submission(args),
  },
  audit: {
    where: 'anywhere',
    summary: 'audit --policy FILE [container …] [--format text|json|sarif]: your own containers against a policy',
    run: async (args) => (await import('./commands/audit.ts')).runAudit(args),
  },
  receipt: {
    where: 'anywhere',
    summary: 'receipt verify FILE [--key JWKS]: whether a signed receipt is genuine; without a network',
    run: async (args) => (await import('./commands/receipt.ts')).receipt(args),
  },
  'owner-link': {
    // The database belongs to the user that serves.
    where: 'keep',
    site: false,
    summary: 'a one-time link that makes the owner, or lets the owner set a new password',
    run: async () => (await import('./commands/owner-link.ts')).ownerLink(),
  },
  stop: {
    where: 'keep',
    site: false,
    summary: 'end all sandboxes and the keep',
    run: async () => (await import('./commands/stop.ts')).stop(),
  },
  test: {
    // The machine for `test host` is built and started by root.
    where: ([part]) => (part === 'host' ? 'anywhere' : 'keep'),
    purposes: ['serve', 'test'],
    summary:
      'test [check|unit|integration|suites|e2e]; test host, in a guest with systemd, cgroups and SELinux; test screenshots',
    run: async (args) => (await import('./commands/test.ts')).test(args),
  },
  bench: {
    where: 'keep',
    purposes: ['serve', 'test'],
    summary: 'measure; prints JSON',
    run: async (args) => (await import('./commands/bench.ts')).bench(args),
  },
  check: {
    where: 'anywhere',
    summary: 'types, lint, layers, dead code',
    run: async () => (await import('./commands/check.ts')).check(),
  },
  help: {
    where: 'anywhere',
    summary: 'this list',
    run: async () => {
      for (const [name, { summary }] of Object.entries(commands)) console.log(`  ${name.padEnd(10)} ${summary}`);
      return 0;
    },
  },
};
