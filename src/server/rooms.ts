/** All rooms: given out, found again after a restart, ended when idle, expired or asked for. */

import type { Logger } from 'pino';
import type { Exercise } from '../exercise/catalogue.ts';
import { type Parameters, seed } from '../exercise/seed.ts';
import { drawParameters } from '../grading/parameters.ts';
import { type Engine, type Sandbox, SandboxRefused } from '../sandbox/engine.ts';
import type { Pool } from '../sandbox/pool.ts';
import type { SandboxRecord } from '../store/store.ts';
import type { Ending } from '../terminal/terminal.ts';
import { Autocheck } from './autocheck.ts';
import { Followers, type RoomEvent } from './followers.ts';
import { type GradingParts, Room } from './room.ts';

/** A learner who goes from lab to lab keeps this many; the one unused longest gives way. */
const ROOMS_PER_LEARNER = 3;
/** When every place is taken, a room that nobody has looked at for so long gives way to somebody who waits. */
const ABANDONED_MS = 10 * 60_000;
const TEND_EVERY_MS = 15_000;
const WATCH_CLOCK_MS = 1000;
/** The sandbox's own clock started a little later than ours, and is read in whole seconds. */
const EXPIRY_SLACK_MS = 3000;

/** A learner may not open that lab now: their instructor says when. */
export class LabLocked extends Error {}

export type RoomListener = (learnerId: string, lab: string, event: RoomEvent) => void;
export type Step = 'waiting' | 'creating' | 'seeding' | 'opening';

export interface RoomsOptions {
  readonly engine: Engine;
  readonly pool: Pool;
  readonly catalogue: ReadonlyMap<string, Exercise>;
  readonly grading: GradingParts;
  readonly root: string;
  /** Makes drawn values unguessable. */
  readonly secret: string;
  readonly idleMs: number;
  /** From when a room is given out, and for each time that it is extended. */
  readonly lifetimeMs: number;
  readonly extensionMs: number;
  /** Asked before a room is made. @throws LabLocked */
  readonly admit: (learnerId: string, lab: string) => Promise<void>;
  readonly log: Logger;
}

const key = (learnerId: string, lab: string) => `${learnerId} ${lab}`;

export class Rooms {
  readonly #options: RoomsOptions;
  readonly #rooms = new Map<string, Room>();
  readonly #opening = new Map<string, Promise<Room>>();
  readonly #checks = new Map<Room, Autocheck>();
  readonly #followers = new Followers((name, followed) => this.#watch(this.#rooms.get(name), followed));
  readonly #listeners = new Set<RoomListener>();
  readonly #unwatch: () => void;
  readonly #timers: NodeJS.Timeout[];

  private constructor(options: RoomsOptions) {
    this.#options = options;
    this.#unwatch = options.engine.watch(({ id }) => this.#ended(id));
    this.#timers = [
      setInterval(
        () => this.#tend().catch((error) => options.log.error({ err: error }, 'tending failed')),
        TEND_EVERY_MS,
      ),
      setInterval(() => this.#expire(), WATCH_CLOCK_MS),
    ];
  }

