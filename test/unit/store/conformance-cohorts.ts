/** What every store must do for groups of learners: places and the line, links, messages, what is opened, who did what. */
import { expect, test } from 'vitest';
import type { Account } from '../../../src/store/account-rows.ts';
import type { CohortPlan } from '../../../src/store/cohorts.ts';
import type { Store } from '../../../src/store/store.ts';

const plan = (changes: Partial<CohortPlan> = {}): CohortPlan => ({
  title: '砦 "by hand"',
  language: 'ja',
  startsAt: '2026-11-24T09:00:00.000Z',
  endsAt: '2026-11-24T12:00:00.000Z',
  capacity: 2,
  asksEmail: true,
  rules: { nested: ['\u0000'] },
  labs: [
    { lab: 'seccomp', locked: false },
    { lab: 'read-only', locked: true },
  ],
  ...changes,
});

/** @param of the store under test, anew for each test. @param reopen after a restart */
export function cohortConformance(of: () => Store, reopen: () => Promise<Store>): void {
  async function instructor(): Promise<Account> {
    const made = { name: 'Olga', login: 'olga', passwordHash: 'hash', address: '192.0.2.1' };
    const session = await of().redeemLink((await of().makeOwnerLink(true))!, made);
    return (await of().findAccountSession(session!))!;
  }
  async function cohort(changes: Partial<CohortPlan> = {}, kind: 'workshop' | 'assignment' = 'workshop') {
    const account = (await of().findAccountByLogin('olga')) ?? (await instructor());
    const entry = { by: account.id, action: 'workshop-made' };
    return { account, ...(await of().addCohort(kind, account.id, plan(changes), true, entry)) };
  }
  const learner = async () => (await of().createLearner('en')).learner.id;
  const enter = async (id: string, learnerId: string, name = 'Aki') => of().join(id, learnerId, { name, email: null });
  const statuses = async (id: string) => (await of().members(id)).map(({ status }) => status);

  test('a cohort is as it was planned, over a restart; its code finds it until it is closed', async () => {
    const { account, ...made } = await cohort();
    expect(made).toMatchObject({ ...plan(), kind: 'workshop', accountId: account.id, closedAt: null });
    expect(made.joinCode).toMatch(/^[A-HJ-NP-Z2-8]{8}$/);
    const again = await reopen();
    expect(await again.findCohort(made.id)).toEqual(made);
    expect(await again.findCohortByCode(made.joinCode!)).toEqual(made);
    const entry = { by: account.id, action: 'workshop-ended', object: made.id };
    expect([await again.closeCohort(made.id, entry), await again.closeCohort(made.id, entry)]).toEqual([true, false]);
    expect(await again.findCohortByCode(made.joinCode!)).toBeUndefined();
    expect(await again.openCohorts('workshop')).toEqual([]);
    expect(await again.changeCohort(made.id, plan(), { ...entry, action: 'workshop-changed' })).toBe(false);
    const actions = (await again.auditLog(10)).map(({ action }) => action);
    expect(actions.filter((action) => action.startsWith('workshop'))).toEqual(['workshop-ended', 'workshop-made']);
  });

  test('it is listed for whose it is, of its kind', async () => {
    const { account, id } = await cohort();
    await cohort({}, 'assignment');
    const listed = async (...args: Parameters<Store['cohorts']>) => (await of().cohorts(...args)).map((one) => one.id);
    expect(await listed('workshop', account.id)).toEqual([id]);
    expect(await listed('workshop')).toEqual([id]);
    expect(await listed('workshop', 'somebody else')).toEqual([]);
  });

  test('labs change with the plan, and are locked one by one', async () => {
    const { account, id } = await cohort();
    const entry = { by: account.id, action: 'lab-unlocked', object: id };
    expect(await of().lockLab(id, 'read-only', false, entry)).toBe(true);
    expect(await of().lockLab(id, 'capabilities', false, entry)).toBe(false);
    expect((await of().findCohort(id))?.labs).toEqual([
      { lab: 'seccomp', locked: false },
      { lab: 'read-only', locked: false },
    ]);
    const labs = [{ lab: 'secrets', locked: true }];
    await of().changeCohort(id, plan({ labs, title: 'B' }), { ...entry, action: 'workshop-changed' });
    expect(await of().findCohort(id)).toMatchObject({ labs, title: 'B' });
  });

  test('a learner has one place, the rest wait in the order in which they came', async () => {
    const { account, id } = await cohort();
    const [a, b, c, d] = [await learner(), await learner(), await learner(), await learner()];
    for (const one of [a, b, c]) expect((await enter(id, one)).was).toBe('new');
    expect((await enter(id, a, 'Other')).was).toBe('there');
    expect(await statuses(id)).toEqual(['in', 'in', 'waiting']);
    await enter(id, d);
    const [first, , third, fourth] = await of().members(id);
    const entry = { by: account.id, action: 'member-removed', object: id };
    expect(await of().removeMember(id, first!.id, entry)).toEqual([third!.id]);
    expect(await of().removeMember(id, first!.id, entry)).toBeUndefined();
    expect(await of().removeMember('another', third!.id, entry)).toBeUndefined();
    expect((await enter(id, a)).was).toBe('removed');
    expect(await of().leave(id, third!.id)).toEqual([fourth!.id]);
    expect((await enter(id, c)).was).toBe('new');
    await of().changeCohort(id, plan({ capacity: null }), { ...entry, action: 'workshop-changed' });
    await of().letWaitingIn(id);
    expect(await statuses(id)).toEqual(['in', 'in', 'in']);
    expect((await of().memberships(d, 'workshop')).map(({ cohort: { id: one } }) => one)).toEqual([id]);
    await of().closeCohort(id, { ...entry, action: 'workshop-ended' });
    expect((await enter(id, await learner())).was).toBe('closed');
    expect(await of().memberships(d, 'workshop')).toEqual([]);
  });

  test('of many at once, as many have a place as there are', async () => {
    const { id } = await cohort({ capacity: 3 });
    const learners = await Promise.all(Array.from({ length: 12 }, learner));
    await Promise.all(learners.map((one) => enter(id, one)));
    expect((await statuses(id)).filter((status) => status === 'in')).toHaveLength(3);
  });

  test('the personal link finds its learner, until there is a newer one or they are gone', async () => {
    const { account, id } = await cohort();
    const own = await learner();
    const joined = await enter(id, own);
    if (joined.was !== 'new') throw new Error(joined.was);
    expect((await of().findMemberByLink(joined.link!))?.learnerId).toBe(own);
    const newer = await of().renewMemberLink(joined.member.id);
    expect(await of().findMemberByLink(joined.link!)).toBeUndefined();
    expect((await of().findMemberByLink(newer))?.id).toBe(joined.member.id);
    const token = await of().addLearnerSession(own);
    expect(await of().findLearner(token)).toEqual({ id: own });
    await of().removeMember(id, joined.member.id, { by: account.id, action: 'member-removed' });
    expect(await of().findMemberByLink(newer)).toBeUndefined();
  });

  test('hands, messages to one and to all, what is opened for whom', async () => {
    const { account, id } = await cohort();
    const [a, b] = [await learner(), await learner()];
    await enter(id, a);
    await enter(id, b);
    const [first, second] = await of().members(id);
    expect(await of().setHand(first!.id, true)).toBe(true);
    expect((await of().findMember(id, first!.id))?.handAt).toMatch(/^\d{4}-/);
    await of().setHand(first!.id, false);
    expect((await of().findMember(id, first!.id))?.handAt).toBeNull();
    expect(await of().findMember('another', first!.id)).toBeUndefined();
    const say = (member_id: string | null, text: string) =>
      of().addMessage(
        { cohort_id: id, member_id, account_id: account.id, text },
        { by: account.id, action: 'message' },
      );
    await say(null, 'to all');
    await say(first!.id, '砦 to one');
    const told = async (member?: string) => (await of().messages(id, member)).map(({ text, from }) => [text, from]);
    expect(await told(first!.id)).toEqual([
      ['to all', 'Olga'],
      ['砦 to one', 'Olga'],
    ]);
    expect(await told(second!.id)).toEqual([['to all', 'Olga']]);
    const open = (memberId: string | null, task: string | null, step: number | null) =>
      of().addGrant(id, { memberId, lab: 'seccomp', task, step }, { by: account.id, action: 'hint-opened' });
    await open(first!.id, 'serve', 1);
    await open(null, null, null);
    const given = async (one: string, lab = 'seccomp') =>
      (await of().grantsFor(one, lab)).map(({ task }) => task).sort();
    expect(await given(a)).toEqual(['serve', null].sort());
    expect(await given(b)).toEqual([null]);
    expect(await given(a, 'read-only')).toEqual([]);
    expect(await given(await learner())).toEqual([]);
  });
}
