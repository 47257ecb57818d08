/**
 * Grades a room by itself soon after something in it has changed, while somebody looks. Nothing changes: one reading of a
 * directory each time. Something moves: once it has settled, a digest of what grading may judge; a new digest: a grading. The
 * same digest: a grading too, but later, since a grading sees more than the digest does.
 */
import type { Logger } from 'pino';
import type { Probe } from '../inspector/probe.ts';
import { digest, pulse } from '../inspector/pulse.ts';
import { StoreUnavailable } from '../store/store.ts';
import type { Room } from './room.ts';

const LOOK_EVERY_MS = 300;
/** Nothing has moved for so long, … */
const SETTLED_MS = 250;
/** … or it does not stop to move. */
const PATIENCE_MS = 1500;
/** Between two gradings where the digest has changed, and where it has not; doubled for each that said nothing new. */
const SOON_MS = 800;
const LATER_MS = 8000;
const LONGEST_MS = 60_000;
/** What cannot be verified again and again is left to the next change. */
const MOST_UNCLEAR = 3;
/** Of all rooms: who asks for a check must not wait for those that nobody asked for. */
const AT_ONCE = 2;
let underWay = 0;
/** Digests too: each is a handful of processes, and a room of thirty presses Enter often. */
let weighing = 0;

export class Autocheck {
  readonly #room: Room;
  readonly #probe: Probe;
  readonly #log: Logger;
  readonly #timer: NodeJS.Timeout;
  #looking = false;
  #pulse: string | undefined;
  #actedAt = 0;
  #movedAt = 0;
  /** When it began to move, while what has moved has not been looked at. */
  #movingSince: number | undefined;
  #digest: string | undefined;
  #owed: 'no' | 'soon' | 'later' = 'no';
  #gradedAt = 0;
  /** How many gradings in a row said nothing new since somebody typed. */
  #inVain = 0;

  constructor(room: Room, probe: Probe, log: Logger) {
    this.#room = room;
    this.#probe = probe;
    this.#log = log;
    this.#timer = setInterval(() => this.#tick(), LOOK_EVERY_MS);
  }

  dispose(): void {
    clearInterval(this.#timer);
  }

  /** Something was changed from outside: a file that was saved. */
  stir(): void {
    this.#inVain = 0;
    this.#moved();
  }

  #tick(): void {
    if (this.#looking) return;
    this.#looking = true;
    this.#look()
      .catch((error) => this.#log.error({ err: error, lab: this.#room.record.lab }, 'a room could not be watched'))
      .finally(() => {
        this.#looking = false;
      });
  }

  async #look(): Promise<void> {
    if (this.#room.sandbox.state !== 'ready') return;
    const now = await pulse(this.#room.sandbox.init);
    // The first look is what the rest is compared with: nobody has done anything yet.
    if (this.#pulse === undefined) this.#digest = await this.#read();
    else if (now !== this.#pulse) this.#moved();
    this.#pulse = now;
    if (this.#room.actedAt > this.#actedAt) {
      this.#actedAt = this.#room.actedAt;
      this.stir();
    }
    if (this.#movingSince !== undefined && this.#settled && weighing < AT_ONCE) await this.#weigh();
    if (this.#owed !== 'no' && Date.now() >= this.#due && underWay < AT_ONCE) await this.#grade();
  }

  #moved(): void {
    this.#movedAt = Date.now();
    this.#movingSince ??= this.#movedAt;
  }

  get #settled(): boolean {
    return Date.now() - this.#movedAt >= SETTLED_MS || Date.now() - (this.#movingSince ?? 0) >= PATIENCE_MS;
  }

  async #weigh(): Promise<void> {
    this.#movingSince = undefined;
    weighing++;
    const read = await this.#read().finally(() => {
      weighing--;
    });
    if (read !== this.#digest) this.#owed = 'soon';
    // A script that is tried in sandboxes of its own is all that such a grader judges: the digest has it whole.
    else if (this.#owed === 'no' && !this.#script) this.#owed = 'later';
    this.#digest = read;
  }

  get #due(): number {
    const wait = (this.#owed === 'soon' ? SOON_MS : LATER_MS) * 2 ** this.#inVain;
    return this.#gradedAt + Math.min(wait, LONGEST_MS);
  }

  async #grade(): Promise<void> {
    this.#owed = 'no';
    underWay++;
    try {
      const said = await this.#room.checkByItself();
      this.#inVain = said === 'new' ? 0 : this.#inVain + 1;
      if (said === 'unclear' && this.#inVain <= MOST_UNCLEAR) this.#owed = 'later';
    } catch (error) {
      // What could not be stored is owed until the database is back.
      if (error instanceof StoreUnavailable) this.#owed = 'later';
      throw error;
    } finally {
      underWay--;
      this.#gradedAt = Date.now();
      // Our own requests make processes come and go; what else changed meanwhile shows in the digest.
      this.#pulse = await pulse(this.#room.sandbox.init);
    }
    if ((await this.#read()) !== this.#digest) this.#moved();
  }

  get #script(): string | undefined {
    const { grader } = this.#room.exercise;
    return grader.trials?.(this.#room.record.parameters, '').script;
  }

  #read(): Promise<string> {
    const { exercise, record, sandbox } = this.#room;
    return digest(
      this.#probe,
      sandbox.init,
      exercise.grader.observe(record.parameters),
      this.#script === undefined ? [] : [this.#script],
    );
  }
}
