/** All workshops that are not over: begun and ended by the clock, their rooms kept warm, everyone told what changes. */
import type { Logger } from 'pino';
import type { MemberFacts } from '../../classroom/matrix.ts';
import type { Place, PlaceFrame, WorkshopFrame } from '../../protocol/workshops.ts';
import type { Pool } from '../../sandbox/pool.ts';
import type { Cohort, Member, Store } from '../../store/store.ts';
import type { RoomEvent } from '../followers.ts';
import type { Room } from '../room.ts';
import { LabLocked, type Rooms } from '../rooms.ts';
import { type Catalogue, LiveWorkshop, stateOf } from './live.ts';
import { PlacePages } from './place-pages.ts';
import { RoomPages, workshopView } from './room-pages.ts';
import { type ShareEvent, Shares, type Watch } from './shares.ts';

/** Clocks, and what people typed, are looked at so often; what happens is told sooner. */
const TICK_MS = 1000;
const SOON_MS = 100;
/** Sandboxes are made ready so long before a workshop begins, and kept for those who are late. */
const WARM_BEFORE_MS = 10 * 60_000;
const WARM_AFTER_MS = 30 * 60_000;

export interface WorkshopsParts {
  readonly store: Store;
  readonly rooms: Rooms;
  readonly pool: Pool;
  readonly catalogue: Catalogue;
  readonly log: Logger;
}

export class Workshops {
  readonly shares = new Shares((watch, what) => this.#shared(watch, what));
  readonly #parts: WorkshopsParts;
  readonly #live = new Map<string, LiveWorkshop>();
  /** As the clock said last. */
  readonly #states = new Map<string, string>();
  readonly #roomPages: RoomPages;
  readonly #placePages: PlacePages;
  readonly #timer: NodeJS.Timeout;
  #soon: NodeJS.Timeout | undefined;

  private constructor(parts: WorkshopsParts) {
    this.#parts = parts;
    this.#roomPages = new RoomPages(parts.catalogue, (workshop) => this.#facts(workshop));
    this.#placePages = new PlacePages((learnerId) => this.place(learnerId), parts.log);
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
    const inState = (state: string) => all.filter(({ workshop }) => stateOf(workshop.cohort) === state);
    return inState('running').at(-1) ?? inState('planned')[0];
  }

  /** Of all who have a place here, or of one, their rooms in its labs. */
  roomsOf(workshop: LiveWorkshop, member?: Member, lab?: string): Room[] {
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
    for (const { learnerId } of [...before, ...workshop.members]) if (learnerId) this.#placePages.tell(learnerId);
    this.#tellWorkshop(workshop);
    this.#tickSoon();
  }

  /** Ends it: nobody can join any more, its rooms are closed and removed. @returns false where it was ended before */
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
    for (const { learnerId } of workshop.members) if (learnerId) this.#placePages.tell(learnerId);
    await Promise.all(rooms.map((room) => this.#parts.rooms.close(room, 'expired')));
    this.#roomPages.tellRows(workshop);
    this.#parts.log.info({ workshop: id, rooms: rooms.length }, 'workshop ended');
    return closed;
  }

  /** An instructor's page. @returns how to stop */
  follow(workshop: LiveWorkshop, listener: (frame: WorkshopFrame) => void): () => void {
    return this.#roomPages.follow(workshop, listener);
  }

  /** A learner's page. @returns how to stop */
  async attend(learnerId: string, listener: (frame: PlaceFrame) => void): Promise<() => void> {
    const leave = await this.#placePages.attend(learnerId, listener);
    await this.#seen(learnerId);
    return () => {
      if (!leave()) return;
      this.#seen(learnerId).catch((error) => this.#parts.log.warn({ err: error }, 'a leave was not noted'));
    };
  }

  async #seen(learnerId: string): Promise<void> {
    this.#tickSoon();
    const member = this.of(learnerId)?.member;
    if (member) await this.#parts.store.memberSeen(member.id);
  }

  /** What a learner may know of their workshop. */
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

  /** @param frame what is said; without one, their place anew. @param memberId null: all */
  tellLearners(workshop: LiveWorkshop, memberId: string | null, frame?: PlaceFrame): void {
    for (const { id, learnerId } of workshop.members) {
      if (learnerId === null || (memberId !== null && id !== memberId)) continue;
      if (frame) this.#placePages.say(learnerId, frame);
      else this.#placePages.tell(learnerId);
    }
  }

  #facts(workshop: LiveWorkshop): MemberFacts[] {
    const online = (learnerId: string | null) => learnerId !== null && this.#placePages.has(learnerId);
    return workshop.members
      .filter(({ status }) => status !== 'invited')
      .map((member) => workshop.facts(member, this.#parts.rooms, online(member.learnerId)));
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

  #shared(watch: Watch, what: ShareEvent): void {
    this.#placePages.tell(watch.learnerId);
    if (what !== 'began') this.#roomPages.say(watch.workshopId, { type: 'share', member: watch.memberId, state: what });
  }

  #tellWorkshop(workshop: LiveWorkshop): void {
    this.#roomPages.say(workshop.cohort.id, { type: 'workshop', workshop: workshopView(workshop) });
  }

  #tickSoon(): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      for (const workshop of this.#live.values()) this.#roomPages.tellRows(workshop);
    }, SOON_MS);
  }

  #tick(): void {
    for (const [id, workshop] of this.#live) {
      const state = stateOf(workshop.cohort);
      if (state === this.#states.get(id)) this.#roomPages.tellRows(workshop);
      else this.#turn(id, state);
    }
    this.#parts.pool.reserve(this.#reserve());
  }

  /** It has begun, or its time is over; what fails is tried again at the next tick. */
  #turn(id: string, state: string): void {
    this.#states.set(id, state);
    const turned = state === 'ended' ? this.end(id, { accountId: null }) : this.changed(id);
    turned.catch((error) => {
      this.#parts.log.error({ err: error, workshop: id }, 'a workshop did not turn');
      this.#states.delete(id);
    });
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
