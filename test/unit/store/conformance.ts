/** What every store must do. A test file calls this with a way to have one. */
import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Grading } from '../../../src/grading/runner.ts';
import type { Snapshot } from '../../../src/inspector/snapshot.ts';
import { LoginTaken } from '../../../src/store/account-rows.ts';
import { migrations } from '../../../src/store/migrations.ts';
import type { Database } from '../../../src/store/schema.ts';
import { openStore, type Store } from '../../../src/store/store.ts';
import { cohortConformance } from './conformance-cohorts.ts';

/** A new and empty place for a store, each time. */
export interface TestPlace {
  /** Whether several servers may share it, and so start at the same time. */
  readonly shared: boolean;
  /** Opens the same one each time. */
  connect(): Kysely<Database>;
  dispose(): void | Promise<void>;
}

const nothing = { ok: false as const, code: 'none', message: 'not observed' };
export const snapshot: Snapshot = {
  version: 1,
  lab: 'seccomp',
  parameters: { port: '20001', token: '砦' },
  takenAt: '2026-11-24T12:00:00.000Z',
  host: { selinux: false, labels: false, cgroupLimits: false },
  sandbox: { initPid: 1, seccompFilters: 1 },
  processes: nothing,
  requests: nothing,
  syscalls: nothing,
  containers: nothing,
  images: nothing,
  files: nothing,
  trust: nothing,
  containerFiles: nothing,
  attributes: nothing,
  servingImage: nothing,
  trials: { ok: true, value: null },
  scripts: { ok: true, value: {} },
};
export const grading = (status: Grading['status'], score: number): Grading => ({
  status,
  score,
  maxScore: 100,
  results: [{ id: 'a.b', status: 'failed', evidence: [{ source: 's', expected: 'e', actual: '\u0000"' }] }],
});

