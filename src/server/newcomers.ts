/** How many new learners may come from one address: a page without a cookie costs a row, and a lab a sandbox. */

/** A room of learners behind one address, who all come at once. */
const MOST = 120;
const WINDOW_MS = 60_000;

export class Newcomers {
  #counts = new Map<string, number>();
  #since = Date.now();

  /** @param address undefined where it is not known: then all such are one */
  admit(address: string | undefined, now = Date.now()): boolean {
    if (now - this.#since >= WINDOW_MS) {
      this.#counts = new Map();
      this.#since = now;
    }
    const from = address ?? '';
    const count = (this.#counts.get(from) ?? 0) + 1;
    this.#counts.set(from, count);
    return count <= MOST;
  }
}
