/** Submissions, overrides and rules for tests: each test changes what it is about. */
import type { Rules } from '../../../src/protocol/assignments.ts';
import type { Cohort, Member, Override, Submission } from '../../../src/store/store.ts';

export const rules = (changes: Partial<Rules> = {}): Rules => ({
  late: { accepted: false },
  attempts: null,
  counts: 'best',
  timeZone: 'Asia/Tokyo',
  ...changes,
});
export const late = (until: string, percentPerDay: number, mostPercent: number): Rules['late'] => ({
  accepted: true,
  until,
  percentPerDay,
  mostPercent,
});

let made = 0;
export const submission = (askedAt: string, points: number | null, more: Partial<Submission> = {}): Submission => ({
  id: `00000000-0000-4000-8000-${String(++made).padStart(12, '0')}`,
  cohortId: 'c',
  memberId: 'm',
  lab: 'seccomp',
  sandboxId: 'box',
  askedAt,
  state: points === null ? 'ungraded' : 'graded',
  attemptId: null,
  points,
  tasks: [{ id: 'serve', passed: false, got: points ?? 0, of: 100, hints: 0 }],
  ...more,
});
export const override = (points: number, more: Partial<Override> = {}): Override => ({
  id: `${++made}`,
  memberId: 'm',
  lab: 'seccomp',
  submissionId: null,
  points,
  reason: 'because',
  madeAt: '2026-11-25T00:00:00.000Z',
  by: 'Ivo',
  revertedAt: null,
  ...more,
});
export const cohort = (more: Partial<Cohort> = {}): Cohort => ({
  id: '00000000-0000-4000-8000-000000000001',
  kind: 'assignment',
  accountId: 'a',
  title: 'Homework',
  language: 'en',
  startsAt: '2026-11-01T00:00:00.000Z',
  endsAt: '2026-11-25T14:59:00.000Z',
  capacity: null,
  asksEmail: false,
  joinCode: null,
  rules: rules(),
  closedAt: null,
  labs: [{ lab: 'seccomp', locked: false }],
  ...more,
});
export const member = (id: string, name: string, more: Partial<Member> = {}): Member => ({
  id,
  cohortId: 'c',
  learnerId: `learner of ${id}`,
  name,
  email: null,
  externalId: null,
  status: 'in',
  createdAt: '2026-11-01T00:00:00.000Z',
  joinedAt: '2026-11-01T00:00:00.000Z',
  seenAt: null,
  handAt: null,
  ...more,
});
