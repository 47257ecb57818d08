/** Recordings of terminals: started and ended for their learner, within limits, and found again after a restart. */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { RecordingRecord, Store } from '../store/store.ts';
import { RECORDING_LIMIT, type RunningRecording, readCast, record, repairCast } from '../terminal/recording.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** A learner who wants one more deletes one. */
const RECORDINGS_PER_LEARNER = 20;
/** Of all learners together, in bytes. */
const TOTAL_LIMIT = 2 * 1024 * 1024 * 1024;

/** There is no room for one more: the learner's own or the server's. */
export class RecordingsFull extends Error {}

interface Running {
  readonly row: RecordingRecord;
  readonly recording: RunningRecording;
  /** When the row says that it has ended. */
  readonly noted: Promise<void>;
}

export interface RecordingsOptions {
  readonly store: Store;
  readonly folder: string;
  readonly log: Logger;
}

export class Recordings {
  readonly #options: RecordingsOptions;
  readonly #running = new Map<Terminal, Promise<Running>>();

  private constructor(options: RecordingsOptions) {
    this.#options = options;
  }

  /** Ends what an earlier server left open. */
  static async open(options: RecordingsOptions): Promise<Recordings> {
    const { store, folder } = options;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const recordings = new Recordings(options);
    for (const { id } of await store.openRecordings()) {
      const left = await repairCast(recordings.#path(id));
      if (left && left.bytes > 0) await store.endRecording(id, left.changedAt.toISOString(), left.bytes);
      else await recordings.#forget(id);
    }
    return recordings;
  }

  /** The id is ours, from the database: nothing a browser sends gets into a path. */
  #path(id: string): string {
    return join(this.#options.folder, `${id}.cast`);
  }

  /** Who asks while one runs gets that one. @throws RecordingsFull */
  async start(learnerId: string, lab: string, name: string, terminal: Terminal): Promise<RecordingRecord> {
    const there = this.#running.get(terminal);
    if (there) return (await there).row;
    const starting = this.#start(learnerId, lab, name, terminal);
    this.#running.set(terminal, starting);
    try {
      const { row, noted } = await starting;
      // Its failure is logged where it is made; the next server finds the row open, and the file.
      const forget = () => this.#running.delete(terminal);
      noted.then(forget, forget);
      return row;
    } catch (error) {
      this.#running.delete(terminal);
      throw error;
    }
  }

  async #start(learnerId: string, lab: string, terminal: string, shown: Terminal): Promise<Running> {
    const { store, log } = this.#options;
    const own = await store.recordings(learnerId);
    // This one is among those that run.
    const running = this.#running.size * RECORDING_LIMIT;
    if (own.length >= RECORDINGS_PER_LEARNER || (await store.recordedBytes()) + running > TOTAL_LIMIT)
      throw new RecordingsFull();
    const startedAt = new Date().toISOString();
    const row = { id: randomUUID(), learnerId, lab, terminal, startedAt, endedAt: null, bytes: 0 };
    await store.addRecording(row);
    try {
      const recording = await record(shown, this.#path(row.id));
      const noted = recording.ended.then(async ({ why, bytes, error }) => {
        if (error) log.error({ err: error, id: row.id }, 'a recording failed');
        else log.info({ id: row.id, why, bytes }, 'a recording ended');
        await store.endRecording(row.id, new Date().toISOString(), bytes);
      });
      noted.catch((error) => log.error({ err: error, id: row.id }, 'the end of a recording was not noted'));
      return { row, recording, noted };
    } catch (error) {
      await this.#forget(row.id);
      throw error;
    }
  }

  /** @returns undefined where none runs */
  async stop(terminal: Terminal): Promise<RecordingRecord | undefined> {
    const running = await this.#running.get(terminal);
    if (!running) return undefined;
    running.recording.stop('asked');
    await running.noted;
    return this.#options.store.findRecording(running.row.learnerId, running.row.id);
  }

  /** What is on disk of it. */
  read({ id }: RecordingRecord): Promise<Buffer> {
    return readCast(this.#path(id));
  }

  async remove({ id }: RecordingRecord): Promise<void> {
    for (const running of await Promise.all(this.#running.values())) {
      if (running.row.id !== id) continue;
      running.recording.stop('asked');
      await running.noted;
    }
    await this.#forget(id);
  }

  /** The file first: a row without one can be asked for again, a file without a row by nobody. */
  async #forget(id: string): Promise<void> {
    await rm(this.#path(id), { force: true });
    await this.#options.store.removeRecording(id);
  }

  /** When the terminals have ended: waits until all of it is on disk and noted. */
  async close(): Promise<void> {
    const running = await Promise.allSettled(this.#running.values());
    await Promise.allSettled(
      running.map((one) => {
        if (one.status === 'rejected') return undefined;
        one.value.recording.stop('shell');
        return one.value.noted;
      }),
    );
  }
}
