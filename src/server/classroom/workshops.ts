/** All workshops that are not over: begun and ended by the clock, their rooms kept warm, everyone told what changes. */
import type { Logger } from 'pino';
import { type MemberFacts, matrixRow, troublesOf } from '../../classroom/matrix.ts';
import type { Place, PlaceFrame, Workshop, WorkshopFrame } from '../../protocol/workshops.ts';
import type { Pool } from '../../sandbox/pool.ts';
import type { Cohort, Member, Store } from '../../store/store.ts';
import type { RoomEvent } from '../followers.ts';
import { LabLocked, type Rooms } from '../rooms.ts';
import { type Catalogue, LiveWorkshop, stateOf } from './live.ts';
import { Shares, type Watch } from './shares.ts';

/** Clocks, and what people typed, are looked at so often; what happens is told sooner. */
const TICK_MS = 1000;
const SOON_MS = 100;
/** Sandboxes are made ready so long before a workshop begins, and kept for those who are late. */
const WARM_BEFORE_MS = 10 * 60_000;
const WARM_AFTER_MS = 30 * 60_000;

type Listener<Frame> = (frame: Frame) => void;

export interface WorkshopsParts {
  readonly store: Store;
  readonly rooms: Rooms;
  readonly pool: Pool;
  readonly catalogue: Catalogue;
  readonly log: Logger;
}

/** What the instructors' pages of one workshop were told last. */
interface Told {
  readonly listeners: Set<Listener<WorkshopFrame>>;
  readonly rows: Map<string, string>;
  troubles: string;
}