export function storeConformance(name: string, make: () => TestPlace | Promise<TestPlace>): void {
  describe(`store ${name}`, () => {
    let place: TestPlace;
    let store: Store;
    const open = () => openStore(place.connect());
    beforeEach(async () => {
      place = await make();
      store = await open();
    });
    afterEach(async () => {
      await store.close();
      await place.dispose();
    });

    const reopen = async () => {
      await store.close();
      store = await open();
      return store;
    };
    cohortConformance(() => store, reopen);

    async function sandboxOf(learnerId: string, id = 'box-1', lab = 'seccomp') {
      const sandbox = { id, learnerId, lab, parameters: { port: '20001' }, expiresAt: '2026-11-24T15:00:00.000Z' };
      await store.addSandbox(sandbox, 'podman');
      return sandbox;
    }

    test('a learner is found by the token and by nothing else', async () => {
      const { learner, token } = await store.createLearner('ja');
      expect(await store.findLearner(token)).toEqual(learner);
      expect(await store.findLearner(learner.id)).toBeUndefined();
      expect(await store.findLearner('')).toBeUndefined();
    });

    test('what was acknowledged is there after a restart, the snapshot to the last byte', async () => {
      const { learner, token } = await store.createLearner('en');
      const attempt = await store.addAttempt(await sandboxOf(learner.id), grading('failed', 40), snapshot, 'asked');
      await store.close();
      store = await open();
      expect(await store.findLearner(token)).toEqual(learner);
      expect(await store.latestAttempt(learner.id, 'seccomp')).toEqual(attempt);
      expect(await store.snapshotOf(attempt.id)).toEqual(snapshot);
      expect(await store.openSandboxes()).toHaveLength(1);
    });

    test('progress keeps the best graded score; an ungraded attempt is no score', async () => {
      const { learner } = await store.createLearner('en');
      const sandbox = await sandboxOf(learner.id);
      for (const [status, score] of [
        ['failed', 40],
        ['failed', 70],
        ['failed', 20],
        ['ungraded', 95],
      ] as const) {
        await store.addAttempt(sandbox, grading(status, score), snapshot, 'asked');
      }
      expect(await store.progress(learner.id)).toEqual([
        {
          lab: 'seccomp',
          best: 70,
          maxScore: 100,
          passed: false,
          attempts: 4,
          firstPassedAt: null,
          lastAttemptAt: snapshot.takenAt,
        },
      ]);
      expect(await store.latestAttempt(learner.id, 'seccomp')).toMatchObject({ status: 'ungraded' });
    });

    test('one learner sees nothing of another', async () => {
      const { learner: one } = await store.createLearner('en');
      const { learner: two } = await store.createLearner('en');
      await store.addAttempt(await sandboxOf(one.id), grading('passed', 100), snapshot, 'asked');
      expect(await store.progress(two.id)).toEqual([]);
      expect(await store.latestAttempt(two.id, 'seccomp')).toBeUndefined();
    });

    test('a sandbox that ended is not open; an attempt needs a sandbox that was given out', async () => {
      const { learner } = await store.createLearner('en');
      const sandbox = await sandboxOf(learner.id);
      await store.endSandbox(sandbox.id);
      expect(await store.openSandboxes()).toEqual([]);
      await expect(
        store.addAttempt({ ...sandbox, id: 'never' }, grading('passed', 100), snapshot, 'asked'),
      ).rejects.toThrow(/foreign key/i);
    });

    test('a hint that was taken stays taken at its first time, over a restart, and is nobody else’s', async () => {
      const [{ learner: one }, { learner: two }] = [await store.createLearner('en'), await store.createLearner('en')];
      await store.takeHint(one.id, 'seccomp', 'serve', 1);
      const [first] = await store.hintsTaken(one.id);
      await new Promise((resolve) => setTimeout(resolve, 5));
      await Promise.all([
        store.takeHint(one.id, 'seccomp', 'serve', 1),
        store.takeHint(one.id, 'read-only', 'lock', 1),
      ]);
      await store.close();
      store = await open();
      expect(await store.hintsTaken(one.id, 'seccomp')).toEqual([first]);
      expect((await store.hintsTaken(one.id)).map(({ lab }) => lab)).toEqual(['read-only', 'seccomp']);
      expect(await store.hintsTaken(two.id)).toEqual([]);
      await expect(store.takeHint('nobody', 'seccomp', 'serve', 1)).rejects.toThrow(/foreign key/i);
    });

    test('the history is newest first, in pages, and one’s own', async () => {
      const [{ learner: one }, { learner: two }] = [await store.createLearner('en'), await store.createLearner('en')];
      const sandbox = await sandboxOf(one.id);
      const ids: string[] = [];
      for (const score of [10, 20, 30, 100])
        ids.unshift(
          (await store.addAttempt(sandbox, grading(score === 100 ? 'passed' : 'failed', score), snapshot, 'asked')).id,
        );
      const idsOf = async (limit: number, before?: string, learner = one.id, lab = 'seccomp') =>
        (await store.attemptsOf(learner, lab, limit, before)).map(({ id }) => id);
      expect(await idsOf(3)).toEqual(ids.slice(0, 3));
      expect(await idsOf(3, ids[2])).toEqual(ids.slice(3));
      expect(await idsOf(3, 'unknown')).toEqual([]);
      expect(await idsOf(3, undefined, one.id, 'read-only')).toEqual([]);
      // Another's attempt opens nothing, neither as itself nor as a place to read on from.
      await store.addAttempt(await sandboxOf(two.id, 'box-2'), grading('failed', 0), snapshot, 'automatic');
      expect(await idsOf(3, ids[0], two.id)).toEqual([]);
      expect(await store.findAttempt(two.id, 'seccomp', ids[0]!)).toBeUndefined();
      expect(await store.findAttempt(one.id, 'read-only', ids[0]!)).toBeUndefined();
      expect(await store.findAttempt(one.id, 'seccomp', ids[0]!)).toMatchObject({ score: 100 });
      expect([await store.hasPassed(one.id, 'seccomp'), await store.hasPassed(two.id, 'seccomp')]).toEqual([
        true,
        false,
      ]);
      expect((await store.judgedAttempts(one.id, 'seccomp')).map(({ score }) => score)).toEqual([10, 20, 30, 100]);
    });

    test('a name is kept, and forgotten when asked', async () => {
      const { learner } = await store.createLearner('ja');
      expect(await store.recordName(learner.id)).toBeNull();
      await store.setRecordName(learner.id, '山田 花');
      expect(await store.recordName(learner.id)).toBe('山田 花');
      await store.setRecordName(learner.id, null);
      expect(await store.recordName(learner.id)).toBeNull();
    });

    test('a big snapshot comes back to the last byte', async () => {
      const { learner } = await store.createLearner('en');
      // Random: what gzip cannot shrink; 12 MB in the row.
      const big = { ...snapshot, parameters: { noise: randomBytes(12 << 20).toString('base64') } };
      const { id } = await store.addAttempt(await sandboxOf(learner.id), grading('failed', 1), big, 'asked');
      expect((await store.snapshotOf(id))?.parameters.noise === big.parameters.noise).toBe(true);
    });

    test.each([
      ['NUL and control characters', 'a\u0000b\u0001\u001f\u007f\u0080\n\r\t'],
      ['a lone surrogate', 'x\ud800y\udc00'],
      ['other planes, other directions, combining', '砦 👩‍💻 𠮷 e\u0301 \u202eabc \ufeff \uffff \u2028'],
      ['quotes, SQL, placeholders', `'; drop table attempts; -- " \\ $1 ? :a %s \\x00 \\u0000 E'\\''`],
    ])('evidence and parameters keep what a learner can write: %s', async (_, text) => {
      const { learner } = await store.createLearner('en');
      const parameters = { text, [text]: 'x' };
      const sandbox = { id: 'box-1', learnerId: learner.id, lab: 'seccomp', parameters, expiresAt: null };
      await store.addSandbox(sandbox, 'podman');
      const judged: Grading = {
        ...grading('failed', 1),
        results: [{ id: 'a.b', status: 'failed', evidence: [{ source: text, expected: text, actual: text }] }],
      };
      const attempt = await store.addAttempt(sandbox, judged, { ...snapshot, parameters }, 'asked');
      expect(await store.openSandboxes()).toEqual([sandbox]);
      expect(await store.latestAttempt(learner.id, 'seccomp')).toEqual(attempt);
      expect((await store.snapshotOf(attempt.id))?.parameters).toEqual(parameters);
    });

    test.each([`'; drop table learners; --`, '\\', '$1', '%_', '砦👩‍💻', '砦'.repeat(100)])(
      'a name or an id is a value and nothing else: %s',
      async (text) => {
        const { learner } = await store.createLearner('en');
        await store.setRecordName(learner.id, text);
        expect(await store.recordName(learner.id)).toBe(text);
        expect(await store.findLearner(text)).toBeUndefined();
        expect(await store.recordName(text)).toBeNull();
        expect(await store.attemptsOf(text, text, 5, text)).toEqual([]);
        expect(await store.findAttempt(text, text, text)).toBeUndefined();
        expect(await store.snapshotOf(text)).toBeUndefined();
        expect(await store.findRecording(text, text)).toBeUndefined();
        expect(await store.hintsTaken(text, text)).toEqual([]);
      },
    );

    test('hints come in the order of their bytes, whatever the database thinks of dashes', async () => {
      const { learner } = await store.createLearner('en');
      for (const lab of ['ab', 'a-c', 'aa'])
        for (const step of [10, 9]) await store.takeHint(learner.id, lab, 't', step);
      expect((await store.hintsTaken(learner.id)).map(({ lab, step }) => `${lab} ${step}`)).toEqual(
        ['a-c', 'aa', 'ab'].flatMap((lab) => [`${lab} 9`, `${lab} 10`]),
      );
    });

    test('attempts keep the order in which they were acknowledged, whatever their times say', async () => {
      const { learner } = await store.createLearner('en');
      const sandbox = await sandboxOf(learner.id);
      const ids: string[] = [];
      for (const minute of ['30', '10', '20', '10'])
        ids.unshift(
          (
            await store.addAttempt(
              sandbox,
              grading('failed', Number(minute)),
              { ...snapshot, takenAt: `2026-11-24T12:${minute}:00.000Z` },
              'automatic',
            )
          ).id,
        );
      expect((await store.attemptsOf(learner.id, 'seccomp', 9)).map(({ id }) => id)).toEqual(ids);
      expect((await store.judgedAttempts(learner.id, 'seccomp')).map(({ score }) => score)).toEqual([30, 10, 20, 10]);
    });

    test('many who write at once, by two servers: all of it is there, each once', async () => {
      const other = await open();
      try {
        const learners = await Promise.all(
          Array.from({ length: 30 }, (_, index) => (index % 2 ? store : other).createLearner('en')),
        );
        await Promise.all(
          learners.map(async ({ learner }, index) => {
            const sandbox = await sandboxOf(learner.id, `box-${index}`);
            await Promise.all(
              Array.from({ length: 6 }, (_, turn) => {
                const at = turn % 2 ? store : other;
                // Both take the same hint at the same time: once is enough.
                return Promise.all([
                  at.addAttempt(sandbox, grading('failed', turn), snapshot, 'asked'),
                  at.takeHint(learner.id, 'seccomp', 'serve', 1),
                ]);
              }),
            );
          }),
        );
        for (const { learner } of learners) {
          const scores = (await other.attemptsOf(learner.id, 'seccomp', 99)).map(({ score }) => score);
          expect(scores.toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
          expect(await store.hintsTaken(learner.id)).toHaveLength(1);
        }
        expect(await store.openSandboxes()).toHaveLength(30);
      } finally {
        await other.close();
      }
    }, 30_000);

    test('recordings: bytes are counted as numbers, a learner has their own, newest first', async () => {
      const [{ learner: one }, { learner: two }] = [await store.createLearner('en'), await store.createLearner('en')];
      expect(await store.recordedBytes()).toBe(0);
      const row = (id: string, learnerId: string, minute: number) => ({
        ...{ id, learnerId, lab: 'seccomp', terminal: '1', startedAt: `2026-11-24T12:0${minute}:00.000Z` },
        ...{ endedAt: null, bytes: 0 },
      });
      for (const [id, learnerId, minute] of [
        ['a', one.id, 1],
        ['b', one.id, 2],
        ['c', two.id, 3],
      ] as const)
        await store.addRecording(row(id, learnerId, minute));
      await store.endRecording('a', '2026-11-24T13:00:00.000Z', 2_000_000_000);
      await store.endRecording('b', '2026-11-24T13:00:00.000Z', 2_000_000_000);
      expect(await store.recordedBytes()).toBe(4_000_000_000);
      expect((await store.recordings(one.id)).map(({ id }) => id)).toEqual(['b', 'a']);
      expect((await store.openRecordings()).map(({ id }) => id)).toEqual(['c']);
      expect(await store.findRecording(two.id, 'a')).toBeUndefined();
      await store.removeRecording('a');
      expect(await store.findRecording(one.id, 'a')).toBeUndefined();
      expect(await store.recordedBytes()).toBe(2_000_000_000);
    });
  });

  test(`store ${name}: rows of the first version come through every migration since`, async () => {
    const place = await make();
    try {
      const db = place.connect();
      const first = { '0001-first': migrations['0001-first']! };
      const { error } = await new Migrator({ db, provider: { getMigrations: async () => first } }).migrateToLatest();
      expect(error).toBeUndefined();
      // biome-ignore lint/suspicious/noExplicitAny: the tables as they were then
      const old = db as Kysely<any>;
      const at = '2026-01-01T00:00:00.000Z';
      await old
        .insertInto('learners')
        .values({ id: 'l', token_hash: 'h', language: 'ja', created_at: at, seen_at: at })
        .execute();
      await old
        .insertInto('sandboxes')
        .values({ id: 's', engine: 'podman', learner_id: 'l', lab: 'seccomp', parameters: '{}', created_at: at })
        .execute();
      for (const [id, score] of [
        ['one', 40],
        ['two', 70],
      ] as const)
        await old
          .insertInto('attempts')
          .values({
            ...{ id, learner_id: 'l', lab: 'seccomp', sandbox_id: 's', status: 'failed', score, max_score: 100 },
            ...{ results: '[]', snapshot: Buffer.from([0, 255, 1]), graded_at: at },
          })
          .execute();
      await db.destroy();
      const servers = place.shared ? [1, 2, 3] : [1];
      const stores = await Promise.all(servers.map(() => openStore(place.connect())));
      const [store] = stores;
      expect((await store!.attemptsOf('l', 'seccomp', 9)).map(({ id, trigger }) => [id, trigger])).toEqual([
        ['two', 'asked'],
        ['one', 'asked'],
      ]);
      expect(await store!.openSandboxes()).toEqual([
        { id: 's', learnerId: 'l', lab: 'seccomp', parameters: {}, expiresAt: null },
      ]);
      const sandbox = { id: 's', learnerId: 'l', lab: 'seccomp', parameters: {}, expiresAt: null };
      const { id } = await store!.addAttempt(sandbox, grading('passed', 100), snapshot, 'automatic');
      expect((await store!.attemptsOf('l', 'seccomp', 1))[0]).toMatchObject({ id, trigger: 'automatic' });
      expect(await store!.progress('l')).toMatchObject([{ best: 100, attempts: 3, passed: true }]);
      await Promise.all(stores.map((one) => one.close()));
    } finally {
      await place.dispose();
    }
  });

  test(`accounts ${name}: of many who redeem a link at once one gets in, a taken login uses none up, the log has all`, async () => {
    const place = await make();
    const stores = await Promise.all((place.shared ? [1, 2] : [1]).map(() => openStore(place.connect())));
    try {
      const [store] = stores;
      const person = (login: string) => ({ name: '砦 Olga', login, passwordHash: 'hash', address: '192.0.2.1' });
      const link = (await store!.makeOwnerLink(true))!;
      const asked = Array.from({ length: 8 }, (_, n) => stores[n % stores.length]!.redeemLink(link, person('olga')));
      const [token, ...others] = (await Promise.all(asked)).filter((session) => session !== undefined);
      expect(others).toEqual([]);
      const owner = (await store!.findAccountSession(token!))!;
      expect(owner).toMatchObject({ name: '砦 Olga', role: 'owner' });
      const { token: invitation } = await store!.makeInvitation(owner, 'ivo', {});
      await expect(store!.redeemLink(invitation, person('olga'))).rejects.toThrow(LoginTaken);
      const session = (await store!.redeemLink(invitation, person('ivo')))!;
      const ivo = (await store!.findAccountSession(session))!;
      const by = { by: owner.id, action: 'account-disabled', object: ivo.id, detail: {} } as const;
      expect(await store!.setDisabled(ivo.id, true, by)).toBe(true);
      expect(await store!.findAccountSession(session)).toBeUndefined();
      expect(await store!.findAccountSession(token!)).toEqual(owner);
      const log = (await store!.auditLog(100)).map(({ action }) => action);
      expect(log.filter((action) => action === 'account-made')).toHaveLength(2);
      expect(log[0]).toBe('account-disabled');
    } finally {
      await Promise.all(stores.map((one) => one.close()));
      await place.dispose();
    }
  });
}
