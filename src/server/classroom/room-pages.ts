/** Instructors' pages: told how a workshop stands, then what changes. */
import { type MemberFacts, matrixRow, troublesOf } from '../../classroom/matrix.ts';
import type { Workshop, WorkshopFrame } from '../../protocol/workshops.ts';
import type { Catalogue, LiveWorkshop } from './live.ts';
import { stateOf } from './live.ts';

type Listener = (frame: WorkshopFrame) => void;

/** The pages of one workshop, and what they were told last. */
interface Told {
  readonly listeners: Set<Listener>;
  readonly rows: Map<string, string>;
  troubles: string;
}

export function workshopView({ cohort, members }: LiveWorkshop): Workshop {
  const { id, title, language, startsAt, endsAt, capacity, asksEmail, joinCode, labs } = cohort;
  const count = (status: string) => members.filter((member) => member.status === status).length;
  const counts = { present: count('in'), waiting: count('waiting') };
  const plan = { title, language, startsAt, endsAt, capacity: capacity ?? 0, asksEmail, labs: [...labs] };
  return { ...plan, id, joinCode: joinCode ?? '', state: stateOf(cohort), ...counts };
}

export class RoomPages {
  readonly #told = new Map<string, Told>();
  readonly #catalogue: Catalogue;
  readonly #factsOf: (workshop: LiveWorkshop) => MemberFacts[];

  constructor(catalogue: Catalogue, factsOf: (workshop: LiveWorkshop) => MemberFacts[]) {
    this.#catalogue = catalogue;
    this.#factsOf = factsOf;
  }

  /** It is told all at once now, and then what changes. @returns how to stop */
  follow(workshop: LiveWorkshop, listener: Listener): () => void {
    const { id } = workshop.cohort;
    const told = this.#told.get(id) ?? { listeners: new Set(), rows: new Map(), troubles: '' };
    this.#told.set(id, told);
    // The others hear first what is new, so that all know the same from here on.
    this.tellRows(workshop);
    listener({ type: 'workshop', workshop: workshopView(workshop) });
    listener({ type: 'rows', rows: [...told.rows.values()].map((row) => JSON.parse(row)), gone: [] });
    listener({ type: 'troubles', troubles: JSON.parse(told.troubles) });
    told.listeners.add(listener);
    return () => {
      told.listeners.delete(listener);
      if (told.listeners.size === 0) this.#told.delete(id);
    };
  }

  say(workshopId: string, frame: WorkshopFrame): void {
    for (const listener of this.#told.get(workshopId)?.listeners ?? []) listener(frame);
  }

  /** Rows and troubles that have changed since; nothing where nobody looks. */
  tellRows(workshop: LiveWorkshop): void {
    const { id } = workshop.cohort;
    const told = this.#told.get(id);
    if (!told) return;
    const facts = this.#factsOf(workshop);
    const rows = facts.map((one) => matrixRow(one, this.#catalogue, Date.now()));
    const fresh = rows.filter((row) => told.rows.get(row.id) !== JSON.stringify(row));
    const gone = [...told.rows.keys()].filter((member) => !rows.some((row) => row.id === member));
    for (const row of fresh) told.rows.set(row.id, JSON.stringify(row));
    for (const member of gone) told.rows.delete(member);
    if (fresh.length > 0 || gone.length > 0) this.say(id, { type: 'rows', rows: fresh, gone });
    const troubles = troublesOf(facts);
    const text = JSON.stringify(troubles);
    if (text === told.troubles) return;
    told.troubles = text;
    this.say(id, { type: 'troubles', troubles });
  }
}