  /** Takes over what an earlier server left running, and clears what it left broken. */
  static async open(options: RoomsOptions): Promise<Rooms> {
    const { engine, pool, catalogue, grading } = options;
    const rooms = new Rooms(options);
    await engine.sweep();
    const alive = new Map((await engine.list()).map((sandbox) => [sandbox.handle.id, sandbox]));
    for (const record of await grading.store.openSandboxes()) {
      const sandbox = alive.get(record.id);
      alive.delete(record.id);
      const exercise = catalogue.get(record.lab);
      if (sandbox && exercise) rooms.#add(record, sandbox, exercise);
      else {
        await sandbox?.stop();
        await grading.store.endSandbox(record.id);
      }
    }
    // A sandbox is recorded before anything is put into it: what is not recorded is untouched.
    pool.adopt([...alive.values()], rooms.#rooms.size);
    return rooms;
  }

  find(learnerId: string, lab: string): Room | undefined {
    const room = this.#rooms.get(key(learnerId, lab));
    return room?.sandbox.state === 'ready' ? room : undefined;
  }

  /** All that this learner has, in any lab. */
  of(learnerId: string): Room[] {
    return this.ready().filter(({ record }) => record.learnerId === learnerId);
  }

  ready(): Room[] {
    return [...this.#rooms.values()].filter(({ sandbox }) => sandbox.state === 'ready');
  }

  get count(): number {
    return this.#rooms.size;
  }

  /** Hears what happens in this learner's room of this lab; while somebody does, it is graded by itself. */
  follow(learnerId: string, lab: string, listener: (event: RoomEvent) => void): () => void {
    return this.#followers.follow(key(learnerId, lab), listener);
  }

  /** Hears what happens in all rooms, for as long as the server runs; nothing is graded for it. */
  hear(listener: RoomListener): void {
    this.#listeners.add(listener);
  }

  /** Something in the room was changed from outside; whoever follows it wants to know what that means. */
  stir(room: Room): void {
    room.touch();
    this.#checks.get(room)?.stir();
  }

  /** @returns false where it has all the time that a sandbox can have */
  async extend(room: Room): Promise<boolean> {
    const longest = room.sandbox.expiresAt.getTime() - EXPIRY_SLACK_MS;
    const more = room.expiresAt.getTime() + this.#options.extensionMs;
    const extended = await room.extend(new Date(Math.min(more, longest)));
    if (extended) this.#tell(room, { type: 'room', room });
    return extended;
  }

  /** The learner's room in this lab, made ready if there is none. @throws LabLocked, SandboxRefused, SandboxFault */
  open(learnerId: string, exercise: Exercise, progress: (step: Step) => void): Promise<Room> {
    const there = this.find(learnerId, exercise.lab.id);
    if (there) return Promise.resolve(there);
    const name = key(learnerId, exercise.lab.id);
    const under = this.#opening.get(name);
    if (under) return under;
    const opening = this.#make(learnerId, exercise, progress).finally(() => this.#opening.delete(name));
    this.#opening.set(name, opening);
    return opening;
  }

  /** A learner's own values in a lab: the same in each of its sandboxes, and before there is one. */
  parametersOf(learnerId: string, lab: Exercise['lab']): Parameters {
    return drawParameters(lab.parameters, `${this.#options.secret}/${learnerId}/${lab.id}`);
  }

  async #make(learnerId: string, exercise: Exercise, progress: (step: Step) => void): Promise<Room> {
    const { pool, grading, root, lifetimeMs } = this.#options;
    const { lab } = exercise;
    await this.#options.admit(learnerId, lab.id);
    // One that has just died may not have been seen to be dead yet.
    const dead = this.#rooms.get(key(learnerId, lab.id));
    if (dead) await this.close(dead);
    await this.#makePlace(learnerId);
    progress(pool.warm > 0 ? 'opening' : 'creating');
    const sandbox = await pool.take();
    try {
      const parameters = this.parametersOf(learnerId, lab);
      const expiresAt = new Date(Math.min(Date.now() + lifetimeMs, sandbox.expiresAt.getTime())).toISOString();
      const record = { id: sandbox.handle.id, learnerId, lab: lab.id, parameters, expiresAt };
      await grading.store.addSandbox(record, sandbox.handle.engine);
      progress('seeding');
      await seed(sandbox, { root, lab: lab.id, parameters });
      const room = this.#add(record, sandbox, exercise);
      this.#tell(room, { type: 'room', room });
      return room;
    } catch (error) {
      await this.#end(sandbox);
      throw error;
    }
  }

  #add(record: SandboxRecord, sandbox: Sandbox, exercise: Exercise): Room {
    const room = new Room(record, sandbox, exercise, this.#options.grading, (attempt) =>
      this.#tell(room, { type: 'attempt', attempt }),
    );
    const name = key(record.learnerId, record.lab);
    this.#rooms.set(name, room);
    this.#watch(room, this.#followers.has(name));
    return room;
  }

