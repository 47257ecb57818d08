/**
 * Instructors at learners' terminals: who looks on, who asked to type, who may. Nobody may type unless the learner has said so,
 * for this terminal and this instructor; in memory only, so that a restart of the server ends every permission.
 */
import { randomUUID } from 'node:crypto';

export type Typing = 'no' | 'asked' | 'yes';
export type ShareEvent = 'began' | 'asked' | 'allowed' | 'refused' | 'ended';

export interface Watch {
  readonly id: string;
  readonly accountId: string;
  /** Of the instructor. */
  readonly name: string;
  readonly workshopId: string;
  readonly memberId: string;
  readonly learnerId: string;
  readonly lab: string;
  readonly terminal: string;
  typing: Typing;
}

export class Shares {
  readonly #watches = new Map<string, Watch>();
  readonly #onChange: (watch: Watch, what: ShareEvent) => void;

  constructor(onChange: (watch: Watch, what: ShareEvent) => void) {
    this.#onChange = onChange;
  }

  /** An instructor looks on, until `end`. */
  begin(who: Omit<Watch, 'id' | 'typing'>): Watch {
    const watch: Watch = { ...who, id: randomUUID(), typing: 'no' };
    this.#watches.set(watch.id, watch);
    this.#onChange(watch, 'began');
    return watch;
  }

  end({ id }: Watch): void {
    const watch = this.#watches.get(id);
    if (!watch) return;
    watch.typing = 'no';
    this.#watches.delete(id);
    this.#onChange(watch, 'ended');
  }

  /** Asks the learner. @returns false when this instructor does not look at that terminal */
  ask(accountId: string, memberId: string, lab: string, terminal: string): boolean {
    const watch = [...this.#watches.values()].find(
      (one) => one.accountId === accountId && one.memberId === memberId && one.lab === lab && one.terminal === terminal,
    );
    if (!watch) return false;
    if (watch.typing !== 'no') return true;
    watch.typing = 'asked';
    this.#onChange(watch, 'asked');
    return true;
  }

  /** The learner's answer, or their later no. @returns nothing when there is nothing of theirs to answer */
  answer(learnerId: string, id: string, allow: boolean): Watch | undefined {
    const watch = this.#watches.get(id);
    if (!watch || watch.learnerId !== learnerId || (allow && watch.typing === 'no')) return undefined;
    watch.typing = allow ? 'yes' : 'no';
    this.#onChange(watch, allow ? 'allowed' : 'refused');
    return watch;
  }

  of(learnerId: string): Watch[] {
    return [...this.#watches.values()].filter((watch) => watch.learnerId === learnerId);
  }
}
