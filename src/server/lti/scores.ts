/**
 * Scores go back to platforms: after each stored attempt the learner's best counted score is settled on disk, and what is new
 * is sent until it arrives, over restarts, or until somebody who teaches there ends it.
 */
import type { Logger } from 'pino';
import { PlatformFailed } from '../../classroom/lti/fetch.ts';
import { lineItemFor, sendScore } from '../../classroom/lti/grades.ts';
import type { PlatformServices } from '../../classroom/lti/services.ts';
import type { Exercise } from '../../exercise/catalogue.ts';
import { maxScore } from '../../grading/score.ts';
import type { LtiLink } from '../../store/lti-links.ts';
import type { LtiPlatform } from '../../store/lti-platforms.ts';
import type { UserScore } from '../../store/lti-scores.ts';
import { type Store, StoreUnavailable } from '../../store/store.ts';
import { bestCounted } from '../learner-progress.ts';

const FIRST_RETRY_MS = 2000;
const RETRY_FACTOR = 3;
const LONGEST_RETRY_MS = 6 * 3_600_000;
/** So that many that failed together do not come back together. */
const SPREAD = 0.2;
/** A clock that was set, or a database that was away: looked at again at least so often. */
const LOOK_AGAIN_MS = 60_000;
const AFTER_TROUBLE_MS = 5000;
const AT_ONCE = 50;

export interface LtiScores {
  /** An attempt of this learner in this lab was stored. */
  attemptStored(learnerId: string, lab: string): void;
  /** What this learner's attempts come to now, for every link they came by. */
  settle(learnerId: string, lab: string): Promise<void>;
  /** Something may be due. */
  look(): void;
  close(): Promise<void>;
}

export interface ScoreParts {
  readonly store: Store;
  readonly catalogue: ReadonlyMap<string, Exercise>;
  readonly services: PlatformServices;
  readonly log: Logger;
}

export function retryAfter(tries: number): number {
  const wait = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * RETRY_FACTOR ** Math.min(tries, 20));
  return Math.round(wait * (1 + SPREAD * (Math.random() * 2 - 1)));
}

export function openScores({ store, catalogue, services, log }: ScoreParts): LtiScores {
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let again = false;
  const under = new Set<Promise<unknown>>();

  async function settle(learnerId: string, lab: string): Promise<void> {
    const rows = await store.ltiScoresOf(learnerId, lab);
    const exercise = catalogue.get(lab);
    if (rows.length === 0 || !exercise) return;
    const [progress] = (await store.progress(learnerId)).filter((one) => one.lab === lab);
    if (!progress) return;
    const graded = (await store.judgedAttempts(learnerId, lab)).some(({ status }) => status !== 'ungraded');
    const score = await bestCounted(store, { id: learnerId }, exercise);
    const standing = graded ? { score, maxScore: progress.maxScore, passed: progress.passed } : undefined;
    for (const { id, sends } of rows) await store.settleLtiScore(id, progress.attempts, standing, sends);
    look();
  }

  async function deliver(row: UserScore, platform: LtiPlatform): Promise<void> {
    try {
      const link = (await store.findLtiLink(row.linkId))!;
      const lineItem = link.lineItemUrl ?? (await lineItemOf(link, platform));
      const time = await store.stampLtiScore(row.id);
      if ('wait' in time) return;
      const standing = { score: row.score!, maxScore: row.maxScore!, passed: row.passed };
      const { sub } = row.user;
      await sendScore(services, platform, lineItem, { ...standing, sub, timestamp: time.stamp });
      await store.ltiScoreSent(row);
    } catch (error) {
      // Cut off by our own end: it is as it was, for the next server.
      if (closed || error instanceof StoreUnavailable) throw error;
      const known = error instanceof PlatformFailed;
      log[known ? 'warn' : 'error']({ err: error, score: row.id, tries: row.tries }, 'a score did not arrive');
      const said = known ? error.message : 'something went wrong on the server; its log has the reason';
      await store.ltiScoreFailed(row, said, new Date(Date.now() + retryAfter(row.tries)));
    }
  }

  async function lineItemOf(link: LtiLink, platform: LtiPlatform): Promise<string> {
    const exercise = catalogue.get(link.lab ?? '');
    if (!exercise) throw new PlatformFailed('the lab of this link is not here any more');
    const { id, title } = exercise.lab;
    const url = await lineItemFor(services, platform, link, { id, title: title.en, maxScore });
    await store.setLtiLineItem(link.id, url);
    return url;
  }

  /** One after the other for a platform, so that no line item is made twice; platforms do not wait for each other. */
  async function deliverAll(): Promise<void> {
    for (;;) {
      const due = await store.dueLtiScores(new Date(), AT_ONCE);
      if (closed || due.length === 0) return;
      const groups = Map.groupBy(due, ({ user }) => user.platformId);
      await Promise.all(
        [...groups].map(async ([platformId, rows]) => {
          const platform = await store.findLtiPlatform(platformId);
          for (const row of platform ? rows : []) if (!closed) await deliver(row, platform!);
        }),
      );
    }
  }

  function look(): void {
    if (closed) return;
    clearTimeout(timer);
    again = running !== undefined;
    running ??= deliverAll()
      .then(
        () => 0,
        (error) => {
          if (!closed) log.error({ err: error }, 'scores could not be sent');
          return AFTER_TROUBLE_MS;
        },
      )
      .then(next)
      .finally(() => {
        running = undefined;
        if (again) look();
      });
  }

  async function next(least: number): Promise<void> {
    if (closed) return;
    const at = await store.nextLtiScore().catch((error) => {
      log.warn({ reason: error.message }, 'the next score is looked for later');
      return undefined;
    });
    if (closed) return;
    const wait = Math.min(LOOK_AGAIN_MS, Math.max(least, (at?.getTime() ?? Number.POSITIVE_INFINITY) - Date.now()));
    clearTimeout(timer);
    timer = setTimeout(look, wait);
  }

  /** What an earlier server stored and did not come to settle. */
  async function catchUp(): Promise<void> {
    for (const { learnerId, lab } of await store.ltiUnsettled()) if (!closed) await settle(learnerId, lab);
    look();
  }

  const watched = (work: Promise<unknown>) => {
    const done = work
      .catch((error) => {
        if (!closed) log.error({ err: error }, 'a score could not be settled; it is when the server starts again');
      })
      .finally(() => under.delete(done));
    under.add(done);
  };
  watched(catchUp());

  return {
    attemptStored: (learnerId, lab) => watched(settle(learnerId, lab)),
    settle,
    look,
    async close() {
      closed = true;
      clearTimeout(timer);
      await Promise.all([...under, running]);
    },
  };
}
