/** How much is put into a sandbox by hand, never what: written down with each attempt that is stored, and at the end. */
import type { Handwork, Store } from '../store/store.ts';

export interface HandworkCounter {
  typed(data: string): void;
  /** Something was changed in the page's editor. */
  saved(): void;
  write(): Promise<void>;
}

export function countHandwork(store: Store, sandboxId: string): HandworkCounter {
  let [characters, lines, saves] = [0, 0, 0];
  return {
    typed(data) {
      characters += data.length;
      lines += data.split('\r').length - 1;
    },
    saved() {
      saves++;
    },
    async write() {
      const counted: Handwork = { characters, lines, saves };
      if (characters + saves === 0) return;
      [characters, lines, saves] = [0, 0, 0];
      await store.addHandwork(sandboxId, counted);
    },
  };
}
