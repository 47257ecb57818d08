/**
 * Warm sandboxes: started before they are asked for, so that opening a lab does not wait. The pool grows with demand (one
 * more for each that was taken in the last minute) up to its limit, and shrinks back.
 */
import type { Logger } from 'pino';
import { type Engine, type Sandbox, SandboxRefused } from './engine.ts';
import type { SandboxOptions } from './options.ts';

const DEMAND_WINDOW_MS = 60_000;
const RETRY_MS = 2000;
/** A refill at once would compete with the learner who has just been given a sandbox, and is waiting for the prompt. */
const REFILL_AFTER_MS = 1500;
/** A warm sandbox with less than this left of its life is replaced: a learner should get nearly all of it. */
const FRESH_SHARE = 0.9;

export interface PoolLimits {
  /** Warm ones at rest, … */
  readonly rest: number;
  /** … and at most. */
  readonly most: number;
  /** Sandboxes altogether, given out and warm. */
  readonly total: number;
}

export class Pool {
  readonly #engine: Engine;
  readonly #options: () => SandboxOptions;
  readonly #limits: PoolLimits;
  readonly #log: Logger;
  readonly #warm: Sandbox[] = [];
  /** Time of each taking, in milliseconds since the epoch. */
  #taken: number[] = [];
  #starting = 0;
  /** The start that is under way for the shelf. */
  #filling: Promise<unknown> | undefined;
  #givenOut = 0;
  /** So many are wanted warm for learners who are known to come. */
  #reserved = 0;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(engine: Engine, options: () => SandboxOptions, limits: PoolLimits, log: Logger) {
    this.#engine = engine;
    this.#options = options;
    this.#limits = limits;
    this.#log = log;
  }

  get warm(): number {
    return this.#warm.length;
  }

  /** No place is left, and no warm one either. */
  get full(): boolean {
    return this.#warm.length === 0 && this.#total >= this.#limits.total;
  }

  /** Keeps so many warm, whatever the limits say, as far as there are places: for a group that is about to come. */
  reserve(sandboxes: number): void {
    const fewer = sandboxes < this.#reserved;
    this.#reserved = sandboxes;
    if (fewer) this.tend().catch((error) => this.#log.error({ err: error }, 'the pool could not be tended'));
    else this.#fill();
  }

  /** Takes over what an earlier server left: warm ones as warm, others count as given out. */
  adopt(warm: readonly Sandbox[], givenOut: number): void {
    this.#warm.push(...warm);
    this.#givenOut += givenOut;
    this.#fill();
  }

  /** A ready sandbox, warm if there is one. @throws SandboxRefused when all places are taken, SandboxFault */
  async take(): Promise<Sandbox> {
    this.#taken.push(Date.now());
    // One that is being started for the shelf is nobody's yet: better waited for than "full".
    while (this.#warm.length === 0 && this.#total >= this.#limits.total && this.#filling) await this.#filling;
    let warm = this.#warm.shift();
    // One that died while it waited is no place to send anybody.
    while (warm && warm.state !== 'ready') warm = this.#warm.shift();
    if (warm) {
      this.#givenOut++;
      this.#fillSoon();
      return warm;
    }
    if (this.#total >= this.#limits.total) throw new SandboxRefused(`all ${this.#limits.total} places are taken`);
    this.#givenOut++;
    try {
      return await this.#engine.start(this.#options());
    } catch (error) {
      this.#givenOut--;
      throw error;
    } finally {
      this.#fillSoon();
    }
  }

  /** A sandbox that was taken has ended. */
  release(): void {
    this.#givenOut = Math.max(0, this.#givenOut - 1);
    this.#fill();
  }

  /** A warm one ended by itself. @returns whether it was one of the pool's */
  forget(id: string): boolean {
    const index = this.#warm.findIndex(({ handle }) => handle.id === id);
    if (index < 0) return false;
    this.#warm.splice(index, 1);
    this.#fill();
    return true;
  }

  /** Replaces those that have waited too long and shrinks to what is wanted. */
  async tend(): Promise<void> {
    const worn = this.#warm.filter(({ createdAt, expiresAt }) => {
      const life = expiresAt.getTime() - createdAt.getTime();
      return expiresAt.getTime() - Date.now() < life * FRESH_SHARE;
    });
    const surplus = this.#warm.filter((sandbox) => !worn.includes(sandbox)).slice(this.#wanted);
    for (const sandbox of [...worn, ...surplus]) {
      this.forget(sandbox.handle.id);
      await sandbox.stop();
    }
    this.#fill();
  }

  /** Ends filling, and waits for what is under way. Warm sandboxes stay, for the next server to find. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#filling;
  }

  get #total(): number {
    return this.#warm.length + this.#starting + this.#givenOut;
  }

  get #wanted(): number {
    this.#taken = this.#taken.filter((time) => Date.now() - time < DEMAND_WINDOW_MS);
    return Math.max(this.#reserved, Math.min(this.#limits.most, this.#limits.rest + this.#taken.length));
  }

  #fillSoon(): void {
    clearTimeout(this.#timer);
    if (!this.#closed) this.#timer = setTimeout(() => this.#fill(), REFILL_AFTER_MS);
  }

  /** Starts one at a time: two at once would make both late for a learner who waits. */
  #fill(): void {
    if (this.#closed || this.#starting > 0 || this.#warm.length >= this.#wanted || this.#total >= this.#limits.total)
      return;
    this.#starting = 1;
    this.#filling = this.#engine
      .start(this.#options())
      .then(
        (sandbox) => {
          // Also when it closes meanwhile: the next server finds it.
          this.#warm.push(sandbox);
          return 0;
        },
        (error) => {
          this.#log.error({ err: error }, 'a warm sandbox could not be started');
          return RETRY_MS;
        },
      )
      .then((pause) => {
        this.#starting = 0;
        this.#filling = undefined;
        if (pause === 0) this.#fill();
        else if (!this.#closed) this.#timer = setTimeout(() => this.#fill(), pause);
      })
      .catch((error) => this.#log.error({ err: error }, 'the pool could not be filled'));
  }
}
