/** A learner's place in one lab: the sandbox, its terminals, and the grading of it. */

import { setTimeout as sleep } from 'node:timers/promises';
import { type Assessment, assess } from '../exercise/assess.ts';
import type { Exercise } from '../exercise/catalogue.ts';
import { learnerEnvironment } from '../exercise/seed.ts';
import type { TrialRunner } from '../exercise/trials.ts';
import type { Result } from '../grading/check.ts';
import type { Probe } from '../inspector/probe.ts';
import { type ExecOptions, type Pty, type Sandbox, SandboxRefused } from '../sandbox/engine.ts';
import type { AttemptRecord, SandboxRecord, Store, Trigger } from '../store/store.ts';
import { type Ending, Terminal } from '../terminal/terminal.ts';

/** Tabs and splits of one lab. */
const MOST_TERMINALS = 8;
/** 128 + SIGKILL: how every shell of a sandbox ends when its first process does, … */
const KILLED = 137;
/** … which is seen after the shell's end, up to so much later on a machine that is busy. */
const SEEN_LATER_MS = 2000;

/** What a grading needs besides the sandbox. */
export interface GradingParts {
  readonly probe: Probe;
  readonly store: Store;
  readonly trials: TrialRunner;
  readonly cgroupLimits: boolean;
}

export class Room {
  readonly exercise: Exercise;
  readonly sandbox: Sandbox;
  readonly #grading: GradingParts;
  readonly #onAttempt: (attempt: AttemptRecord) => void;
  readonly #terminals = new Map<string, Terminal>();
  #record: SandboxRecord;
  #asked: Promise<AttemptRecord> | undefined;
  /** Gradings come one after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #touchedAt = Date.now();

  constructor(
    record: SandboxRecord,
    sandbox: Sandbox,
    exercise: Exercise,
    grading: GradingParts,
    onAttempt: (attempt: AttemptRecord) => void,
  ) {
    this.#record = record;
    this.sandbox = sandbox;
    this.exercise = exercise;
    this.#grading = grading;
    this.#onAttempt = onAttempt;
  }

  get record(): SandboxRecord {
    return this.#record;
  }

  /** When the server ends it. The sandbox's own end is later, and only for a server that is not there. */
  get expiresAt(): Date {
    const { expiresAt } = this.#record;
    return expiresAt === null ? this.sandbox.expiresAt : new Date(expiresAt);
  }

  /** @returns whether that was more time than before; it is on disk then */
  async extend(to: Date): Promise<boolean> {
    if (to.getTime() <= this.expiresAt.getTime()) return false;
    await this.#grading.store.extendSandbox(this.#record.id, to.toISOString());
    this.#record = { ...this.#record, expiresAt: to.toISOString() };
    return true;
  }

  /** Milliseconds since the epoch: when somebody last looked, typed or had it checked. */
  get activeAt(): number {
    if (this.watched) return Date.now();
    return Math.max(this.#touchedAt, this.typedAt);
  }

  /** Milliseconds since the epoch: when somebody last typed into any of its terminals; 0 when nobody did. */
  get typedAt(): number {
    return Math.max(0, ...[...this.#terminals.values()].map(({ lastInputAt }) => lastInputAt));
  }

  /** The same for what may have done something: Enter, not each letter. */
  get actedAt(): number {
    return Math.max(0, ...[...this.#terminals.values()].map(({ lastActAt }) => lastActAt));
  }

  get watched(): boolean {
    return [...this.#terminals.values()].some(({ viewers }) => viewers > 0);
  }

  /** Of the terminals that are open. */
  get terminalNames(): string[] {
    return [...this.#terminals.keys()];
  }

  /** Somebody used it otherwise than by a terminal. */
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
    this.touch();
    const there = this.#terminals.get(name);
    if (there) return there;
    if (this.#terminals.size >= MOST_TERMINALS) throw new SandboxRefused(`at most ${MOST_TERMINALS} terminals a lab`);
    const { lab, parameters } = this.#record;
    const pty = this.#openPty({
      command: ['/bin/bash', '--login'],
      environment: { TERM: 'xterm-256color', COLORTERM: 'truecolor', ...learnerEnvironment(lab, parameters) },
      ...who,
      columns,
      rows,
    });
    const terminal = new Terminal(pty, columns, rows, () => {
      this.touch();
      if (this.#terminals.get(name) === terminal) this.#terminals.delete(name);
    });
    this.#terminals.set(name, terminal);
    return terminal;
  }

  /** The terminal of that name, if it is open. */
  openTerminal(name: string): Terminal | undefined {
    return this.#terminals.get(name);
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

  /** Grades and stores; who asks while that is under way gets that one. */
  check(): Promise<AttemptRecord> {
    this.touch();
    this.#asked ??= this.#inTurn(async () => this.#store(await this.#assess(), 'asked')).finally(() => {
      this.#asked = undefined;
    });
    return this.#asked;
  }

  /** Grades without being asked, and stores it only where it says something new. */
  checkByItself(): Promise<'new' | 'same' | 'unclear'> {
    return this.#inTurn(async () => {
      const assessment = await this.#assess();
      const { grading } = assessment;
      if (grading.status === 'ungraded') return 'unclear';
      const latest = await this.#grading.store.latestAttempt(this.#record.learnerId, this.#record.lab);
      const nothingYet = !latest && grading.results.every(({ status }) => status !== 'passed');
      if (nothingYet || (latest && verdicts(latest.results) === verdicts(grading.results))) return 'same';
      await this.#store(assessment, 'automatic');
      return 'new';
    });
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(act);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  #assess(): Promise<Assessment> {
    const { probe, cgroupLimits, trials } = this.#grading;
    return assess(probe, this.exercise.grader, this.sandbox, this.#record.parameters, cgroupLimits, trials);
  }

  async #store({ grading, snapshot }: Assessment, trigger: Trigger): Promise<AttemptRecord> {
    const attempt = await this.#grading.store.addAttempt(this.#record, grading, snapshot, trigger);
    this.#onAttempt(attempt);
    return attempt;
  }

  /** Ends the shells and leaves the sandbox: their ptys are this process's and cannot outlive it. */
  hangUp(): void {
    for (const terminal of this.#terminals.values()) terminal.end('gone');
  }

  async close(why: Ending): Promise<void> {
    // Who asked for it is told of its failure; here it only has to be over.
    await this.#turn;
    for (const terminal of this.#terminals.values()) terminal.end(why);
    await this.sandbox.stop();
  }
}

const verdicts = (results: readonly Result[]): string => results.map(({ id, status }) => `${id} ${status}`).join('\n');
