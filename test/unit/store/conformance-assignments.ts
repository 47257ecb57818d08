/** What every store must do for assignments. Called beside conformance.ts for each database. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openStore, type Store } from '../../../src/store/store.ts';
import { grading, snapshot, type TestPlace } from './conformance.ts';

const LAB = 'seccomp';
const plan = (changes: object = {}) => ({
  ...{
    title: '宿題 砦',
    language: 'ja' as const,
    startsAt: '2026-11-01T00:00:00.000Z',
    endsAt: '2026-12-01T00:00:00.000Z',
  },
  ...{ capacity: null, asksEmail: false, rules: { attempts: 2 }, labs: [{ lab: LAB, locked: false }] },
  ...changes,
});
const person = (name: string, externalId: string | null = null, email: string | null = null) => ({
  name,
  email,
  externalId,
});

export function assignmentConformance(name: string, make: () => TestPlace | Promise<TestPlace>): void {
  describe(`assignments ${name}`, () => {
    let place: TestPlace;
    let store: Store;
    /** Another server on the same database, where there can be one. */
    let other: Store;
    let account: string;
    let cohort: string;
    const entry = (action: string) => ({ by: account, action, object: cohort, detail: {} });
    /** Of this test: newest first, down to its own beginning. */
    const actions = async () => {
      const all = (await store.auditLog(200)).map(({ action }) => action);
      return all.slice(0, all.indexOf('assignment-made'));
    };

    // One database for all of them: each that is left makes PostgreSQL's recovery longer, which other tests wait for.
    beforeAll(async () => {
      place = await make();
      store = await openStore(place.connect());
      other = place.shared ? await openStore(place.connect()) : store;
      const link = (await store.makeOwnerLink(true))!;
      const made = { name: 'Olga', login: 'olga', passwordHash: 'hash', address: '192.0.2.1' };
      account = (await store.findAccountSession((await store.redeemLink(link, made))!))!.id;
    });
    beforeEach(async () => {
      ({ id: cohort } = await store.addCohort('assignment', account, plan(), false, entry('assignment-made')));
    });
    afterAll(async () => {
      if (other !== store) await other.close();
      await store.close();
      await place.dispose();
    });

    /** A member who has come, with a sandbox. */
    async function comer(who = 'Ken', box = `box of ${who} in ${cohort}`) {
      await store.importRoster(cohort, [person(who, who)], entry('roster-imported'));
      const member = (await store.members(cohort)).find(({ externalId }) => externalId === who)!;
      const { learner } = await store.createLearner('ja');
      expect(await store.bindMember(member.id, learner.id)).toBe(true);
      const sandbox = { id: box, learnerId: learner.id, lab: LAB, parameters: {}, expiresAt: null };
      await store.addSandbox(sandbox, 'podman');
      const wanted = { cohortId: cohort, memberId: member.id, lab: LAB, sandboxId: box };
      return { member, learner, sandbox, wanted: (askedAt: string) => ({ ...wanted, askedAt }) };
    }

    test('a roster: ids tell who is there, then addresses, then names; two imports at once add nobody twice', async () => {
      const people = [person('Ken', '1'), person('Mei', null, 'mei@example.org'), person('Rin')];
      const both = await Promise.all(
        [store, other].map((one) => one.importRoster(cohort, people, entry('roster-imported'))),
      );
      expect(both.map((found) => found!.added).sort()).toEqual([0, 3]);
      const again = [
        person('Ken renamed', '1'),
        person('Mei M.', null, 'mei@example.org'),
        person('Rin'),
        person('New', '2'),
      ];
      expect(await store.importRoster(cohort, again, entry('roster-imported'))).toEqual({ added: 1, known: 3 });
      expect((await store.members(cohort)).map(({ name: one, status }) => [one, status]).sort()).toEqual([
        ['Ken', 'invited'],
        ['Mei', 'invited'],
        ['New', 'invited'],
        ['Rin', 'invited'],
      ]);
    });

    test('two thousand in one go, all or none', async () => {
      const people = Array.from({ length: 2000 }, (_, n) => person(`学生 ${n}`, String(n)));
      await expect(
        store.importRoster(cohort, [...people, person('twice', '7')], entry('roster-imported')),
      ).rejects.toThrow();
      expect(await store.members(cohort)).toEqual([]);
      expect(await actions()).not.toContain('roster-imported');
      expect(await store.importRoster(cohort, people, entry('roster-imported'))).toEqual({ added: 2000, known: 0 });
      expect(await store.members(cohort)).toHaveLength(2000);
      await store.closeCohort(cohort, entry('assignment-closed'));
      expect(await store.importRoster(cohort, [person('late')], entry('roster-imported'))).toBeUndefined();
    }, 30_000);

    test('links: the newest lets in, of two at once one makes the member, who was removed is out', async () => {
      await store.importRoster(cohort, [person('Ken', '1')], entry('roster-imported'));
      const [ken] = await store.members(cohort);
      const [old] = await store.renewLinks([ken!], entry('personal-links-made'));
      const [fresh] = await store.renewLinks([ken!], entry('personal-links-made'));
      expect(await store.findMemberByLink(old!.token)).toBeUndefined();
      expect(await store.findMemberByLink(fresh!.token)).toMatchObject({ id: ken!.id, learnerId: null });
      const learners = [await store.createLearner('en'), await store.createLearner('en')];
      const bound = await Promise.all(
        learners.map(({ learner }, n) => [store, other][n]!.bindMember(ken!.id, learner.id)),
      );
      expect(bound.toSorted()).toEqual([false, true]);
      const { learner } = learners[bound.indexOf(true)]!;
      expect(await store.assignmentsOf(learner.id)).toMatchObject([
        { member: { name: 'Ken', status: 'in' }, cohort: { id: cohort } },
      ]);
      await store.closeCohort(cohort, entry('assignment-closed'));
      expect(await store.assignmentsOf(learner.id)).toHaveLength(1);
      await store.removeMember(cohort, ken!.id, entry('member-removed'));
      expect(await store.assignmentsOf(learner.id)).toEqual([]);
      expect(await store.findMemberByLink(fresh!.token)).toBeUndefined();
      expect(await store.placesOf(learner.id)).toMatchObject([{ status: 'removed' }]);
    });

    test('sign-up can be opened, renewed and ended', async () => {
      const code = async () => (await store.findCohort(cohort))!.joinCode;
      expect(await code()).toBeNull();
      expect(await store.setSignUp(cohort, true, entry('sign-up-opened'))).toBe(true);
      const first = (await code())!;
      expect(await store.findCohortByCode(first)).toMatchObject({ id: cohort });
      await store.setSignUp(cohort, true, entry('sign-up-opened'));
      expect(await code()).not.toBe(first);
      expect(await store.findCohortByCode(first)).toBeUndefined();
      await store.setSignUp(cohort, false, entry('sign-up-ended'));
      expect(await code()).toBeNull();
    });

    test('one submission at a time; what was graded is counted, the rest is not; over two servers too', async () => {
      const { sandbox, wanted, learner, member } = await comer();
      const time = (n: number) => `2026-11-20T12:00:0${n}.000Z`;
      const many = [1, 2, 3, 4, 5, 6].map((n) => [store, other][n % 2]!.reserveSubmission(wanted(time(n)), 2));
      const taken = (await Promise.all(many)).filter(({ was }) => was === 'taken');
      expect(taken).toHaveLength(1);
      const pending = (await store.pendingSubmissions()).find(({ memberId }) => memberId === member.id);
      expect(pending).toMatchObject({ state: 'grading', learnerId: learner.id, sandboxId: sandbox.id, points: null });
      expect(await store.reserveSubmission(wanted(time(7)), 2)).toMatchObject({
        was: 'busy',
        submission: { id: pending!.id },
      });
      const attempt = await store.addAttempt(sandbox, grading('failed', 40), snapshot, 'asked');
      const tasks = [{ id: 'serve', passed: false, got: 40, of: 100, hints: 0 }];
      const end = {
        state: 'graded' as const,
        attemptId: attempt.id,
        points: 36,
        tasks,
        traces: { answers: [], words: ['砦'] },
      };
      await store.finishSubmission(pending!.id, end);
      // It has come to its end: nothing changes it any more.
      await store.loseSubmission(pending!.id);
      await store.finishSubmission(pending!.id, { ...end, points: 100 });
      const { traces, ...rest } = end;
      expect(await store.findSubmission(cohort, pending!.id)).toMatchObject(rest);
      expect(await store.submissionTraces(cohort)).toEqual(new Map([[pending!.id, traces]]));
      const next = async (state: 'ungraded' | 'graded' | 'lost') => {
        const found = await store.reserveSubmission(wanted(time(8)), 2);
        if (!('submission' in found)) return found.was;
        if (state === 'lost') await store.loseSubmission(found.submission.id);
        else await store.finishSubmission(found.submission.id, { ...end, state });
        return found.was;
      };
      expect([await next('ungraded'), await next('lost'), await next('graded'), await next('graded')]).toEqual([
        ...['taken', 'taken', 'taken', 'none-left'],
      ]);
      expect(await store.reserveSubmission({ ...wanted(time(9)), lab: 'read-only' }, 2)).toMatchObject({
        was: 'taken',
      });
      expect((await store.submissions(cohort)).map(({ state }) => state).sort()).toEqual([
        ...['graded', 'graded', 'grading', 'lost', 'ungraded'],
      ]);
      expect(await store.submissions(cohort, 'nobody')).toEqual([]);
      await store.importRoster(cohort, [person('Not yet')], entry('roster-imported'));
      expect(await store.submitters([cohort, 'another'])).toEqual(new Map([[cohort, { members: 2, handedIn: 1 }]]));
      expect(await store.findSubmission('another', pending!.id)).toBeUndefined();
    });

    test('nothing is handed in to a closed assignment, or by who was taken out', async () => {
      const { wanted, member } = await comer();
      await store.removeMember(cohort, member.id, entry('member-removed'));
      expect(await store.reserveSubmission(wanted('2026-11-20T12:00:00.000Z'), null)).toEqual({ was: 'closed' });
      const { wanted: second } = await comer('Mei');
      await store.closeCohort(cohort, entry('assignment-closed'));
      expect(await store.reserveSubmission(second('2026-11-20T12:00:00.000Z'), null)).toEqual({ was: 'closed' });
    });

    test('points given: the newest takes the place of the one before, each stays on record; taken back once', async () => {
      const { member, wanted } = await comer();
      const reserved = await store.reserveSubmission(wanted('2026-11-20T12:00:00.000Z'), null);
      const submission_id = 'submission' in reserved ? reserved.submission.id : '';
      const row = { cohort_id: cohort, member_id: member.id, lab: LAB, account_id: account, reason: '理由' };
      const give = (points: number, of: string | null) =>
        store.addOverride({ ...row, points, submission_id: of }, entry('points-given'));
      const first = await give(10, null);
      const second = await give(20, null);
      const third = await give(30, submission_id);
      const valid = async () =>
        (await store.overrides(cohort, member.id)).filter(({ revertedAt }) => revertedAt === null);
      expect((await valid()).map(({ id, points, by }) => [id, points, by])).toEqual([
        [second, 20, 'Olga'],
        [third, 30, 'Olga'],
      ]);
      expect(await store.revertOverride('another', second, entry('points-taken-back'))).toBe(false);
      expect(await store.revertOverride(cohort, first, entry('points-taken-back'))).toBe(false);
      expect(await store.revertOverride(cohort, second, entry('points-taken-back'))).toBe(true);
      expect(await valid()).toHaveLength(1);
      expect(await store.overrides(cohort)).toHaveLength(3);
      expect((await actions()).filter((action) => action.startsWith('points'))).toEqual([
        ...['points-taken-back', 'points-given', 'points-given', 'points-given'],
      ]);
    });

    test('more time for one: set, set anew, taken away, each in the log', async () => {
      const { member } = await comer();
      const until = (dueAt: string | null) => store.setExtension(member.id, dueAt, 'ill', account, entry('extended'));
      await until('2026-12-02T00:00:00.000Z');
      await until('2026-12-03T00:00:00.000Z');
      expect(await store.extensions(cohort)).toEqual([
        { memberId: member.id, dueAt: '2026-12-03T00:00:00.000Z', reason: 'ill' },
      ]);
      await until(null);
      expect(await store.extensions(cohort)).toEqual([]);
      expect((await actions()).filter((action) => action === 'extended')).toHaveLength(3);
    });

    test('tokens for programs: by hash, until their end, of accounts that are not disabled, revoked by their own', async () => {
      const end = '2099-01-01T00:00:00.000Z';
      const wanted = { name: 'ci', scopes: ['assignments:read', 'assignments:write'], expiresAt: end };
      const token = await store.makeApiToken(account, wanted, entry('token-made'));
      expect(await store.findApiToken(token)).toMatchObject({ account: { id: account }, scopes: wanted.scopes });
      expect(await store.findApiToken(token, Date.parse(end))).toBeUndefined();
      expect(await store.findApiToken('toride_')).toBeUndefined();
      const [found] = await store.apiTokens(account);
      expect(found).toMatchObject({ ...wanted, usedAt: expect.any(String) });
      expect(await store.revokeApiToken('another', found!.id, entry('token-revoked'))).toBe(false);
      const both = await Promise.all(
        [store, other].map((one) => one.revokeApiToken(account, found!.id, entry('token-revoked'))),
      );
      expect(both.filter(Boolean)).toHaveLength(1);
      expect(await store.findApiToken(token)).toBeUndefined();
      expect(await store.apiTokens(account)).toEqual([]);
      expect((await actions()).filter((action) => action === 'token-revoked')).toHaveLength(1);
    });

    test('how much was typed is added up, also from two sides at once; when a lab was first passed', async () => {
      const { learner, sandbox } = await comer();
      await Promise.all(
        [store, other, store, other].map((one) => one.addHandwork(sandbox.id, { characters: 10, lines: 2, saves: 1 })),
      );
      expect(await store.handworkOf([learner.id], [LAB])).toEqual([
        {
          ...{ learnerId: learner.id, lab: LAB, at: expect.any(String) },
          handwork: { characters: 40, lines: 8, saves: 4 },
        },
      ]);
      expect(await store.handworkOf([], [LAB])).toEqual([]);
      for (const [status, minute] of [
        ['failed', 1],
        ['passed', 2],
        ['passed', 3],
      ] as const)
        await store.addAttempt(
          sandbox,
          grading(status, 50),
          { ...snapshot, takenAt: `2026-11-24T12:0${minute}:00.000Z` },
          'asked',
        );
      expect(await store.firstPassed([learner.id], [LAB, 'read-only'])).toEqual([
        { learnerId: learner.id, lab: LAB, at: '2026-11-24T12:02:00.000Z' },
      ]);
    });
  });
}
