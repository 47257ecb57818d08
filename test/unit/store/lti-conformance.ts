/** What every store must do about learning platforms. Each database's test file calls this. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Account } from '../../../src/store/account-rows.ts';
import { type LtiPlatform, PlatformTaken } from '../../../src/store/lti-platforms.ts';
import { openStore, type Store } from '../../../src/store/store.ts';
import { grading, snapshot, type TestPlace } from './conformance.ts';

const plan = {
  ...{
    name: 'School 砦',
    issuer: 'https://moodle.example.org',
    clientId: 'c',
    authUrl: 'https://moodle.example.org/auth',
  },
  ...{ tokenUrl: 'https://moodle.example.org/token', jwksUrl: 'https://moodle.example.org/certs' },
  ...{ tokenAudience: null, pageOrigin: 'https://moodle.example.org', deployments: ['1', 'two'] },
};
const person = { sub: 'user-1', name: 'Ada 砦', email: 'ada@example.org' };

export function ltiConformance(name: string, make: () => TestPlace | Promise<TestPlace>): void {
  describe(`platforms ${name}`, () => {
    let place: TestPlace;
    let stores: Store[];
    let store: Store;
    let owner: Account;
    let platform: LtiPlatform;
    const entry = (action: string) => ({ by: owner.id, action });
    const link = (changes: object = {}) =>
      store.ltiLink({
        ...{
          platformId: platform.id,
          deploymentId: '1',
          resourceLinkId: 'r',
          contextId: null,
          title: 't',
          contextTitle: '',
        },
        ...{
          lab: 'seccomp',
          lineItemUrl: null,
          lineItemsUrl: 'https://moodle.example.org/items',
          membershipsUrl: null,
        },
        ...changes,
      });

    beforeEach(async () => {
      place = await make();
      stores = await Promise.all((place.shared ? [1, 2] : [1]).map(() => openStore(place.connect())));
      store = stores[0]!;
      const made = { name: 'Olga', login: 'olga', passwordHash: 'x', address: '' };
      owner = (await store.findAccountSession((await store.redeemLink((await store.makeOwnerLink(true))!, made))!))!;
      platform = await store.addLtiPlatform(plan, owner.id, entry('lti-platform-added'));
    });
    afterEach(async () => {
      await Promise.all(stores.map((one) => one.close()));
      await place.dispose();
    });
    /** Spread over all servers. */
    const eight = <T>(act: (store: Store) => Promise<T>): Promise<T[]> =>
      Promise.all(Array.from({ length: 8 }, (_, n) => act(stores[n % stores.length]!)));

    test('issuer and client are registered once; one that was removed comes back as it was', async () => {
      expect(await store.ltiPlatforms()).toEqual([platform]);
      expect(platform).toMatchObject(plan);
      await expect(store.addLtiPlatform(plan, owner.id, entry('x'))).rejects.toThrow(PlatformTaken);
      const other = await store.addLtiPlatform({ ...plan, clientId: 'd' }, owner.id, entry('x'));
      await expect(store.changeLtiPlatform(other.id, plan, entry('x'))).rejects.toThrow(PlatformTaken);
      expect(await store.changeLtiPlatform(other.id, { ...plan, clientId: 'e' }, entry('x'))).toBe(true);
      expect((await store.ltiPlatformsOf(plan.issuer)).map(({ clientId }) => clientId).sort()).toEqual(['c', 'e']);
      expect(await store.removeLtiPlatform(platform.id, entry('x'))).toBe(true);
      expect(await store.removeLtiPlatform(platform.id, entry('x'))).toBe(false);
      expect(await store.findLtiPlatform(platform.id)).toBeUndefined();
      expect((await store.addLtiPlatform({ ...plan, name: 'Again' }, owner.id, entry('x'))).id).toBe(platform.id);
    });

    test('of many who use a registration link, a nonce or a new link at once, one is the first', async () => {
      const { token } = await store.makeLtiRegistration(owner.id, entry('lti-registration-link'));
      const taken = (await eight((one) => one.takeLtiRegistration(token))).filter((one) => one !== undefined);
      expect(taken).toEqual([expect.objectContaining({ accountId: owner.id })]);
      await store.giveLtiRegistrationBack(taken[0]!.id);
      expect(await store.takeLtiRegistration(token)).toBeDefined();
      const soon = new Date(Date.now() + 60_000);
      expect((await eight((one) => one.useLtiNonce('n', soon))).filter(Boolean)).toHaveLength(1);
      expect(await store.useLtiNonce('n', soon)).toBe(false);
      expect(await store.useLtiNonce('past', new Date(Date.now() - 1))).toBe(true);
      const seen = { ...(await link()), resourceLinkId: 'new' };
      expect(new Set((await eight((one) => one.ltiLink(seen))).map(({ id }) => id)).size).toBe(1);
      const users = await eight((one) => one.ltiUser(platform.id, person, 'ja'));
      expect(new Set(users.map(({ id, learnerId }) => `${id} ${learnerId}`)).size).toBe(1);
    });

    test('a session is found by its token, and ends with its platform', async () => {
      const user = await store.ltiUser(platform.id, person, 'en');
      const { id: linkId } = await link();
      const token = await store.startLtiSession({ userId: user.id, linkId, role: 'learner' });
      expect(await store.findLtiSession(token)).toEqual({ user, platform, role: 'learner', linkId, choosing: null });
      const choosing = { returnUrl: 'https://moodle.example.org/return', data: '砦' };
      const other = await store.startLtiSession({ userId: user.id, linkId: null, role: 'instructor', choosing });
      expect((await store.findLtiSession(other))!.choosing).toEqual(choosing);
      expect(await store.findLtiSession(randomUUID())).toBeUndefined();
      const renamed = { ...user, name: 'Ada L.' };
      expect(await store.ltiUser(platform.id, { ...person, name: 'Ada L.' }, 'en')).toEqual(renamed);
      expect(await store.ltiUser(platform.id, { ...person, name: null, email: null }, 'en')).toEqual(renamed);
      await store.removeLtiPlatform(platform.id, entry('x'));
      expect(await store.findLtiSession(token)).toBeUndefined();
      await store.addLtiPlatform(plan, owner.id, entry('x'));
      expect(await store.findLtiSession(token)).toBeUndefined();
    });

    test('a link keeps what a later launch does not say; its lab is chosen once', async () => {
      const { id } = await link({ lab: null, lineItemUrl: 'https://moodle.example.org/1' });
      expect(await store.chooseLtiLab(id, 'secrets')).toBe(true);
      expect(await store.chooseLtiLab(id, 'seccomp')).toBe(false);
      expect(await link({ lab: null, lineItemsUrl: null, title: 'new' })).toMatchObject({
        ...{ id, lab: 'secrets', title: 'new', lineItemUrl: 'https://moodle.example.org/1' },
        lineItemsUrl: 'https://moodle.example.org/items',
      });
      expect((await store.ltiLinks(9)).map(({ platformName }) => platformName)).toEqual([plan.name]);
    });

    test('a score waits until it has arrived, the newest only, told at times that only grow', async () => {
      const user = await store.ltiUser(platform.id, person, 'en');
      const { id: linkId } = await link();
      await eight((one) => one.enterLtiLink(linkId, user.id));
      const [row, ...others] = await store.ltiScoresOf(user.learnerId, 'seccomp');
      expect([row?.state, others]).toEqual(['none', []]);
      const { id } = row!;
      const due = () => store.dueLtiScores(new Date(Date.now() + 1000), 9);
      expect(await store.settleLtiScore(id, 1, undefined, true)).toBe(false);
      const half = { score: 50, maxScore: 100, passed: false };
      expect((await eight((one) => one.settleLtiScore(id, 1, half, true))).filter(Boolean)).toHaveLength(1);
      const [first] = await due();
      expect(first).toMatchObject({ score: 50, state: 'waiting', tries: 0, user });
      expect(await store.nextLtiScore()).toBeInstanceOf(Date);
      const now = Date.now();
      expect(await store.stampLtiScore(id, now)).toEqual({ stamp: new Date(now).toISOString() });
      expect(await store.stampLtiScore(id, now + 999)).toEqual({ wait: new Date(now + 1000) });
      // A better one came while the first was on its way: that the first has arrived is not its arrival.
      expect(await store.settleLtiScore(id, 2, { score: 100, maxScore: 100, passed: true }, true)).toBe(true);
      expect(await store.settleLtiScore(id, 1, half, true)).toBe(false);
      await store.ltiScoreSent(first!);
      const [second] = await due();
      expect(second).toMatchObject({ score: 100, passed: true });
      await store.ltiScoreFailed(second!, 'x'.repeat(900), new Date(Date.now() + 3_600_000));
      expect(await due()).toEqual([]);
      expect(await store.stuckLtiScores(9)).toMatchObject([
        { id, tries: 1, lastError: 'x'.repeat(500), link: { id: linkId } },
      ]);
      await store.hurryLtiScores(linkId);
      await store.ltiScoreSent((await due())[0]!);
      expect(await store.ltiScoresOfLink(linkId)).toMatchObject([{ state: 'sent', tries: 0, nextTryAt: null }]);
      expect([await due(), await store.nextLtiScore()]).toEqual([[], undefined]);
    });

    test('one that was given up stays so until there is another; attempts that nobody settled are found', async () => {
      const user = await store.ltiUser(platform.id, person, 'en');
      const { id: linkId } = await link();
      await store.enterLtiLink(linkId, user.id);
      const [{ id } = { id: '' }] = await store.ltiScoresOf(user.learnerId, 'seccomp');
      const sandbox = { id: 's', learnerId: user.learnerId, lab: 'seccomp', parameters: {}, expiresAt: null };
      await store.addSandbox(sandbox, 'podman');
      await store.addAttempt(sandbox, grading('failed', 10), snapshot, 'asked');
      expect(await store.ltiUnsettled()).toEqual([{ learnerId: user.learnerId, lab: 'seccomp' }]);
      const ten = { score: 10, maxScore: 100, passed: false };
      await store.settleLtiScore(id, 1, ten, true);
      expect(await store.ltiUnsettled()).toEqual([]);
      expect(await store.endLtiScore(id, entry('lti-score-ended'), randomUUID())).toBe(false);
      expect(await store.endLtiScore(id, entry('lti-score-ended'), linkId)).toBe(true);
      expect(await store.endLtiScore(id, entry('lti-score-ended'))).toBe(false);
      expect(await store.settleLtiScore(id, 2, ten, true)).toBe(false);
      expect(await store.ltiScoresOfLink(linkId)).toMatchObject([{ state: 'ended' }]);
      expect(await store.settleLtiScore(id, 3, { ...ten, score: 20 }, true)).toBe(true);
      // By a link that takes none it is kept, and sent once it does.
      const later = await link({ resourceLinkId: 'later', lineItemsUrl: null });
      await store.enterLtiLink(later.id, user.id);
      const kept = (await store.ltiScoresOf(user.learnerId, 'seccomp')).find(({ linkId: of }) => of === later.id)!;
      expect(kept.sends).toBe(false);
      expect(await store.settleLtiScore(kept.id, 1, ten, false)).toBe(false);
      expect(await store.ltiScoresOfLink(later.id)).toMatchObject([{ score: 10, state: 'none', nextTryAt: null }]);
      expect(await store.settleLtiScore(kept.id, 1, ten, true)).toBe(true);
      const log = (await store.auditLog(9)).map(({ action }) => action);
      expect(log.filter((action) => action === 'lti-score-ended')).toHaveLength(1);
      await store.removeLtiPlatform(platform.id, entry('x'));
      expect([await store.dueLtiScores(new Date(), 9), await store.nextLtiScore()]).toEqual([[], undefined]);
    });
  });
}
