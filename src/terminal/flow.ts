/**
 * Flow control by acknowledgement: how much is on its way to one browser. TCP's own window would let megabytes pile up
 * in the browser, where a flood freezes the page.
 */
import { PAUSE_ABOVE, RESUME_BELOW } from '../protocol/terminal.ts';

export class Flow {
  #unacknowledged = 0;
  #congested = false;

  get congested(): boolean {
    return this.#congested;
  }

  sent(bytes: number): void {
    this.#unacknowledged += bytes;
    if (this.#unacknowledged > PAUSE_ABOVE) this.#congested = true;
  }

  /** A browser that acknowledges more than it got gains nothing. */
  acknowledged(bytes: number): void {
    this.#unacknowledged = Math.max(0, this.#unacknowledged - bytes);
    if (this.#unacknowledged < RESUME_BELOW) this.#congested = false;
  }
}