  #tell({ record }: Room, event: RoomEvent): void {
    this.#followers.tell(key(record.learnerId, record.lab), event);
    for (const listener of this.#listeners) listener(record.learnerId, record.lab, event);
  }

  #watch(room: Room | undefined, followed: boolean): void {
    if (!room || followed === this.#checks.has(room)) return;
    if (followed) this.#checks.set(room, new Autocheck(room, this.#options.grading.probe, this.#options.log));
    else {
      this.#checks.get(room)?.dispose();
      this.#checks.delete(room);
    }
  }

  async #makePlace(learnerId: string): Promise<void> {
    const longest = (rooms: Room[]) =>
      rooms.filter(({ watched }) => !watched).sort((a, b) => a.activeAt - b.activeAt)[0];
    const own = [...this.#rooms.values()].filter(({ record }) => record.learnerId === learnerId);
    if (own.length >= ROOMS_PER_LEARNER) {
      const oldest = longest(own);
      if (!oldest) throw new SandboxRefused(`at most ${ROOMS_PER_LEARNER} labs at the same time`);
      return this.close(oldest);
    }
    if (!this.#options.pool.full) return;
    const abandoned = longest([...this.#rooms.values()].filter(({ activeAt }) => Date.now() - activeAt > ABANDONED_MS));
    if (!abandoned) return;
    this.#options.log.info({ id: abandoned.record.id }, 'every place is taken: the one left longest gives way');
    await this.close(abandoned);
  }

  /** Ends a room and all that is in it. */
  async close(room: Room, why: Ending = 'gone'): Promise<void> {
    const name = key(room.record.learnerId, room.record.lab);
    this.#watch(room, false);
    if (this.#rooms.get(name) === room) {
      this.#rooms.delete(name);
      this.#tell(room, { type: 'room', room: undefined });
    }
    await room.close(why);
    await this.#giveUp(room.sandbox);
  }

  async #end(sandbox: Sandbox): Promise<void> {
    await sandbox.stop();
    await this.#giveUp(sandbox);
  }

  /** Its place is free also where that cannot be noted: the next server finds that it is not there. */
  async #giveUp({ handle }: Sandbox): Promise<void> {
    try {
      await this.#options.grading.store.endSandbox(handle.id);
    } finally {
      this.#options.pool.release();
    }
  }

  /** A sandbox's first process is gone: by its lifetime, by the kernel, by whatever. */
  #ended(id: string): void {
    if (this.#options.pool.forget(id)) return;
    const room = [...this.#rooms.values()].find(({ record }) => record.id === id);
    if (!room) return;
    const expired = Date.now() > room.sandbox.expiresAt.getTime() - EXPIRY_SLACK_MS;
    this.#closeSoon(room, expired ? 'expired' : 'gone');
  }

  #expire(): void {
    for (const room of this.#rooms.values())
      if (Date.now() >= room.expiresAt.getTime()) this.#closeSoon(room, 'expired');
  }

  #closeSoon(room: Room, why: Ending): void {
    const { log } = this.#options;
    log.info({ id: room.record.id, lab: room.record.lab, why }, 'sandbox ended');
    this.close(room, why).catch((error) => log.error({ err: error }, 'an ended sandbox could not be cleared'));
  }

  async #tend(): Promise<void> {
    const { pool, engine, idleMs, log } = this.#options;
    for (const room of [...this.#rooms.values()]) {
      if (Date.now() - room.activeAt < idleMs) continue;
      log.info({ id: room.record.id, lab: room.record.lab }, 'sandbox idle, ended');
      await this.close(room);
    }
    await pool.tend();
    await engine.sweep();
  }

  /** Ends watching. Rooms stay for the next server. */
  async dispose(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#unwatch();
    for (const check of this.#checks.values()) check.dispose();
    for (const room of this.#rooms.values()) room.hangUp();
    await Promise.allSettled([this.#options.pool.close(), ...this.#opening.values()]);
  }
}
