/**
 * Notices that nothing comes back. A cable that was pulled closes no socket; the browser would learn of it after a minute.
 * While the page is seen, a quiet connection is asked every other second whether it is there.
 */

/** So long nothing has come: ask. */
const QUIET_MS = 1500;
/** So long an answer may take, … */
const ANSWER_MS = 2000;
/** … and longer by what is on its way up a slow line, in characters a millisecond. */
const SLOWEST = 16;
/** A timer that is so late was held up by a busy page, in which answers may be waiting too. */
const LATE_MS = 400;

export interface HeartbeatPlace {
  ask(): void;
  silent(): void;
  /** Whether the page is seen: one that is not may be put to sleep by its browser. */
  seen(): boolean;
}

export class Heartbeat {
  readonly #place: HeartbeatPlace;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = false;

  constructor(place: HeartbeatPlace) {
    this.#place = place;
  }

  /** Something has come. */
  heard(): void {
    this.stop();
    if (this.#place.seen()) this.#timer = setTimeout(() => this.ask(), QUIET_MS);
  }

  /** Something was sent that is answered: `characters` long. */
  sent(characters: number): void {
    if (this.#asked) return;
    this.stop();
    this.#asked = true;
    this.#wait(ANSWER_MS + characters / SLOWEST);
  }

  ask(): void {
    if (this.#asked) return;
    this.#place.ask();
    this.sent(0);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#asked = false;
  }

  #wait(ms: number): void {
    const due = Date.now() + ms;
    this.#timer = setTimeout(() => {
      if (Date.now() - due > LATE_MS) this.#wait(ANSWER_MS);
      else this.#place.silent();
    }, ms);
  }
}
