/** Who types into a terminal, and how far: input that comes a second time after a broken connection is known again. */

/** Pages of one learner that are remembered for one terminal; more are open in no browser (see the gateway's limit). */
const MOST = 64;

export interface Typist {
  /** The number of the last input that went to the shell. */
  accepted: number;
  /** Lets go of the socket that this page came by before: it has given that one up. */
  leave?: (() => void) | undefined;
}

export class Typists {
  readonly #typists = new Map<string, Typist>();

  /** The typist of that name, a new one if it is not known (any more). The longest unseen is forgotten for it. */
  of(client: string): Typist {
    const typist = this.#typists.get(client) ?? { accepted: 0 };
    this.#typists.delete(client);
    this.#typists.set(client, typist);
    const [oldest] = this.#typists.keys();
    if (this.#typists.size > MOST && oldest !== undefined) this.#typists.delete(oldest);
    return typist;
  }
}
