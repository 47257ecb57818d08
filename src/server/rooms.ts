/** All rooms: given out, found again after a restart, ended when idle, expired or asked for. */

import type { Logger } from 'pino';
import type { Exercise } from '../exercise/catalogue.ts';
import { seed } from '../exercise/seed.ts';
import { drawParameters } from '../grading/parameters.ts';
import { type Engine, type Sandbox, SandboxRefused } from '../sandbox/engine.ts';
import type { Pool } from '../sandbox/pool.ts';
import type { Store } from '../store/store.ts';
import type { Ending } from '../terminal/terminal.ts';
import { Room } from './room.ts';

/** A learner who goes from lab to lab keeps this many; the one unused longest gives way. */
const ROOMS_PER_LEARNER = 3;
const TEND_EVERY_MS = 15_000;
/** The sandbox's own clock started a little later than ours, and is read in whole seconds. */
const EXPIRY_SLACK_MS = 3000;

export type Step = 'waiting' | 'creating' | 'seeding' | 'opening';

export interface RoomsOptions {
  readonly engine: Engine;
  readonly pool: Pool;
  readonly store: Store;
  readonly root: string;
  /** Makes drawn values unguessable. */
  readonly secret: string;
  readonly idleMs: number;
  readonly log: Logger;
}

const key = (learnerId: string, lab: string) => `${learnerId} ${lab}`;

export class Rooms {
  readonly #options: RoomsOptions;
  readonly #rooms = new Map<string, Room>();
  readonly #opening = new Map<string, Promise<Room>>();
  readonly #unwatch: () => void;
  readonly #timer: NodeJS.Timeout;

  private constructor(options: RoomsOptions) {
    this.#options = options;
    this.#unwatch = options.engine.watch(({ id }) => this.#ended(id));
    this.#timer = setInterval(
      () => this.#tend().catch((error) => options.log.error({ err: error }, 'tending failed')),
      TEND_EVERY_MS,
    );
  }

  /** Takes over what an earlier server left running, and clears what it left broken. */
  static async open(options: RoomsOptions): Promise<Rooms> {
    const { engine, pool, store } = options;
    const rooms = new Rooms(options);
    await engine.sweep();
    const alive = new Map((await engine.list()).map((sandbox) => [sandbox.handle.id, sandbox]));
    for (const record of await store.openSandboxes()) {
      const sandbox = alive.get(record.id);
      alive.delete(record.id);
      if (sandbox) rooms.#rooms.set(key(record.learnerId, record.lab), new Room(record, sandbox));
      else await store.endSandbox(record.id);
    }
    // A sandbox is recorded before anything is put into it: what is not recorded is untouched.
    pool.adopt([...alive.values()], rooms.#rooms.size);
    return rooms;
  }

  find(learnerId: string, lab: string): Room | undefined {
    const room = this.#rooms.get(key(learnerId, lab));
    return room?.sandbox.state === 'ready' ? room : undefined;
  }

  ready(): Room[] {
    return [...this.#rooms.values()].filter(({ sandbox }) => sandbox.state === 'ready');
  }

  get count(): number {
    return this.#rooms.size;
  }

  /** The learner's room in this lab, made ready if there is none. @throws SandboxRefused, SandboxFault */
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

  async #make(learnerId: string, { lab }: Exercise, progress: (step: Step) => void): Promise<Room> {
    const { pool, store, root, secret } = this.#options;
    // One that has just died may not have been seen to be dead yet.
    const dead = this.#rooms.get(key(learnerId, lab.id));
    if (dead) await this.close(dead);
    await this.#makePlace(learnerId);
    progress(pool.warm > 0 ? 'opening' : 'creating');
    const sandbox = await pool.take();
    try {
      const parameters = drawParameters(lab.parameters, `${secret}/${learnerId}/${lab.id}`);
      const record = { id: sandbox.handle.id, learnerId, lab: lab.id, parameters };
      await store.addSandbox(record, sandbox.handle.engine);
      progress('seeding');
      await seed(sandbox, { root, lab: lab.id, parameters });
      const room = new Room(record, sandbox);
      this.#rooms.set(key(learnerId, lab.id), room);
      return room;
    } catch (error) {
      await this.#end(sandbox);
      throw error;
    }
  }

  async #makePlace(learnerId: string): Promise<void> {
    const own = [...this.#rooms.values()].filter(({ record }) => record.learnerId === learnerId);
    if (own.length < ROOMS_PER_LEARNER) return;
    const [longest] = own.filter(({ watched }) => !watched).sort((a, b) => a.activeAt - b.activeAt);
    if (!longest) throw new SandboxRefused(`at most ${ROOMS_PER_LEARNER} labs at the same time`);
    await this.close(longest);
  }

  /** Ends a room and all that is in it. */
  async close(room: Room, why: Ending = 'gone'): Promise<void> {
    const name = key(room.record.learnerId, room.record.lab);
    if (this.#rooms.get(name) === room) this.#rooms.delete(name);
    await room.close(why);
    await this.#options.store.endSandbox(room.record.id);
    this.#options.pool.release();
  }

  async #end(sandbox: Sandbox): Promise<void> {
    await sandbox.stop();
    await this.#options.store.endSandbox(sandbox.handle.id);
    this.#options.pool.release();
  }

  /** A sandbox's first process is gone: by its lifetime, by the kernel, by whatever. */
  #ended(id: string): void {
    const { log, pool } = this.#options;
    if (pool.forget(id)) return;
    const room = [...this.#rooms.values()].find(({ record }) => record.id === id);
    if (!room) return;
    log.info({ id, lab: room.record.lab }, 'sandbox ended');
    const expired = Date.now() > room.sandbox.expiresAt.getTime() - EXPIRY_SLACK_MS;
    this.close(room, expired ? 'expired' : 'gone').catch((error) =>
      log.error({ err: error }, 'an ended sandbox could not be cleared'),
    );
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
    clearInterval(this.#timer);
    this.#unwatch();
    for (const room of this.#rooms.values()) room.hangUp();
    await Promise.allSettled([this.#options.pool.close(), ...this.#opening.values()]);
  }
}
