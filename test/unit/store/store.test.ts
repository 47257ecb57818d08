import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Grading } from '../../../src/grading/runner.ts';
import type { Snapshot } from '../../../src/inspector/snapshot.ts';
import { openSqlite } from '../../../src/store/sqlite.ts';
import { openStore, type Store } from '../../../src/store/store.ts';

let folder: string;
let store: Store;
const open = () => openStore(openSqlite(join(folder, 'toride.db')));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'toride-store-'));
  store = await open();
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const nothing = { ok: false as const, code: 'none', message: 'not observed' };
const snapshot: Snapshot = {
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
};
const grading = (status: Grading['status'], score: number): Grading => ({
  status,
  score,
  maxScore: 100,
  results: [{ id: 'a.b', status: 'failed', evidence: [{ source: 's', expected: 'e', actual: '\u0000"' }] }],
});

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
  ).rejects.toThrow(/FOREIGN KEY/);
});

test('a hint that was taken stays taken at its first time, over a restart, and is nobody else’s', async () => {
  const [{ learner: one }, { learner: two }] = [await store.createLearner('en'), await store.createLearner('en')];
  await store.takeHint(one.id, 'seccomp', 'serve', 1);
  const [first] = await store.hintsTaken(one.id);
  await new Promise((resolve) => setTimeout(resolve, 5));
  await Promise.all([store.takeHint(one.id, 'seccomp', 'serve', 1), store.takeHint(one.id, 'read-only', 'lock', 1)]);
  await store.close();
  store = await open();
  expect(await store.hintsTaken(one.id, 'seccomp')).toEqual([first]);
  expect((await store.hintsTaken(one.id)).map(({ lab }) => lab)).toEqual(['read-only', 'seccomp']);
  expect(await store.hintsTaken(two.id)).toEqual([]);
  await expect(store.takeHint('nobody', 'seccomp', 'serve', 1)).rejects.toThrow(/FOREIGN KEY/);
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
  expect([await store.hasPassed(one.id, 'seccomp'), await store.hasPassed(two.id, 'seccomp')]).toEqual([true, false]);
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
