/** One submission before its instructor: evidence, snapshot, today's grader on it, and points given instead. */
import type { Context } from 'hono';
import { ZodError } from 'zod';
import { replay } from '../../classroom/assignment-replay.ts';
import { rulesOf } from '../../classroom/assignment-rules.ts';
import { gradesOf } from '../../classroom/gradebook.ts';
import type { Exercise } from '../../exercise/catalogue.ts';
import type { Language, Result } from '../../grading/check.ts';
import type { Snapshot } from '../../inspector/snapshot.ts';
import { assignmentIdSchema, overrideSchema, replaySchema, submissionViewSchema } from '../../protocol/assignments.ts';
import type { AttemptRecord, Cohort, Member, Submission } from '../../store/store.ts';
import type { Routes } from '../accounts/access.ts';
import { pointsOf, standing } from '../attempt-view.ts';
import { type AppParts, type Env, language, refuse, sent } from '../http.ts';
import { entryOf, idOf, ownAssignment, recordsOfMember } from './assignment-parts.ts';

interface Found {
  readonly cohort: Cohort;
  readonly member: Member;
  readonly submission: Submission;
  readonly exercise: Exercise;
  /** undefined while it is not graded, or was lost. */
  readonly attempt: AttemptRecord | undefined;
}

const judged = (result: Result | null) =>
  result && {
    status: result.status,
    evidence: 'evidence' in result ? [...result.evidence] : [],
    reason: 'reason' in result ? result.reason : null,
  };

export function assignmentReviewRoutes({ store, catalogue, rooms }: AppParts): Routes {
  async function find(c: Context<Env>): Promise<Found | 'no-such-assignment' | 'no-such-submission'> {
    const cohort = await ownAssignment(c, store);
    if (!cohort) return 'no-such-assignment';
    const id = idOf(c.req.param('submission'));
    const submission = id === undefined ? undefined : await store.findSubmission(cohort.id, id);
    const member = submission && (await store.findMember(cohort.id, submission.memberId));
    const exercise = submission && catalogue.get(submission.lab);
    if (!member?.learnerId || !exercise) return 'no-such-submission';
    const { attemptId, lab } = submission;
    const attempt = attemptId === null ? undefined : await store.findAttempt(member.learnerId, lab, attemptId);
    return { cohort, member, submission, exercise, attempt };
  }

  /** undefined: none, or one that today's program does not read. */
  async function snapshotOf(attempt: AttemptRecord | undefined): Promise<Snapshot | undefined> {
    try {
      return attempt && (await store.snapshotOf(attempt.id));
    } catch (error) {
      if (error instanceof ZodError) return undefined;
      throw error;
    }
  }

  const titleOf = ({ grader }: Exercise, id: string, language: Language) =>
    grader.checks.find((check) => check.id === id)?.title[language] ?? id;

  return {
    'GET /assignments/:id/submissions/:submission': async (c) => {
      const found = await find(c);
      if (typeof found === 'string') return refuse(c, found);
      const { cohort, member, submission, exercise, attempt } = found;
      const records = await recordsOfMember(store, cohort, member);
      const grade = gradesOf(records, member.id).find(({ lab }) => lab === submission.lab);
      const graded = grade?.submissions.find(({ id }) => id === submission.id);
      if (!grade || !graded) return refuse(c, 'no-such-submission');
      const weights = new Map(exercise.grader.checks.map(({ id, weight }) => [id, weight]));
      return c.json(
        submissionViewSchema.parse({
          assignment: { id: cohort.id, title: cohort.title, timeZone: rulesOf(cohort).timeZone },
          member: { id: member.id, name: member.name, email: member.email, externalId: member.externalId },
          submission: graded,
          labOverride: grade.override,
          overrides: records.overrides
            .filter(({ lab, submissionId }) => lab === submission.lab && [null, submission.id].includes(submissionId))
            .map(({ submissionId, ...override }) => ({ ...override, ofLab: submissionId === null })),
          parameters: rooms.parametersOf(member.learnerId!, exercise.lab),
          score: attempt?.score ?? null,
          checks: (attempt?.results ?? []).map((result) => ({
            id: result.id,
            title: titleOf(exercise, result.id, language(c)),
            weight: weights.get(result.id) ?? 0,
            ...judged(result),
          })),
        }),
      );
    },

    'GET /assignments/:id/submissions/:submission/snapshot': async (c) => {
      const found = await find(c);
      if (typeof found === 'string') return refuse(c, found);
      const snapshot = await snapshotOf(found.attempt);
      if (!snapshot) return refuse(c, 'not-replayable');
      c.header('Content-Disposition', `attachment; filename="snapshot-${found.submission.id}.json"`);
      c.header('Content-Type', 'application/json');
      return c.body(JSON.stringify(snapshot));
    },

    'GET /assignments/:id/submissions/:submission/replay': async (c) => {
      const found = await find(c);
      if (typeof found === 'string') return refuse(c, found);
      const { submission, exercise, attempt, member } = found;
      const snapshot = await snapshotOf(attempt);
      if (!snapshot || !attempt) return refuse(c, 'not-replayable');
      const { grading, checks } = replay(exercise.grader, snapshot, attempt.results);
      const stands = await standing(store, member.learnerId!, exercise);
      const { counted } = pointsOf({ ...grading, gradedAt: attempt.gradedAt }, exercise, stands);
      return c.json(
        replaySchema.parse({
          score: { before: attempt.score, after: grading.score },
          points: { before: submission.points ?? 0, after: grading.status === 'ungraded' ? 0 : counted },
          status: { before: attempt.status, after: grading.status },
          checks: checks.map(({ id, before, after, change }) => ({
            ...{ id, title: titleOf(exercise, id, language(c)), change },
            ...{ before: judged(before), after: judged(after) },
          })),
        }),
      );
    },

    'POST /assignments/:id/overrides': async (c) => {
      const cohort = await ownAssignment(c, store);
      if (!cohort) return refuse(c, 'no-such-assignment');
      const body = await sent(c, overrideSchema);
      if (!body) return refuse(c, 'bad-override');
      const member = await store.findMember(cohort.id, body.member);
      if (!member || !cohort.labs.some(({ lab }) => lab === body.lab)) return refuse(c, 'no-such-learner');
      const submission = body.submission === null ? undefined : await store.findSubmission(cohort.id, body.submission);
      const foreign = submission?.memberId !== member.id || submission.lab !== body.lab;
      if (body.submission !== null && foreign) return refuse(c, 'no-such-submission');
      const { account } = c.get('signedIn');
      const { lab, points, reason } = body;
      const detail = { title: cohort.title, for: member.name, lab, points: String(points), reason };
      const row = { cohort_id: cohort.id, member_id: member.id, submission_id: body.submission };
      const entry = entryOf(c, 'points-given', cohort.id, detail);
      return c.json({ id: await store.addOverride({ ...row, lab, points, reason, account_id: account.id }, entry) });
    },

    'DELETE /assignments/:id/overrides/:override': async (c) => {
      const cohort = await ownAssignment(c, store);
      if (!cohort) return refuse(c, 'no-such-assignment');
      const id = c.req.param('override') ?? '';
      const entry = entryOf(c, 'points-taken-back', cohort.id, { title: cohort.title });
      const done = /^[0-9a-f]{32}$/.test(id) && (await store.revertOverride(cohort.id, id, entry));
      return done ? c.json(assignmentIdSchema.parse({ id })) : refuse(c, 'no-such-override');
    },
  };
}