export class Workshops {
  readonly shares = new Shares((watch, what) => this.#shared(watch, what));
  readonly #parts: WorkshopsParts;
  readonly #live = new Map<string, LiveWorkshop>();
  readonly #told = new Map<string, Told>();
  readonly #places = new Map<string, Set<Listener<PlaceFrame>>>();
  readonly #states = new Map<string, string>();
  readonly #timer: NodeJS.Timeout;
  #soon: NodeJS.Timeout | undefined;

  private constructor(parts: WorkshopsParts) {
    this.#parts = parts;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  static async open(parts: WorkshopsParts): Promise<Workshops> {
    const workshops = new Workshops(parts);
    for (const cohort of await parts.store.openCohorts('workshop')) await workshops.add(cohort);
    parts.rooms.hear((learnerId, lab, event) => workshops.#heard(learnerId, lab, event));
    workshops.#tick();
    return workshops;
  }

  async add(cohort: Cohort): Promise<void> {
    const { store, catalogue } = this.#parts;
    this.#live.set(cohort.id, await LiveWorkshop.open(cohort, store, catalogue));
    this.#states.set(cohort.id, stateOf(cohort));
  }

  /** One that is not over from memory, any other from the store. */
  async find(id: string): Promise<LiveWorkshop | undefined> {
    const { store, catalogue } = this.#parts;
    const live = this.#live.get(id);
    if (live) return live;
    const cohort = await store.findCohort(id);
    return cohort?.kind === 'workshop' ? LiveWorkshop.open(cohort, store, catalogue) : undefined;
  }

  /** The one that this learner is in: one that runs before one that will. */
  of(learnerId: string): { workshop: LiveWorkshop; member: Member } | undefined {
    const all = [...this.#live.values()].flatMap((workshop) => {
      const member = workshop.memberOf(learnerId);
      return member ? [{ workshop, member }] : [];
    });
    const running = all.filter(({ workshop }) => stateOf(workshop.cohort) === 'running');
    return running.at(-1) ?? all.filter(({ workshop }) => stateOf(workshop.cohort) === 'planned')[0];
  }

  /** Of all who have a place here, their rooms in its labs. */
  roomsOf(workshop: LiveWorkshop, member?: Member, lab?: string) {
    const learners = (member ? [member] : workshop.members).flatMap(({ learnerId }) => learnerId ?? []);
    const labs = lab === undefined ? workshop.labs : [lab];
    return learners.flatMap((id) => labs.flatMap((one) => this.#parts.rooms.find(id, one) ?? []));
  }

  /** @throws LabLocked for a lab of a workshop that this learner is in and that they may not open now */
  async admit(learnerId: string, lab: string): Promise<void> {
    const place = this.of(learnerId);
    const own = place?.workshop.cohort.labs.find((one) => one.lab === lab);
    if (!place || !own) return;
    const open = stateOf(place.workshop.cohort) === 'running' && place.member.status === 'in' && !own.locked;
    if (!open) throw new LabLocked(`lab ${lab} is not open in workshop ${place.workshop.cohort.id}`);
  }

  /** After its plan or its learners have changed in the store. */
  async changed(id: string): Promise<void> {
    const workshop = this.#live.get(id);
    if (!workshop) return;
    const before = workshop.members;
    await workshop.reread();
    this.#states.set(id, stateOf(workshop.cohort));
    for (const { learnerId } of [...before, ...workshop.members]) if (learnerId) await this.#tellPlace(learnerId);
    this.#tellWorkshop(workshop);
    this.#tickSoon();
  }

  /** Ends it: nobody can join any more, its rooms are closed and removed. */
  async end(id: string, by: { accountId: string | null; address?: string }): Promise<boolean> {
    const workshop = this.#live.get(id);
    const detail: Record<string, string> = by.address === undefined ? {} : { address: by.address };
    const entry = { by: by.accountId, action: 'workshop-ended', object: id, detail };
    const closed = await this.#parts.store.closeCohort(id, entry);
    if (!workshop) return closed;
    const rooms = this.roomsOf(workshop);
    await workshop.reread();
    this.#live.delete(id);
    this.#tellWorkshop(workshop);
    for (const { learnerId } of workshop.members) if (learnerId) await this.#tellPlace(learnerId);
    await Promise.all(rooms.map((room) => this.#parts.rooms.close(room, 'expired')));
    this.#tellRows(workshop);
    this.#parts.log.info({ workshop: id, rooms: rooms.length }, 'workshop ended');
    return closed;
  }

  view({ cohort, members }: LiveWorkshop): Workshop {
    const { id, title, language, startsAt, endsAt, capacity, asksEmail, joinCode, labs } = cohort;
    const has = (status: Member['status']) => members.filter((member) => member.status === status).length;
    const counts = { present: has('in'), waiting: has('waiting') };
    const plan = { title, language, startsAt, endsAt, capacity: capacity ?? 0, asksEmail, labs: [...labs] };
    return { ...plan, id, joinCode: joinCode ?? '', state: stateOf(cohort), ...counts };
  }

  facts(workshop: LiveWorkshop): MemberFacts[] {
    const online = (learnerId: string | null) => learnerId !== null && this.#places.has(learnerId);
    return workshop.members
      .filter(({ status }) => status !== 'invited')
      .map((member) => workshop.facts(member, this.#parts.rooms, online(member.learnerId)));
  }

  /** An instructor's page. It is told all at once now, and then what changes. @returns how to stop */
  follow(workshop: LiveWorkshop, listener: Listener<WorkshopFrame>): () => void {
    const { id } = workshop.cohort;
    const told = this.#told.get(id) ?? { listeners: new Set(), rows: new Map(), troubles: '' };
    this.#told.set(id, told);
    // The others hear first what is new, so that all know the same from here on.
    this.#tellRows(workshop);
    listener({ type: 'workshop', workshop: this.view(workshop) });
    listener({ type: 'rows', rows: [...told.rows.values()].map((row) => JSON.parse(row)), gone: [] });
    listener({ type: 'troubles', troubles: JSON.parse(told.troubles) });
    told.listeners.add(listener);
    return () => {
      told.listeners.delete(listener);
      if (told.listeners.size === 0) this.#told.delete(id);
    };
  }

  /** A learner's page. @returns how to stop */
  async attend(learnerId: string, listener: Listener<PlaceFrame>): Promise<() => void> {
    const there = this.#places.get(learnerId) ?? new Set();
    there.add(listener);
    this.#places.set(learnerId, there);
    const seen = () => {
      const member = this.of(learnerId)?.member;
      return member ? this.#parts.store.memberSeen(member.id) : undefined;
    };
    listener({ type: 'place', place: await this.place(learnerId) });
    await seen();
    this.#tickSoon();
    return () => {
      there.delete(listener);
      if (there.size > 0) return;
      this.#places.delete(learnerId);
      this.#tickSoon();
      Promise.resolve(seen()).catch((error) => this.#parts.log.warn({ err: error }, 'a leave was not noted'));
    };
  }

  async place(learnerId: string): Promise<Place | null> {
    const found = this.of(learnerId);
    if (!found) return null;
    const { workshop, member } = found;
    const { cohort } = workshop;
    const waiting = workshop.members.filter(({ status }) => status === 'waiting');
    const messages = await this.#parts.store.messages(cohort.id, member.id);
    return {
      title: cohort.title,
      name: member.name,
      startsAt: cohort.startsAt,
      endsAt: cohort.endsAt,
      state: stateOf(cohort),
      ahead: member.status === 'waiting' ? waiting.findIndex(({ id }) => id === member.id) : null,
      labs: cohort.labs.map(({ lab, locked }) => {
        return { lab, locked, score: workshop.standing(member, lab)?.score ?? null };
      }),
      handAt: member.handAt,
      messages: messages.map(({ memberId, ...message }) => ({ ...message, toAll: memberId === null })),
      watchers: this.shares
        .of(learnerId)
        .map(({ id, name, lab, terminal, typing }) => ({ id, name, lab, terminal, typing })),
    };
  }

  tellLearners(workshop: LiveWorkshop, memberId: string | null, frame?: PlaceFrame): void {
    for (const { id, learnerId } of workshop.members) {
      if (learnerId === null || (memberId !== null && id !== memberId)) continue;
      if (frame) for (const listener of this.#places.get(learnerId) ?? []) listener(frame);
      else this.#tellPlaceSoon(learnerId);
    }
  }

  #heard(learnerId: string, lab: string, event: RoomEvent): void {
    for (const workshop of this.#live.values()) {
      if (!workshop.memberOf(learnerId)) continue;
      if (event.type === 'room') workshop.roomGiven(learnerId, lab);
      else
        workshop
          .attempted(learnerId, event.attempt)
          .then(() => this.#tickSoon())
          .catch((error) => this.#parts.log.error({ err: error }, 'an attempt is missing in the matrix'));
      this.#tickSoon();
    }
  }

  #shared(watch: Watch, what: 'began' | 'asked' | 'allowed' | 'refused' | 'ended'): void {
    this.#tellPlaceSoon(watch.learnerId);
    if (what === 'began') return;
    const frame = { type: 'share', member: watch.memberId, state: what } as const;
    for (const listener of this.#told.get(watch.workshopId)?.listeners ?? []) listener(frame);
  }

  #tellWorkshop(workshop: LiveWorkshop): void {
    const frame = { type: 'workshop', workshop: this.view(workshop) } as const;
    for (const listener of this.#told.get(workshop.cohort.id)?.listeners ?? []) listener(frame);
  }

  #tellPlaceSoon(learnerId: string): void {
    this.#tellPlace(learnerId).catch((error) => this.#parts.log.error({ err: error }, 'a learner was not told'));
  }

  async #tellPlace(learnerId: string): Promise<void> {
    const listeners = this.#places.get(learnerId);
    if (!listeners) return;
    const place = await this.place(learnerId);
    for (const listener of listeners) listener({ type: 'place', place });
  }

  #tellRows(workshop: LiveWorkshop): void {
    const told = this.#told.get(workshop.cohort.id);
    if (!told) return;
    const facts = this.facts(workshop);
    const rows = facts.map((one) => matrixRow(one, this.#parts.catalogue, Date.now()));
    const fresh = rows.filter((row) => told.rows.get(row.id) !== JSON.stringify(row));
    const gone = [...told.rows.keys()].filter((id) => !rows.some((row) => row.id === id));
    for (const row of fresh) told.rows.set(row.id, JSON.stringify(row));
    for (const id of gone) told.rows.delete(id);
    const troubles = troublesOf(facts);
    const text = JSON.stringify(troubles);
    for (const listener of told.listeners) {
      if (fresh.length > 0 || gone.length > 0) listener({ type: 'rows', rows: fresh, gone });
      if (text !== told.troubles) listener({ type: 'troubles', troubles });
    }
    told.troubles = text;
  }

  #tickSoon(): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      for (const workshop of this.#live.values()) this.#tellRows(workshop);
    }, SOON_MS);
  }

  #tick(): void {
    for (const [id, workshop] of this.#live) {
      const state = stateOf(workshop.cohort);
      if (state !== this.#states.get(id)) {
        this.#states.set(id, state);
        const turn = state === 'ended' ? this.end(id, { accountId: null }) : this.changed(id);
        turn.catch((error) => {
          this.#parts.log.error({ err: error, workshop: id }, 'a workshop did not turn');
          this.#states.delete(id);
        });
      } else this.#tellRows(workshop);
    }
    this.#parts.pool.reserve(this.#reserve());
  }

  /** A sandbox for everyone who may come to a workshop about to begin and has none yet. */
  #reserve(): number {
    const now = Date.now();
    return [...this.#live.values()].reduce((sum, workshop) => {
      const begins = Date.parse(workshop.cohort.startsAt);
      if (now < begins - WARM_BEFORE_MS || now > begins + WARM_AFTER_MS) return sum;
      return sum + Math.max(0, (workshop.cohort.capacity ?? 0) - this.roomsOf(workshop).length);
    }, 0);
  }

  close(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
  }
}
