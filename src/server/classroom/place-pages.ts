/** Learners' pages: each is told its own place, whole, whenever something in it changes. */
import type { Logger } from 'pino';
import type { Place, PlaceFrame } from '../../protocol/workshops.ts';

type Listener = (frame: PlaceFrame) => void;

export class PlacePages {
  readonly #pages = new Map<string, Set<Listener>>();
  readonly #placeOf: (learnerId: string) => Promise<Place | null>;
  readonly #log: Logger;

  constructor(placeOf: (learnerId: string) => Promise<Place | null>, log: Logger) {
    this.#placeOf = placeOf;
    this.#log = log;
  }

  /** Whether a page of theirs is connected. */
  has(learnerId: string): boolean {
    return this.#pages.has(learnerId);
  }

  /** @returns how to stop; that tells whether it was their last page */
  async attend(learnerId: string, listener: Listener): Promise<() => boolean> {
    const pages = this.#pages.get(learnerId) ?? new Set();
    pages.add(listener);
    this.#pages.set(learnerId, pages);
    listener({ type: 'place', place: await this.#placeOf(learnerId) });
    return () => {
      pages.delete(listener);
      if (pages.size > 0 || this.#pages.get(learnerId) !== pages) return false;
      return this.#pages.delete(learnerId);
    };
  }

  say(learnerId: string, frame: PlaceFrame): void {
    for (const listener of this.#pages.get(learnerId) ?? []) listener(frame);
  }

  tell(learnerId: string): void {
    if (!this.has(learnerId)) return;
    this.#placeOf(learnerId).then(
      (place) => this.say(learnerId, { type: 'place', place }),
      (error) => this.#log.error({ err: error }, 'a learner was not told'),
    );
  }
}
