/** A learner's place in one lab: the sandbox, its terminals, and the grading of it. */

import { setTimeout as sleep } from 'node:timers/promises';
import { assess } from '../exercise/assess.ts';
import type { Exercise } from '../exercise/catalogue.ts';
import { learnerEnvironment } from '../exercise/seed.ts';
import type { TrialRunner } from '../exercise/trials.ts';
import type { Probe } from '../inspector/probe.ts';
import { type ExecOptions, type Pty, type Sandbox, SandboxRefused } from '../sandbox/engine.ts';
import type { AttemptRecord, SandboxRecord, Store } from '../store/store.ts';
import { type Ending, Terminal } from '../terminal/terminal.ts';

/** Tabs and splits of one lab. */
const MOST_TERMINALS = 8;
/** 128 + SIGKILL: how every shell of a sandbox ends when its first process does, … */
const KILLED = 137;
/** … which is seen after the shell's end, up to so much later on a machine that is busy. */
const SEEN_LATER_MS = 2000;

export class Room {
  readonly record: SandboxRecord;
  readonly sandbox: Sandbox;
  readonly #terminals = new Map<string, Terminal>();
  #grading: Promise<AttemptRecord> | undefined;
  #touchedAt = Date.now();

  constructor(record: SandboxRecord, sandbox: Sandbox) {
    this.record = record;
    this.sandbox = sandbox;
  }

  /** Milliseconds since the epoch: when somebody last looked, typed or had it checked. */
  get activeAt(): number {
    if (this.watched) return Date.now();
    return Math.max(this.#touchedAt, ...[...this.#terminals.values()].map(({ lastInputAt }) => lastInputAt));
  }

  get watched(): boolean {
    return [...this.#terminals.values()].some(({ viewers }) => viewers > 0);
  }

  /** Somebody is at work here, though not in a terminal. */
  touch(): void {
    this.#touchedAt = Date.now();
  }

  /**
   * The terminal of that name, opened if it is not there.
   *
   * @param who as whom, where it is not the learner: who may ask for that is the gateway's to decide
   * @throws SandboxRefused when there are too many
   */
  terminal(name: string, columns: number, rows: number, who: Partial<ExecOptions> = {}): Terminal {
    this.#touchedAt = Date.now();
    const there = this.#terminals.get(name);
    if (there) return there;
    if (this.#terminals.size >= MOST_TERMINALS) throw new SandboxRefused(`at most ${MOST_TERMINALS} terminals a lab`);
    const { lab, parameters } = this.record;
    const pty = this.#openPty({
      command: ['/bin/bash', '--login'],
      environment: { TERM: 'xterm-256color', COLORTERM: 'truecolor', ...learnerEnvironment(lab, parameters) },
      ...who,
      columns,
      rows,
    });
    const terminal = new Terminal(pty, columns, rows, () => {
      this.#touchedAt = Date.now();
      if (this.#terminals.get(name) === terminal) this.#terminals.delete(name);
    });
    this.#terminals.set(name, terminal);
    return terminal;
  }

  /** A shell that ends because its sandbox did has not exited: `close` tells its viewers why. */
  #openPty(options: Parameters<Sandbox['openPty']>[0]): Pty {
    const pty = this.sandbox.openPty(options);
    const outlived = async (code: number) => {
      const end = Date.now() + (code === KILLED ? SEEN_LATER_MS : 0);
      while (this.sandbox.state === 'ready' && Date.now() < end) await sleep(50);
      return this.sandbox.state === 'ready';
    };
    const onExit: Pty['onExit'] = (listener) =>
      pty.onExit((code) => void outlived(code).then((itself) => itself && listener(code)));
    return { ...pty, onExit };
  }

  /** Grades and stores; who asks while one is under way gets that one. */
  check(
    probe: Probe,
    { grader }: Exercise,
    store: Store,
    cgroupLimits: boolean,
    trials: TrialRunner,
  ): Promise<AttemptRecord> {
    this.#touchedAt = Date.now();
    this.#grading ??= assess(probe, grader, this.sandbox, this.record.parameters, cgroupLimits, trials)
      .then(({ grading, snapshot }) => store.addAttempt(this.record, grading, snapshot))
      .finally(() => {
        this.#grading = undefined;
      });
    return this.#grading;
  }

  /** Ends the shells and leaves the sandbox: their ptys are this process's and cannot outlive it. */
  hangUp(): void {
    for (const terminal of this.#terminals.values()) terminal.end('gone');
  }

  async close(why: Ending): Promise<void> {
    // Who asked for it is told of its failure; here it only has to be over.
    await this.#grading?.catch(() => undefined);
    for (const terminal of this.#terminals.values()) terminal.end(why);
    await this.sandbox.stop();
  }
}
