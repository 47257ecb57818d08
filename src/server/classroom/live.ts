/** One workshop as it stands now: its learners, what they have done, where they are. Rebuilt from the store at a start. */

import type { MemberFacts } from '../../classroom/matrix.ts';
import { type ClassAttempt, type LabStanding, standingOf } from '../../classroom/standing.ts';
import type { Exercise } from '../../exercise/catalogue.ts';
import type { TakenHint } from '../../grading/hint-cost.ts';
import type { AttemptRecord, Cohort, Member, Store } from '../../store/store.ts';
import type { Room } from '../room.ts';
import type { Rooms } from '../rooms.ts';

export type Catalogue = ReadonlyMap<string, Exercise>;

/** What is remembered of a learner between two looks. */
interface Work {
  /** By lab, oldest first. */
  readonly attempts: Map<string, ClassAttempt[]>;
  hints: readonly (TakenHint & { readonly lab: string })[];
  readonly startedAt: Map<string, string>;
  readonly standings: Map<string, LabStanding>;
}

const kept = ({ status, trigger, score, gradedAt, results }: ClassAttempt): ClassAttempt => ({
  status,
  trigger,
  score,
  gradedAt,
  results,
});

export class LiveWorkshop {
  readonly #store: Store;
  readonly #catalogue: Catalogue;
  readonly #work = new Map<string, Work>();
  cohort: Cohort;
  members: readonly Member[] = [];

  private constructor(cohort: Cohort, store: Store, catalogue: Catalogue) {
    this.cohort = cohort;
    this.#store = store;
    this.#catalogue = catalogue;
  }

  static async open(cohort: Cohort, store: Store, catalogue: Catalogue): Promise<LiveWorkshop> {
    const live = new LiveWorkshop(cohort, store, catalogue);
    await live.readMembers();
    return live;
  }

  get labs(): string[] {
    return this.cohort.labs.map(({ lab }) => lab).filter((lab) => this.#catalogue.has(lab));
  }

  memberOf(learnerId: string): Member | undefined {
    return this.members.find((member) => member.learnerId === learnerId);
  }

  /** After somebody came, went, or the workshop was changed. */
  async reread(): Promise<void> {
    this.cohort = (await this.#store.findCohort(this.cohort.id)) ?? this.cohort;
    await this.readMembers();
  }

  async readMembers(): Promise<void> {
    this.members = await this.#store.members(this.cohort.id);
    // A place that was given meanwhile makes attempts count.
    for (const { standings } of this.#work.values()) standings.clear();
    const unknown = this.members.flatMap(({ learnerId }) =>
      learnerId && !this.#work.has(learnerId) ? [learnerId] : [],
    );
    if (unknown.length === 0) return;
    const attempts = Map.groupBy(
      await this.#store.attemptsOfMany(unknown, [...this.#catalogue.keys()]),
      ({ learnerId }) => learnerId,
    );
    const given = Map.groupBy(await this.#store.firstGiven(unknown), ({ learnerId }) => learnerId);
    for (const id of unknown)
      this.#work.set(id, {
        attempts: new Map(
          [...Map.groupBy(attempts.get(id) ?? [], ({ lab }) => lab)].map(([lab, all]) => [lab, all.map(kept)]),
        ),
        hints: await this.#store.hintsTaken(id),
        startedAt: new Map((given.get(id) ?? []).map(({ lab, at }) => [lab, at])),
        standings: new Map(),
      });
  }

  async attempted(learnerId: string, attempt: AttemptRecord): Promise<void> {
    const work = this.#work.get(learnerId);
    if (!work) return;
    work.attempts.set(attempt.lab, [...(work.attempts.get(attempt.lab) ?? []), kept(attempt)]);
    work.hints = await this.#store.hintsTaken(learnerId);
    work.standings.delete(attempt.lab);
  }

  roomGiven(learnerId: string, lab: string): void {
    const work = this.#work.get(learnerId);
    if (work && !work.startedAt.has(lab)) work.startedAt.set(lab, new Date().toISOString());
  }

  standing({ learnerId, joinedAt }: Member, lab: string): LabStanding | undefined {
    const exercise = this.#catalogue.get(lab);
    if (!exercise) return undefined;
    const work = learnerId === null ? undefined : this.#work.get(learnerId);
    const known = work?.standings.get(lab);
    if (known) return known;
    const counts = (at: string) => joinedAt !== null && at >= joinedAt;
    const attempts = (work?.attempts.get(lab) ?? []).filter(({ gradedAt }) => counts(gradedAt));
    const given = work?.startedAt.get(lab) ?? null;
    // Who had the lab open before they came here began it here when they came.
    const startedAt = given !== null && joinedAt !== null && given < joinedAt ? joinedAt : given;
    const hints = work?.hints.filter((hint) => hint.lab === lab) ?? [];
    const standing = standingOf(exercise, attempts, hints, startedAt);
    work?.standings.set(lab, standing);
    return standing;
  }

  facts(member: Member, rooms: Rooms, online: boolean): MemberFacts {
    const { id, name, email, joinedAt, handAt, learnerId, seenAt } = member;
    const own = learnerId === null ? [] : rooms.of(learnerId).filter(({ record }) => this.labs.includes(record.lab));
    const work = learnerId === null ? undefined : this.#work.get(learnerId);
    const checkedAt = [...(work?.attempts.values() ?? [])].map((all) => Date.parse(all.at(-1)?.gradedAt ?? ''));
    const times = [...own.map(({ typedAt }) => typedAt), ...checkedAt, Date.parse(seenAt ?? '')];
    return {
      id,
      name,
      email,
      status: member.status === 'waiting' ? 'waiting' : 'in',
      joinedAt,
      handAt,
      online,
      activeAt: Math.max(0, ...times.filter((time) => !Number.isNaN(time))),
      standings: this.labs.flatMap((lab) => this.standing(member, lab) ?? []),
      startedAt: work?.startedAt ?? new Map(),
      rooms: own.map((room) => ({ ...roomView(room), activeAt: Math.max(room.typedAt, createdAt(work, room)) })),
    };
  }
}

const createdAt = (work: Work | undefined, { record }: Room): number =>
  Date.parse(work?.startedAt.get(record.lab) ?? '') || 0;

const roomView = (room: Room) => ({
  lab: room.record.lab,
  expiresAt: room.expiresAt.toISOString(),
  terminals: room.terminalNames,
});

export function stateOf({ startsAt, endsAt, closedAt }: Cohort, clock = Date.now()): 'planned' | 'running' | 'ended' {
  if (closedAt !== null || clock >= Date.parse(endsAt)) return 'ended';
  return clock < Date.parse(startsAt) ? 'planned' : 'running';
}
