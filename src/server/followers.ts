/** Who wants to hear what happens to a learner's room, whether or not there is one just now. */
import type { AttemptRecord } from '../store/store.ts';
import type { Room } from './room.ts';

export type RoomEvent =
  /** It began, was extended, or ended: then there is none. */
  | { readonly type: 'room'; readonly room: Room | undefined }
  | { readonly type: 'attempt'; readonly attempt: AttemptRecord };
type Listener = (event: RoomEvent) => void;

export class Followers {
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #onChange: (key: string, followed: boolean) => void;

  /** @param onChange told when the first begins to follow, and when the last has ended */
  constructor(onChange: (key: string, followed: boolean) => void) {
    this.#onChange = onChange;
  }

  has(key: string): boolean {
    return this.#listeners.has(key);
  }

  tell(key: string, event: RoomEvent): void {
    for (const listener of this.#listeners.get(key) ?? []) listener(event);
  }

  /** @returns how to stop following; once is enough */
  follow(key: string, listener: Listener): () => void {
    const there = this.#listeners.get(key) ?? new Set();
    there.add(listener);
    if (there.size === 1) {
      this.#listeners.set(key, there);
      this.#onChange(key, true);
    }
    return () => {
      if (!there.delete(listener) || there.size > 0) return;
      this.#listeners.delete(key);
      this.#onChange(key, false);
    };
  }
}
